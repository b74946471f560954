"""The trash through HTTP: what lies in it, what is taken back, what is emptied, and the way back from each."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from collection.gathering import found, undo
from makers import NOON, make_post
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.account.models import User
from sovia.collection.service import trash as service
from sovia.importer.models import Import
from sovia.kit.db import Database
from sovia.library.gathered import Operation
from sovia.library.models import Post
from sovia.library.service import operating
from sovia.worker import drain

Answer = dict[str, Any]


async def throw(client: httpx.AsyncClient, *posts: Post) -> Answer:
    answer = await client.post("/api/posts/trash", json={"ids": [str(post.id) for post in posts]})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def lying(client: httpx.AsyncClient, **asked: Any) -> Answer:
    answer = await client.get("/api/trash", params=asked)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def ids_lying(client: httpx.AsyncClient) -> list[str]:
    return [one["id"] for one in (await lying(client))["items"]]


async def send(client: httpx.AsyncClient, what: str, **given: Any) -> Answer:
    answer = await client.post(f"/api/trash/{what}", json=given)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.fixture
async def posts(session: AsyncSession, user_id: UUID) -> list[Post]:
    return [await make_post(session, user_id, prompt=f"fox {number}") for number in range(4)]


async def test_what_went_last_stands_first_and_a_stack_is_one_thing(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID, posts: list[Post]
) -> None:
    await make_post(session, user_id, parent=posts[0])
    await throw(client, posts[1])
    await throw(client, posts[0])

    answer = await lying(client)
    assert [one["id"] for one in answer["items"]] == [str(posts[0].id), str(posts[1].id)]
    assert (answer["count"], answer["next"]) == (2, None)
    assert [one["children"] for one in answer["items"]] == [1, 0]
    assert answer["items"][1]["prompt"] == "fox 1"
    assert (await client.get("/api/trash/count")).json() == {"count": 2}


async def test_the_trash_is_read_page_by_page(client: httpx.AsyncClient, posts: list[Post]) -> None:
    await throw(client, *posts)
    first = await lying(client, limit=3)
    second = await lying(client, limit=3, cursor=first["next"])

    seen = [one["id"] for page in (first, second) for one in page["items"]]
    assert sorted(seen) == sorted(str(post.id) for post in posts)
    assert second["next"] is None


@pytest.mark.parametrize("cursor", ["x", "W10", "WyJ0cmFzaCIsMSwyXQ", "WyJ0cmFzaCIsIngiLCJ5Il0"])
async def test_a_tampered_cursor_is_refused(client: httpx.AsyncClient, cursor: str) -> None:
    """SEC21."""
    answer = await client.get("/api/trash", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["error"]) == (422, "bad_cursor")


async def test_one_is_taken_back_with_its_stack_and_that_is_undone(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID, posts: list[Post]
) -> None:
    child = await make_post(session, user_id, parent=posts[0], prompt="a hound")
    await throw(client, *posts[:3])

    answer = await send(client, "restore", ids=[str(posts[0].id)])
    assert answer["changed"] == 2
    assert await found(client, "hound") == {str(posts[0].id)}
    assert (await lying(client))["count"] == 2

    await undo(client, answer)
    assert await found(client, "hound") == set()
    assert (await lying(client))["items"][0]["children"] + (await lying(client))["count"] >= 3
    await undo(client, answer, "redo")
    card = (await client.get("/api/cards", params={"filter": f"id:{child.id}"})).json()["cards"][0]
    assert (card["root_id"], card["children"]) == (str(posts[0].id), 1)


async def test_what_was_taken_back_is_left_alone_when_the_throwing_is_undone(
    client: httpx.AsyncClient, posts: list[Post]
) -> None:
    thrown = await throw(client, *posts[:3])
    await send(client, "restore", ids=[str(posts[0].id)])
    await undo(client, thrown)

    assert await ids_lying(client) == []
    assert len(await found(client, "fox")) == 4


async def test_a_clip_taken_back_alone_waits_for_its_picture(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID, posts: list[Post]
) -> None:
    child = await make_post(session, user_id, parent=posts[0], prompt="a hound")
    await throw(client, child)
    await throw(client, posts[0])
    assert set(await ids_lying(client)) == {str(child.id), str(posts[0].id)}

    await send(client, "restore", ids=[str(child.id)])
    assert await found(client, "hound") == {str(child.id)}
    await send(client, "restore", all=True)
    assert await found(client, "hound") == {str(posts[0].id)}


async def test_it_is_emptied_only_of_the_number_that_was_typed_and_that_is_undone(
    client: httpx.AsyncClient, posts: list[Post]
) -> None:
    await throw(client, *posts[:3])
    for count in (0, 2, 4):
        answer = await client.post("/api/trash/empty", json={"count": count})
        assert answer.status_code == (409 if count else 422)
    assert (await client.post("/api/trash/empty", json={"count": 2})).json()["details"]["count"] == 3
    assert (await client.post("/api/trash/empty", json={})).status_code == 422

    answer = await send(client, "empty", count=3)
    assert (await lying(client))["count"] == 0
    assert len(await found(client, "fox")) == 1
    assert (await send(client, "restore", all=True))["changed"] == 0

    await undo(client, answer)
    assert (await lying(client))["count"] == 3
    await undo(client, answer, "redo")
    assert (await lying(client))["count"] == 0


async def test_what_was_emptied_can_come_again_and_go_again(
    client: httpx.AsyncClient, session: AsyncSession, posts: list[Post]
) -> None:
    await throw(client, posts[0])
    await send(client, "empty", count=1)
    await session.execute(update(Post).where(Post.id == posts[0].id).values(deleted_at=None))
    await throw(client, posts[0])

    assert await ids_lying(client) == [str(posts[0].id)]


async def test_rows_go_when_nobody_can_undo_it_any_more(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID, posts: list[Post]
) -> None:
    child = await make_post(session, user_id, parent=posts[0])
    await throw(client, child)
    await throw(client, posts[0])
    await send(client, "empty", count=2)
    await send(client, "restore", all=True)
    long_ago = NOON - timedelta(days=2 * operating.KEPT_FOR.days)
    await session.execute(update(Operation).where(Operation.kind == "empty").values(at=long_ago))
    left = set(await session.scalars(select(Post.id)))
    assert {posts[0].id, child.id} <= left

    await throw(client, posts[1])

    assert left - set(await session.scalars(select(Post.id))) == {posts[0].id, child.id}
    assert await ids_lying(client) == [str(posts[1].id)]
    await throw(client, posts[2])
    assert await session.scalar(select(Operation.id).where(Operation.kind == "empty")) is None


async def test_what_went_with_an_undone_import_is_told_apart(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID, posts: list[Post]
) -> None:
    brought = Import(id=uuid4(), user_id=user_id, file_name="old.json", undone_at=NOON)
    session.add(brought)
    await session.flush()
    await session.execute(update(Post).where(Post.id == posts[3].id).values(deleted_at=NOON, import_id=brought.id))
    await throw(client, posts[0])

    answer = await lying(client)
    assert (answer["count"], answer["with_undone_imports"]) == (1, 1)
    assert (await send(client, "restore", all=True))["changed"] == 1


async def test_very_many_are_taken_back_by_a_job(
    live_client: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.begin() as session:
        user_id = (await live_client.get("/api/me")).json()["id"]
        posts = [await make_post(session, UUID(user_id), prompt="fox") for _ in range(3)]
    await throw(live_client, *posts)
    monkeypatch.setattr(service, "MOST_AT_ONCE", {"restore": 1, "empty": 1})

    answer = await live_client.post("/api/trash/restore", json={"all": True})
    assert (answer.status_code, answer.json()["changed"]) == (202, None)
    await drain(database)
    assert (await lying(live_client))["count"] == 0
    assert len(await found(live_client, "fox")) == 3


async def test_nobody_sees_or_takes_back_what_another_threw_away(
    client: httpx.AsyncClient, session: AsyncSession, posts: list[Post]
) -> None:
    """SEC48."""
    other = User(id=uuid4(), name="other")
    session.add(other)
    await session.flush()
    theirs = await make_post(session, other.id, deleted_at=NOON)
    await throw(client, posts[0])

    assert await ids_lying(client) == [str(posts[0].id)]
    assert (await send(client, "restore", ids=[str(theirs.id)]))["changed"] == 0
    assert (await send(client, "empty", count=1))["changed"] == 1
    await session.refresh(theirs)
    assert theirs.deleted_at == NOON


@pytest.mark.parametrize("given", [{}, {"ids": None}, {"ids": [], "all": True}, {"all": False}, {"ids": ["x"]}])
async def test_what_shall_come_back_must_be_said(client: httpx.AsyncClient, given: Answer) -> None:
    assert (await client.post("/api/trash/restore", json=given)).status_code == 422
