"""Every order and every way of stacking through HTTP, against an oracle."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from indexes import indexed
from makers import NOON, make_library, make_post
from oracle import alone, batches, ordered, stacks
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.library.gathered import Collection, CollectionItem, PostMark
from sovia.library.models import File, Post
from sovia.search import deps, finding
from sovia.search.filters import SORTS

WANTED = ({}, {"search": "fox"}, {"type": "video"}, {"model": "imagine_h_1", "liked": "true"}, {"mode": "custom"})
# Files and resemblance have tests of their own.
PLAIN = [sort for sort in SORTS if sort not in ("size", "resemblance")]


@pytest.fixture
async def library(session: AsyncSession, user_id: UUID) -> list[Post]:
    return await make_library(session, user_id, 80)


async def shown(client: httpx.AsyncClient, **parameters: Any) -> list[dict[str, Any]]:
    """All cards of a view."""
    cards: list[dict[str, Any]] = []
    while True:
        answer = await client.get("/api/cards", params={**parameters, "chunk": len(cards) // 256})
        assert answer.status_code == 200, answer.text
        cards += answer.json()["cards"]
        if len(answer.json()["cards"]) < 256:
            return cards


@pytest.mark.parametrize("wanted", WANTED, ids=str)
@pytest.mark.parametrize("sort", PLAIN)
async def test_flat_shows_every_wanted_post_by_itself_in_order(
    client: httpx.AsyncClient, library: list[Post], sort: str, wanted: dict[str, str]
) -> None:
    expected = ordered(alone(library, **wanted), sort, seed=3)

    header, ratios, _ = await indexed(client, sort=sort, seed=3, stack="none", **wanted)
    cards = await shown(client, sort=sort, seed=3, stack="none", **wanted)

    assert [card["id"] for card in cards] == [str(post.id) for post in expected]
    assert list(ratios) == [post.ratio for post in expected]
    assert {card["children"] for card in cards} <= {0}
    assert (sum(section["count"] for section in header["sections"]), header["total"]) == (len(expected), len(library))


@pytest.mark.parametrize("sort", ["newest", "oldest", "name", "random", "duration"])
@pytest.mark.parametrize(("stack", "apart"), [("family", None), ("batch", timedelta(minutes=10))])
async def test_equal_prompts_stand_together(
    client: httpx.AsyncClient, library: list[Post], stack: str, apart: timedelta | None, sort: str
) -> None:
    for wanted in WANTED:
        groups = batches(ordered(alone(library, **wanted), sort), apart)

        header, _, flags = await indexed(client, sort=sort, stack=stack, **wanted)
        cards = await shown(client, sort=sort, stack=stack, **wanted)

        assert [card["id"] for card in cards] == [str(group[0].id) for group in groups]
        assert [card["children"] for card in cards] == [len(group) - 1 for group in groups]
        assert [bool(flag & 16) for flag in flags] == [len(group) > 1 for group in groups]
        assert sum(section["count"] for section in header["sections"]) == len(groups)


@pytest.mark.parametrize("stack", ["parent", "none", "family", "batch"])
async def test_every_post_of_a_view_is_located(client: httpx.AsyncClient, library: list[Post], stack: str) -> None:
    apart = None if stack == "family" else timedelta(minutes=10)
    in_order = ordered(library, "date_desc")
    if stack == "parent":
        tiles = [
            [post for post in library if post.root_id == root.id] for root in ordered(stacks(library), "date_desc")
        ]
    else:
        tiles = [[post] for post in in_order] if stack == "none" else batches(in_order, apart)

    for position, members in list(enumerate(tiles))[::7]:
        for post in members:
            answer = await client.get("/api/index/locate", params={"id": str(post.id), "stack": stack})
            assert answer.json()["position"] == position


@pytest.mark.parametrize("stack", ["none", "family"])
async def test_facets_of_a_flat_view_count_posts(client: httpx.AsyncClient, library: list[Post], stack: str) -> None:
    found = (await client.get("/api/facets", params={"stack": stack, "model": "imagine_w_1"})).json()

    for kind in found["type"]:
        assert kind["count"] == len(alone(library, model="imagine_w_1", type=kind["value"]))
    for model in found["model"]:
        assert model["count"] == len(alone(library, model=model["value"]))


async def test_sizes_are_those_of_the_files_that_are_here(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID
) -> None:
    posts = {}
    for name, size, state in (("little", 5, "present"), ("large", 3_000_000, "present"), ("away", 9, "missing")):
        posts[name] = await make_post(session, user_id, created_at=NOON)
        place = {"role": "media", "position": 0, "url": "https://a.example/x", "state": state}
        session.add(File(user_id=user_id, post_id=posts[name].id, size_bytes=size, **place))
    await session.flush()

    header, _, _ = await indexed(client, sort="size")
    cards = await shown(client, sort="size")
    listed = (await client.get("/api/media", params={"sort": "size"})).json()

    assert [card["id"] for card in cards] == [str(posts[name].id) for name in ("large", "little", "away")]
    assert [post["id"] for post in listed] == [card["id"] for card in cards]
    assert [one["label"] for one in header["sections"]] == ["2\u20135 MB", "less than 100 kB", ""]


async def test_the_best_rated_come_first(client: httpx.AsyncClient, session: AsyncSession, user_id: UUID) -> None:
    root = await make_post(session, user_id, created_at=NOON)
    other = await make_post(session, user_id, created_at=NOON + timedelta(days=1))
    child = await make_post(session, user_id, parent=root)
    await session.flush()
    session.add_all(
        PostMark(user_id=user_id, post_id=post.id, rating=rating)
        for post, rating in ((child, 5), (other, 3), (root, 1))
    )
    await session.flush()

    header, _, _ = await indexed(client, sort="rating")
    flat, _, _ = await indexed(client, sort="rating", stack="none")

    assert [card["id"] for card in await shown(client, sort="rating")] == [str(root.id), str(other.id)]
    assert [one["label"] for one in header["sections"]] == ["5", "3"]
    assert [one["label"] for one in flat["sections"]] == ["5", "3", "1"]


@pytest.mark.parametrize("stack", ["parent", "none"])
async def test_a_collection_has_the_order_it_was_given(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID, stack: str
) -> None:
    posts = [await make_post(session, user_id, created_at=NOON) for _ in range(4)]
    order = [posts[2].id, posts[0].id, posts[3].id]
    gathered = Collection(id=uuid4(), user_id=user_id, name="best", name_key="best")
    session.add(gathered)
    await session.flush()
    session.add_all(
        CollectionItem(collection_id=gathered.id, user_id=user_id, post_id=post_id, position=place * 1000)
        for place, post_id in enumerate(order)
    )
    await session.flush()

    cards = await shown(client, sort="manual", filter="in:best", stack=stack)
    listed = (await client.get("/api/media", params={"sort": "manual", "filter": "in:best"})).json()

    assert [card["id"] for card in cards] == [post["id"] for post in listed] == [str(post_id) for post_id in order]


async def test_what_takes_too_long_is_given_up(
    client: httpx.AsyncClient, library: list[Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    """SEC22."""

    async def slow(_columns: object, session: AsyncSession, *_given: object) -> None:
        await session.execute(text("SELECT pg_sleep(60)"))

    monkeypatch.setattr(deps, "LIMIT", text("SET LOCAL statement_timeout = '300ms'"))
    monkeypatch.setattr(finding, "facets", slow)

    answer = await client.get("/api/facets", params={"filter": "fox"})

    assert (answer.status_code, answer.json()["error"]) == (503, "takes_too_long")


async def test_a_childs_hit_is_on_top_of_its_stack(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID
) -> None:
    root = await make_post(session, user_id, prompt="a red fox", ratio=100)
    child = await make_post(session, user_id, parent=root, prompt="a blue whale", ratio=60, model="deep")
    await make_post(session, user_id, parent=root, prompt="a blue whale sings", created_at=None)
    await session.flush()

    async def top(text: str) -> tuple[str, str, int, int]:
        _, ratios, flags = await indexed(client, filter=text)
        (card,) = await shown(client, filter=text)
        assert flags[0] & 16
        return card["id"], card["root_id"], card["children"], ratios[0]

    assert await top("whale") == await top("whale model:imagine_h_1") == (str(child.id), str(root.id), 2, 60)
    assert await top("red OR whale") == await top("fox") == await top("") == (str(root.id), str(root.id), 2, 100)
    assert await top("whale model:deep") == await top(f"id:{child.id}") == (str(child.id), str(root.id), 2, 60)


async def test_what_hides_a_stack_also_hides_its_children(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID
) -> None:
    root = await make_post(session, user_id, prompt="a red fox", deleted_at=NOON)
    await make_post(session, user_id, prompt="a fox", id=uuid4())
    await session.flush()

    for stack in ("parent", "none", "family", "batch"):
        assert str(root.id) not in {card["id"] for card in await shown(client, filter="fox", stack=stack)}


@pytest.mark.parametrize("query", ["sort=id;drop", "stack=all", "sort=name&stack=", "stack[]=none&sort="])
async def test_nonsense_is_refused(client: httpx.AsyncClient, query: str) -> None:
    assert (await client.get(f"/api/index?{query}")).status_code == 422
