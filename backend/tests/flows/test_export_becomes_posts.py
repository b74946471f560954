"""The first story: an export with children, likes and odd records becomes a library that can be asked."""

from pathlib import Path
from uuid import UUID

import httpx
import orjson
import pytest
from importer.records import child, imported, number, posts_here, root, write_marks

from sovia.account.service import LOCAL_USER
from sovia.kit.db import Database

EDGE_CASES = Path(__file__).resolve().parents[4] / "shared" / "fixtures" / "grok_edge_cases.json"


async def test_an_export_becomes_posts(live_client: httpx.AsyncClient, database: Database, tmp_path: Path) -> None:
    arabic = "\u0645\u064e\u0646\u0627\u0631\u0629"
    export = [root(1, child(2, of=1, childPosts=[child(3, of=2, originalPrompt="")])), root(4, prompt=arabic), None]

    report = await imported(database, LOCAL_USER, tmp_path, export)

    assert (report.state, report.counts["new"], report.counts["problems"]) == ("partial", 4, 1)
    post = (await live_client.get(f"/api/media/{number(3)}")).json()
    assert (post["parent_id"], post["root_id"]) == (number(2), number(1))
    assert (post["effective_prompt"], post["prompt_inherited"]) == ("slow dolly shot", True)
    assert [one["id"] for one in post["stack"]] == [number(1), number(2), number(3)]
    found = (await live_client.get("/api/media", params={"search": "\u0645\u0646\u0627\u0631\u0629"})).json()
    assert [one["id"] for one in found] == [number(4)]
    stats = (await live_client.get("/api/stats")).json()
    assert stats["likedItems"] == 2


@pytest.mark.skipif(not EDGE_CASES.exists(), reason="the synthetic edge cases lie beside the checkout only")
async def test_the_synthetic_edge_cases_come_in_twice_alike(database: Database, tmp_path: Path) -> None:
    records = orjson.loads(EDGE_CASES.read_bytes().replace(b"\\ud800", b"\\ufffd"))

    report = await imported(database, LOCAL_USER, tmp_path, EDGE_CASES.read_bytes())
    marks = await write_marks(database)
    again = await imported(database, LOCAL_USER, tmp_path, EDGE_CASES.read_bytes())

    assert (len(records), report.counts["new"], report.counts["problems"]) == (25, 27, 3)
    assert (again.counts["new"], again.counts["changed"], again.counts["same"]) == (0, 0, 27)
    assert await write_marks(database) == marks
    async with database.begin() as session:
        here = await posts_here(session)
    video = here["4f426dcb-b394-4b36-bb2d-420f0f88080b"]
    assert video.parent_id == UUID("0a097c97-6bf4-4c69-bd2c-af82eeeacbe2")
    assert (video.liked, here[str(video.parent_id)].child_count) == (True, 2)
    assert here["1df9fd78-9c65-4938-ab05-37e65affb229"].child_count == 2
    assert here["153e7c2a-26a2-40bd-bb12-87fff52ddf5d"].prompt.endswith("second copy")
    assert here["4093f6de-a268-4a87-a607-679d6050914a"].prompt == "nul \ufffd and lone \ufffd half"
    assert here["84b5a818-42d8-4208-986f-40f6b239f3c7"].created_at is None
    assert here["298cb3a5-70cc-4c31-b571-810afc132d0d"].media_state == "refused"
    assert here["5c9bcf35-873b-4078-b3b7-a50df373ca53"].media_state == "none"
