"""Collections through HTTP: made, filled, changed, emptied, deleted, undone."""

from uuid import UUID, uuid4

import httpx
import pytest
from collection.gathering import found, inside, made, put, undo
from makers import make_post
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.library.models import Post
from sovia.library.queries.posts import version


@pytest.fixture
async def posts(session: AsyncSession, user_id: UUID) -> list[Post]:
    return [await make_post(session, user_id, prompt=f"fox {number}") for number in range(4)]


async def test_a_collection_is_made_listed_changed_and_deleted(client: httpx.AsyncClient, posts: list[Post]) -> None:
    """S060."""
    one = await made(client, description="All of them", ids=[str(posts[0].id)])
    assert (one["name"], one["item_count"], one["is_smart"]) == ("Foxes", 1, False)

    changed = await client.put(f"/api/collections/{one['id']}", json={"name": "Red foxes"})
    listed = (await client.get("/api/collections")).json()
    gone = await client.delete(f"/api/collections/{one['id']}")

    assert changed.json()["description"] == "All of them"
    assert [each["name"] for each in listed] == ["Red foxes"]
    assert gone.status_code == 200
    assert (await client.get("/api/collections")).json() == []
    assert (await client.get(f"/api/collections/{one['id']}")).status_code == 404
    assert await found(client, "fox") == {str(post.id) for post in posts}


@pytest.mark.parametrize("name", ["", "x" * 101, " \u200b"[:1]])
async def test_a_name_has_one_to_a_hundred_characters(client: httpx.AsyncClient, name: str) -> None:
    """S060."""
    answer = await client.post("/api/collections", json={"name": name})

    assert (answer.status_code, answer.json()["error"]) == (422, "invalid_input")


async def test_the_last_changed_is_listed_first(client: httpx.AsyncClient, posts: list[Post]) -> None:
    """S060."""
    one, other = await made(client, name="one"), await made(client, name="other")
    await put(client, one, posts[0])

    listed = (await client.get("/api/collections")).json()

    assert [each["id"] for each in listed] == [one["id"], other["id"]]


async def test_a_post_is_added_once(client: httpx.AsyncClient, posts: list[Post]) -> None:
    one = await made(client)
    path = f"/api/collections/{one['id']}/items"

    by_query = await client.post(path, params={"media_post_id": str(posts[0].id)})
    again = await client.post(path, json={"media_post_id": str(posts[0].id)})
    several = await put(client, one, *posts)

    assert by_query.json()["added"] == 1
    assert (again.status_code, again.json()["error"]) == (400, "already_in_collection")
    assert several["added"] == 3
    assert await inside(client, one) == [str(post.id) for post in posts]


@pytest.mark.parametrize("form", ["path", "query", "body"])
async def test_a_post_is_removed_in_each_way(client: httpx.AsyncClient, posts: list[Post], form: str) -> None:
    """S061."""
    one = await made(client, ids=[str(post.id) for post in posts])
    path, first = f"/api/collections/{one['id']}/items", str(posts[0].id)

    match form:
        case "path":
            answer = await client.delete(f"{path}/{first}")
        case "query":
            answer = await client.delete(path, params={"media_post_id": first})
        case _:
            answer = await client.post(f"{path}/remove", json={"ids": [first]})

    assert answer.status_code == 200
    assert await inside(client, one) == [str(post.id) for post in posts[1:]]
    assert (await client.delete(f"{path}/{first}")).json()["error"] == "not_in_collection"


async def test_all_that_a_filter_finds_is_added_and_removed(client: httpx.AsyncClient, posts: list[Post]) -> None:
    one = await made(client)
    path = f"/api/collections/{one['id']}/items"

    added = (await client.post(path, json={"filter": "fox -3"})).json()
    removed = (await client.post(f"{path}/remove", json={"filter": "fox 1"})).json()

    assert (added["added"], removed["removed"]) == (3, 1)
    assert set(await inside(client, one)) == {str(posts[0].id), str(posts[2].id)}


async def test_the_language_knows_collections(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID, posts: list[Post]
) -> None:
    child = await make_post(session, user_id, parent=posts[3])
    one = await made(client, name="Best of", ids=[str(posts[0].id), str(child.id)])
    ids = [str(post.id) for post in posts]

    assert await found(client, 'in:"best OF"') == await found(client, f"in:{one['id']}") == {ids[0], ids[3]}
    assert await found(client, 'not-in:"Best of"') == await found(client, "in:none") == {ids[1], ids[2]}
    assert await found(client, 'in:none,"Best of"') == set(ids)
    assert await found(client, "-in:none fox 0") == {ids[0]}
    assert await found(client, "in:nowhere") == set()


async def test_each_change_can_be_undone_and_done_again(client: httpx.AsyncClient, posts: list[Post]) -> None:
    one = await made(client, ids=[str(posts[0].id), str(posts[1].id)])
    before = await inside(client, one)

    added = await put(client, one, *posts)
    after = await inside(client, one)
    assert (await undo(client, added))["state"] == "undone"
    assert await inside(client, one) == before
    assert (await undo(client, added, "redo"))["state"] == "done"
    assert await inside(client, one) == after

    gone = (await client.delete(f"/api/collections/{one['id']}")).json()
    await undo(client, gone)
    assert await inside(client, one) == after


async def test_undoing_leaves_alone_what_was_changed_since(client: httpx.AsyncClient, posts: list[Post]) -> None:
    one = await made(client)
    first = await put(client, one, posts[0], posts[1])
    await client.delete(f"/api/collections/{one['id']}/items/{posts[0].id}")
    await put(client, one, posts[0])

    await undo(client, first)

    assert await inside(client, one) == [str(posts[0].id)]


async def test_a_name_given_since_stays_when_an_older_change_is_undone(client: httpx.AsyncClient) -> None:
    one = await made(client)
    path = f"/api/collections/{one['id']}"
    first = (await client.patch(path, json={"name": "Second", "notes": "n"})).json()
    await client.patch(path, json={"name": "Third"})

    await undo(client, first)

    shown = (await client.get(path)).json()
    assert (shown["name"], shown["notes"]) == ("Third", "")


async def test_every_change_has_a_version(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID, posts: list[Post]
) -> None:
    """S046."""
    seen = await version(session, user_id)

    async def grew() -> bool:
        nonlocal seen
        before, seen = seen, await version(session, user_id)
        return seen > before

    one = await made(client)
    assert await grew()
    added = await put(client, one, *posts)
    assert await grew()
    path = f"/api/collections/{one['id']}"
    for step in (
        client.put(path, json={"name": "Other"}),
        client.post(f"{path}/items/remove", json={"ids": [str(posts[0].id)]}),
        client.delete(f"{path}/items/{posts[1].id}"),
        client.post(f"/api/operations/{added['operation']['id']}/undo"),
        client.post(f"/api/operations/{added['operation']['id']}/redo"),
        client.delete(path),
    ):
        assert (await step).status_code == 200
        assert await grew()


async def test_collections_nest_eight_levels_and_never_in_themselves(client: httpx.AsyncClient) -> None:
    chain = [await made(client, name="1")]
    for number in range(2, 9):
        chain.append(await made(client, name=str(number), parent_id=chain[-1]["id"]))

    too_deep = await client.post("/api/collections", json={"name": "9", "parent_id": chain[-1]["id"]})
    around = await client.put(f"/api/collections/{chain[0]['id']}/place", json={"parent_id": chain[4]["id"]})
    unknown = await client.post("/api/collections", json={"name": "x", "parent_id": str(uuid4())})

    assert [answer.json()["error"] for answer in (too_deep, around, unknown)] == [
        "bad_place", "bad_place", "collection_not_found",
    ]  # fmt: skip


async def test_what_was_in_a_deleted_collection_moves_up_and_back(client: httpx.AsyncClient) -> None:
    top = await made(client, name="top")
    middle = await made(client, name="middle", parent_id=top["id"])
    inner = await made(client, name="inner", parent_id=middle["id"])

    async def parent() -> str | None:
        return str((await client.get(f"/api/collections/{inner['id']}")).json()["parent_id"])

    gone = (await client.delete(f"/api/collections/{middle['id']}")).json()
    assert await parent() == top["id"]
    await undo(client, gone)
    assert await parent() == middle["id"]


async def test_collections_stand_in_the_order_they_were_given(client: httpx.AsyncClient) -> None:
    several = [await made(client, name=name) for name in "abc"]
    await client.put(f"/api/collections/{several[2]['id']}/place", json={"before": several[0]["id"]})

    listed = (await client.get("/api/collections", params={"tree": 1})).json()

    assert [each["name"] for each in listed] == ["c", "a", "b"]


async def test_membership_tells_none_some_and_all(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID, posts: list[Post]
) -> None:
    """S065."""
    child = await make_post(session, user_id, parent=posts[2])
    some = await made(client, name="some", ids=[str(posts[0].id)])
    everyone = await made(client, name="all", ids=[str(posts[0].id), str(posts[1].id), str(child.id)])
    await made(client, name="none")

    asked = {"ids": [str(post.id) for post in posts[:3]]}
    answer = (await client.post("/api/collections/membership", json=asked)).json()
    named = (await client.post("/api/collections/of", json=asked)).json()
    own = (await client.get(f"/api/media/{posts[0].id}/collections")).json()

    assert answer["of"] == 3
    assert {one["id"]: one["in"] for one in answer["collections"]} == {some["id"]: 1, everyone["id"]: 3}
    assert [one["name"] for one in named[str(posts[0].id)]] == ["all", "some"]
    assert [one["name"] for one in named[str(posts[2].id)]] == ["all"]
    assert {one["name"] for one in own} == {"all", "some"}


async def test_pages_of_a_collection_meet(client: httpx.AsyncClient, posts: list[Post]) -> None:
    one = await made(client, ids=[str(post.id) for post in posts])
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        given = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        answer = await client.get(f"/api/collections/{one['id']}", params=given)
        seen += [item["id"] for item in answer.json()["items"]]
        cursor = answer.headers.get("x-next-cursor")

    assert seen == [str(post.id) for post in posts]
