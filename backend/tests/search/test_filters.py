"""The documented search's words, and the documented parameters as a filter."""

import pytest

from sovia.search.filters import Parameters, words_of
from sovia.search.language.document import Comparison, Node, Not, Text
from sovia.search.patterns import like_pattern


def without(text: str) -> Node:
    return Not(of=Text(text=text))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", []),
        ("  red   fox ", [Text(text="red"), Text(text="fox")]),
        ('"red fox" dusk', [Text(text="red fox"), Text(text="dusk")]),
        ("-red fox", [without("red"), Text(text="fox")]),
        ('-"red fox"', [without("red fox")]),
        ('"never closed', [Text(text="never closed")]),
        ("-", [Text(text="-")]),
        ('""', []),
        ("type:video (", [Text(text="type:video"), Text(text="(")]),
        ("灯台 قطة", [Text(text="灯台"), Text(text="قطة")]),
    ],
)
def test_words_phrases_and_exclusions_are_read(typed: str, meant: list[Node]) -> None:
    assert words_of(typed) == meant


def test_more_than_twenty_words_are_cut() -> None:
    assert len(words_of("a " * 5000)) == 20


@pytest.mark.parametrize(("text", "pattern"), [("50%", r"%50\%%"), ("a_b", r"%a\_b%"), ("\\", "%\\\\%")])
def test_wildcards_of_the_database_are_taken_literally(text: str, pattern: str) -> None:
    """S036, SEC21."""
    assert like_pattern(text) == pattern


def test_parameters_are_parts_of_a_filter() -> None:
    parameters = Parameters(type="image", model="imagine_h_1", has_custom_videos=True)

    assert list(parameters.parts()) == [
        Comparison(field="type", values=("image",)),
        Comparison(field="model", values=("imagine_h_1",)),
        Comparison(field="has", values=("own-clips",)),
    ]
