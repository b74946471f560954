"""The order by hand, and the order by rating, of the gallery's index, cards and list."""

import random
from typing import Any
from uuid import UUID

import httpx
import pytest
from collection.gathering import made
from makers import make_library, make_post
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.library.models import Post


@pytest.fixture
async def library(session: AsyncSession, user_id: UUID) -> list[Post]:
    return await make_library(session, user_id, 40)


async def tiles(client: httpx.AsyncClient, **given: Any) -> list[str]:
    answer = await client.get("/api/cards", params=given)
    assert answer.status_code == 200, answer.text
    return [card["root_id"] for card in answer.json()["cards"]]


async def listed(client: httpx.AsyncClient, **given: Any) -> list[str]:
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = await client.get("/api/media", params={**given, "limit": 7, **({"cursor": cursor} if cursor else {})})
        assert answer.status_code == 200, answer.text
        found += [post["id"] for post in answer.json()]
        cursor = answer.headers.get("x-next-cursor")
    return found


async def test_a_collection_is_shown_in_its_order(client: httpx.AsyncClient, library: list[Post]) -> None:
    """S066."""
    roots = [str(post.id) for post in library if post.parent_id is None]
    random.Random(8).shuffle(roots)
    one = await made(client, ids=roots[:30])
    view = {"filter": f"in:{one['id']}", "sort": "manual"}

    assert await tiles(client, **view) == await listed(client, **view) == roots[:30]
    await client.put(f"/api/collections/{one['id']}/order", json={"ids": [roots[5]], "before": roots[0]})
    expected = [roots[5], *roots[:5], *roots[6:30]]
    assert await tiles(client, **view) == await listed(client, **view) == expected
    assert await tiles(client, **view, stack="none") == expected
    some = await tiles(client, filter=f"in:{one['id']} type:video", sort="manual")
    assert some == [each for each in expected if each in some]


async def test_a_stack_stands_where_its_first_post_stands(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID
) -> None:
    roots = [await make_post(session, user_id) for _ in range(3)]
    child = await make_post(session, user_id, parent=roots[2])
    one = await made(client, ids=[str(child.id), str(roots[0].id), str(roots[1].id)])
    view = {"filter": f"in:{one['id']}", "sort": "manual"}
    first, second, third = (str(root.id) for root in (roots[2], roots[0], roots[1]))
    assert await tiles(client, **view) == [first, second, third]

    # A tile is moved by the id of its root, too.
    await client.put(f"/api/collections/{one['id']}/order", json={"ids": [second], "before": first})
    assert await tiles(client, **view) == [second, first, third]
    await client.put(f"/api/collections/{one['id']}/order", json={"ids": [first], "before": None})
    assert await tiles(client, **view) == [second, third, first]


@pytest.mark.parametrize("typed", ["", "fox", "in:none", "in:nowhere", "in:a,b"])
async def test_without_one_collection_the_newest_come_first(
    client: httpx.AsyncClient, library: list[Post], typed: str
) -> None:
    for name in "ab":
        await made(client, name=name, ids=[str(post.id) for post in library if post.parent_id is None][:9])

    assert await tiles(client, filter=typed, sort="manual") == await tiles(client, filter=typed)


async def test_the_best_rated_stacks_come_first(client: httpx.AsyncClient, library: list[Post]) -> None:
    rng = random.Random(9)
    ratings = {str(post.id): rng.randrange(6) for post in library if rng.random() < 0.4}
    for post_id, rating in ratings.items():
        await client.patch(f"/api/posts/{post_id}", json={"rating": rating})
    newest = await tiles(client)
    best = {root: max(ratings.get(str(post.id), 0) for post in library if str(post.root_id) == root) for root in newest}

    assert await tiles(client, sort="rating") == sorted(newest, key=lambda root: -best[root])
    assert await listed(client, sort="rating") == sorted(newest, key=lambda root: -best[root])
