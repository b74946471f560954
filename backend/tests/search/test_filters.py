"""The search box's words, and text that is searched as it stands."""

import pytest

from sovia.search.filters import PostFilter, Word, like_pattern, words_of


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", ()),
        ("  red   fox ", (Word("red"), Word("fox"))),
        ('"red fox" dusk', (Word("red fox"), Word("dusk"))),
        ("-red fox", (Word("red", excluded=True), Word("fox"))),
        ('-"red fox"', (Word("red fox", excluded=True),)),
        ('"never closed', (Word("never closed"),)),
        ("-", (Word("-"),)),
        ('""', ()),
        ("灯台 قطة", (Word("灯台"), Word("قطة"))),
    ],
)
def test_words_phrases_and_exclusions_are_read(typed: str, meant: tuple[Word, ...]) -> None:
    assert words_of(typed) == meant


def test_more_than_twenty_words_are_cut() -> None:
    assert len(words_of("a " * 5000)) == 20


@pytest.mark.parametrize(("text", "pattern"), [("50%", r"%50\%%"), ("a_b", r"%a\_b%"), ("\\", "%\\\\%")])
def test_wildcards_of_the_database_are_taken_literally(text: str, pattern: str) -> None:
    assert like_pattern(text) == pattern


def test_a_field_can_be_left_open() -> None:
    wanted = PostFilter(type="image", model="imagine_h_1")

    assert wanted.without("type") == PostFilter(model="imagine_h_1")
