"""Media that came as files of their own: put away when their import is undone, back when it is redone."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest
from importer.embedded.made import png
from importer.records import root, snapshot, written
from importer.test_undoing import living
from sqlalchemy import select

from sovia.account.models import User
from sovia.importer import undoing
from sovia.importer.models import Import
from sovia.importer.service import run_import
from sovia.kit import dispatch
from sovia.kit.db import Database
from sovia.library.models import File, Post

FOX = png({"parameters": "a fox runs\nSteps: 4"})
OWL = png({"parameters": "an owl sits\nSteps: 4"}, size=(20, 20))
PLAIN = png({})
ID = "11111111-2222-4333-8444-555555555555"


@pytest.fixture(params=[1, 5000])
def any_size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps of one post, and as they are."""
    monkeypatch.setattr("sovia.importer.undoing.CHANGES_AT_ONCE", request.param)
    monkeypatch.setattr("sovia.importer.undoing.POSTS_AT_ONCE", request.param)


@pytest.fixture
def fox(tmp_path: Path) -> Path:
    return folder(tmp_path / "fox", fox=FOX)


def folder(path: Path, **pictures: bytes) -> Path:
    path.mkdir()
    for name, content in pictures.items():
        (path / f"{name}.png").write_bytes(content)
    return path


async def taken(database: Database, user_id: UUID, path: Path, home: Path) -> UUID:
    import_id = uuid4()
    async with database.begin() as session:
        session.add(Import(id=import_id, user_id=user_id, file_name="x"))
    await run_import(database, user_id, import_id, path, keep_in=home / "https_")
    return import_id


async def turned(database: Database, user_id: UUID, import_id: UUID, home: Path, deed: str) -> None:
    asked = {"undo": undoing.undo_import, "redo": undoing.redo_import}[deed]
    async with database.begin() as session:
        await asked(session, user_id, import_id)
    await undoing.carry_out(database, user_id, import_id, media_root=home / "https_")


def copies(home: Path) -> tuple[int, int]:
    """How many copies there are, and how many were put away."""
    below = home / "https_"
    return tuple(sum(1 for one in (below / name).rglob("*.png")) for name in ("_local", "_trash/_local"))  # type: ignore[return-value]


async def test_undone_they_are_put_away_and_redone_they_are_back(
    any_size: None, database: Database, me: UUID, tmp_path: Path, one_home: Path
) -> None:
    await taken(database, me, folder(tmp_path / "owl", owl=OWL), one_home)
    before = await snapshot(database)
    both = await taken(database, me, folder(tmp_path / "both", owl=OWL, fox=FOX), one_home)
    await dispatch.work(database, drain=True)
    after, first = await snapshot(database), copies(one_home)

    await turned(database, me, both, one_home, "undo")
    gone, second = await living(database), copies(one_home)
    await turned(database, me, both, one_home, "redo")

    assert (first, second, copies(one_home)) == ((2, 0), (1, 1), (2, 0))
    assert len(gone["posts"]) == len(before["posts"]) == 1
    assert await snapshot(database) == after


async def test_what_another_import_or_another_person_has_stays(
    any_size: None, database: Database, me: UUID, fox: Path, one_home: Path
) -> None:
    other = uuid4()
    async with database.begin() as session:
        session.add(User(id=other, name="other"))
    mine, again = [await taken(database, me, fox, one_home) for _ in range(2)]
    theirs = await taken(database, other, fox, one_home)
    found = []

    for user, one in ((me, mine), (me, again), (other, theirs)):
        await turned(database, user, one, one_home, "undo")
        found.append(copies(one_home))
    for user, one in ((me, mine), (other, theirs)):
        await turned(database, user, one, one_home, "redo")
        found.append(copies(one_home))

    assert found == [(1, 0), (1, 0), (0, 1), (1, 0), (1, 0)]


async def test_what_lies_in_the_trash_of_the_user_keeps_its_copy(
    database: Database, me: UUID, fox: Path, one_home: Path, tmp_path: Path
) -> None:
    one = await taken(database, me, fox, one_home)
    async with database.begin() as session:
        post = (await session.scalars(select(Post))).one()
        post.deleted_at = post.added_at
    await turned(database, me, one, one_home, "undo")

    assert copies(one_home) == (1, 0)


async def test_a_copy_given_to_a_post_that_was_here_goes_and_comes_with_its_import(
    any_size: None, database: Database, me: UUID, tmp_path: Path, one_home: Path
) -> None:
    await taken(database, me, written(tmp_path, [root(1, id=ID), root(2)]), one_home)
    before = await snapshot(database)
    one = await taken(database, me, folder(tmp_path / "named", **{f"grok-{ID}": PLAIN}), one_home)
    after, first = await snapshot(database), copies(one_home)

    await turned(database, me, one, one_home, "undo")
    between, second = await snapshot(database), copies(one_home)
    await turned(database, me, one, one_home, "redo")

    assert (first, second, copies(one_home)) == ((1, 0), (0, 1), (1, 0))
    assert before != after
    assert (between, await snapshot(database)) == (before, after)


async def test_imported_again_the_copy_is_made_again(database: Database, me: UUID, fox: Path, one_home: Path) -> None:
    one = await taken(database, me, fox, one_home)
    await turned(database, me, one, one_home, "undo")

    again = await taken(database, me, fox, one_home)
    here = copies(one_home)
    await turned(database, me, again, one_home, "undo")

    assert (here, copies(one_home)) == ((1, 1), (0, 1))


async def test_a_post_that_came_back_another_way_finds_its_file_where_it_was_put(
    database: Database, me: UUID, fox: Path, one_home: Path
) -> None:
    one = await taken(database, me, fox, one_home)
    await dispatch.work(database, drain=True)
    await turned(database, me, one, one_home, "undo")
    async with database.begin() as session:
        (await session.scalars(select(Post))).one().deleted_at = None

    await dispatch.work(database, drain=True)

    async with database.begin() as session:
        file = (await session.scalars(select(File))).one()
    assert (file.state, (file.found_path or "")[:22]) == ("present", "https_/_trash/_local/" + (file.path or "")[14])
