"""An export full of odd addresses and times: every post comes in, what has a place is served, nothing breaks a view."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hostile import hostile_records, hostile_values
from importer.records import Record, number, root
from samples import tiny_picture
from sqlalchemy import select

from sovia import worker
from sovia.kit import settings as settings_of_process
from sovia.kit.db import Database
from sovia.kit.settings import Settings
from sovia.library.models import File, Post

HOST = "https://a.example"
# What each address becomes: a path below https_/a.example, or nothing when it is refused.
PLACES: dict[str, str | None] = {
    "/1/content": "1/content",
    "/1/content/x.png": "1/content~d/x.png",
    "/caf%C3%A9.png": "caf\u00e9.png",
    "/cafe%CC%81.png": "caf\u00e9.png~2",
    "/CON.png": "~43ON.png",
    "/aux": "~61ux",
    "/name.": "name~2e",
    "/name%20": "name~20",
    "/a:b": "a~3ab",
    "/" + "n" * 300: None,
    "/" + "d/" * 400 + "x.png": None,
    "/../../etc/passwd": None,
    "/%252e%252e/.env": None,
    "/..%2f..%2f.env": None,
    "/a%00b": None,
}
# The first and last moments that a computer's clock, a database or a zone may stumble over.
MOMENTS: list[Any] = [
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "0001-01-01T23:59:59-14:00",
    "1582-10-10T00:00:00Z",
    "1899-12-31T23:59:59Z",
    "1969-12-31T23:59:59.999999Z",
    "1970-01-01T00:00:00Z",
    "2025-03-30T02:30:00+01:00",
    "2025-10-01T24:00:00Z",
    "2025-10-01T23:59:60Z",
    "2025-13-01T00:00:00Z",
    "2038-01-19T03:14:08Z",
    "9999-12-31T23:59:59.999999Z",
    "9999-12-31T23:59:59-14:00",
    "+10000-01-01T00:00:00Z",
    1,
    253_402_300_799,
    253_402_300_800_000,
    10**18,
    -62_135_596_800,
    "1e400",
]
ZONES = ("UTC", "Pacific/Kiritimati", "Etc/GMT+12", "Asia/Kathmandu")


async def took_in(client: httpx.AsyncClient, records: list[Any]) -> dict[str, Any]:
    answer = await client.post("/api/import", json=records)
    assert answer.status_code == 200, answer.text
    done: dict[str, Any] = answer.json()
    return done


async def look_at_everything(client: httpx.AsyncClient, zone: str) -> list[str]:
    """Every view of the library; the ids in the order of its cards."""
    assert (await client.get("/api/index", params={"tz": zone})).status_code == 200
    for sort in ("date_asc", "likes", "model", "type", "random"):
        assert (await client.get("/api/index", params={"tz": zone, "sort": sort})).status_code == 200
    for path in ("/api/stats", "/api/facets", "/api/models", "/api/files/missing"):
        assert (await client.get(path)).status_code == 200
    cards = (await client.get("/api/cards", params={"tz": zone})).json()["cards"]
    found, cursor = 0, {}
    while True:
        page = await client.get("/api/media", params={"limit": 40, **cursor})
        found += len(page.json())
        if "x-next-cursor" not in page.headers or not page.headers["x-next-cursor"]:
            break
        cursor = {"cursor": page.headers["x-next-cursor"]}
    assert found == len(cards)
    return [card["id"] for card in cards]


@pytest.mark.parametrize("zone", ZONES)
async def test_moments_at_the_edges_break_no_view(zone: str, live_client: httpx.AsyncClient) -> None:
    done = await took_in(live_client, [root(n, createTime=moment) for n, moment in enumerate(MOMENTS)])

    shown = await look_at_everything(live_client, zone)

    assert (done["posts_imported"], len(shown)) == (len(MOMENTS), len(MOMENTS))
    for post_id in shown:
        post = (await live_client.get(f"/api/media/{post_id}")).json()
        assert post["created_at"] is None or post["created_at"].endswith("Z")


async def test_odd_addresses_are_served_from_their_own_place_or_refused(
    live_client: httpx.AsyncClient, database: Database, home: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings_of_process, "current", lambda: settings)
    records: list[Record] = [root(n, mediaUrl=HOST + tail) for n, tail in enumerate(PLACES)]
    pictures = {}
    for tail, place in PLACES.items():
        if place is not None:
            target = home / "https_" / "a.example" / place
            target.parent.mkdir(parents=True, exist_ok=True)
            pictures[place] = tiny_picture(tail)
            target.write_bytes(pictures[place])

    await took_in(live_client, records)
    await worker.drain(database)

    async with database.begin() as session:
        rows = (await session.scalars(select(File).order_by(File.post_id))).all()
        posts = (await session.scalars(select(Post))).all()
    prefix = "https_/a.example/"
    assert len(posts) == len(PLACES)
    assert [(one.path or "").removeprefix(prefix) or None for one in rows] == list(PLACES.values())
    assert [one.state for one in rows] == ["present" if place else "refused" for place in PLACES.values()]
    assert all(one.reason for one in rows if one.state == "refused")
    for place, content in pictures.items():
        answer = await live_client.get(f"/media/{quote(prefix + place)}")
        assert (answer.status_code, answer.content) == (200, content), place
    assert (await live_client.get("/api/files/missing")).text == ""


async def test_every_odd_record_at_once_leaves_a_library_that_can_be_browsed(live_client: httpx.AsyncClient) -> None:
    records = [*hostile_records(), *hostile_values(), root(900)]
    # As ASCII, in which half a surrogate pair can be written.
    body, kind = json.dumps(records).encode(), {"content-type": "application/json"}

    done, again = [await live_client.post("/api/import", content=body, headers=kind) for _ in range(2)]

    assert (done.status_code, again.json()["posts_imported"]) == (200, 0)
    shown = await look_at_everything(live_client, "UTC")
    assert number(900) in shown
    for post_id in shown:
        assert (await live_client.get(f"/api/media/{post_id}")).status_code == 200
