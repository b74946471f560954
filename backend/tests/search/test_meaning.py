"""Random filters over random libraries find what the oracle finds; and what NOT means over stacks."""

import random
from uuid import UUID

import httpx
import pytest
from filter_oracle import wanted
from makers import make_post
from random_filters import VALUES, filters, gathered, measured_library
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.search.language.fields import FIELDS
from sovia.search.language.parser import parse
from sovia.search.language.printer import print_filter


async def found(client: httpx.AsyncClient, typed: str) -> set[str]:
    """The ids of the stacks that a filter finds."""
    answer = await client.get("/api/cards", params={"filter": typed})
    assert answer.status_code == 200, (typed, answer.text[:300])
    return {card["root_id"] for card in answer.json()["cards"]}


@pytest.mark.parametrize("seed", range(4))
async def test_random_filters_find_what_the_oracle_finds(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID, seed: int
) -> None:
    posts, files = await measured_library(session, user_id, seed)
    known = await gathered(session, user_id, posts, random.Random(seed))
    some = 0
    for document in filters(seed, 120):
        typed = print_filter(document)
        expected = wanted(document, posts, files, known)
        assert await found(client, typed) == expected, typed
        some += 0 < len(expected) < 60
    # Filters that find nothing or everything would prove little.
    assert some > 50


@pytest.mark.parametrize("name", sorted(VALUES))
async def test_each_field_finds_what_the_oracle_finds(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID, name: str
) -> None:
    posts, files = await measured_library(session, user_id, 9)
    known = await gathered(session, user_id, posts, random.Random(9))
    for value in VALUES[name]:
        for sign in (
            "",
            *(one for one in FIELDS[name].kind.operators if one not in ("=", "..", "^") and name != "ratio"),
        ):
            if (name, sign) != ("size", ""):
                typed = f'{name}:{sign}"{value}"'
                expected = wanted(parse(typed).document, posts, files, known)
                assert await found(client, typed) == expected
                assert (
                    await found(client, f"-{typed}")
                    == {str(post.id) for post in posts if post.parent_id is None} - expected
                )


async def test_a_word_left_out_is_in_no_post_of_the_stack(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID
) -> None:
    both = await make_post(session, user_id, prompt="red fox")
    await make_post(session, user_id, prompt="moon", parent=both)
    plain = await make_post(session, user_id, prompt="red fox")

    assert await found(client, "red -moon") == {str(plain.id)}
    # Not together in one post, though both are in the stack.
    assert await found(client, "red moon") == set()
    assert await found(client, "-(red moon)") == {str(both.id), str(plain.id)}
    assert await found(client, "-(red OR moon)") == set()
    # Apart they may stand in two posts of a stack.
    assert await found(client, "red -(-moon)") == {str(both.id)}


async def test_posts_in_the_trash_are_not_searched(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID
) -> None:
    root = await make_post(session, user_id, prompt="red")
    child = await make_post(session, user_id, prompt="moon", parent=root, duration_seconds=9.0)
    child.deleted_at = child.added_at
    await session.flush()

    assert await found(client, "moon") == await found(client, "duration:>5s") == set()
    assert await found(client, "-moon -duration:>5s") == {str(root.id)}


async def test_ids_find_the_stack_they_are_in(client: httpx.AsyncClient, session: AsyncSession, user_id: UUID) -> None:
    root = await make_post(session, user_id)
    child = await make_post(session, user_id, parent=root)

    for typed in (f"id:{root.id}", f"id:{child.id}", f"parent:{root.id}"):
        assert await found(client, typed) == {str(root.id)}
    assert await found(client, f"parent:{child.id}") == set()
