"""An import that is killed: started again it ends in the same library as one that was left alone."""

import asyncio
import os
import signal
import sys
from collections.abc import Collection, Sequence
from contextlib import nullcontext
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest
from importer.records import child, imported, root, snapshot, written
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.importer.models import Import
from sovia.importer.service import run_import
from sovia.kit.db import Database, asyncpg_connection
from sovia.library.arrivals import Arrival
from sovia.library.service.adding import AddedCounts, Terms, add_arrivals

PROGRAM = """
import asyncio, sys
from pathlib import Path
from uuid import UUID
from sovia import tables
from sovia.importer import export, service
from sovia.kit.db import Database

export.CHUNK_POSTS = 50
service.PROGRESS_SECONDS = 0

async def main():
    async def tell(progress):
        print(progress.counts["records"], flush=True)
        await asyncio.sleep(0.02)

    database = Database(sys.argv[1])
    await service.run_import(database, UUID(sys.argv[2]), UUID(sys.argv[3]), Path(sys.argv[4]), on_progress=tell)

asyncio.run(main())
"""
BACKEND = Path(__file__).resolve().parents[2]
RECORDS = [root(n, *(child(n * 1000 + k, of=n) for k in range(n % 5))) for n in range(1, 401)] + [None]


@pytest.mark.parametrize("chunks", [1, 7])
async def test_a_killed_import_goes_on_where_it_was(
    chunks: int, database: Database, me: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, import_id = written(tmp_path, RECORDS), uuid4()
    async with database.begin() as session:
        session.add(Import(id=import_id, user_id=me, file_name="export.json"))
    environment = os.environ | {"PYTHONPATH": str(BACKEND)}
    arguments = (database.url, str(me), str(import_id), str(path))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, *arguments, stdout=asyncio.subprocess.PIPE, env=environment
    )
    assert process.stdout is not None
    done = [int(await process.stdout.readline()) for _ in range(chunks)][-1]
    process.send_signal(signal.SIGKILL)
    await process.wait()
    assert 0 < done < len(RECORDS)

    monkeypatch.setattr("sovia.importer.export.CHUNK_POSTS", 50)
    report = await run_import(database, me, import_id, path)

    resumed = await snapshot(database)
    assert (report.counts["records"], report.counts["problems"]) == (len(RECORDS), 1)
    assert report.counts["new"] == len(resumed["posts"]) == sum(1 + n % 5 for n in range(1, 401))
    await wipe(database)
    await imported(database, me, tmp_path, RECORDS)
    assert await snapshot(database) == resumed


async def wipe(database: Database) -> None:
    async with database.begin() as session:
        connection = await session.connection()
        await connection.exec_driver_sql("delete from files")
        await connection.exec_driver_sql("delete from posts")


async def test_a_cancelled_import_keeps_what_is_done(
    database: Database, me: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sovia.importer.export.CHUNK_POSTS", 10)
    monkeypatch.setattr("sovia.importer.service.PROGRESS_SECONDS", 0)
    path, import_id = written(tmp_path, [root(n) for n in range(1, 100)]), uuid4()
    async with database.begin() as session:
        session.add(Import(id=import_id, user_id=me, file_name="export.json"))

    async def asked() -> bool:
        return True

    report = await run_import(database, me, import_id, path, cancelled=asked)

    assert (report.state, report.counts["new"]) == ("cancelled", 10)
    assert len((await snapshot(database))["posts"]) == 10


@pytest.mark.parametrize("wrapped", [True, False])
@pytest.mark.parametrize(("code", "comes_in"), [("40P01", True), ("40001", True), ("23505", True), ("23514", False)])
async def test_a_chunk_that_met_another_writer_goes_in_the_next_time(
    code: str,
    comes_in: bool,
    wrapped: bool,
    database: Database,
    me: UUID,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tries = []

    async def meets_another(
        session: AsyncSession, user_id: UUID, posts: Sequence[Arrival], words: Collection[str], terms: Terms
    ) -> AddedCounts:
        tries.append(len(posts))
        if len(tries) == 1:
            sql = f"do $$ begin raise exception 'another writer' using errcode = '{code}'; end $$"
            await (session.execute(text(sql)) if wrapped else (await asyncpg_connection(session)).execute(sql))
        return await add_arrivals(session, user_id, posts, words, terms)

    monkeypatch.setattr("sovia.importer.writing.add_arrivals", meets_another)
    with nullcontext() if comes_in else pytest.raises((DBAPIError, asyncpg.PostgresError)):
        report = await imported(database, me, tmp_path, [root(1)])
        assert (report.counts["new"], report.counts["posts"]) == (1, 1)
    assert tries == ([1, 1] if comes_in else [1])
