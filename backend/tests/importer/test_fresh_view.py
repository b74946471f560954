"""The view of what an import brought is right when the import ends, also when nothing of it changed."""

from pathlib import Path

import httpx
from importer.queued import run_importer
from importer.records import number, root
from importer.test_steering import ordered

from sovia.kit.db import Database


async def test_a_view_that_is_open_while_nothing_changes_is_not_stale(
    one_home: Path, live_client: httpx.AsyncClient, database: Database
) -> None:
    await ordered(live_client, [root(1), root(2)])
    await run_importer(database)
    again = await ordered(live_client, [root(2)])

    async def seen() -> tuple[list[str], list[str]]:
        asked = {"filter": f"import:{again}"}
        cards = await live_client.get("/api/media", params=asked)
        index = await live_client.get("/api/index", params=asked)
        return [post["id"] for post in cards.json()], [index.headers["etag"]]

    before = await seen()
    await run_importer(database)
    after = await seen()

    assert (before[0], after[0]) == ([], [number(2)])
    assert before[1] != after[1]
