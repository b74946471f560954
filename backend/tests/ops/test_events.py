"""News over server-sent events: how things stand first, then what changes, and what ended while a page was away."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from makers import new_post
from sqlalchemy import update

from sovia.account.service import LOCAL_USER
from sovia.app import create_app
from sovia.importer.models import Import
from sovia.kit import clock
from sovia.kit.db import Database
from sovia.kit.jobs import Job
from sovia.kit.settings import Settings
from sovia.library.service import versions
from sovia.ops import events
from sovia.ops.events import Listener, News

PATIENCE_SECONDS = 30


class Page:
    """A page that listens: it reads the answer of the app block by block."""

    def __init__(self, app: FastAPI, **headers: str) -> None:
        self._app, self._headers = app, headers
        self._blocks: asyncio.Queue[bytes] = asyncio.Queue()
        self._gone = asyncio.Event()
        self._text = ""
        self.status = 0
        self.kind = ""
        self._kept: dict[str, list[dict[str, str]]] = {}
        self.task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        named = {"host": "127.0.0.1:8000", **{name.replace("_", "-"): value for name, value in self._headers.items()}}
        scope = {
            "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "query_string": b"",
            "root_path": "", "path": "/api/events", "raw_path": b"/api/events", "server": ("127.0.0.1", 8000),
            "headers": [(name.encode(), value.encode()) for name, value in named.items()], "asgi": {"version": "3.0"},
        }  # fmt: skip
        asked = False

        async def receive() -> dict[str, Any]:
            nonlocal asked
            if not asked:
                asked = True
                return {"type": "http.request", "body": b"", "more_body": False}
            await self._gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                self.status = message["status"]
                self.kind = dict(message["headers"])[b"content-type"].decode()
            else:
                self._blocks.put_nowait(message.get("body", b""))

        await self._app(scope, receive, send)

    async def next(self, kind: str) -> tuple[dict[str, Any], str]:
        """The next event of this kind, and its id; others that come before it are kept, since any may come first."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not self._kept.get(kind):
                while "\n\n" in self._text:
                    event, _, self._text = self._text.partition("\n\n")
                    lines = dict(line.split(": ", 1) for line in event.splitlines() if not line.startswith(":"))
                    self._kept.setdefault(lines.get("event", ""), []).append(lines)
                if not self._kept.get(kind):
                    self._text += (await self._blocks.get()).decode()
        found = self._kept[kind].pop(0)
        return json.loads(found["data"]), found["id"]

    async def leave(self) -> None:
        """Go away, as a closed tab does."""
        self._gone.set()
        await asyncio.wait_for(self.task, PATIENCE_SECONDS)


@pytest.fixture
async def app(settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FastAPI]:
    monkeypatch.setattr(events, "LOOK_EVERY_SECONDS", 0.02)
    found = create_app(settings)
    async with found.router.lifespan_context(found):
        yield found


@asynccontextmanager
async def page_of(app: FastAPI, **headers: str) -> AsyncIterator[Page]:
    page = Page(app, **headers)
    try:
        yield page
    finally:
        await page.leave()


async def a_job(database: Database, **given: Any) -> UUID:
    job = Job(id=uuid4(), user_id=LOCAL_USER, kind="x.y", payload={}, **{"title": "Import x", **given})
    async with database.begin() as session:
        session.add(job)
    return job.id


async def test_a_page_is_told_how_things_stand_and_what_changes(app: FastAPI, database: Database) -> None:
    job_id, import_id = await a_job(database), uuid4()
    async with database.begin() as session:
        session.add(Import(id=import_id, user_id=LOCAL_USER, job_id=job_id, file_name="x.json"))

    async with page_of(app) as page:
        job, _ = await page.next("job")
        first, _ = await page.next("import")
        async with database.begin() as session:
            await session.execute(update(Job).values(state="running", progress_done=5))
            await session.execute(update(Import).values(state="running", records_done=3))
            session.add(new_post(LOCAL_USER))
            version = await versions.touch(session, LOCAL_USER)
        later, _ = await page.next("job")
        second, _ = await page.next("import")
        library, _ = await page.next("library")

    assert (page.status, page.kind.partition(";")[0]) == (200, "text/event-stream")
    assert (job["id"], job["state"], later["state"], later["progress_done"]) == (str(job_id), "queued", "running", 5)
    assert (first["id"], first["state"], first["can"]) == (str(import_id), "queued", ["cancel"])
    assert (second["state"], second["can"]) == ("running", ["pause", "cancel"])
    assert library == {"version": version}


async def test_a_page_that_was_away_is_told_what_ended(app: FastAPI, database: Database) -> None:
    job_id = await a_job(database)
    async with page_of(app) as page:
        _, last = await page.next("job")
    long_ago = clock.now() - timedelta(minutes=2)
    await a_job(database, state="succeeded", title="older", finished_at=clock.now() - timedelta(hours=1))
    async with database.begin() as session:
        ended = update(Job).where(Job.id == job_id)
        await session.execute(ended.values(state="succeeded", finished_at=long_ago + timedelta(minutes=1)))

    assert int(last) > long_ago.timestamp() * 1000
    async with page_of(app, last_event_id=str(int(long_ago.timestamp() * 1000))) as page:
        job, _ = await page.next("job")

    assert (job["id"], job["state"]) == (str(job_id), "succeeded")


async def test_another_s_things_are_not_told(app: FastAPI, database: Database) -> None:
    async with database.begin() as session:
        session.add(Job(id=uuid4(), user_id=uuid4(), kind="x.y", title="theirs", payload={}))
    mine = await a_job(database)

    async with page_of(app) as page:
        job, _ = await page.next("job")

    assert job["id"] == str(mine)


async def test_pages_that_leave_are_forgotten_and_many_are_too_many(
    app: FastAPI, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "MOST_OF_ONE", 2)
    await a_job(database)
    for _ in range(3):
        async with page_of(app) as one, page_of(app) as other:
            await one.next("job")
            await other.next("job")
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8000"
            ) as client:
                refused = await client.get("/api/events")
            assert (refused.status_code, refused.json()["error"]) == (429, "too_many_listeners")

    assert app.state.feed._listeners == set()


async def test_streams_end_with_the_server(settings: Settings, database: Database) -> None:
    app = create_app(settings)
    await a_job(database)
    async with app.router.lifespan_context(app):
        page = Page(app)
        await page.next("job")

    await asyncio.wait_for(page.task, PATIENCE_SECONDS)


def test_who_does_not_listen_is_given_up() -> None:
    listener = Listener(LOCAL_USER, clock.now())
    for second in range(200):
        listener.tell(News("job", "1", str(second), "1"), float(second))
        assert len(listener.waiting) <= 1

    assert listener.closed


def test_a_page_hears_each_thing_only_as_it_is_now() -> None:
    listener = Listener(LOCAL_USER, clock.now())
    for state in ("queued", "running", "running"):
        listener.tell(News("job", "1", state, "1"), 0)

    assert [one.data for one in listener.waiting.values()] == ["running"]
