"""The caretaker over HTTP: whether all is well, what jobs run, stop one."""

import asyncio
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from sovia.account.deps import CurrentUser
from sovia.kit import jobs
from sovia.kit.answers import Json
from sovia.kit.cache import AnswerCache
from sovia.kit.db import Database, Session

router = APIRouter(tags=["operations"])
PATIENCE_SECONDS = 2.0


@router.get("/health")
async def health(request: Request) -> Response:
    """200 when the library works (a cache that is away only slows it); 503 names what does not."""
    database, worker = await _database_and_worker(request.app.state.database)
    cache: AnswerCache = request.app.state.cache
    cached = "ok" if await cache.is_well() else "away"
    works = database == "ok" and worker == "ok"
    status = "ok" if works and cached == "ok" else "degraded" if works else "unwell"
    answer = {"status": status, "database": database, "cache": cached, "worker": worker, "version": request.app.version}
    return Json(answer | {"redis": cached if cache.kind == "redis" else "not used"}, status_code=200 if works else 503)


@router.get("/api/jobs")
async def list_jobs(user: CurrentUser, session: Session, state: Literal["active", "all"] = "active") -> Response:
    """The newest hundred jobs: by default those that are not finished."""
    found = await jobs.recent_jobs(session, user.id, only_open=state == "active")
    return Json({"jobs": [_answer(job) for job in found]})


@router.get("/api/jobs/{job_id}")
async def show_job(job_id: UUID, user: CurrentUser, session: Session) -> Response:
    """One job."""
    return Json(_answer(await jobs.job_by_id(session, user.id, job_id)))


@router.post("/api/jobs/{job_id}/cancel")
async def cancel_job(job_id: UUID, user: CurrentUser, session: Session) -> Response:
    """Ask a job to stop; what it has done stays."""
    return Json(_answer(await jobs.request_cancel(session, user.id, job_id)))


def _answer(job: jobs.Job) -> dict[str, Any]:
    names = (
        "id kind title state progress_done progress_total note result error_code error_message attempts "
        "cancel_requested created_at started_at finished_at"
    )
    return {name: getattr(job, name) for name in names.split()}


async def _database_and_worker(database: Database) -> tuple[str, str]:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS), database.begin() as session:
            await session.execute(text("SELECT 1"))
            return "ok", "ok" if await jobs.live_workers(session) else "away"
    except (SQLAlchemyError, OSError, TimeoutError):
        return "away", "not known"
