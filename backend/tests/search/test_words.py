"""Parts of words lead to the texts that hold them, and to no others."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from makers import make_post
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.account.service import LOCAL_USER
from sovia.kit.wordsets import pack_words, unpack_words
from sovia.library.text import LONGEST_WORD, searchable, words_in
from sovia.search.words import parts_of

LETTERS = st.sampled_from("ab é7_ -'\"\\.灯台の水 ไทย قطة ば")
TEXTS = st.one_of(st.text(LETTERS, max_size=60), st.text("ab", min_size=60, max_size=300), st.text(max_size=40))


@given(TEXTS, st.data())
def test_a_text_has_a_word_for_every_part_of_what_it_holds(text: str, data: st.DataObject) -> None:
    plain = searchable(text)
    start = data.draw(st.integers(0, len(plain)))
    typed = plain[start : data.draw(st.integers(start, len(plain)))]

    words = words_in(plain)

    assert [part for part in parts_of(typed) if not any(part in word for word in words)] == []
    assert all(len(word) <= LONGEST_WORD for word in words)


@given(st.sets(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=20)))
def test_words_survive_their_packing(words: set[str]) -> None:
    assert set(unpack_words(pack_words(words))) == words


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("light", 2),
        ("ghthou", 1),
        ("LIGHTHOUSE at", 1),
        ('"house at dusk"', 1),
        ('"at house"', 0),
        ("light -moon", 1),
        ("台", 1),
        ("灯台", 1),
        ("台灯", 0),
        ("قط", 1),
        ("x" * 40, 1),
        ("x" * 200, 1),
        ("x" * 201, 0),
        ("☂", 1),
        ("zebra", 0),
    ],
)
async def test_whole_words_and_parts_are_found(
    client: httpx.AsyncClient, session: AsyncSession, typed: str, found: int
) -> None:
    for prompt in ("a lighthouse at dusk", "moonlight ☂", "灯台の上", "القطة", "x" * 200):
        await make_post(session, LOCAL_USER, prompt=prompt)

    answer = await client.get("/api/media", params={"search": typed})

    assert len(answer.json()) == found
