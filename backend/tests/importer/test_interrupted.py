"""An import from the command line that is killed: found out, shown as interrupted, gone on with by whoever asks."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest
from importer.queued import run_importer
from importer.records import OWNER, child, root, snapshot, written
from sqlalchemy import select

from sovia.cli import imports
from sovia.importer import interrupted, undoing
from sovia.importer.models import Import, ImportProblem
from sovia.kit.db import Database
from sovia.kit.errors import SoviaError
from sovia.library.models import Post
from sovia.ops import doctor
from sovia.ops.events import news_of

# The command, ended after its second chunk.
PROGRAM = """
import asyncio, os, signal, sys
from pathlib import Path
from sovia import tables
from sovia.cli import imports
from sovia.importer import export, service

export.CHUNK_POSTS = 40
deed, calls = service.write_chunk, 0

async def killing(*given):
    global calls
    calls += 1
    done = await deed(*given)
    if calls == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return done

service.write_chunk = killing
asyncio.run(imports.import_all(sys.argv[1], [Path(path) for path in sys.argv[2:]]))
"""
BACKEND = Path(__file__).resolve().parents[2]
STRANGER = "00000000-0000-4000-8000-00000000beef"
ZONELESS = "2025-10-01T10:00:00"
# The account shows in the first records only, and so do times without a zone; what comes later has neither.
FIRST = [root(n, child(n * 1000, of=n), child(n * 1000 + 1, of=n), createTime=ZONELESS) for n in range(1, 30)]
LATER = [root(n, child(n * 1000, of=n, userId=STRANGER)) for n in range(30, 45)]


async def ended(database: Database, *paths: Path) -> UUID:
    """Run the command until it is killed; its import."""
    environment = os.environ | {"PYTHONPATH": str(BACKEND)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, database.url, *map(str, paths), env=environment
    )
    assert await process.wait() == -signal.SIGKILL
    async with database.begin() as session:
        return (await session.scalars(select(Import.id).order_by(Import.started_at.desc()))).all()[0]


async def report(database: Database, import_id: UUID) -> Import:
    async with database.begin() as session:
        return await session.get_one(Import, import_id)


async def codes(database: Database, import_id: UUID) -> list[tuple[str, str]]:
    async with database.begin() as session:
        query = select(ImportProblem.code, ImportProblem.reason).where(ImportProblem.import_id == import_id)
        return sorted((row[0], row[1]) for row in await session.execute(query))


async def wipe(database: Database) -> None:
    async with database.begin() as session:
        connection = await session.connection()
        for table in ("files", "posts", "import_changes"):
            await connection.exec_driver_sql(f"delete from {table}")


async def gone_on_with(how: str, database: Database, client: httpx.AsyncClient, import_id: UUID) -> None:
    if how == "page":
        assert (await client.post(f"/api/imports/{import_id}/resume")).status_code == 200
        await run_importer(database)
    else:
        assert not await imports.resume_one(database.url, import_id)


@pytest.mark.parametrize("how", ["page", "command"])
@pytest.mark.parametrize("several", [False, True])
async def test_it_is_found_out_and_gone_on_with(
    how: str,
    several: bool,
    database: Database,
    live_client: httpx.AsyncClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def not_now(*_: object) -> None:
        """Files are another room's."""

    monkeypatch.setattr("sovia.importer.export.CHUNK_POSTS", 40)
    monkeypatch.setattr("sovia.cli.following.look_for_files", not_now)
    paths = [written(tmp_path, FIRST + LATER)]
    if several:
        paths = [written(tmp_path, FIRST, "a.json"), written(tmp_path, LATER, "b.json")]
    assert await imports.import_all(database.url, paths) == 0
    async with database.begin() as session:
        undisturbed = (await session.scalars(select(Import))).one()
    whole, said = await snapshot(database), await codes(database, undisturbed.id)
    await wipe(database)

    import_id = await ended(database, *paths)
    kept = (await report(database, import_id)).state
    shown = (await live_client.get(f"/api/imports/{import_id}")).json()
    listed = (await live_client.get("/api/imports")).json()["imports"][0]
    await gone_on_with(how, database, live_client, import_id)
    resumed = await report(database, import_id)

    assert kept == "running"
    for one in (shown, listed):
        assert (one["state"], one["error_code"]) == ("failed", "interrupted")
        assert one["can"] == ["resume", "undo"]
    assert str(tmp_path) not in orjson.dumps([shown, listed]).decode()
    assert await snapshot(database) == whole
    assert (resumed.state, resumed.counts) == (undisturbed.state, undisturbed.counts)
    assert (resumed.account_id, await codes(database, import_id)) == (OWNER, said)
    assert ("times_without_zone", "29 times name no zone and were read as UTC.") in said


async def test_listeners_and_the_doctor_hear_of_it(database: Database, me: UUID, tmp_path: Path) -> None:
    import_id = await ended(database, written(tmp_path, FIRST + LATER))

    before = await doctor.imports(database.url)
    async with database.begin() as session:
        news = await news_of(session, {me}, (await report(database, import_id)).started_at)
    told: list[dict[str, Any]] = [orjson.loads(one.data) for one in news[me] if one.kind == "import"]

    assert (before.found, before.well, before.optional) == ("1 interrupted", False, True)
    assert [(one["state"], one["error_code"]) for one in told] == [("failed", "interrupted")]
    assert (await report(database, import_id)).state == "failed"
    assert (await doctor.imports(database.url)).found == "1 interrupted"
    assert await interrupted.note_all_lost(database) == 0


async def test_what_somebody_works_on_is_left_alone(database: Database, me: UUID) -> None:
    import_id = uuid4()
    async with database.begin() as session:
        session.add(Import(id=import_id, user_id=me, file_name="export.json", state="running"))
    async with interrupted.held(database, import_id):
        while_held = await interrupted.note_all_lost(database), await doctor.imports(database.url)
    after = await interrupted.note_all_lost(database)

    assert (while_held[0], while_held[1].found, after) == (0, "none interrupted", 1)


async def test_another_import_begins_by_saying_so(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import_id = await ended(database, written(tmp_path, FIRST + LATER))

    await imports.import_all(database.url, [written(tmp_path, [root(90)], "other.json")])

    assert f"./run import --resume {import_id}" in capsys.readouterr().err


async def test_a_file_that_is_another_one_by_now_is_not_gone_on_with(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import_id = await ended(database, written(tmp_path, FIRST + LATER))
    written(tmp_path, LATER)

    assert await imports.resume_one(database.url, import_id)

    found = await report(database, import_id)
    assert (found.state, found.error_code) == ("failed", "file_changed")
    assert "has changed" in capsys.readouterr().err
    with pytest.raises(SoviaError, match="can not be asked to resume"):
        await imports.resume_one(database.url, import_id)


async def test_an_undoing_that_was_killed_can_be_asked_for_again(database: Database, me: UUID, tmp_path: Path) -> None:
    await imports.import_all(database.url, [written(tmp_path, LATER)])
    async with database.begin() as session:
        found = (await session.scalars(select(Import))).one()
        await undoing.undo_import(session, me, found.id, here=True)

    await imports.undo_one(database.url, found.id)

    assert (await report(database, found.id)).state == "undone"
    async with database.begin() as session:
        assert (await session.scalars(select(Post).where(Post.deleted_at.is_(None)))).all() == []
