"""What changes while a page looks: one watcher per process asks the database, however many pages listen."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.importer.interrupted import note_lost
from sovia.importer.models import Import
from sovia.importer.schemas import ImportOut
from sovia.kit import clock
from sovia.kit.cache import AnswerCache
from sovia.kit.db import Database
from sovia.kit.errors import SoviaError
from sovia.kit.jobs import OPEN, Job
from sovia.kit.log import logger
from sovia.library.models import LibraryVersion
from sovia.ops.alerts import Alerts
from sovia.search.columns.keeper import Keeper

LOOK_EVERY_SECONDS = 0.5
# What ended lately is told too, so that a page that was away for a moment misses no end.
LATELY = timedelta(seconds=30)
LONGEST_AWAY = timedelta(minutes=10)
MOST_OF_ONE = 20
MOST_THINGS = 500
PATIENCE_SECONDS = 60.0
ACTIVE = ("queued", "checking", "checked", "running", "paused")
JOB_FIELDS = (
    *("id", "kind", "title", "state", "progress_done", "progress_total", "note", "result", "error_code"),
    *("error_message", "attempts", "cancel_requested", "created_at", "started_at", "finished_at"),
)
log = logger("events")
Key = tuple[str, str]


class TooManyListeners(SoviaError):
    """The user has as many pages open as the server tells news to."""

    status = 429
    code = "too_many_listeners"

    def __init__(self) -> None:
        super().__init__(f"{MOST_OF_ONE} pages listen already. Close some, or ask again from time to time.")


@dataclass(frozen=True, slots=True)
class News:
    """One thing as it is now: a job, an import, or the version of the library."""

    kind: str
    key: str
    data: str
    id: str


def job_answer(job: Job) -> dict[str, Any]:
    """A job as every answer shows it."""
    return {name: getattr(job, name) for name in JOB_FIELDS}


@dataclass(eq=False)
class Listener:
    """One page that listens: what it has not been told yet, each thing only as it is now."""

    user_id: UUID
    since: datetime
    waiting: dict[Key, News] = field(default_factory=dict)
    told: dict[Key, str] = field(default_factory=dict)
    something: asyncio.Event = field(default_factory=asyncio.Event)
    quiet_since: float = 0.0
    closed: bool = False

    def tell(self, news: News, now: float) -> None:
        """Have something told, unless it was; who does not listen for long is given up."""
        key = (news.kind, news.key)
        if self.told.get(key) == news.data:
            return
        if self.waiting and now - self.quiet_since > PATIENCE_SECONDS:
            self.close()
            return
        if not self.waiting:
            self.quiet_since = now
        while len(self.told) >= MOST_THINGS:
            del self.told[next(iter(self.told))]
        self.told[key] = news.data
        self.waiting[key] = news
        self.something.set()

    def close(self) -> None:
        """End the stream; a page that is still there comes again by itself."""
        self.closed = True
        self.waiting.clear()
        self.something.set()

    async def news(self) -> AsyncIterator[News]:
        """What is new, until the listener is closed."""
        while not self.closed:
            await self.something.wait()
            self.something.clear()
            while self.waiting:
                yield self.waiting.pop(next(iter(self.waiting)))


class Feed:
    """Tells all pages of this process what changes; asks the database only while somebody listens."""

    def __init__(self, database: Database, cache: AnswerCache | None = None, columns: Keeper | None = None) -> None:
        self._database = database
        self._alerts = None if cache is None else Alerts(cache, columns)
        self._listeners: set[Listener] = set()
        self._watching: asyncio.Task[None] | None = None

    def listen(self, user_id: UUID, last_id: str = "") -> Listener:
        """One more page; `last_id` is the last news it had. `TooManyListeners` when the user has many."""
        if sum(1 for one in self._listeners if one.user_id == user_id) >= MOST_OF_ONE:
            raise TooManyListeners
        found = Listener(user_id, _since(last_id))
        self._listeners.add(found)
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._watch())
        return found

    def forget(self, listener: Listener) -> None:
        """The page is gone."""
        listener.close()
        self._listeners.discard(listener)

    def end_streams(self) -> None:
        """End all streams; pages come again by themselves."""
        for one in list(self._listeners):
            self.forget(one)

    async def close(self) -> None:
        """End all streams, and look no more."""
        self.end_streams()
        if self._watching is not None:
            self._watching.cancel()
            with suppress(asyncio.CancelledError):
                await self._watching

    async def _watch(self) -> None:
        while self._listeners:
            try:
                await self.look()
            except (SQLAlchemyError, asyncpg.PostgresError, OSError) as error:
                # The next look tells what this one could not.
                log.warning("no news", error=type(error).__name__)
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def look(self) -> None:
        """Ask once what there is, for everybody who listens, and tell it."""
        users = {one.user_id for one in self._listeners}
        since = min((one.since for one in self._listeners), default=clock.now())
        async with self._database.begin() as session:
            found = await news_of(session, users, since)
            now = asyncio.get_running_loop().time()
            if self._alerts is not None:
                await _add_alerts(session, self._alerts, found, now)
        for listener in list(self._listeners):
            for one in found.get(listener.user_id, []):
                listener.tell(one, now)
            listener.since = clock.now() - LATELY
            if listener.closed:
                self.forget(listener)


async def news_of(session: AsyncSession, users: set[UUID], since: datetime) -> dict[UUID, list[News]]:
    """What is going on for these users, and what ended since then: jobs, imports, versions."""
    stamp = str(int(clock.now().timestamp() * 1000))
    found: dict[UUID, list[News]] = {one: [] for one in users}
    recent_jobs = select(Job).where(Job.user_id.in_(users), Job.state.in_(OPEN) | (Job.finished_at > since))
    for job in await session.scalars(recent_jobs.order_by(Job.created_at.desc()).limit(MOST_THINGS // 2)):
        data = orjson.dumps(job_answer(job), default=str).decode()
        found[job.user_id].append(News("job", str(job.id), data, stamp))
    ended = Import.finished_at > since
    imports = select(Import).where(Import.user_id.in_(users), Import.state.in_(ACTIVE) | ended)
    going_on = list(await session.scalars(imports.order_by(Import.started_at.desc()).limit(MOST_THINGS // 4)))
    # A command that was killed tells nobody.
    await note_lost(session, going_on)
    for one in going_on:
        shown = ImportOut.of(one)
        if one.state in ("checked", "paused"):
            # Nothing goes on, so time must not make it look new.
            shown.progress.rate = 0.0
        found[one.user_id].append(News("import", str(one.id), shown.model_dump_json(), stamp))
    for version in await session.scalars(select(LibraryVersion).where(LibraryVersion.user_id.in_(users))):
        found[version.user_id].append(News("library", "", orjson.dumps({"version": version.version}).decode(), stamp))
    return found


async def _add_alerts(session: AsyncSession, alerts: Alerts, found: dict[UUID, list[News]], now: float) -> None:
    stamp = str(int(clock.now().timestamp() * 1000))
    for user_id, news in found.items():
        for one in await alerts.of(session, user_id, now):
            news.append(News("collection", str(one["id"]), orjson.dumps(one).decode(), stamp))


def _since(last_id: str) -> datetime:
    """The moment of the last news that a page had, within reason."""
    now = clock.now()
    if last_id.isascii() and last_id.isdigit() and len(last_id) < 16:
        away = now.timestamp() - int(last_id) / 1000
        return now - max(LATELY, min(LONGEST_AWAY, timedelta(seconds=away) + LATELY))
    return now
