"""`./run import`: several files are one import; it may be only checked, and undone."""

import subprocess
import sys
from pathlib import Path

import pytest
from importer.records import child, root, written
from ops_processes import BACKEND
from sqlalchemy import select

from sovia.cli import imports
from sovia.importer.models import Import
from sovia.kit.db import Database
from sovia.library.models import Post


async def living(database: Database) -> int:
    async with database.begin() as session:
        return len((await session.scalars(select(Post.id).where(Post.deleted_at.is_(None)))).all())


async def only(database: Database) -> Import:
    async with database.begin() as session:
        return (await session.scalars(select(Import).order_by(Import.started_at.desc()))).all()[0]


async def test_checked_taken_in_and_undone(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    one, _ = written(tmp_path, [root(1, child(10, of=1))]), written(folder, [root(2)], "b.json")

    assert await imports.import_all(database.url, [one, folder], check=True) == 0
    checked, none = capsys.readouterr().out, await living(database)
    assert await imports.import_all(database.url, [one, folder, tmp_path / "not there.json"]) == 1
    said, found = capsys.readouterr(), await only(database)
    three = await living(database)
    await imports.undo_one(database.url, found.id)

    assert (none, three, await living(database)) == (0, 3, 0)
    assert "children added" in checked
    assert (found.origin, found.state, len(found.files)) == ("command", "succeeded", 2)
    assert "and 1 more" in said.out
    assert str(found.id) in said.err
    assert "not there.json" in said.err
    assert str(tmp_path) not in said.out + said.err
    assert "3 posts are in the trash" in capsys.readouterr().out


async def test_what_is_no_export_is_said(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = written(tmp_path, b"<!doctype html>", "page.json")

    assert await imports.import_all(database.url, [page]) == 1
    assert "web page" in capsys.readouterr().err


def test_reading_does_without_the_libraries_of_what_follows() -> None:
    heavy = ["numpy", "scipy", "sklearn", "PIL", "av"]
    code = f"import sys; import sovia.cli.imports; print([name for name in {heavy} if name in sys.modules])"

    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(BACKEND)}
    )

    assert said.stdout.strip() == "[]"
