"""Importing: an export file becomes posts, chunk by chunk, from an upload, the command line or a small request."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from sovia.importer import uploads
from sovia.importer.ahead import Ahead
from sovia.importer.errors import DatabaseWentAway, NoRoomForImport, NotAnExport
from sovia.importer.following import have_fetched, set_going
from sovia.importer.gathering import gather
from sovia.importer.models import Import, Upload
from sovia.importer.options import Options
from sovia.importer.queries import awaited_uploads, import_by_id
from sovia.importer.sources import Part
from sovia.importer.writing import write_chunk
from sovia.kit import clock
from sovia.kit.db import Database
from sovia.kit.errors import OutOfSpace, SoviaError, Unavailable
from sovia.kit.memory import fewer_collections
from sovia.library.service import versions

PROGRESS_SECONDS = 0.35
# What is set back when a file is read again from its beginning.
UNREAD = ("shape", "records", "posts", "children", "done", "owners", "without_zone")


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


async def remove_left_overs(database: Database, state_root: Path) -> int:
    """Remove uploads that nothing will ever read: a crash, a cancelled or broken job left them; how many."""
    async with database.begin() as session:
        await session.execute(delete(Upload).where(Upload.expires_at < clock.now()))
        awaited = await awaited_uploads(session)
    return await asyncio.to_thread(uploads.remove_left_overs, uploads.folder(state_root), awaited)


async def import_file(
    database: Database,
    user_id: UUID,
    path: Path,
    *,
    keep_in: Path | None = None,
    on_progress: OnProgress | None = None,
) -> Report:
    """Import a file of this machine in this process; the same file again simply runs again.

    `keep_in` is the media folder, in which media that come along are kept.
    Raises `NotAnExport`, or the system's own error when the file can not be opened.
    """
    import_id = uuid4()
    async with database.begin() as session:
        session.add(Import(id=import_id, user_id=user_id, file_name=path.name))
    return await run_import(database, user_id, import_id, path, keep_in=keep_in, on_progress=on_progress)


async def run_import(
    database: Database,
    user_id: UUID,
    import_id: UUID,
    files: Path | Sequence[Part],
    *,
    on_progress: OnProgress | None = None,
    cancelled: Asked | None = None,
    keep_in: Path | None = None,
) -> Report:
    """Take files in; an import that was interrupted goes on after its last written chunk.

    Stops between two chunks when `cancelled` says so, and keeps what is done: paused, when a pause was asked for.
    `keep_in` is the media folder, in which media that come along are kept.
    """
    started = time.monotonic()
    parts = [Part(files, files.name)] if isinstance(files, Path) else files
    async with database.begin() as session:
        found = await import_by_id(session, user_id, import_id)
        found.state = "running"
        done, counts, options = found.records_done, found.counts, Options.model_validate(found.options)
        stopped = found.pause_requested
    source = None
    try:
        source = await asyncio.to_thread(Ahead, parts, options, after=done, keep_in=keep_in)
        await _note(database, import_id, bytes_total=source.about.bytes_total)
        if not stopped:
            with fewer_collections():
                counts, stopped = await _take_in(
                    database, user_id, import_id, source, counts, options, on_progress, cancelled
                )
            counts = await gather(database, user_id, import_id) if options.gathers else counts
    except (asyncpg.PostgresError, asyncpg.InterfaceError, SQLAlchemyError, ConnectionError) as error:
        named = known_failure(error)
        if named is None:
            raise
        with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, SQLAlchemyError, OSError):
            await _failed(database, import_id, named.code, named.message)
        raise named from error
    except (OutOfSpace, Unavailable) as error:
        await _failed(database, import_id, error.code, error.message)
        raise
    except (NotAnExport, OSError) as error:
        await note_unreadable(database, import_id, error)
        raise
    finally:
        if source is not None:
            await asyncio.to_thread(source.close)
    state = await _finished(database, user_id, import_id, source, stopped=stopped)
    return Report(import_id, state, source.about.shape, counts, time.monotonic() - started)


async def _take_in(
    database: Database,
    user_id: UUID,
    import_id: UUID,
    export: Ahead,
    counts: dict[str, Any],
    options: Options,
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
            counts = await write_chunk(database, user_id, import_id, chunk, options)
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


async def _finished(database: Database, user_id: UUID, import_id: UUID, source: Ahead, *, stopped: bool) -> str:
    """Write the report, and want what follows, in one transaction; the import's state now."""
    async with database.begin() as session:
        found = await import_by_id(session, user_id, import_id)
        state = "partial" if found.counts.get("problems") else "succeeded"
        if stopped:
            state = "paused" if found.pause_requested else "cancelled"
        shapes = {one["shape"] for one in found.files if one.get("shape")}
        found.shape = "several" if len(shapes) > 1 else next(iter(shapes), source.about.shape or found.shape)
        found.account_id = source.about.account or found.account_id
        found.state, found.pause_requested = state, False
        found.finished_at = None if state == "paused" else clock.now()
        if found.job_id is not None and found.counts.get("same"):
            # What it brought is a view that somebody may have open, also when nothing of it changed.
            await versions.touch(session, user_id)
        await set_going(session, user_id)
        if not stopped and Options.model_validate(found.options).fetch:
            await have_fetched(session, user_id, import_id)
    return state


def known_failure(error: Exception) -> SoviaError | None:
    """The name of what went wrong with the database: full, or away; nothing for a bug of ours."""
    said = error.orig if isinstance(error, DBAPIError) else error
    state = getattr(said, "sqlstate", None) or ""
    if state == asyncpg.DiskFullError.sqlstate:
        return NoRoomForImport()
    broken = isinstance(error, DBAPIError) and error.connection_invalidated
    if broken or isinstance(said, (ConnectionError, asyncpg.InterfaceError)) or state.startswith(("08", "57P")):
        return DatabaseWentAway()
    return None


async def note_unreadable(database: Database, import_id: UUID, error: NotAnExport | OSError) -> None:
    """Write down that a file is no export, or can not be opened."""
    if isinstance(error, NotAnExport):
        await _failed(database, import_id, error.code, error.message)
    else:
        await _failed(database, import_id, "unreadable_file", "The file can not be opened.")


async def _failed(database: Database, import_id: UUID, code: str, words: str) -> None:
    await _note(database, import_id, state="failed", error_code=code, error_message=words, finished_at=clock.now())


async def _note(database: Database, import_id: UUID, **values: object) -> None:
    async with database.begin() as session:
        await session.execute(update(Import).where(Import.id == import_id).values(values))
