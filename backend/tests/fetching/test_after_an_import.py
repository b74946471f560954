"""An import that wants its missing files fetched: they are, but never what lies here under another name."""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from fetching.hostile_server import Server
from importer.records import root
from media_files import picture
from shelves import Shelf
from sqlalchemy import select

from sovia import worker
from sovia.fetching import rounds
from sovia.importer.models import Import
from sovia.importer.service import run_import
from sovia.importer.sources import Part
from sovia.kit import dispatch
from sovia.kit.jobs import Job
from sovia.library.models import File

MISSING, ELSEWHERE = picture("JPEG", (300, 200)), picture("JPEG", (200, 300), 2)


async def taken_in(shelf: Shelf, folder: Path, options: dict[str, Any]) -> UUID:
    """An import of two posts; the file of the second lies here as another tool has named it."""
    assert worker.ROOMS
    records = [root(1), root(2)]
    export = folder / "export.json"
    export.write_bytes(orjson.dumps(records))
    shelf.put(f"https_/other/{records[1]['id']}.jpg", ELSEWHERE)
    import_id = uuid4()
    async with shelf.database.begin() as session:
        files = [{"name": export.name, "size": export.stat().st_size}]
        session.add(Import(id=import_id, user_id=shelf.user_id, file_name=export.name, files=files, options=options))
    await run_import(shelf.database, shelf.user_id, import_id, [Part(export, export.name)])
    return import_id


async def states(shelf: Shelf) -> list[str]:
    async with shelf.database.begin() as session:
        return list(await session.scalars(select(File.state).order_by(File.post_id)))


async def test_what_is_not_here_is_fetched_once_it_was_looked_for(
    shelf: Shelf, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "LOOK_EVERY_SECONDS", 0.01)
    path = root(1)["mediaUrl"].partition("assets.grok.com")[2]
    server.serve(path, MISSING)

    await taken_in(shelf, tmp_path, {"fetch": True})
    await dispatch.work(shelf.database, drain=True)

    assert [one.path for one in server.asked] == [path]
    assert await states(shelf) == ["present", "present"]


async def test_nothing_is_asked_of_anybody_when_nobody_said_so(shelf: Shelf, server: Server, tmp_path: Path) -> None:
    await taken_in(shelf, tmp_path, {})
    await dispatch.work(shelf.database, drain=True)

    assert server.asked == []
    assert await states(shelf) == ["missing", "present"]
    async with shelf.database.begin() as session:
        assert "fetching.fetch_files" not in list(await session.scalars(select(Job.kind)))
