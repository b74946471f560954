"""The import folder: what lies in it is shown and taken in, never through a link, and put aside when it is watched."""

import os
from pathlib import Path

import httpx
import orjson
import pytest
from importer.queued import run_importer
from importer.records import root
from sqlalchemy import select

from sovia.importer import folders
from sovia.importer.errors import FolderNotFound
from sovia.importer.models import Import
from sovia.importer.watching import Watch
from sovia.kit.db import Database
from sovia.library.models import Post


@pytest.fixture(autouse=True)
def import_root(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder, with an export, a folder of two, and what must not be read."""

    class Here:
        state_root = home / ".sovia"
        media_root = home / "https_"
        import_root = home / "import"

    Here.home = home  # type: ignore[attr-defined]
    monkeypatch.setattr("sovia.kit.settings.current", lambda: Here)
    place = home / "import"
    (place / "several" / "deep").mkdir(parents=True)
    (place / "done").mkdir()
    (home / "secret.json").write_bytes(orjson.dumps([root(99)]))
    for name, number in {"one.json": 1, "several/a.json": 2, "several/deep/b.json": 3, "done/old.json": 98}.items():
        (place / name).write_bytes(orjson.dumps([root(number)]))
    (place / "link.json").symlink_to(home / "secret.json")
    (place / "several" / "link.json").symlink_to(home / "secret.json")
    (place / "outside").symlink_to(home)
    (place / ".hidden.json").write_bytes(b"[]")
    os.mkfifo(place / "pipe.json")
    return place


async def test_what_lies_there_is_listed(client: httpx.AsyncClient, import_root: Path) -> None:
    found = (await client.get("/api/import-folders")).json()

    assert [(one["name"], one["files"]) for one in found["folders"]] == [("one.json", 1), ("several", 2)]
    assert found["folders"][0]["bytes"] == (import_root / "one.json").stat().st_size
    assert found["watched"] is False


async def test_a_folder_is_one_import(live_client: httpx.AsyncClient, database: Database) -> None:
    started = await live_client.post("/api/imports", json={"folder": "several"})
    await run_importer(database)

    found = (await live_client.get(f"/api/imports/{started.json()['id']}")).json()
    problems = (await live_client.get(f"/api/imports/{started.json()['id']}/problems")).json()["problems"]
    assert (found["state"], found["counts"]["new"], found["origin"]) == ("partial", 2, "folder")
    assert ["link" in one["reason"] for one in problems] == [True]


@pytest.mark.parametrize(
    "name",
    [
        *("link.json", "several/link.json", "outside", "outside/secret.json", "..", "../secret.json"),
        *("several/../../x", "/etc", "done", "done/old.json", ".hidden.json", "pipe.json", "nothing", "", "a\x00b"),
        *("\ud800", 7, ["several"]),
    ],
)
async def test_nothing_else_is_read(name: object, client: httpx.AsyncClient, import_root: Path) -> None:
    with pytest.raises(FolderNotFound):
        folders.wanted(import_root, name)


async def test_a_link_put_there_later_is_not_followed(
    live_client: httpx.AsyncClient, database: Database, import_root: Path, home: Path
) -> None:
    started = await live_client.post("/api/imports", json={"folder": "one.json"})
    (import_root / "one.json").unlink()
    (import_root / "one.json").symlink_to(home / "secret.json")
    await run_importer(database)

    found = (await live_client.get(f"/api/imports/{started.json()['id']}")).json()
    assert (found["state"], found["error_code"]) == ("failed", "unreadable_file")
    assert str(home) not in str(found)
    async with database.begin() as session:
        assert (await session.scalars(select(Post))).all() == []


async def test_a_watched_file_is_taken_when_it_stands_still_and_put_aside_when_it_is_in(
    database: Database, import_root: Path
) -> None:
    watch = Watch(database, import_root)
    first = await watch.look()
    (import_root / "one.json").write_bytes(orjson.dumps([root(1), root(4)]))
    second = await watch.look()
    third = await watch.look()
    fourth = await watch.look()
    await run_importer(database)
    await watch.look()
    await watch.look()

    assert (first, second, third, fourth) == ([], ["several"], ["one.json"], [])
    assert sorted(one.name for one in (import_root / "done").iterdir()) == ["old.json", "one.json", "several"]
    assert not (import_root / "one.json").exists()
    async with database.begin() as session:
        assert len((await session.scalars(select(Post))).all()) == 4
        assert {one.state for one in await session.scalars(select(Import))} == {"succeeded", "partial"}


async def test_what_can_not_be_taken_in_is_tried_once_and_stays(database: Database, import_root: Path) -> None:
    (import_root / "page.json").write_bytes(b"<!doctype html>")
    watch = Watch(database, import_root)
    await watch.look()
    await watch.look()
    await run_importer(database)

    again = Watch(database, import_root)
    await again.look()
    assert await again.look() == []
    assert (import_root / "page.json").exists()


async def test_another_of_the_same_name_is_kept_beside(import_root: Path) -> None:
    (import_root / "old.json").write_bytes(b"[]")

    folders.move_to_done(import_root, "old.json")

    assert sorted(one.name for one in (import_root / "done").iterdir()) == ["old 2.json", "old.json"]
