"""S077: an import asks the database by the chunk, never for each post."""

from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from importer.records import child, imported, root

from sovia.kit.db import Database

ASKING = (
    "fetch",
    "fetchrow",
    "fetchval",
    "execute",
    "executemany",
    "copy_to_table",
    "copy_records_to_table",
    "prepare",
)


def stacks(first: int, count: int) -> list[dict[str, Any]]:
    return [root(n, *(child(n * 1000 + k, of=n) for k in range(4))) for n in range(first, first + count)]


async def test_statements_grow_with_chunks_and_not_with_posts(
    database: Database, me: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def counted(name: str) -> Any:
        asks = getattr(asyncpg.Connection, name)

        def ask(*given: Any, **more: Any) -> Any:
            asked.append(name)
            return asks(*given, **more)

        return ask

    for name in ASKING:
        monkeypatch.setattr(asyncpg.Connection, name, counted(name))
    numbers = []
    for records in (stacks(1, 20), stacks(1001, 1200), stacks(1001, 1200)):
        asked.clear()
        report = await imported(database, me, tmp_path, records)
        numbers.append(len(asked))

    few, new, same = numbers
    assert report.counts["same"] == 6000
    # Three chunks instead of one: each asks for less than one statement per hundred posts.
    assert new - few < 60
    assert same - few < 60
