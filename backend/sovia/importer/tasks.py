"""Importing as a background job."""

import asyncio
from typing import Any
from uuid import UUID

from sovia.importer import service, uploads
from sovia.importer.queries import import_by_id
from sovia.kit import settings
from sovia.kit.errors import SoviaError
from sovia.kit.jobs import JobContext, task


@task("importer.run_import")
async def run_import(job: JobContext) -> dict[str, Any]:
    """Take in an uploaded export; after a crash it goes on where the last chunk was written."""
    import_id = UUID(job.payload["import_id"])
    async with job.database.begin() as session:
        found = await import_by_id(session, job.user_id, import_id)
        stored = uploads.folder(settings.current().state_root) / (found.stored_path or "")

    async def tell(progress: service.Progress) -> None:
        counts = progress.counts
        note = f"{counts['posts'] + counts['children']:,} posts, {progress.posts_per_second:,.0f} a second"
        await job.progress(progress.done, progress.total, note)

    try:
        report = await service.run_import(
            job.database, job.user_id, import_id, stored, on_progress=tell, cancelled=job.cancelled
        )
    except SoviaError:
        await asyncio.to_thread(uploads.remove, stored)
        raise
    await asyncio.to_thread(uploads.remove, stored)
    return {"import_id": str(import_id), "counts": report.counts, "cancelled": report.state == "cancelled"}
