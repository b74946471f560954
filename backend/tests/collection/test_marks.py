"""Likes, ratings, statuses, tags and the trash through HTTP: of one post, of several, of all that a filter finds."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from collection.gathering import found, undo
from makers import make_post
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.collection.service import marks
from sovia.kit.db import Database
from sovia.library.models import Post
from sovia.library.queries.posts import version
from sovia.worker import drain

Mark = dict[str, Any]


@pytest.fixture
async def posts(session: AsyncSession, user_id: UUID) -> list[Post]:
    return [await make_post(session, user_id, prompt=f"fox {number}", liked=None) for number in range(4)]


async def mark(client: httpx.AsyncClient, **given: Any) -> dict[str, Any]:
    answer = await client.post("/api/posts/marks", json=given)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def marks_now(client: httpx.AsyncClient, post: Post) -> Mark:
    answer = (await client.patch(f"/api/posts/{post.id}", json={})).json()
    return {name: answer[name] for name in ("liked", "rating", "status", "tags")}


async def test_one_post_gets_marks(client: httpx.AsyncClient, posts: list[Post]) -> None:
    given = {"liked": True, "rating": 4, "status": "approved", "add_tags": [" Sea  Side ", "fox"]}
    answer = await client.patch(f"/api/posts/{posts[0].id}", json=given)

    assert answer.status_code == 200, answer.text
    assert await marks_now(client, posts[0]) == {
        "liked": True, "rating": 4, "status": "approved", "tags": ["fox", "sea side"],
    }  # fmt: skip
    assert await marks_now(client, posts[1]) == {"liked": None, "rating": 0, "status": None, "tags": []}


@pytest.mark.parametrize(
    "given", [{"rating": 6}, {"rating": -1}, {"status": "x"}, {"add_tags": [""]}, {"add_tags": ["None"]}, {"x": 1}]
)
async def test_other_marks_are_refused(client: httpx.AsyncClient, posts: list[Post], given: Mark) -> None:
    answer = await client.patch(f"/api/posts/{posts[0].id}", json=given)

    assert (answer.status_code, answer.json()["error"]) == (422, "invalid_input")


@pytest.mark.parametrize(
    "given",
    [
        {"liked": True}, {"liked": False}, {"rating": 3}, {"status": "review"}, {"add_tags": ["a", "b"]},
        {"remove_tags": ["old", "never"]}, {"liked": True, "rating": 1, "status": None, "add_tags": ["a"]},
    ],
    ids="+".join,
)  # fmt: skip
async def test_marks_of_several_are_undone_and_done_again(
    client: httpx.AsyncClient, posts: list[Post], given: Mark
) -> None:
    await mark(client, ids=[str(posts[0].id)], liked=True, rating=5, status="rejected", add_tags=["old", "a"])
    before = [await marks_now(client, post) for post in posts]

    done = await mark(client, filter="fox", **given)
    after = [await marks_now(client, post) for post in posts]
    changed = sum(one != other for one, other in zip(before, after, strict=True))
    await undo(client, done)
    undone = [await marks_now(client, post) for post in posts]
    await undo(client, done, "redo")

    assert done["changed"] == done["operation"]["count"] == changed
    assert undone == before
    assert [await marks_now(client, post) for post in posts] == after


async def test_what_changes_nothing_is_no_operation(client: httpx.AsyncClient, posts: list[Post]) -> None:
    ids = [str(post.id) for post in posts]
    await mark(client, ids=ids, rating=2, add_tags=["a"])

    again = await mark(client, ids=ids, rating=2, add_tags=["a"], remove_tags=["b"])

    assert again == {"changed": 0, "operation": None}
    assert len((await client.get("/api/operations")).json()["operations"]) == 1


async def test_a_mark_given_since_stays(client: httpx.AsyncClient, posts: list[Post]) -> None:
    first = await mark(client, filter="fox", rating=2, liked=True)
    await mark(client, ids=[str(posts[0].id)], rating=5, liked=False)

    await undo(client, first)

    assert (await marks_now(client, posts[0]))["rating"] == 5
    assert (await marks_now(client, posts[0]))["liked"] is False
    assert (await marks_now(client, posts[1]))["rating"] == 0


async def test_filters_know_marks(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID, posts: list[Post]
) -> None:
    child = await make_post(session, user_id, parent=posts[2])
    for post, rating, status, tags in ((posts[0], 2, "approved", ["Sea"]), (child, 5, "review", ["seaside"])):
        await mark(client, ids=[str(post.id)], rating=rating, status=status, add_tags=tags)
    ids = [str(post.id) for post in posts]

    expected = {
        "rating:>=2": {0, 2}, "rating:5": {2}, "rating:0": {1, 3}, "rating:<3": {0, 1, 3}, "rating:1..4": {0},
        "rating:0,5": {1, 2, 3}, "rating:<=5": {0, 1, 2, 3}, "rating:>5": set(), "-rating:>0": {1, 3},
        "status:approved": {0}, "status:none": {1, 3}, "status:approved,none": {0, 1, 3}, "tag:SEA": {0},
        "tag:sea*": {0, 2}, "tag:none": {1, 3}, "-tag:sea*": {1, 3}, "tag:sea rating:2": {0},
    }  # fmt: skip
    for typed, numbers in expected.items():
        assert await found(client, typed) == {ids[number] for number in numbers}, typed


async def test_the_trash_takes_whole_stacks_and_gives_them_back(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID, posts: list[Post]
) -> None:
    child = await make_post(session, user_id, parent=posts[0], prompt="moon")
    grandchild = await make_post(session, user_id, parent=child, prompt="star")
    every = await found(client, "")

    answer = (await client.post("/api/posts/trash", json={"filter": "star"})).json()
    assert answer["changed"] == 3
    assert await found(client, "") == every - {str(posts[0].id)}
    await undo(client, answer)
    assert await found(client, "") == every
    assert await found(client, "star") == {str(posts[0].id)}

    part = (await client.post("/api/posts/trash", json={"ids": [str(child.id)]})).json()
    assert part["changed"] == 2
    assert await found(client, "star") == await found(client, "has:children") == set()
    whole = (await client.delete(f"/api/media/{posts[0].id}")).json()
    # Its parent is in the trash now, so it stands alone until that comes back.
    await undo(client, part)
    assert await found(client, "star") == {str(child.id)}
    await undo(client, whole)
    assert await found(client, "star") == await found(client, "has:children") == {str(posts[0].id)}
    assert str(grandchild.id) not in await found(client, "")


async def test_posts_in_the_trash_are_in_no_collection(client: httpx.AsyncClient, posts: list[Post]) -> None:
    ids = [str(post.id) for post in posts]
    one = (await client.post("/api/collections", json={"name": "x", "ids": ids})).json()

    gone = (await client.post("/api/posts/trash", json={"ids": ids[:1]})).json()
    assert (await client.get("/api/collections")).json()[0]["item_count"] == 3
    assert await found(client, f"in:{one['id']}") == set(ids[1:])
    await undo(client, gone)
    assert (await client.get("/api/collections")).json()[0]["item_count"] == 4


async def test_each_way_to_mark_has_a_version(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID, posts: list[Post]
) -> None:
    """S046."""
    seen, ids = await version(session, user_id), [str(post.id) for post in posts]
    done = await mark(client, ids=ids, rating=1)
    steps = [
        lambda: client.patch(f"/api/posts/{ids[0]}", json={"status": "edit"}),
        lambda: client.post(f"/api/media/{ids[0]}/like"),
        lambda: client.put(f"/api/media/{ids[1]}/like", json={"liked": True}),
        lambda: client.post("/api/posts/marks", json={"filter": "fox", "add_tags": ["t"]}),
        lambda: client.post(f"/api/operations/{done['operation']['id']}/undo"),
        lambda: client.delete(f"/api/media/{ids[3]}"),
        lambda: client.post("/api/posts/trash", json={"ids": ids[:1]}),
    ]
    for step in steps:
        assert (await step()).status_code == 200
        before, seen = seen, await version(session, user_id)
        assert seen > before


async def test_a_like_is_an_operation_too(client: httpx.AsyncClient, posts: list[Post]) -> None:
    """S048."""
    await client.post(f"/api/media/{posts[0].id}/like")

    done = (await client.get("/api/operations")).json()["operations"]
    await undo(client, {"operation": done[0]})

    assert (done[0]["kind"], done[0]["label"], done[0]["count"]) == ("marks", "Liked", 1)
    assert (await marks_now(client, posts[0]))["liked"] is None


async def test_operations_are_listed_page_by_page(client: httpx.AsyncClient, posts: list[Post]) -> None:
    for rating in range(1, 6):
        await mark(client, filter="fox", rating=rating)
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        given = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        answer = (await client.get("/api/operations", params=given)).json()
        seen += [one["label"] for one in answer["operations"]]
        cursor = answer["next"]

    assert seen == [f"Rated {rating}" for rating in range(5, 0, -1)]


async def test_very_many_posts_are_left_to_a_job(
    live_client: httpx.AsyncClient, database: Database, user_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(marks.MOST_AT_ONCE, "marks", 2)
    async with database.begin() as session:
        posts = [await make_post(session, user_id) for _ in range(3)]

    answer = await live_client.post("/api/posts/marks", json={"filter": "lighthouse", "rating": 5})
    operation = answer.json()["operation"]
    early = await live_client.post(f"/api/operations/{operation['id']}/undo")
    await drain(database)
    done = (await live_client.get("/api/operations")).json()["operations"][0]

    assert (answer.status_code, answer.json()["changed"], operation["state"]) == (202, None, "running")
    assert (early.status_code, early.json()["error"]) == (409, "operation_is_running")
    assert (done["state"], done["count"]) == ("done", 3)
    assert await found(live_client, "rating:5") == {str(post.id) for post in posts}
    async with database.begin() as session:
        assert len((await session.scalars(select(Post.id))).all()) == 3


async def test_an_operation_whose_job_was_cancelled_has_failed(
    live_client: httpx.AsyncClient, database: Database, user_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(marks.MOST_AT_ONCE, "trash", 0)
    async with database.begin() as session:
        post = await make_post(session, user_id)

    answer = (await live_client.post("/api/posts/trash", json={"ids": [str(post.id)]})).json()
    await live_client.post(f"/api/jobs/{answer['operation']['job_id']}/cancel")
    await drain(database)
    listed = (await live_client.get("/api/operations")).json()["operations"]

    assert [one["state"] for one in listed] == ["failed"]
    assert await found(live_client, "") == {str(post.id)}
    assert (await live_client.post(f"/api/operations/{listed[0]['id']}/undo")).json()["state"] == "failed"


async def test_a_post_tells_its_marks(client: httpx.AsyncClient, posts: list[Post]) -> None:
    await mark(client, ids=[str(posts[0].id)], rating=3, status="edit", add_tags=["fog"])

    shown = (await client.get(f"/api/media/{posts[0].id}")).json()

    assert (shown["rating"], shown["status"], shown["tags"]) == (3, "edit", ["fog"])
