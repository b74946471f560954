"""What posts were made from beyond their parent: written once, filled in later, and gone again when that is undone."""

from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import orjson
import pytest
from importer.queued import run_importer
from importer.records import child, imported, number, root, snapshot
from importer.test_undoing import brought, living, redone, undone
from sqlalchemy import select

from sovia.importer.models import ImportProblem
from sovia.kit.db import Database
from sovia.library.models import LibraryVersion, PostEdge

ADDRESS = "https://assets.grok.com/users/elsewhere/picture.png"


def of_inputs(n: int, *inputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A picture made from others."""
    return root(n, inputMediaItems=list(inputs), **more)


def by_id(n: int) -> dict[str, Any]:
    return {"id": number(n)}


BY_ADDRESS = {"imageUrl": ADDRESS}
Edges = set[tuple[str, str, int, str | None, str]]


async def edges(database: Database) -> Edges:
    async with database.begin() as session:
        found = await session.scalars(select(PostEdge))
        return {(str(e.post_id), e.role, e.position, str(e.input_id) if e.input_id else None, e.url) for e in found}


async def marks(database: Database) -> list[str]:
    async with database.begin() as session:
        connection = await session.connection()
        rows = await connection.exec_driver_sql(
            "select post_id::text || role || position || xmin || ctid from post_edges order by 1"
        )
        return [row[0] for row in rows]


async def version(database: Database) -> int:
    async with database.begin() as session:
        return (await session.scalars(select(LibraryVersion.version))).one()


async def test_they_are_written_in_order_and_once(database: Database, me: UUID, tmp_path: Path) -> None:
    records = [
        of_inputs(2, by_id(3), by_id(3), BY_ADDRESS, by_id(2)),
        child(4, of=2, originalRefType="ORIGINAL_REF_TYPE_VIDEO_EXTENSION"),
    ]
    await imported(database, me, tmp_path, records)
    first, wrote, before = await edges(database), await marks(database), await version(database)
    await imported(database, me, tmp_path, records)

    assert first == {
        (number(2), "reference", 0, number(3), ""),
        (number(2), "reference", 1, None, ADDRESS),
        (number(4), "extension", 0, number(2), ""),
    }
    assert (await marks(database), await version(database)) == (wrote, before)


async def test_what_was_missing_is_filled_in_and_nothing_else(database: Database, me: UUID, tmp_path: Path) -> None:
    await imported(database, me, tmp_path, [of_inputs(2, BY_ADDRESS, by_id(3))])
    await imported(database, me, tmp_path, [of_inputs(2, by_id(4) | BY_ADDRESS, by_id(5) | BY_ADDRESS)])

    assert await edges(database) == {
        (number(2), "reference", 0, number(4), ADDRESS),
        (number(2), "reference", 1, number(3), ADDRESS),
    }


async def test_edges_that_come_alone_change_the_library(database: Database, me: UUID, tmp_path: Path) -> None:
    plain = {name: value for name, value in of_inputs(2).items() if name != "inputMediaItems"}
    await imported(database, me, tmp_path, [of_inputs(2, by_id(3))])
    async with database.begin() as session:
        await (await session.connection()).exec_driver_sql("delete from post_edges")
    before = await version(database)
    await imported(database, me, tmp_path, [plain])
    between = await version(database)
    await imported(database, me, tmp_path, [of_inputs(2, by_id(3))])

    assert (between, await version(database) > before) == (before, True)


@pytest.mark.parametrize("size", [1, 2000])
async def test_undone_they_are_as_before_and_come_again(
    size: int, database: Database, me: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sovia.importer.export.CHUNK_POSTS", size)
    monkeypatch.setattr("sovia.importer.undoing.CHANGES_AT_ONCE", size)
    await brought(database, me, tmp_path, [root(1), of_inputs(2, BY_ADDRESS), of_inputs(3, by_id(1))])
    before = await snapshot(database)
    more = [of_inputs(1, by_id(2)), of_inputs(2, by_id(4) | BY_ADDRESS, by_id(5)), of_inputs(3, by_id(1))]
    new = await brought(database, me, tmp_path, [*more, of_inputs(9), of_inputs(8, by_id(1))])
    after = await snapshot(database)

    await undone(database, me, new)
    between = await living(database)
    await redone(database, me, new)

    assert after["post_edges"] != before["post_edges"]
    assert between["post_edges"] == before["post_edges"]
    assert between == before
    assert await snapshot(database) == after


async def test_imports_that_filled_in_the_same_edge_are_undone_in_any_order(
    database: Database, me: UUID, tmp_path: Path
) -> None:
    await brought(database, me, tmp_path, [root(2)])
    before = await snapshot(database)
    second = await brought(database, me, tmp_path, [of_inputs(2, BY_ADDRESS)])
    third = await brought(database, me, tmp_path, [of_inputs(2, by_id(4) | BY_ADDRESS)])
    whole = await snapshot(database)

    await undone(database, me, second)
    filled = await edges(database)
    await undone(database, me, third)

    assert filled == {(number(2), "reference", 0, number(4), ADDRESS)}
    assert await snapshot(database) == before
    await redone(database, me, second)
    await redone(database, me, third)
    assert await snapshot(database) == whole


async def test_an_edge_that_was_changed_since_is_left_alone(database: Database, me: UUID, tmp_path: Path) -> None:
    await brought(database, me, tmp_path, [root(2)])
    new = await brought(database, me, tmp_path, [of_inputs(2, BY_ADDRESS)])
    async with database.begin() as session:
        (await session.scalars(select(PostEdge))).one().url = "https://assets.grok.com/mine.png"

    await undone(database, me, new)

    assert {one[4] for one in await edges(database)} == {"https://assets.grok.com/mine.png"}


async def test_small_imports_and_mended_records_bring_theirs(
    one_home: Path, live_client: httpx.AsyncClient, database: Database
) -> None:
    await live_client.post("/api/import", json=[of_inputs(2, by_id(3))])
    small = await edges(database)
    body = orjson.dumps([root(1), {"prompt": "nobody's"}])
    sent = await live_client.post("/api/imports", files={"file": ("a.json", body)})
    await run_importer(database)
    async with database.begin() as session:
        problem = (await session.scalars(select(ImportProblem.number))).one()
    fixed = {"text": orjson.dumps(of_inputs(6, by_id(7))).decode()}
    answer = await live_client.post(f"/api/imports/{sent.json()['id']}/problems/{problem}/retry", json=fixed)

    assert small == {(number(2), "reference", 0, number(3), "")}
    assert answer.json()["accepted"] is True
    assert await edges(database) == small | {(number(6), "reference", 0, number(7), "")}
