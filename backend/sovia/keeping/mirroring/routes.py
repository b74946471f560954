"""The mirror over HTTP: how it stands, bring it up to date, look whether what lies there is right."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from sovia.account.deps import CurrentUser
from sovia.keeping.mirroring import service, showing
from sovia.kit import jobs
from sovia.kit.answers import Json
from sovia.kit.db import Session
from sovia.kit.settings import Settings

router = APIRouter(prefix="/api/keeping/mirror", tags=["keeping"])


class CheckIn(BaseModel):
    """How to look: with `read` every byte, also of a bucket."""

    read: bool = False


@router.get("")
async def show_mirror(request: Request, user: CurrentUser, session: Session) -> Response:
    """Whether there is a mirror, what lies in it, what waits, and what is wrong with it."""
    settings: Settings = request.app.state.settings
    found: dict[str, Any] = await showing.overview(session, user.id, settings)
    if found["kind"] == "folder":
        found["same_disk"] = await asyncio.to_thread(showing.on_the_same_disk, settings)
    return Json(found)


@router.post("", status_code=202)
async def bring_up_to_date(request: Request, user: CurrentUser, session: Session) -> Response:
    """Have what is new copied; the job."""
    return await _job(session, user.id, await service.mirror_soon(session, user.id, request.app.state.settings))


@router.post("/check", status_code=202)
async def check(given: CheckIn, request: Request, user: CurrentUser, session: Session) -> Response:
    """Have everything in the mirror looked at; the job."""
    job_id = await service.check_soon(session, user.id, request.app.state.settings, read=given.read)
    return await _job(session, user.id, job_id)


async def _job(session: Session, user_id: UUID, job_id: UUID) -> Response:
    job = await jobs.job_by_id(session, user_id, job_id)
    return Json({"id": job.id, "kind": job.kind, "title": job.title, "state": job.state}, status_code=202)
