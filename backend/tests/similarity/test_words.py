"""The words of a prompt: scikit-learn's for spaced scripts, neighbours for all others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from sovia.similarity.words import words

DEFAULT = TfidfVectorizer().build_analyzer()


@given(st.text(st.characters(max_codepoint=0x7E)) | st.text("abcéüßñжяλω -_,.'0123", max_size=60))
def test_spaced_scripts_have_scikit_learns_default_tokens(text: str) -> None:
    assert words(text) == DEFAULT(text)


@given(st.text())
def test_any_text_has_words_or_none_but_never_fails(text: str) -> None:
    assert all(word and word == word.strip() for word in words(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("A cat, a CAT!", ["cat", "cat"]),
        ("夜晚的城", ["夜晚", "晚的", "的城", "夜", "晚", "的", "城"]),
        ("猫", ["猫"]),
        ("ネコ", ["ネコ"]),
        ("4k画质 neon", ["4k", "画质", "画", "质", "neon"]),
        ("แมว", ["แม", "มว"]),
        ("مَدِينَة", ["مدينه"]),
        ("أحمد احمد", ["احمد", "احمد"]),
        ("cafe\u0301", ["café"]),
        ("हिन्दी", ["हिन्दी"]),
        ("ｎｅｏｎ", ["neon"]),
        ("👩‍🚀🚀", []),
    ],
)
def test_words_of(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("夜晚的城市", "城市的夜晚，下雨"),
        ("مدينة في الليل", "مَدِينَةٌ قديمة"),
        ("夜の街と猫", "猫が好き"),
        ("แมวดำ", "แมวขาว"),
    ],
)
def test_related_prompts_without_latin_letters_share_words(one: str, other: str) -> None:
    assert set(words(one)) & set(words(other))
