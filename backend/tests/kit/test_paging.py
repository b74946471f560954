"""Cursors as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovia.kit.paging import cursor_of, values_of


@given(st.lists(st.one_of(st.integers(-(2**53), 2**53), st.text().filter(lambda text: text.isprintable()))))
def test_what_went_in_comes_out(values: list[int | str]) -> None:
    assert values_of(cursor_of(*values)) == values


@pytest.mark.parametrize("cursor", ["", "x", "e30", "AAAA", "\x00"])
def test_what_is_no_cursor_is_nothing(cursor: str) -> None:
    assert values_of(cursor) is None
