"""Views kept ready in memory."""

import asyncio
from uuid import UUID

import pytest
from makers import make_post

from sovia.kit.db import Database
from sovia.library.service.versions import touch
from sovia.search import snapshots
from sovia.search.filters import View
from sovia.search.language.meaning import Holds
from sovia.search.snapshots import Snapshots


async def add(database: Database, user_id: UUID) -> None:
    async with database.begin() as session:
        await make_post(session, user_id)
        await touch(session, user_id)


async def test_a_view_asked_for_at_once_is_made_once(
    database: Database, user_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, real = [], snapshots.make_snapshot

    async def counted(*given: object) -> snapshots.Snapshot:
        made.append(given)
        return await real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(snapshots, "make_snapshot", counted)
    await add(database, user_id)
    kept = Snapshots()

    async def ask() -> int:
        async with database.begin() as session:
            return len((await kept.of(session, user_id, View())).tiles.ids)

    assert await asyncio.gather(*(ask() for _ in range(4))) == [1] * 4
    assert len(made) == 1


async def test_a_view_is_made_again_after_a_change(database: Database, user_id: UUID) -> None:
    kept = Snapshots()
    for expected in (1, 2):
        await add(database, user_id)
        async with database.begin() as session:
            assert len((await kept.of(session, user_id, View())).tiles.ids) == expected


async def test_the_views_used_longest_ago_are_dropped_when_memory_runs_short(database: Database, user_id: UUID) -> None:
    await add(database, user_id)
    kept = Snapshots(most_bytes=1)
    async with database.begin() as session:
        first = await kept.of(session, user_id, View())
        await kept.of(session, user_id, View(Holds("fox")))

        assert await kept.of(session, user_id, View()) is not first
