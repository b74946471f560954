"""Writing one chunk of an import: posts, problems and how far it is, in one transaction."""

import asyncio
from dataclasses import asdict
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.importer.ahead import ReadyChunk
from sovia.importer.models import Import, ImportProblem
from sovia.kit.db import Database
from sovia.library.service.adding import AddedCounts, add_arrivals

# More than a person reads; the count of all of them is kept.
MOST_PROBLEMS = 10_000
# Another writer's locks met ours in another order, or its new post came first: the same chunk goes in the next time.
PASSING = tuple(
    one.sqlstate for one in (asyncpg.DeadlockDetectedError, asyncpg.SerializationError, asyncpg.UniqueViolationError)
)
TRIES = 5
# How far the import is commits with its posts, so a chunk that a power cut takes away is simply read again.
LATER_TO_DISK = text("SET LOCAL synchronous_commit = off")


async def write_chunk(database: Database, user_id: UUID, import_id: UUID, chunk: ReadyChunk) -> dict[str, Any]:
    """Take a chunk in; the import's counts so far. What is counted and what is in the library commit together."""
    for attempt in range(1, TRIES + 1):
        try:
            async with database.begin() as session:
                return await _write(session, user_id, import_id, chunk)
        except (asyncpg.PostgresError, DBAPIError) as error:
            if attempt == TRIES or not passes(error):
                raise
            await asyncio.sleep(0.05 * attempt)
    raise AssertionError


def passes(error: asyncpg.PostgresError | DBAPIError) -> bool:
    """Whether trying again may help; the driver's error comes as it is, or wrapped by the session."""
    said = error.orig if isinstance(error, DBAPIError) else error
    return getattr(said, "sqlstate", None) in PASSING


async def _write(session: AsyncSession, user_id: UUID, import_id: UUID, chunk: ReadyChunk) -> dict[str, Any]:
    await session.execute(LATER_TO_DISK)
    added = await add_arrivals(session, user_id, chunk.posts, chunk.words)
    counts = await session.scalar(select(Import.counts).where(Import.id == import_id)) or {}
    counts = counted(counts, added, chunk)
    await keep_problems(session, import_id, chunk)
    values = {"counts": counts, "records_done": chunk.records, "bytes_done": chunk.bytes_done}
    await session.execute(update(Import).where(Import.id == import_id).values(values))
    return counts


def counted(counts: dict[str, Any], added: AddedCounts, chunk: ReadyChunk) -> dict[str, Any]:
    """The counts of an import with one more chunk."""
    errors = sum(1 for one in chunk.problems if one.severity == "error")
    more = asdict(added) | {
        "records": chunk.records - counts.get("records", 0),
        "posts": len(chunk.posts) - chunk.children,
        "children": chunk.children,
        "problems": errors,
        "warnings": len(chunk.problems) - errors,
    }
    return {name: counts.get(name, 0) + more[name] for name in more}


async def keep_problems(session: AsyncSession, import_id: UUID, chunk: ReadyChunk) -> None:
    """Keep what could not be used, numbered in the order of the file, up to a limit."""
    if not chunk.problems:
        return
    query = select(func.coalesce(func.max(ImportProblem.number) + 1, 0)).where(ImportProblem.import_id == import_id)
    first = int(await session.scalar(query) or 0)
    session.add_all(
        ImportProblem(
            import_id=import_id,
            number=first + number,
            position=one.position,
            record_index=one.index,
            line=one.line,
            record_id=one.record_id,
            severity=one.severity,
            code=one.code,
            reason=one.reason,
            excerpt=one.excerpt,
        )
        for number, one in enumerate(chunk.problems[: max(0, MOST_PROBLEMS - first)])
    )
