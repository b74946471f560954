"""Bringing files home, asked for over HTTP."""

from datetime import datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from fetching.bringing import OPEN_HOST, OWN_HOST, downloads, fetch, states, wanted
from fetching.hostile_server import Server, head
from media_files import picture
from shelves import Shelf

from sovia.kit import clock, dispatch

PICTURE = picture("JPEG", (300, 200))


async def ask(client: httpx.AsyncClient, path: str = "", body: object = None) -> dict[str, object]:
    answer = await client.post(f"/api/fetch{path}", json=body if body is not None else {})
    assert answer.status_code in (200, 202), answer.text
    return answer.json()  # type: ignore[no-any-return]


async def test_from_missing_to_here(live_client: httpx.AsyncClient, shelf: Shelf, server: Server) -> None:
    ids = await wanted(shelf, "a.jpg", "gone.jpg")
    server.serve("/a.jpg", PICTURE)
    before = (await live_client.get("/api/fetch")).json()

    started = await ask(live_client, "", {"all": True})
    waiting = (await live_client.get("/api/fetch")).json()
    await dispatch.work(shelf.database, drain=True)
    after = (await live_client.get("/api/fetch")).json()

    assert (before["state"], before["lacking"], before["hosts"][0]["host"]) == ("idle", 2, OPEN_HOST)
    assert (waiting["state"], waiting["job_id"]) == ("waiting", started["job_id"])
    assert await states(shelf, ids) == ["present", "gone"]
    assert (after["lacking"], after["failed"], after["causes"][0]["cause"]) == (1, 1, "gone")
    assert after["causes"][0]["fix"]["kind"] == "retry"
    assert (await live_client.get("/media/https_/imagine-public.x.ai/a.jpg")).content == PICTURE


async def test_what_ends_soon_is_counted_down_before_anything_is_fetched(
    live_client: httpx.AsyncClient, shelf: Shelf, server: Server
) -> None:
    now = clock.now().replace(microsecond=0)
    stamp = (now - timedelta(minutes=1)).strftime("%Y%m%dT%H%M%SZ")
    for name, seconds in (("soon.jpg", 3600), ("later.jpg", 7200), ("over.jpg", 30)):
        signed = f"https://{OPEN_HOST}/{name}?X-Amz-Date={stamp}&X-Amz-Expires={seconds}"
        await shelf.want(None, path=f"https_/{OPEN_HOST}/{name}", url=signed)
    await wanted(shelf, "lasting.jpg")
    server.serve(f"/soon.jpg?X-Amz-Date={stamp}&X-Amz-Expires=3600", PICTURE)

    idle = (await live_client.get("/api/fetch")).json()
    await fetch(shelf)
    after = (await live_client.get("/api/fetch")).json()

    assert (idle["state"], idle["lacking"], idle["expiring"]["count"]) == ("idle", 4, 2)
    assert datetime.fromisoformat(idle["expiring"]["first_at"]) == now + timedelta(minutes=59)
    assert datetime.fromisoformat(idle["hosts"][0]["expires_at"]) == now + timedelta(minutes=59)
    # What is gone has no end to come any more.
    assert after["expiring"] == {"count": 0, "first_at": None}


async def test_what_to_fetch_must_be_said(live_client: httpx.AsyncClient) -> None:
    answers = {
        "nothing_to_fetch": {},
        "bad_filter": {"filter": "model:("},
        "unknown_zone": {"filter": "fox", "tz": "Nowhere/Land"},
        "import_not_found": {"import": str(uuid4())},
        "invalid_input": {"ids": ["x"]},
    }
    for code, body in answers.items():
        assert (await live_client.post("/api/fetch", json=body)).json()["error"] == code


async def test_paused_and_gone_on_with(live_client: httpx.AsyncClient, shelf: Shelf, server: Server) -> None:
    ids = await wanted(shelf, "a.jpg")
    server.serve("/a.jpg", PICTURE)
    await ask(live_client, "", {"all": True})
    assert (await ask(live_client, "/pause"))["state"] == "paused"
    await dispatch.work(shelf.database, drain=True)
    assert server.asked == []

    await ask(live_client, "/resume")
    await dispatch.work(shelf.database, drain=True)

    assert await states(shelf, ids) == ["present"]


async def test_stopped_it_wants_nothing(live_client: httpx.AsyncClient, shelf: Shelf, server: Server) -> None:
    await wanted(shelf, "a.jpg")
    await ask(live_client, "", {"all": True})

    stopped = await ask(live_client, "/stop")
    await dispatch.work(shelf.database, drain=True)

    assert (stopped["waiting"], server.asked, await downloads(shelf)) == (0, [], {})


async def test_a_host_is_allowed_and_tried(live_client: httpx.AsyncClient, shelf: Shelf, server: Server) -> None:
    ids = await wanted(shelf, "a.jpg", host="files.example")
    server.serve("/a.jpg", PICTURE)
    await fetch(shelf)
    (cause,) = (await live_client.get("/api/fetch")).json()["causes"]

    answer = await live_client.patch("/api/fetch/settings", json={"allow": "files.example"})
    await dispatch.work(shelf.database, drain=True)

    assert (cause["cause"], cause["fix"]["kind"], cause["hosts"]) == (
        "host_not_allowed",
        "allow_host",
        ["files.example"],
    )
    assert answer.json()["settings"]["hosts"] == ["files.example"]
    assert await states(shelf, ids) == ["present"]


@pytest.mark.parametrize(
    "host", ["", "a b", "127.0.0.1", "localhost", "x.local", "a/b", "a@b.c", "[::1]", "a.b:80", "é" * 99]
)
async def test_what_is_no_host_is_allowed_to_nobody(host: str, live_client: httpx.AsyncClient) -> None:
    answer = await live_client.patch("/api/fetch/settings", json={"allow": host})

    assert (answer.status_code, answer.json()["error"]) == (422, "bad_host")


async def test_settings_are_kept_and_checked(live_client: httpx.AsyncClient) -> None:
    kept = (await live_client.patch("/api/fetch/settings", json={"per_host": 2, "bytes_per_second": 1000})).json()
    wrong = await live_client.patch("/api/fetch/settings", json={"per_host": 0})

    assert (kept["settings"]["per_host"], kept["settings"]["bytes_per_second"], kept["settings"]["per_second"]) == (
        *(2, 1000),
        8,
    )
    assert wrong.status_code == 422


async def test_what_needs_the_session_becomes_a_list(
    live_client: httpx.AsyncClient, shelf: Shelf, server: Server
) -> None:
    await wanted(shelf, "1/content", "2/content", host=OWN_HOST)
    await wanted(shelf, "gone.jpg")
    for number in (1, 2):
        server.says(f"/{number}/content", head(403, Content_Length=0))
    await fetch(shelf)

    plain = await live_client.get("/api/fetch/list", params={"cause": "needs_session"})
    aria2 = await live_client.get("/api/fetch/list", params={"cause": "needs_session", "format": "aria2"})

    assert plain.text.split() == [f"https://{OWN_HOST}/{number}/content" for number in (1, 2)]
    assert f"  out=https_/{OWN_HOST}/1/content\n" in aria2.text


async def test_failures_come_in_pages(live_client: httpx.AsyncClient, shelf: Shelf, server: Server) -> None:
    names = [f"{number}.jpg" for number in range(5)]
    await wanted(shelf, *names)
    await fetch(shelf)

    found, cursor = [], ""
    while True:
        page = (await live_client.get("/api/fetch/failures", params={"limit": 2, "cursor": cursor})).json()
        found += [item["path"].rpartition("/")[2] for item in page["items"]]
        cursor = page["next_cursor"]
        if not cursor:
            break

    assert found == names
    assert (await live_client.get("/api/fetch/failures", params={"cursor": "@"})).status_code == 422


async def test_tried_again_by_cause(live_client: httpx.AsyncClient, shelf: Shelf, server: Server) -> None:
    ids = await wanted(shelf, "a.jpg", "b.jpg")
    server.says("/b.jpg", head(Content_Length=20) + b"<html>sign in</html>")
    await fetch(shelf)
    server.serve("/a.jpg", PICTURE)
    server.serve("/b.jpg", PICTURE)

    assert await ask(live_client, "/retry", {"cause": "gone"}) == {"waiting": 1}
    await dispatch.work(shelf.database, drain=True)

    assert await states(shelf, ids) == ["present", "wanted"]
