"""An import that is undone leaves the library as it was, with likes given since; done again, it is there again."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest
from importer.records import child, number, root, snapshot, written
from makers import set_liked
from sqlalchemy import select

from sovia.importer import undoing
from sovia.importer.models import Import
from sovia.importer.service import run_import
from sovia.kit.db import Database
from sovia.library.models import Post

OLD = [root(1, prompt="", liked=None), root(2, prompt="old"), root(3, child(30, of=3)), root(4)]
NEW = [
    root(1, prompt="filled", hdMediaUrl="https://assets.grok.com/hd/1"),
    root(2, prompt="new", child_posts=[]),
    root(3, child(30, of=3), child(31, of=3, prompt="a child that is new")),
    root(5, child(50, of=5)),
    child(60, of=5),
]


async def brought(database: Database, me: UUID, folder: Path, content: object) -> UUID:
    """Import this; the import."""
    import_id, path = uuid4(), written(folder, content)
    async with database.begin() as session:
        session.add(Import(id=import_id, user_id=me, file_name="export.json"))
    await run_import(database, me, import_id, path)
    return import_id


async def undone(database: Database, me: UUID, import_id: UUID) -> Import:
    async with database.begin() as session:
        await undoing.undo_import(session, me, import_id)
    await undoing.carry_out(database, me, import_id)
    return await report(database, import_id)


async def redone(database: Database, me: UUID, import_id: UUID) -> Import:
    async with database.begin() as session:
        await undoing.redo_import(session, me, import_id)
    await undoing.carry_out(database, me, import_id)
    return await report(database, import_id)


async def report(database: Database, import_id: UUID) -> Import:
    async with database.begin() as session:
        return await session.get_one(Import, import_id)


async def living(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """The library without what is in the trash."""
    found = await snapshot(database)
    async with database.begin() as session:
        gone = {repr(one) for one in await session.scalars(select(Post.id).where(Post.deleted_at.is_not(None)))}
    return {name: [row for row in rows if row[1] not in gone] for name, rows in found.items()}


@pytest.fixture(params=[1, 3000])
def any_size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Chunks and steps of one post, and as they are."""
    if request.param == 1:
        monkeypatch.setattr("sovia.importer.export.CHUNK_POSTS", 1)
        monkeypatch.setattr("sovia.importer.undoing.CHANGES_AT_ONCE", 1)
        monkeypatch.setattr("sovia.importer.undoing.POSTS_AT_ONCE", 1)
    return int(request.param)


async def test_undone_everything_is_as_before(any_size: int, database: Database, me: UUID, tmp_path: Path) -> None:
    await brought(database, me, tmp_path, OLD)
    before = await snapshot(database)
    new = await brought(database, me, tmp_path, NEW)
    after = await snapshot(database)

    first = await undone(database, me, new)
    between = await living(database)
    second = await redone(database, me, new)

    assert between == before
    assert await snapshot(database) == after
    assert (first.state, second.state) == ("undone", "succeeded")
    assert first.undo is not None
    assert (first.undo["posts"], first.undo["kept"], first.undo["reverted"]) == (4, 0, 2)


async def test_a_like_given_since_stays(any_size: int, database: Database, me: UUID, tmp_path: Path) -> None:
    unliked = root(1, userInteractionStatus={"likeStatus": False})
    await brought(database, me, tmp_path, [unliked, root(2, userInteractionStatus=None)])
    new = await brought(database, me, tmp_path, [root(1), root(2), root(3)])
    async with database.begin() as session:
        await set_liked(session, me, UUID(number(1)), True)
        await set_liked(session, me, UUID(number(3)), False)

    await undone(database, me, new)
    async with database.begin() as session:
        likes = {str(one.id): one.liked for one in await session.scalars(select(Post).where(Post.deleted_at.is_(None)))}
    await redone(database, me, new)

    assert likes == {number(1): True, number(2): None}
    async with database.begin() as session:
        found = {str(one.id): (one.liked, one.liked_here) for one in await session.scalars(select(Post))}
    assert found == {number(1): (True, True), number(2): (True, False), number(3): (False, True)}


async def test_what_another_import_brought_too_stays(
    any_size: int, database: Database, me: UUID, tmp_path: Path
) -> None:
    one = await brought(database, me, tmp_path, [root(1), root(2, child(20, of=2))])
    other = await brought(database, me, tmp_path, [root(2, child(20, of=2)), root(3)])
    whole = await snapshot(database)

    await undone(database, me, one)
    first = await ids(database)
    await undone(database, me, other)
    second = await ids(database)
    await redone(database, me, one)
    third = await ids(database)
    await redone(database, me, other)

    assert first == {number(2), number(20), number(3)}
    assert second == set()
    assert third == {number(1), number(2), number(20)}
    assert await snapshot(database) == whole


async def ids(database: Database) -> set[str]:
    async with database.begin() as session:
        return {str(one) for one in await session.scalars(select(Post.id).where(Post.deleted_at.is_(None)))}


async def test_a_child_that_came_later_stays_and_finds_its_parent_again(
    any_size: int, database: Database, me: UUID, tmp_path: Path
) -> None:
    parent = await brought(database, me, tmp_path, [root(1, child(10, of=1))])
    await brought(database, me, tmp_path, [child(11, of=1)])
    whole = await snapshot(database)

    await undone(database, me, parent)
    async with database.begin() as session:
        alone = (await session.scalars(select(Post).where(Post.deleted_at.is_(None)))).one()
    await redone(database, me, parent)

    assert (str(alone.id), alone.parent_id, alone.root_id == alone.id) == (number(11), None, True)
    assert await snapshot(database) == whole


async def test_imports_may_be_undone_in_any_order(any_size: int, database: Database, me: UUID, tmp_path: Path) -> None:
    await brought(database, me, tmp_path, [root(1, prompt="one")])
    before = await snapshot(database)
    second = await brought(database, me, tmp_path, [root(1, prompt="two")])
    third = await brought(database, me, tmp_path, [root(1, prompt="three")])
    whole = await snapshot(database)

    await undone(database, me, second)
    assert (await prompt(database)) == "three"
    await undone(database, me, third)

    assert await snapshot(database) == before
    await redone(database, me, second)
    assert (await prompt(database)) == "two"
    await redone(database, me, third)
    assert await snapshot(database) == whole


async def prompt(database: Database) -> str:
    async with database.begin() as session:
        return (await session.scalars(select(Post.prompt))).one()


async def test_what_was_undone_comes_back_when_it_is_imported_again(
    any_size: int, database: Database, me: UUID, tmp_path: Path
) -> None:
    first = await brought(database, me, tmp_path, NEW)
    whole = await snapshot(database)
    await undone(database, me, first)

    again = await brought(database, me, tmp_path, NEW)

    assert await snapshot(database) == whole
    assert (await report(database, again)).counts["new"] == 8
    await undone(database, me, again)
    assert await ids(database) == set()
    await redone(database, me, first)
    assert await snapshot(database) == whole


async def test_undoing_goes_on_after_a_crash(
    database: Database, me: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sovia.importer.undoing.CHANGES_AT_ONCE", 1)
    monkeypatch.setattr("sovia.importer.undoing.POSTS_AT_ONCE", 1)
    await brought(database, me, tmp_path, OLD)
    before = await snapshot(database)
    new = await brought(database, me, tmp_path, NEW)
    async with database.begin() as session:
        await undoing.undo_import(session, me, new)

    steps = 0
    while (await report(database, new)).state != "undone":

        async def crash(_done: int, _total: int) -> None:
            raise InterruptedError

        with pytest.raises(InterruptedError):
            await undoing.carry_out(database, me, new, on_progress=crash)
        steps += 1

    assert steps > 5
    assert await living(database) == before
