"""Importing: an export file becomes posts, chunk by chunk, from an upload, the command line or a small request."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.importer import uploads
from sovia.importer.ahead import Ahead
from sovia.importer.errors import NotAnExport
from sovia.importer.following import set_going
from sovia.importer.models import Import
from sovia.importer.queries import awaited_uploads, import_by_id
from sovia.importer.writing import write_chunk
from sovia.kit import clock, jobs
from sovia.kit.db import Database
from sovia.kit.memory import fewer_collections

PROGRESS_SECONDS = 0.35


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is: bytes of the file, and what came in so far."""

    done: int
    total: int
    counts: dict[str, Any]
    posts_per_second: float


@dataclass(frozen=True, slots=True)
class Report:
    """How an import ended: state (succeeded, partial, cancelled), what its file is, and the counts."""

    import_id: UUID
    state: str
    shape: str
    counts: dict[str, Any]
    seconds: float


OnProgress = Callable[[Progress], Awaitable[None]]
Asked = Callable[[], Awaitable[bool]]


async def start_import(session: AsyncSession, user_id: UUID, stored: Path, *, file_name: str) -> Import:
    """Want an uploaded file imported: the import and its job, in the session's transaction."""
    found = Import(id=uuid4(), user_id=user_id, file_name=file_name, stored_path=stored.name)
    session.add(found)
    await session.flush()
    payload = {"import_id": str(found.id)}
    title = f"Import {file_name}"
    found.job_id = await jobs.enqueue(session, "importer.run_import", user_id=user_id, title=title, payload=payload)
    return found


async def remove_left_overs(database: Database, state_root: Path) -> int:
    """Remove uploads that nothing will ever read: a crash, a cancelled or broken job left them; how many."""
    async with database.begin() as session:
        awaited = await awaited_uploads(session)
    return await asyncio.to_thread(uploads.remove_left_overs, uploads.folder(state_root), awaited)


async def import_file(
    database: Database, user_id: UUID, path: Path, *, on_progress: OnProgress | None = None
) -> Report:
    """Import a file of this machine in this process; the same file again simply runs again.

    Raises `NotAnExport`, or the system's own error when the file can not be opened.
    """
    import_id = uuid4()
    async with database.begin() as session:
        session.add(Import(id=import_id, user_id=user_id, file_name=path.name))
    return await run_import(database, user_id, import_id, path, on_progress=on_progress)


async def run_import(
    database: Database,
    user_id: UUID,
    import_id: UUID,
    path: Path,
    *,
    on_progress: OnProgress | None = None,
    cancelled: Asked | None = None,
) -> Report:
    """Take a file in; an import that was interrupted goes on after its last written chunk.

    Stops between two chunks when `cancelled` says so, and keeps what is done.
    """
    started = time.monotonic()
    async with database.begin() as session:
        found = await import_by_id(session, user_id, import_id)
        found.state = "running"
        done, counts = found.records_done, found.counts
    export = None
    try:
        export = await asyncio.to_thread(Ahead, path, after=done)
        await _note(database, import_id, bytes_total=export.about.bytes_total)
        with fewer_collections():
            counts, stopped = await _take_in(database, user_id, import_id, export, counts, on_progress, cancelled)
    except (NotAnExport, OSError) as error:
        await _failed(database, import_id, error)
        raise
    finally:
        if export is not None:
            await asyncio.to_thread(export.close)
    state = "cancelled" if stopped else "partial" if counts.get("problems") else "succeeded"
    await _finished(database, user_id, import_id, export, state)
    return Report(import_id, state, export.about.shape, counts, time.monotonic() - started)


async def _take_in(
    database: Database,
    user_id: UUID,
    import_id: UUID,
    export: Ahead,
    counts: dict[str, Any],
    on_progress: OnProgress | None,
    cancelled: Asked | None,
) -> tuple[dict[str, Any], bool]:
    """Have the next chunk made ready while the database takes in this one."""
    chunks = export.chunks()
    started = told = time.monotonic()
    before = counts.get("posts", 0) + counts.get("children", 0)
    coming = asyncio.create_task(asyncio.to_thread(next, chunks, None))
    try:
        while (chunk := await coming) is not None:
            coming = asyncio.create_task(asyncio.to_thread(next, chunks, None))
            counts = await write_chunk(database, user_id, import_id, chunk)
            now = time.monotonic()
            if now - told >= PROGRESS_SECONDS:
                told = now
                if cancelled is not None and await cancelled():
                    return counts, True
                if on_progress is not None:
                    rate = (counts["posts"] + counts["children"] - before) / (now - started)
                    await on_progress(Progress(chunk.bytes_done, export.about.bytes_total, counts, rate))
    finally:
        # The thread must be out of the file before it is closed.
        await asyncio.gather(coming, return_exceptions=True)
    return counts, False


async def _finished(database: Database, user_id: UUID, import_id: UUID, export: Ahead, state: str) -> None:
    values = {
        "state": state,
        "shape": export.about.shape,
        "account_id": export.about.account,
        "finished_at": clock.now(),
    }
    await _note(database, import_id, **values)
    async with database.begin() as session:
        await set_going(session, user_id)


async def _failed(database: Database, import_id: UUID, error: NotAnExport | OSError) -> None:
    known = isinstance(error, NotAnExport)
    code = error.code if isinstance(error, NotAnExport) else "unreadable_file"
    words = str(error) if known else "The file can not be opened."
    await _note(database, import_id, state="failed", error_code=code, error_message=words, finished_at=clock.now())


async def _note(database: Database, import_id: UUID, **values: object) -> None:
    async with database.begin() as session:
        await session.execute(update(Import).where(Import.id == import_id).values(values))


async def cancel_import(session: AsyncSession, user_id: UUID, import_id: UUID) -> Import:
    """Ask an import to stop; what came in stays. One that has ended stays as it is."""
    found = await import_by_id(session, user_id, import_id)
    if found.job_id is not None and found.finished_at is None:
        job = await jobs.request_cancel(session, user_id, found.job_id)
        if job.state == "cancelled":
            found.state, found.finished_at = "cancelled", clock.now()
    return found
