"""Marks and collections in facets and suggestions."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from collection.gathering import made
from makers import make_post
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.account.models import User
from sovia.library.models import Post


@pytest.fixture
async def posts(client: httpx.AsyncClient, session: AsyncSession, user_id: UUID) -> list[Post]:
    several = [await make_post(session, user_id, prompt=f"fox {number}") for number in range(3)]
    child = await make_post(session, user_id, parent=several[0])
    for post, given in (
        (several[0], {"rating": 2, "add_tags": ["sea"], "status": "review"}),
        (child, {"rating": 4, "add_tags": ["sea"]}),
        (several[1], {"rating": 2, "add_tags": ["sea", "fog"]}),
    ):  # fmt: skip
        assert (await client.patch(f"/api/posts/{post.id}", json=given)).status_code == 200
    await made(client, name="Best of", ids=[str(several[0].id), str(child.id)])
    await made(client, name="Bestiary", filter="fox")
    return several


async def facets(client: httpx.AsyncClient, typed: str = "", stack: str = "parent") -> dict[str, dict[str, int]]:
    answer = await client.get("/api/facets", params={"filter": typed, "stack": stack})
    assert answer.status_code == 200, answer.text
    return {name: {row.get("name", row["value"]): row["count"] for row in rows} for name, rows in answer.json().items()}


async def offered(client: httpx.AsyncClient, typed: str) -> list[tuple[str, Any]]:
    answer = await client.get("/api/suggest", params={"text": typed})
    assert answer.status_code == 200, answer.text
    return [(offer["text"], offer["count"]) for offer in answer.json()["suggestions"]]


async def test_facets_count_stacks_by_what_was_said_of_them(client: httpx.AsyncClient, posts: list[Post]) -> None:
    every = await facets(client)
    some = await facets(client, "tag:fog")

    assert every["rating"] == {"4": 1, "2": 1}
    assert every["status"] == {"review": 1}
    assert every["tag"] == {"sea": 2, "fog": 1}
    assert every["in"] == {"Best of": 1}
    # A field's own part of the filter is left open for its own counts.
    assert (await facets(client, stack="none"))["rating"] == {"4": 1, "2": 2}
    assert (some["rating"], some["tag"], some["in"]) == ({"2": 1}, {"sea": 2, "fog": 1}, {})


async def test_names_are_offered_with_counts_and_then_without(client: httpx.AsyncClient, posts: list[Post]) -> None:
    assert await offered(client, "in:best") == [('"Best of"', 1), ("Bestiary", None)]
    assert await offered(client, "not-in:bes") == [('"Best of"', 1), ("Bestiary", None)]
    assert await offered(client, "fox 1 tag:s") == [("sea", 1)]
    assert await offered(client, "fox 2 tag:") == [("fog", None), ("sea", None)]
    assert await offered(client, "rating:") == [("0", 1), ("2", 1), ("4", 1)]
    assert await offered(client, "status:r") == [("review", 1)]


async def test_another_user_s_names_are_not_offered(
    client: httpx.AsyncClient, session: AsyncSession, posts: list[Post]
) -> None:
    other = User(id=UUID(int=99), name="somebody else")
    client._transport.app.state.local_user = other  # type: ignore[attr-defined]
    session.add(other)
    await session.flush()

    assert await offered(client, "in:") == await offered(client, "tag:") == []
    assert await facets(client) == {name: {} for name in await facets(client)}
    for path in ("/api/collections", "/api/presets"):
        assert (await client.get(path)).json() == []
    assert (await client.get("/api/operations")).json()["operations"] == []
    marked = await client.post("/api/posts/marks", json={"ids": [str(posts[0].id)], "rating": 5})
    gone = await client.post("/api/posts/trash", json={"filter": f"id:{posts[0].id}"})
    assert marked.json()["changed"] == gone.json()["changed"] == 0
    mine = await made(client, name="Mine", ids=[str(posts[0].id)])
    assert mine["item_count"] == 0
    member = await client.post("/api/collections/membership", json={"ids": [str(posts[0].id)]})
    assert member.json()["collections"] == []
