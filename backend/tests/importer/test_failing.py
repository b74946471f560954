"""A full disk, a database that goes away, imports at once: a clear state, and nothing lost or doubled."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest
from importer.queued import run_importer
from importer.records import child, imported, number, root, snapshot, written
from importer.test_killed import wipe
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.importer import service, tasks, writing
from sovia.importer.models import Import
from sovia.importer.service import run_import
from sovia.kit.db import Database, asyncpg_connection
from sovia.library.models import Post
from sovia.library.service.adding import add_arrivals

CONTENT = [root(n, child(100 + n, of=n)) for n in range(1, 31)]


@pytest.fixture(autouse=True)
def small_chunks(one_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker's settings are the app's; chunks are small."""
    monkeypatch.setattr("sovia.importer.export.CHUNK_POSTS", 10)
    monkeypatch.setattr(service, "PROGRESS_SECONDS", 0)


async def started(client: httpx.AsyncClient) -> str:
    answer = await client.post("/api/imports", files={"file": ("x.json", orjson.dumps(CONTENT))})
    return str(answer.json()["id"])


@pytest.mark.parametrize("wrapped", [True, False])
@pytest.mark.parametrize(("code", "said"), [("53100", "out_of_space"), ("57P01", "database_away")])
async def test_an_import_that_broke_off_goes_on_later(
    code: str,
    said: str,
    wrapped: bool,
    live_client: httpx.AsyncClient,
    database: Database,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chunks = 0

    async def fails(session: AsyncSession, *given: Any) -> Any:
        nonlocal chunks
        chunks += 1
        done = await add_arrivals(session, *given)
        if chunks == 3:
            sql = f"do $$ begin raise exception 'no room' using errcode = '{code}'; end $$"
            await (session.execute(text(sql)) if wrapped else (await asyncpg_connection(session)).execute(sql))
        return done

    monkeypatch.setattr(writing, "add_arrivals", fails)
    import_id = await started(live_client)
    await run_importer(database)
    broken = (await live_client.get(f"/api/imports/{import_id}")).json()
    kept = len(list((home / ".sovia" / "uploads").iterdir()))
    removed = await service.remove_left_overs(database, home / ".sovia")
    await live_client.post(f"/api/imports/{import_id}/resume")
    await run_importer(database)
    done = (await live_client.get(f"/api/imports/{import_id}")).json()

    assert (broken["state"], broken["error_code"], broken["can"]) == ("failed", said, ["resume", "undo"])
    assert 0 < broken["counts"]["new"] < 60
    assert (kept, removed) == (1, 0)
    assert (done["state"], done["error"], done["counts"]["new"]) == ("succeeded", None, 60)
    assert list((home / ".sovia" / "uploads").iterdir()) == []


async def test_an_import_stops_before_the_disk_is_full(
    live_client: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = await started(live_client)
    with monkeypatch.context() as full:
        full.setattr(tasks, "free_bytes", lambda _folder: 1000)
        await run_importer(database)
    broken = (await live_client.get(f"/api/imports/{import_id}")).json()
    await live_client.post(f"/api/imports/{import_id}/resume")
    await run_importer(database)

    assert (broken["state"], broken["error_code"]) == ("failed", "out_of_space")
    assert (await live_client.get(f"/api/imports/{import_id}")).json()["state"] == "succeeded"


async def test_a_bug_in_the_middle_is_said_and_may_be_tried_again(
    live_client: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = await started(live_client)
    with monkeypatch.context() as buggy:
        buggy.setattr(writing, "counted", lambda *_given: 1 // 0)
        await run_importer(database)
    broken = (await live_client.get(f"/api/imports/{import_id}")).json()
    await live_client.post(f"/api/imports/{import_id}/resume")
    await run_importer(database)

    assert (broken["state"], broken["error_code"], broken["can"]) == ("failed", "internal", ["resume"])
    assert (await live_client.get(f"/api/imports/{import_id}")).json()["counts"]["new"] == 60


async def test_overlapping_files_at_once_lose_and_double_nothing(database: Database, me: UUID, tmp_path: Path) -> None:
    one = [root(n, *(child(n * 100 + k, of=n) for k in range(3))) for n in range(1, 40)]
    other = [root(n, *(child(n * 100 + k, of=n) for k in range(2, 5))) for n in range(20, 60)]
    await imported(database, me, tmp_path, [*one, *other])
    whole = await snapshot(database)
    await wipe(database)

    files = {"one": one, "other": list(reversed(other)), "again": one}
    paths = [written(tmp_path, content, f"{name}.json") for name, content in files.items()]
    ids = [uuid4() for _ in paths]
    async with database.begin() as session:
        session.add_all([Import(id=import_id, user_id=me, file_name="x") for import_id in ids])
    reports = await asyncio.gather(
        *(run_import(database, me, import_id, path) for import_id, path in zip(ids, paths, strict=True))
    )

    assert await snapshot(database) == whole
    assert {one.state for one in reports} == {"succeeded"}
    assert sum(one.counts["new"] for one in reports) == len(whole["posts"])


async def test_two_accounts_that_share_roots_give_the_union_of_their_children(
    database: Database, me: UUID, tmp_path: Path
) -> None:
    mine = [root(1, child(10, of=1), child(11, of=1, userId="a")), root(2)]
    theirs = [root(1, child(11, of=1, userId="a"), child(12, of=1, userId="b")), root(3)]

    await imported(database, me, tmp_path, mine)
    await imported(database, me, tmp_path, theirs)
    first = await snapshot(database)
    await wipe(database)
    await imported(database, me, tmp_path, theirs)
    await imported(database, me, tmp_path, mine)

    assert await snapshot(database) == first
    assert len(first["posts"]) == 6


async def test_an_export_that_seems_to_remove_everything_removes_nothing(
    live_client: httpx.AsyncClient, database: Database
) -> None:
    await live_client.post("/api/import", json=[root(n, child(100 + n, of=n)) for n in range(1, 30)])
    before = await snapshot(database)
    hollow = [
        {"id": number(n), "mediaUrl": "", "prompt": "", "childPosts": [], "deleted": True, "mediaType": "x"}
        for n in range(1, 30)
    ]

    for content in ([], {"posts": [], "nextCursor": ""}, hollow):
        await live_client.post("/api/imports", files={"file": ("x.json", orjson.dumps(content))})
        await run_importer(database)

    after = await snapshot(database)
    assert len(after["posts"]) == len(before["posts"]) == 58
    assert after["files"] == before["files"]
    async with database.begin() as session:
        posts = list(await session.scalars(select(Post)))
    assert all(one.deleted_at is None and one.media_url and one.root_id for one in posts)
    assert sum(1 for one in posts if one.parent_id is None and one.child_count == 1) == 29
