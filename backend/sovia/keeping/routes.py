"""Keeping over HTTP: how whole the library is, prove it, what is not as it was, mend it."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from sovia.account.deps import CurrentUser
from sovia.keeping import queries, service
from sovia.keeping.mirroring import showing
from sovia.keeping.queries import FaultyFile
from sovia.keeping.schemas import MendIn, ProofIn
from sovia.kit import disk, jobs
from sovia.kit.answers import Json
from sovia.kit.db import Session
from sovia.kit.settings import Settings

router = APIRouter(prefix="/api/keeping", tags=["keeping"])
Limit = Annotated[int, Query(ge=1, le=500)]


@router.get("/health")
async def show_health(request: Request, user: CurrentUser, session: Session) -> Response:
    """How many files are intact, and which are not in what way; when that was proven, and when a backup was."""
    settings: Settings = request.app.state.settings
    found = await queries.health(session, user.id)
    last = await queries.last_of(session, user.id, (service.PROVE, service.NIGHTLY, "ops.make_backup"))
    return Json(
        found
        | {
            "away": await queries.count_away(session, user.id),
            "last_looked_at": max(
                (last[kind] for kind in (service.PROVE, service.NIGHTLY) if kind in last), default=None
            ),
            "last_backup_at": last.get("ops.make_backup"),
            "mirror": await showing.trouble(session, user.id, settings),
            "verify_days": settings.verify_days,
            "free_bytes": await asyncio.to_thread(disk.free_bytes, settings.media_root),
        }
    )


@router.post("/proofs", status_code=202)
async def prove(given: ProofIn, user: CurrentUser, session: Session) -> Response:
    """Have files proven; the job that does it."""
    job_id = await service.prove_soon(session, user.id, text=given.filter, full=given.full)
    return await _job(session, user.id, job_id)


@router.get("/faults")
async def list_faults(
    user: CurrentUser, session: Session, limit: Limit = 100, after: Annotated[str, Query(max_length=80)] = ""
) -> Response:
    """Files that are not what they were; `next` leads to the rest."""
    found = await queries.faulty_files(session, user.id, limit=limit + 1, after=_key(after))
    shown = found[:limit]
    more = f"{shown[-1].post_id}.{shown[-1].role}.{shown[-1].position}" if len(found) > limit else None
    return Json({"faults": [_shown(one) for one in shown], "next": more})


@router.get("/strays")
async def list_strays(user: CurrentUser, session: Session, limit: Limit = 100) -> Response:
    """Files among the media that no post names; nothing is done about them."""
    found = await queries.strays(session, user.id, limit=limit)
    return Json({"strays": [{"path": one.path, "size_bytes": one.size_bytes, "seen_at": one.seen_at} for one in found]})


@router.post("/mendings", status_code=202)
async def mend(given: MendIn, user: CurrentUser, session: Session) -> Response:
    """Have faulty files mended; the job that does it. `operation` undoes it. What is replaced is put aside."""
    job_id, operation = await service.mend_soon(session, user.id, given.how, ids=given.ids, text=given.filter)
    return await _job(session, user.id, job_id, {"operation": operation.id})


async def _job(session: Session, user_id: UUID, job_id: UUID, more: dict[str, Any] | None = None) -> Response:
    job = await jobs.job_by_id(session, user_id, job_id)
    answer = {"id": job.id, "kind": job.kind, "title": job.title, "state": job.state}
    return Json(answer | (more or {}), status_code=202)


def _key(after: str) -> tuple[UUID, str, int] | None:
    """Where a page begins; an unreadable one begins at the start."""
    post_id, _, rest = after.partition(".")
    role, _, position = rest.partition(".")
    try:
        at = int(position)
        return (UUID(post_id), role, at) if role.isalpha() and 0 <= at < 30_000 else None
    except ValueError:
        return None


def _shown(file: FaultyFile) -> dict[str, Any]:
    return {
        "post_id": file.post_id,
        "role": file.role,
        "position": file.position,
        "path": file.place,
        "fault": file.fault,
        "size_bytes": file.size_bytes,
        "proven_at": file.verified_at,
        "thumbnail": file.thumbnail,
        "prompt": file.prompt,
        "kind": file.kind,
        "can_download": file.url.startswith("http"),
    }
