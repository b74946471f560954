"""What older clients were promised of lists, likes and cached answers, by the number of each promise."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from conftest import client_of
from every_route import Address, named, parameters
from makers import NOON, make_library, make_post
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.account.service import LOCAL_USER
from sovia.app import create_app
from sovia.kit.db import Database
from sovia.kit.settings import Settings
from sovia.library.models import Post
from sovia.library.service.versions import touch

BOUNDED = [one for one in parameters() if one[1] in ("limit", "skip")]


@pytest.mark.parametrize(("address", "name"), BOUNDED, ids=named)
async def test_every_list_has_bounds(client: httpx.AsyncClient, address: Address, name: str) -> None:
    """S030."""
    given = {"q": "fox", "prompt": "fox", "q2": "x"}
    for value in ("-1", "x", "1e9", *(["0", "100000"] if name == "limit" else [])):
        answer = await client.request(address.method, address.with_parts(), params=given | {name: value})
        assert answer.status_code == 422, (value, answer.text[:200])


async def test_a_list_has_fifty_and_at_most_a_hundred(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID
) -> None:
    """S030."""
    await make_library(session, user_id, 120)

    assert len((await client.get("/api/media")).json()) == 50
    assert len((await client.get("/api/media", params={"limit": 100})).json()) == 100
    assert (await client.get("/api/media", params={"limit": 101})).status_code == 422


@pytest.mark.parametrize("sort", ["newest", "likes", "random"])
async def test_what_comes_in_while_somebody_pages_neither_repeats_nor_hides_anything(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID, sort: str
) -> None:
    """S031."""
    before = {str(post.id) for post in await make_library(session, user_id, 40) if post.parent_id is None}
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        asked = {"sort": sort, "seed": 3, "limit": 7} | ({"cursor": cursor} if cursor else {})
        answer = await client.get("/api/media", params=asked)
        found += [post["id"] for post in answer.json()]
        cursor = answer.headers.get("x-next-cursor")
        await make_post(session, user_id, created_at=NOON + timedelta(days=len(found)))
        await touch(session, user_id)

    assert len(found) == len(set(found))
    assert before <= set(found)


async def test_a_page_is_full_until_the_last_whatever_shares_a_picture(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID
) -> None:
    """S040: posts of one picture do not make a page short, which would look like the end."""
    for number in range(25):
        root = await make_post(session, user_id, media_url=f"https://assets.grok.com/users/u/{number % 3}/content")
        await make_post(session, user_id, parent=root)

    sizes, cursor = [], None
    while not sizes or cursor:
        answer = await client.get("/api/media", params={"limit": 10} | ({"cursor": cursor} if cursor else {}))
        sizes.append(len(answer.json()))
        assert all(len(post["child_posts"]) == 1 for post in answer.json())
        cursor = answer.headers.get("x-next-cursor")
    assert sizes == [10, 10, 5]


async def test_models_of_roots_and_children_are_named_counted_and_filtered_by(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID
) -> None:
    """S034, S035, S042."""
    root = await make_post(session, user_id, model="a")
    await make_post(session, user_id, parent=root, model="b", mode="extremely-spicy-or-crazy")
    await make_post(session, user_id, model="a")

    told = (await client.get("/api/models")).json()["models"]
    assert {one["name"]: one["count"] for one in told} == {"a": 2, "b": 1}
    for asked in ({"model": "b"}, {"mode": "extremely-spicy-or-crazy"}):
        assert [one["id"] for one in (await client.get("/api/media", params=asked)).json()] == [str(root.id)]
    assert (await client.get("/api/media", params={"model": "nobody"})).json() == []
    modes = {one["value"]: one["count"] for one in (await client.get("/api/facets")).json()["mode"]}
    assert modes["extremely-spicy-or-crazy"] == 1


async def test_many_who_toggle_at_once_leave_a_like_that_is_right(
    live_client: httpx.AsyncClient, database: Database
) -> None:
    """S048: twenty at once are ten there and ten back; setting it is the same however often."""
    async with database.begin() as session:
        post = await make_post(session, LOCAL_USER, liked=False)
    path = f"/api/media/{post.id}/like"

    answers = await asyncio.gather(*(live_client.post(path) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert (await live_client.get(f"/api/media/{post.id}")).json()["liked"] is False
    assert (await live_client.post(path)).json() == {"id": str(post.id), "like_status": True}
    for _ in range(2):
        assert (await live_client.put(path, json={"liked": True})).json()["like_status"] is True


async def test_ten_thousand_posts_are_put_into_a_collection_at_once(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID
) -> None:
    """S061: in one call, those that are not there passed over."""
    posts = await make_library(session, user_id, 30)
    made = (await client.post("/api/collections", json={"name": "Many"})).json()
    ids = [str(post.id) for post in posts] + [str(UUID(int=number)) for number in range(1, 10_000 - len(posts) + 1)]

    answer = await client.post(f"/api/collections/{made['id']}/items", json={"ids": ids})
    assert (answer.status_code, answer.json()["added"]) == (200, len(posts))


async def test_a_shuffled_search_repeats_nothing(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID
) -> None:
    """S037: chance has a seed, and words can be searched for in it."""
    await make_library(session, user_id, 150)
    asked = {"sort": "random", "seed": 7, "search": "fox", "limit": 7}
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = await client.get("/api/media", params=asked | ({"cursor": cursor} if cursor else {}))
        found += [post["id"] for post in answer.json()]
        cursor = answer.headers.get("x-next-cursor")

    straight = (await client.get("/api/media", params={"search": "fox", "limit": 100})).json()
    assert len(found) == len(set(found))
    assert sorted(found) == sorted(post["id"] for post in straight)
    assert found != [post["id"] for post in straight]


FAMILIES = ("/api/stats", "/api/models", "/api/statistics", "/api/prompts?limit=5", "/api/facets", "/api/collections")


@pytest.fixture
async def servers(settings: Settings, database: Database, valkey_url: str) -> AsyncIterator[list[httpx.AsyncClient]]:
    """Two servers that share Redis, and one that keeps its answers to itself and is asked once."""
    urls = (valkey_url, valkey_url)
    async with AsyncExitStack() as open_now:
        clients = []
        for url in urls:
            app = create_app(settings.model_copy(update={"redis_url": url}))
            await open_now.enter_async_context(app.router.lifespan_context(app))
            clients.append(await open_now.enter_async_context(client_of(app)))
        yield clients


async def created(_client: httpx.AsyncClient, database: Database, _post: Post) -> None:
    async with database.begin() as session:
        await make_post(session, LOCAL_USER, model="new", prompt="a new fox", created_at=NOON)
        await touch(session, LOCAL_USER)


async def liked(client: httpx.AsyncClient, _database: Database, post: Post) -> None:
    assert (await client.put(f"/api/media/{post.id}/like", json={"liked": True})).status_code == 200


async def judged(client: httpx.AsyncClient, _database: Database, post: Post) -> None:
    given = {"rating": 5, "status": "approved", "add_tags": ["x"]}
    assert (await client.patch(f"/api/posts/{post.id}", json=given)).status_code == 200


async def trashed(client: httpx.AsyncClient, _database: Database, post: Post) -> None:
    assert (await client.delete(f"/api/media/{post.id}")).status_code == 200


async def trashed_and_taken_back(client: httpx.AsyncClient, database: Database, post: Post) -> None:
    await trashed(client, database, post)
    assert (await client.post("/api/trash/restore", json={"all": True})).json()["changed"] == 1


async def gathered(client: httpx.AsyncClient, _database: Database, post: Post) -> None:
    made = {"name": "Gathered", "ids": [str(post.id)]}
    assert (await client.post("/api/collections", json=made)).status_code == 201


EVENTS = (created, liked, judged, trashed, trashed_and_taken_back, gathered)


@pytest.mark.parametrize("change", EVENTS, ids=lambda change: change.__name__)
async def test_no_server_answers_with_what_was(
    servers: list[httpx.AsyncClient], settings: Settings, database: Database, change: Any
) -> None:
    """S041, S046: whatever changes, either server tells it at once, also when both had kept their answers."""
    async with database.begin() as session:
        posts = [await make_post(session, LOCAL_USER, prompt=f"fox {number}", liked=None) for number in range(3)]
        await touch(session, LOCAL_USER)
    for client in servers:
        for path in FAMILIES:
            assert (await client.get(path)).status_code == 200, path

    await change(servers[0], database, posts[0])

    alone = create_app(settings)
    async with alone.router.lifespan_context(alone), client_of(alone) as fresh:
        for path in FAMILIES:
            wanted = (await fresh.get(path)).json()
            assert [(await client.get(path)).json() for client in servers] == [wanted, wanted], path
