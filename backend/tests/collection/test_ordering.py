"""The order of collections by hand, against a plain list."""

import random
from uuid import UUID

import httpx
import pytest
from collection.gathering import inside, made, undo
from makers import new_post
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.collection.service import items, ordering
from sovia.kit.db import asyncpg_connection

SPACING = "SELECT count(DISTINCT position) = count(*) FROM collection_items WHERE collection_id = $1"


async def some_posts(session: AsyncSession, user_id: UUID, count: int) -> list[str]:
    posts = [new_post(user_id) for _ in range(count)]
    session.add_all(posts)
    await session.flush()
    return [str(post.id) for post in posts]


async def move(client: httpx.AsyncClient, one: dict[str, object], ids: list[str], before: str | None) -> dict:
    answer = await client.put(f"/api/collections/{one['id']}/order", json={"ids": ids, "before": before})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def moved(order: list[str], ids: list[str], before: str | None) -> list[str]:
    rest = [one for one in order if one not in ids]
    at = len(rest) if before is None else rest.index(before)
    return rest[:at] + ids + rest[at:]


async def test_moves_do_what_a_list_does_and_are_undone_exactly(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID
) -> None:
    rng = random.Random(8)
    order = await some_posts(session, user_id, 12)
    one = await made(client, ids=order)
    done: list[tuple[list[str], list[str], dict]] = []
    for _ in range(25):
        ids = rng.sample(order, rng.choice([1, 1, 2, 5]))
        before = rng.choice([*(other for other in order if other not in ids), None])
        answer = await move(client, one, ids, before)
        done.append((order, order := moved(order, ids, before), answer))
        assert await inside(client, one) == order
    for before_it, after_it, answer in reversed(done):
        await undo(client, answer)
        assert await inside(client, one) == before_it
        await undo(client, answer, "redo")
        assert await inside(client, one) == after_it
        await undo(client, answer)


async def test_many_runs_go_back_at_once(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ordering, "MOST_RUNS", 1)
    order = await some_posts(session, user_id, 20)
    one = await made(client, ids=order)

    answer = await move(client, one, order[::3], order[1])
    await undo(client, answer)

    assert await inside(client, one) == order


async def test_a_place_never_fills_up(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So few that it happens often: neighbours spread out, and now and then all of them.
    monkeypatch.setattr(ordering, "WINDOWS", (2, 4))
    monkeypatch.setattr(ordering, "ROOM", 2)
    monkeypatch.setattr(ordering, "GAP", 16)
    monkeypatch.setattr(items, "GAP", 16)
    order = await some_posts(session, user_id, 9)
    one = await made(client, ids=order)
    for number in range(60):
        last = order[-1]
        await move(client, one, [last], order[1 + number % 2])
        order = moved(order, [last], order[1 + number % 2])

    assert await inside(client, one) == order
    connection = await asyncpg_connection(session)
    assert await connection.fetchval(SPACING, UUID(one["id"]))


@pytest.mark.parametrize("case", ["itself", "elsewhere"])
async def test_a_place_that_is_none_is_refused(
    client: httpx.AsyncClient, session: AsyncSession, user_id: UUID, case: str
) -> None:
    inside_it, outside = await some_posts(session, user_id, 2)
    one = await made(client, ids=[inside_it])

    given = {"ids": [inside_it], "before": inside_it if case == "itself" else outside}
    answer = await client.put(f"/api/collections/{one['id']}/order", json=given)

    assert (answer.status_code, answer.json()["error"]) == (422, "bad_place")
