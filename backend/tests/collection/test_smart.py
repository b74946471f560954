"""Smart collections through HTTP: they fill themselves and speak of each other; collections made of others."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from collection.gathering import found, inside, made, put, undo
from makers import make_post
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit import clock
from sovia.library.models import Post
from sovia.library.service.versions import touch


@pytest.fixture
async def posts(session: AsyncSession, user_id: UUID) -> list[Post]:
    models = ("imagine_h_1", "imagine_x_1", "imagine_h_1", None)
    several = [
        await make_post(session, user_id, prompt=f"fox {number}", model=model, mode="custom" if number else None)
        for number, model in enumerate(models)
    ]
    await make_post(session, user_id, prompt="moon", model="other")
    return several


async def smart(client: httpx.AsyncClient, name: str = "Smart", **filters: Any) -> dict[str, Any]:
    return await made(client, name=name, is_smart=True, smart_filters=filters)


async def preview(client: httpx.AsyncClient, **given: Any) -> tuple[list[str], str]:
    answer = await client.post("/api/collections/smart/preview", json=given)
    assert answer.status_code == 200, answer.text
    return [post["id"] for post in answer.json()], answer.headers["x-total-count"]


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        ({"model": "imagine_h_1"}, {0, 2}), ({"search": "fox -2"}, {0, 1, 3}), ({"keywords": "fox 1"}, {1}),
        ({"keywords": ["fox", "3"]}, {3}), ({"model": "all", "mode": "custom", "search": "fox"}, {1, 2, 3}),
        ({"any": [{"search": "0"}, {"model": "imagine_x_1"}]}, {0, 1}),
        ({"search": "fox", "not": {"any": [{"search": "0"}, {"search": "1"}]}}, {2, 3}),
        ({"all": [{"has_custom_videos": True}, {"model": ["imagine_x_1", "imagine_h_1"]}]}, {1, 2}),
        ({"version": 1, "filter": {"is": "text", "text": "fox 2"}}, {2}),
    ],
)  # fmt: skip
async def test_each_form_of_filters_finds_the_same_saved_and_before(
    client: httpx.AsyncClient, posts: list[Post], filters: dict[str, Any], numbers: set[int]
) -> None:
    """S064."""
    one = await smart(client, **filters)
    expected = {str(posts[number].id) for number in numbers}

    assert set(await inside(client, one)) == await found(client, "in:smart") == expected
    assert (one["item_count"], one["smart_filters"]) == (len(numbers), filters)
    assert await preview(client, smart_filters=filters) == await preview(client, filter=one["filter"])
    assert (await preview(client, smart_filters=filters))[1] == str(len(numbers))


@pytest.mark.parametrize(
    ("filters", "path"),
    [
        ({"model": {"$ne": None}}, "model"), ({"sort": "id; drop table posts"}, "sort"), ({"any": ["x"]}, "any.0"),
        ({"any": [{"all": [{"any": [{"all": [{"any": [{"all": [{}]}]}]}]}]}]}, "any.0.all.0.any.0.all.0.any.0"),
        ({"keywords": [1]}, "keywords"), ({"type": "film"}, "type"), ({"version": 2, "filter": None}, "version"),
        ({"any": [{"search": "x"}] * 60}, "any.49.search"),
    ],
)  # fmt: skip
async def test_other_filters_are_refused_with_their_place(
    client: httpx.AsyncClient, filters: dict[str, Any], path: str
) -> None:
    """S064, SEC21."""
    answer = await client.post("/api/collections", json={"name": "x", "is_smart": True, "smart_filters": filters})

    assert (answer.status_code, answer.json()["error"]) == (422, "bad_filter_document"), answer.text
    assert answer.json()["details"]["path"] == path


async def test_what_no_database_stores_is_taken_as_text(client: httpx.AsyncClient, posts: list[Post]) -> None:
    body = b'{"name": "a\\u0000b", "is_smart": true, "smart_filters": {"search": "fox\\ud800 \\u0000"}}'
    answer = await client.post("/api/collections", content=body, headers={"content-type": "application/json"})

    assert (answer.status_code, answer.json()["item_count"]) == (201, 0)


async def test_the_documented_preview_has_the_documented_parameters(
    client: httpx.AsyncClient, session: AsyncSession, posts: list[Post]
) -> None:
    """S063."""
    for post in posts:
        post.thumbnail = "ab"
    await session.flush()
    given = {"mode": "custom", "search": "fox", "limit": 2}
    answer = await client.get("/api/collections/smart/preview", params=given)

    assert (len(answer.json()), answer.headers["x-total-count"]) == (2, "3")
    assert [post["thumbnail"] for post in answer.json()] == ["/derived/ab/320.webp"] * 2


async def test_a_smart_collection_follows_the_library(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID, posts: list[Post]
) -> None:
    """S062."""
    one = await smart(client, search="fox")
    for number in range(2):
        await make_post(session, user_id, prompt="another fox")
        await touch(session, user_id)
        listed = (await client.get("/api/collections")).json()
        assert listed[0]["item_count"] == 5 + number == len(await inside(client, one))


async def test_nothing_is_put_into_a_smart_collection(client: httpx.AsyncClient, posts: list[Post]) -> None:
    one = await smart(client, search="fox")

    answer = await client.post(f"/api/collections/{one['id']}/items", json={"ids": [str(posts[0].id)]})

    assert (answer.status_code, answer.json()["error"]) == (409, "collection_is_smart")


async def test_collections_speak_of_each_other_and_never_of_themselves(
    client: httpx.AsyncClient, posts: list[Post]
) -> None:
    by_hand = await made(client, name="hand", ids=[str(posts[0].id), str(posts[1].id)])
    first = await smart(client, "first", **{"in": by_hand["id"], "search": "fox"})
    second = await made(client, name="second", filter="in:first -1")
    assert await found(client, "in:second") == {str(posts[0].id)}
    assert await found(client, "not-in:second fox") == {str(post.id) for post in posts[1:]}

    for typed in (f"in:{first['id']}", "in:second", "-(in:second OR red)"):
        answer = await client.put(f"/api/collections/{first['id']}", json={"filter": typed})
        assert (answer.status_code, answer.json()["error"]) == (422, "collection_cycle"), typed
    renamed = await client.put(f"/api/collections/{second['id']}", json={"name": "hand"})
    assert renamed.status_code == 200
    # Several of one name are taken together.
    assert await found(client, "in:hand") == {str(posts[0].id), str(posts[1].id)}


async def test_filters_that_multiply_are_refused(client: httpx.AsyncClient, posts: list[Post]) -> None:
    """SEC22."""
    for number in range(12):
        typed = "fox" if not number else " OR ".join([f"(in:s{number - 1} x{each})" for each in range(3)])
        await made(client, name=f"s{number}", filter=typed)

    answer = await client.get("/api/cards", params={"filter": "in:s11"})
    listed = await client.get("/api/collections")

    assert (answer.status_code, answer.json()["error"]) == (422, "filter_too_large")
    assert listed.status_code == 200


async def test_an_explanation_counts_each_rule(client: httpx.AsyncClient, posts: list[Post]) -> None:
    given = {"filter": "fox (model:imagine_x_1 OR 0) -3"}
    answer = (await client.post("/api/collections/smart/explain", json=given)).json()

    assert answer["count"] == 2
    assert [(rule["text"], rule["count"], rule["level"]) for rule in answer["rules"]] == [
        ("fox", 4, 0), ("model:imagine_x_1 OR 0", 2, 0), ("model:imagine_x_1", 1, 1), ("0", 1, 1), ("-3", 4, 0),
    ]  # fmt: skip


async def test_new_matches_are_counted_until_they_are_seen(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID, posts: list[Post]
) -> None:
    for post in posts:
        post.added_at = clock.now() - timedelta(days=1)
    await session.flush()
    one = await made(client, filter="fox", alert=True)
    assert one["new_count"] == 0

    await make_post(session, user_id, prompt="new fox", added_at=clock.now())
    await touch(session, user_id)
    listed = (await client.get("/api/collections")).json()
    seen = (await client.post(f"/api/collections/{one['id']}/seen")).json()

    assert (listed[0]["new_count"], seen["new_count"]) == (1, 0)


async def test_a_snapshot_keeps_what_is_found_now(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID, posts: list[Post]
) -> None:
    """S066."""
    one = await smart(client, search="fox")
    before = await inside(client, one)

    kept = (await client.post(f"/api/collections/{one['id']}/snapshot")).json()
    again = (await client.post(f"/api/collections/{one['id']}/duplicate", json={"name": "Again"})).json()
    await make_post(session, user_id, prompt="another fox")
    await touch(session, user_id)

    assert (kept["name"], kept["is_smart"], again["is_smart"]) == ("Smart (snapshot)", False, True)
    assert await inside(client, kept) == before
    assert len(await inside(client, again)) == len(before) + 1
    await undo(client, kept)
    assert (await client.get(f"/api/collections/{kept['id']}")).status_code == 404


@pytest.mark.parametrize(("how", "numbers"), [("merge", [2, 1, 0, 3]), ("intersect", [1]), ("subtract", [2])])
async def test_collections_are_combined_in_the_order_of_the_first(
    client: httpx.AsyncClient, posts: list[Post], how: str, numbers: list[int]
) -> None:
    one, other = await made(client, name="one"), await made(client, name="other")
    await put(client, one, posts[2], posts[1])
    await put(client, other, posts[0], posts[1], posts[3])
    smart_one = await smart(client, search="fox -2")
    ids = [one["id"], other["id"]] + ([smart_one["id"]] if how != "merge" else [])

    answer = await client.post("/api/collections/combine", json={"ids": ids, "how": how, "name": "Both"})

    assert answer.status_code == 201, answer.text
    assert await inside(client, answer.json()) == [str(posts[number].id) for number in numbers]


async def test_marks_and_collections_are_asked_for_together(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID, posts: list[Post]
) -> None:
    await smart(client, search="fox")
    answer = await client.patch(f"/api/posts/{posts[0].id}", json={"status": "approved"})

    assert answer.json()["status"] == "approved"
    assert await found(client, "in:smart status:approved") == {str(posts[0].id)}
