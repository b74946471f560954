"""Text that can be stored, and the form in which it is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovia.library.text import effective_prompt, searchable, storable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A  Lighthouse\n at\tDUSK ", "a lighthouse at dusk"),
        ("Caf\u00e9", "cafe"),
        ("cafe\u0301", "cafe"),
        ("\u0130stanbul", "istanbul"),
        ("Stra\u00dfe", "strasse"),
        ("\uff26ull\uff37idth", "fullwidth"),
        ("\U0001d400bold", "abold"),
        ("\u0645\u064e\u0646\u064e\u0627\u0631\u064e\u0629", "\u0645\u0646\u0627\u0631\u0629"),
        ("\u0645\u0640\u0640\u0646\u0627\u0631\u0629", "\u0645\u0646\u0627\u0631\u0629"),
        ("\u706f\u5854 \u9ec4\u660f", "\u706f\u5854 \u9ec4\u660f"),
        ("a\u200bb\u00ad\U000e0041c", "abc"),
        ("", ""),
    ],
)
def test_words_are_found_whatever_their_marks(text: str, expected: str) -> None:
    assert searchable(text) == expected


@given(st.text())
def test_the_searchable_form_is_final(text: str) -> None:
    assert searchable(searchable(text)) == searchable(text)


def test_what_the_database_cannot_store_is_replaced_and_counted() -> None:
    assert storable("nul \x00 and \ud800 half \udc00") == ("nul \ufffd and \ufffd half \ufffd", 3)
    assert storable("plain \U0001f469\u200d\U0001f680") == ("plain \U0001f469\u200d\U0001f680", 0)


def test_the_words_typed_come_before_the_rewrite_and_the_ancestor() -> None:
    assert effective_prompt("typed", "rewritten", "parent") == "typed"
    assert effective_prompt("", "rewritten", "parent") == "rewritten"
    assert effective_prompt("", "", "parent") == "parent"
