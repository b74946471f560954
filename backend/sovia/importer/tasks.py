"""Importing as background jobs: looking, taking in, taking back."""

import asyncio
import time
from typing import Any
from uuid import UUID

from sqlalchemy import select

from sovia.importer import checking, service, undoing, uploads
from sovia.importer.errors import NoRoomForImport, NotAnExport
from sovia.importer.models import Import
from sovia.importer.queries import import_by_id
from sovia.importer.sources import Part
from sovia.importer.states import stored_of
from sovia.importer.steering import parts_of
from sovia.kit import settings
from sovia.kit.disk import free_bytes
from sovia.kit.jobs import Job, JobContext, task

ROOM_EVERY_SECONDS = 5.0


@task("importer.run_import")
async def run_import(job: JobContext) -> dict[str, Any]:
    """Take in what was uploaded; after a crash it goes on where the last chunk was written."""
    import_id, parts, stored = await _wanted(job)
    try:
        report = await service.run_import(
            job.database,
            job.user_id,
            import_id,
            parts,
            on_progress=_telling(job),
            cancelled=_stopping(job, import_id),
            keep_in=settings.current().media_root,
        )
    except (NotAnExport, OSError):
        await asyncio.to_thread(uploads.remove_all, settings.current().state_root, stored)
        raise
    if report.state != "paused":
        await asyncio.to_thread(uploads.remove_all, settings.current().state_root, stored)
    return {
        "import_id": str(import_id),
        "counts": report.counts,
        "paused": report.state == "paused",
        "cancelled": report.state == "cancelled",
    }


@task("importer.check_import")
async def check_import(job: JobContext) -> dict[str, Any]:
    """Say what an import would do; after a crash it begins again, since it has changed nothing."""
    import_id, parts, stored = await _wanted(job)
    try:
        state = await checking.check_import(
            job.database,
            job.user_id,
            import_id,
            parts,
            settings.current().home,
            on_progress=_telling(job),
            cancelled=job.cancelled,
        )
    except (NotAnExport, OSError):
        await asyncio.to_thread(uploads.remove_all, settings.current().state_root, stored)
        raise
    if state == "cancelled":
        await asyncio.to_thread(uploads.remove_all, settings.current().state_root, stored)
    return {"import_id": str(import_id), "cancelled": state == "cancelled"}


@task("importer.undo_import")
async def undo_import(job: JobContext) -> dict[str, Any]:
    """Take an import back, or bring it again, in steps; after a crash it goes on with what is left."""

    async def tell(done: int, total: int) -> None:
        await job.progress(done, total)

    import_id = UUID(job.payload["import_id"])
    media = settings.current().media_root
    return await undoing.carry_out(job.database, job.user_id, import_id, media_root=media, on_progress=tell)


async def _wanted(job: JobContext) -> tuple[UUID, list[Part], list[str]]:
    import_id = UUID(job.payload["import_id"])
    found_settings = settings.current()
    async with job.database.begin() as session:
        found = await import_by_id(session, job.user_id, import_id)
        return import_id, parts_of(found, found_settings.state_root, found_settings.import_root), stored_of(found)


def _telling(job: JobContext) -> service.OnProgress:
    async def tell(progress: service.Progress) -> None:
        counts = progress.counts
        posts = counts.get("posts", 0) + counts.get("children", 0)
        note = f"{posts:,} posts, {progress.posts_per_second:,.0f} a second"
        await job.progress(progress.done, progress.total, note)

    return tell


def _stopping(job: JobContext, import_id: UUID) -> service.Asked:
    """Whether a person wants it to stop, for good or for a while; `NoRoomForImport` before the disk is full."""
    wanted = (
        select(Job.cancel_requested | Import.pause_requested)
        .join(Import, Import.user_id == Job.user_id)
        .where(Job.id == job.id, Import.id == import_id)
    )
    looked = 0.0

    async def asked() -> bool:
        nonlocal looked
        if time.monotonic() - looked >= ROOM_EVERY_SECONDS:
            looked = time.monotonic()
            if await asyncio.to_thread(free_bytes, settings.current().state_root) < uploads.FLOOR_BYTES // 2:
                raise NoRoomForImport
        async with job.database.begin() as session:
            return bool(await session.scalar(wanted))

    return asked
