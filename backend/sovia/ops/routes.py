"""The caretaker over HTTP: whether all is well, what jobs run, stop one."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from sovia.account.deps import CurrentUser
from sovia.kit import clock, jobs
from sovia.kit.answers import Json
from sovia.kit.cache import AnswerCache
from sovia.kit.db import Database, Session
from sovia.library.queries import disk
from sovia.ops.events import Feed, Listener, job_answer

router = APIRouter(tags=["operations"])
PATIENCE_SECONDS = 2.0


@router.get("/health")
async def health(request: Request) -> Response:
    """200 when the library works (a cache that is away only slows it); 503 names what does not."""
    database, worker, media = await _neighbours(request.app.state.database)
    cache: AnswerCache = request.app.state.cache
    cached = "ok" if await cache.is_well() else "away"
    works = database == "ok" and worker == "ok"
    # Without a media folder the library can be looked through, so it is not down.
    status = "ok" if works and cached == "ok" and media == "ok" else "degraded" if works else "unwell"
    answer = {"status": status, "database": database, "cache": cached, "worker": worker, "version": request.app.version}
    answer |= {"media": media, "timestamp": clock.now()}
    return Json(answer | {"redis": cached if cache.kind == "redis" else "not used"}, status_code=200 if works else 503)


@router.get("/api/jobs")
async def list_jobs(user: CurrentUser, session: Session, state: Literal["active", "all"] = "active") -> Response:
    """The newest hundred jobs: by default those that are not finished."""
    found = await jobs.recent_jobs(session, user.id, only_open=state == "active")
    return Json({"jobs": [job_answer(job) for job in found]})


@router.get("/api/jobs/{job_id}")
async def show_job(job_id: UUID, user: CurrentUser, session: Session) -> Response:
    """One job."""
    return Json(job_answer(await jobs.job_by_id(session, user.id, job_id)))


@router.post("/api/jobs/{job_id}/cancel")
async def cancel_job(job_id: UUID, user: CurrentUser, session: Session) -> Response:
    """Ask a job to stop; what it has done stays."""
    return Json(job_answer(await jobs.request_cancel(session, user.id, job_id)))


async def listening(
    request: Request, user: CurrentUser, last_event_id: Annotated[str, Header()] = ""
) -> AsyncIterator[Listener]:
    """One listener for as long as the answer lasts."""
    feed: Feed = request.app.state.feed
    listener = feed.listen(user.id, last_event_id)
    try:
        yield listener
    finally:
        feed.forget(listener)


@router.get("/api/events", response_class=EventSourceResponse)
async def events(listener: Annotated[Listener, Depends(listening)]) -> AsyncIterator[ServerSentEvent]:
    """What changes, as server-sent events: `job`, `import`, `library` and `collection`, each as the thing is now.

    Of collections, smart ones that are watched tell how much they found. The first events say how things stand. An
    event's id, sent back as `Last-Event-ID`, brings what ended meanwhile.
    """
    async for news in listener.news():
        yield ServerSentEvent(raw_data=news.data, event=news.kind, id=news.id)


async def _neighbours(database: Database) -> tuple[str, str, str]:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS), database.begin() as session:
            await session.execute(text("SELECT 1"))
            away = any(root.is_away for root in await disk.roots_standing(session))
            return "ok", "ok" if await jobs.live_workers(session) else "away", "away" if away else "ok"
    except (SQLAlchemyError, OSError, TimeoutError):
        return "away", "not known", "not known"
