"""An import that is killed at a named point: gone on with, the library is row by row that of an undisturbed one."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from importer.records import child, root, snapshot, written
from sqlalchemy import select

from sovia.collection.service.collections import make
from sovia.importer import undoing
from sovia.importer.models import Import
from sovia.importer.options import Options, TagRule
from sovia.importer.service import run_import
from sovia.importer.sources import Part
from sovia.kit.db import Database
from sovia.library.gathered import Collection

# Puts a function in the place of another, by name, that ends the process: at its second call, before or after the deed.
PROGRAM = """
import asyncio, importlib, os, signal, sys
from pathlib import Path
from uuid import UUID
from sovia import tables
from sovia.importer import export, gathering, service
from sovia.importer.sources import Part
from sovia.kit.db import Database

_, url, user, one, module, name, when, call, *paths = sys.argv
export.CHUNK_POSTS = 40
gathering.AT_ONCE = 20
service.PROGRESS_SECONDS = 0
place = importlib.import_module(module)
deed, calls = getattr(place, name), 0

async def killing(*given, **more):
    global calls
    calls += 1
    if calls == int(call) and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    done = await deed(*given, **more)
    if calls == int(call):
        os.kill(os.getpid(), signal.SIGKILL)
    return done

setattr(place, name, killing)

async def stopping():
    if name != "_finished" or when != "after":
        return False
    async with Database(url).begin() as session:
        found = await session.get_one(service.Import, UUID(one))
        found.pause_requested = True
    return True

async def main():
    parts = [Part(Path(path), Path(path).name) for path in paths]
    await service.run_import(Database(url), UUID(user), UUID(one), parts, cancelled=stopping)

asyncio.run(main())
"""
POINTS = {
    "after reading the first chunk": ("sovia.importer.service", "write_chunk", "before", 1),
    "inside a chunk's transaction, before COPY": ("sovia.library.service.adding", "copy_posts", "before", 2),
    "after COPY, before commit": ("sovia.importer.writing", "keep_problems", "after", 2),
    "after commit": ("sovia.importer.service", "write_chunk", "after", 2),
    "between chunks, while paused": ("sovia.importer.service", "_finished", "after", 1),
    "while it tags and gathers, before commit": ("sovia.importer.gathering", "step", "after", 2),
    "before the final report": ("sovia.importer.service", "_finished", "before", 1),
}
BACKEND = Path(__file__).resolve().parents[2]
FIRST = [root(n, *(child(n * 1000 + k, of=n) for k in range(n % 4))) for n in range(1, 60)] + [None]
SECOND = [root(n, prompt=f"again {n}") for n in range(40, 110)] + [child(5000, of=30)]
OLD = [root(n, prompt="") for n in range(20, 50)]


async def wipe(database: Database) -> None:
    async with database.begin() as session:
        connection = await session.connection()
        for table in ("files", "posts", "import_changes", "import_gathered"):
            await connection.exec_driver_sql(f"delete from {table}")


async def begun(database: Database, me: UUID, folder: Path) -> tuple[UUID, list[Part]]:
    """An old library, and an import of two files into it that has not begun."""
    old, import_id = uuid4(), uuid4()
    names = {"old.json": OLD, "first.json": FIRST, "second.json": SECOND}
    paths = [written(folder, content, name) for name, content in names.items()]
    parts = [Part(path, path.name, path.stat().st_size) for path in paths]
    async with database.begin() as session:
        session.add(Import(id=old, user_id=me, file_name="old.json"))
        files = [{"name": part.name, "size": part.size} for part in parts[1:]]
        found = await session.scalar(select(Collection.id)) or (await make(session, me, "sea")).id
        options = Options(tags=[TagRule(tag="x")], collection=found).model_dump(mode="json")
        name = "first.json and 1 more"
        session.add(Import(id=import_id, user_id=me, file_name=name, files=files, options=options))
    await run_import(database, me, old, parts[:1])
    return import_id, parts[1:]


@pytest.mark.parametrize("point", POINTS)
async def test_killed_and_gone_on_with(
    point: str, database: Database, me: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sovia.importer.export.CHUNK_POSTS", 40)
    import_id, parts = await begun(database, me, tmp_path)
    undisturbed = await run_import(database, me, import_id, parts)
    whole = await snapshot(database)
    await wipe(database)
    import_id, parts = await begun(database, me, tmp_path)
    before = await snapshot(database)

    arguments = [database.url, str(me), str(import_id), *map(str, POINTS[point]), *(str(part.path) for part in parts)]
    environment = os.environ | {"PYTHONPATH": str(BACKEND)}
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", PROGRAM, *arguments, env=environment)
    assert await process.wait() == -signal.SIGKILL
    async with database.begin() as session:
        found = await session.get_one(Import, import_id)
        known = [
            Part(part.path, part.name, part.size, one.get("records") if one.get("done") else None)
            for part, one in zip(parts, found.files, strict=True)
        ]
    assert found.state == ("paused" if "paused" in point else "running")
    resumed = await run_import(database, me, import_id, known)

    assert await snapshot(database) == whole
    assert (resumed.state, resumed.counts) == (undisturbed.state, undisturbed.counts)
    async with database.begin() as session:
        await undoing.undo_import(session, me, import_id, here=True)
    await undoing.carry_out(database, me, import_id)
    async with database.begin() as session:
        connection = await session.connection()
        await connection.exec_driver_sql("delete from posts where deleted_at is not null")
    assert await snapshot(database) == before
