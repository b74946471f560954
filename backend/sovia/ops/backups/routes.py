"""Backups over HTTP: what there is, one more, prove one, restore one and follow how that goes."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request, Response

from sovia.account.deps import CurrentUser
from sovia.kit import disk, jobs
from sovia.kit.answers import Json
from sovia.kit.db import Database, Session
from sovia.kit.settings import Settings
from sovia.ops import revisions, schedule
from sovia.ops.backups import places, service, states
from sovia.ops.backups.places import Backup
from sovia.ops.events import job_answer

router = APIRouter(prefix="/api", tags=["backups"])
MOST_SHOWN = 200


@router.get("/backups")
async def list_backups(request: Request, _user: CurrentUser) -> Response:
    """The backups in the archive, newest first, when the next one is due, and how the last restore went."""
    settings: Settings = request.app.state.settings
    found = await asyncio.to_thread(_look, settings)
    return Json(found)


@router.post("/backups", status_code=202)
async def make_backup(user: CurrentUser, session: Session) -> Response:
    """Have a backup made and proven; the job that does it."""
    job_id = await service.make_soon(session, user.id)
    return Json(job_answer(await jobs.job_by_id(session, user.id, job_id)), status_code=202)


@router.post("/backups/{backup}/prove", status_code=202)
async def prove_backup(backup: str, request: Request, user: CurrentUser, session: Session) -> Response:
    """Have a backup restored into a copy and counted; the job that does it."""
    job_id = await service.prove_soon(session, user.id, request.app.state.settings, backup)
    return Json(job_answer(await jobs.job_by_id(session, user.id, job_id)), status_code=202)


@router.post("/backups/{backup}/restore", status_code=202)
async def restore_backup(backup: str, request: Request, _user: CurrentUser) -> Response:
    """Begin to put a backup in the library's place, after a backup of what is here; see `GET /api/restore`."""
    database: Database = request.app.state.database
    begun = await service.start_restore(request.app.state.settings, database.url, backup)
    return Json(begun.model_dump(), status_code=202)


@router.get("/restore")
async def show_restore(request: Request, _user: CurrentUser) -> Response:
    """How the last restore goes or went; it can be asked for while the database is away."""
    settings: Settings = request.app.state.settings
    found = await asyncio.to_thread(states.read, settings.state_root, settings.archive_root)
    return Json({"restore": found.model_dump() if found else None})


def _look(settings: Settings) -> dict[str, Any]:
    found = places.backups(settings.archive_root)
    last = states.read(settings.state_root, settings.archive_root)
    due = schedule.next_due(settings.backup_at)
    return {
        "backups": [shown(one) for one in found[:MOST_SHOWN]],
        "count": len(found),
        "next_at": due,
        "keep": settings.backup_keep,
        "keep_days": settings.backup_keep_days,
        "free_bytes": disk.free_bytes(settings.archive_root),
        "restore": last.model_dump() if last else None,
    }


def shown(found: Backup) -> dict[str, Any]:
    """A backup as answers show it. `can_restore` says whether this version knows its tables."""
    manifest, proof = found.manifest, found.proof
    tables = manifest.tables if manifest else {}
    posts, files = tables.get("public.posts"), tables.get("public.files")
    return {
        "name": found.name,
        "state": found.state,
        "damaged": found.damaged,
        "size_bytes": found.size_bytes,
        "kind": manifest.kind if manifest else None,
        "made_at": manifest.made_at if manifest else None,
        "version": manifest.version if manifest else None,
        "postgres": manifest.postgres if manifest else None,
        "posts": posts.rows if posts else None,
        "files": files.rows if files else None,
        "rows": sum(table.rows for table in tables.values()) if manifest else None,
        "proven_at": proof.at if proof and proof.proven else None,
        "proof": proof.model_dump() if proof else None,
        "can_restore": manifest is not None and set(manifest.revision.split(",")) <= revisions.known(),
    }
