"""A dry run says what an import would do, and writes nothing to the library."""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from importer.records import child, imported, number, root, snapshot, write_marks, written
from makers import set_liked
from sqlalchemy import select

from sovia.importer.checking import check_import
from sovia.importer.models import Import, ImportPreview
from sovia.importer.sources import Part
from sovia.kit.db import Database


async def checked(
    database: Database, me: UUID, home: Path, content: object, **options: Any
) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """What a dry run of this content found, and its previews by bucket."""
    import_id, path = uuid4(), written(home, content)
    async with database.begin() as session:
        session.add(Import(id=import_id, user_id=me, file_name="export.json", options=options))
    assert await check_import(database, me, import_id, [Part(path, path.name)], home) == "checked"
    async with database.begin() as session:
        found = await session.get_one(Import, import_id)
        rows = await session.scalars(
            select(ImportPreview).where(ImportPreview.import_id == import_id).order_by(ImportPreview.number)
        )
        previews: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            previews.setdefault(row.bucket, []).append(row.item)
    assert found.check_result is not None
    assert (found.state, found.finished_at) == ("checked", None)
    return found.check_result, previews


@pytest.mark.parametrize("size", [1, 3000])
async def test_every_post_is_in_one_bucket(
    size: int, database: Database, me: UUID, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sovia.importer.export.CHUNK_POSTS", size)
    await imported(database, me, home, [root(1), root(2, prompt="old"), root(3), root(4, prompt="")])
    async with database.begin() as session:
        await set_liked(session, me, UUID(number(3)), False)
    before = await write_marks(database)

    result, previews = await checked(
        database,
        me,
        home,
        [
            root(1),
            root(2, prompt="new"),
            root(3, child(30, of=3)),
            root(4, prompt="filled"),
            root(5, child(50, of=5)),
            root(5),
            None,
        ],
    )

    assert await write_marks(database) == before
    assert result["buckets"] == {
        "new": 2,
        "identical": 1,
        "changed": 2,
        "children_added": 1,
        "conflicts": 1,
        "unreadable": 1,
    }
    assert result["changed_fields"] == {"prompt": 2, "liked": 1}
    assert (result["repeated"], result["skipped"]) == (1, 0)
    changed = next(one for one in previews["changed"] if one["id"] == number(2))
    assert changed["fields"] == [{"name": "prompt", "here": "old", "there": "new"}]
    assert previews["conflicts"][0]["fields"] == [{"name": "liked", "here": False, "there": True}]
    assert "null" in previews["unreadable"][0]["prompt"] or "nothing" in previews["unreadable"][0]["reason"].lower()
    assert (result["first"], result["last"]) == ("2025-10-01T01:15:30.083016+00:00", "2025-10-02T06:15:30+00:00")


async def test_what_the_check_says_is_what_the_import_does(database: Database, me: UUID, home: Path) -> None:
    old = [root(n, child(100 + n, of=n), prompt="" if n % 2 else "here") for n in range(1, 30)]
    new = [root(n, child(200 + n, of=n), prompt="there") for n in range(15, 45)]
    await imported(database, me, home, old)

    result, _ = await checked(database, me, home, new)
    report = await imported(database, me, home, new)

    buckets = result["buckets"]
    assert buckets["new"] + buckets["children_added"] == report.counts["new"]
    assert buckets["changed"] == report.counts["changed"]
    assert buckets["identical"] == report.counts["same"]


async def test_files_are_counted_by_how_they_stand(database: Database, me: UUID, home: Path) -> None:
    here = home / "https_" / root(1)["mediaUrl"].removeprefix("https://")
    here.parent.mkdir(parents=True)
    here.write_bytes(b"x")
    content = [root(1), root(2), root(3, mediaUrl="file:///etc/passwd")]

    result, _ = await checked(database, me, home, content)
    await imported(database, me, home, content)
    again, _ = await checked(database, me, home, content)

    assert result["files"] == {"present": 0, "unhashed": 1, "missing": 1, "unmappable": 1}
    assert result["hosts"] == {"assets.grok.com": 2, "none": 1}
    # The library has not looked yet, so the disk is asked again.
    assert again["files"] == {"present": 0, "unhashed": 1, "missing": 1, "unmappable": 1}


async def test_a_preview_ends_somewhere(
    database: Database, me: UUID, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sovia.importer.checking.MOST_SHOWN", 5)

    result, previews = await checked(database, me, home, [root(n, prompt="x" * 9000) for n in range(1, 12)])

    assert result["buckets"]["new"] == 11
    assert [len(one["prompt"]) for one in previews["new"]] == [2000] * 5


async def test_checked_twice_it_says_the_same(database: Database, me: UUID, home: Path) -> None:
    before = await snapshot(database)
    content = [root(1, child(2, of=1)), None]

    first, _ = await checked(database, me, home, content)
    second, _ = await checked(database, me, home, content)

    assert {**first, "seconds": 0} == {**second, "seconds": 0}
    assert await snapshot(database) == before
