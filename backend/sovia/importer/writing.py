"""Writing one chunk of an import: posts, problems and how far it is, in one transaction."""

import asyncio
from dataclasses import asdict
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.importer.ahead import ReadyChunk
from sovia.importer.export import Chunk
from sovia.importer.models import Import, ImportProblem
from sovia.importer.options import Options
from sovia.kit.db import Database, asyncpg_connection
from sovia.library.service import belonging
from sovia.library.service.adding import AddedCounts, Journal, Terms, add_arrivals
from sovia.library.service.edges import add_edges

# More than a person reads; the count of all of them is kept.
MOST_PROBLEMS = 10_000
# Another writer's locks met ours in another order, or its new post came first: the same chunk goes in the next time.
PASSING = tuple(
    one.sqlstate for one in (asyncpg.DeadlockDetectedError, asyncpg.SerializationError, asyncpg.UniqueViolationError)
)
TRIES = 5
# How far the import is commits with its posts, so a chunk that a power cut takes away is simply read again.
LATER_TO_DISK = text("SET LOCAL synchronous_commit = off")
KEEP = """
INSERT INTO import_changes AS kept (import_id, post_id, brought, before, after)
SELECT $1, new.* FROM unnest($2::uuid[], $3::boolean[], $4::jsonb[], $5::jsonb[])
  AS new (post_id, brought, before, after)
ON CONFLICT (import_id, post_id) DO UPDATE SET
  brought = kept.brought OR excluded.brought,
  before = CASE WHEN excluded.before IS NULL THEN kept.before ELSE excluded.before || coalesce(kept.before, '{}') END,
  after = CASE WHEN excluded.after IS NULL THEN kept.after ELSE coalesce(kept.after, '{}') || excluded.after END
WHERE excluded.before IS NOT NULL OR (excluded.brought AND NOT kept.brought)
"""
KEEP_OWNER = """
INSERT INTO import_changes (import_id, post_id)
SELECT new.import_id, new.post_id FROM unnest($1::uuid[], $2::uuid[]) AS new (import_id, post_id)
JOIN imports i ON i.id = new.import_id
ON CONFLICT DO NOTHING
"""


async def write_chunk(
    database: Database, user_id: UUID, import_id: UUID, chunk: ReadyChunk, options: Options | None = None
) -> dict[str, Any]:
    """Take a chunk in; the import's counts so far. What is counted and what is in the library commit together."""
    options = options or Options()
    for attempt in range(1, TRIES + 1):
        try:
            async with database.begin() as session:
                return await _write(session, user_id, import_id, chunk, options)
        except (asyncpg.PostgresError, DBAPIError) as error:
            if attempt == TRIES or not passes(error):
                raise
            await asyncio.sleep(0.05 * attempt)
    raise AssertionError


def passes(error: asyncpg.PostgresError | DBAPIError) -> bool:
    """Whether trying again may help; the driver's error comes as it is, or wrapped by the session."""
    said = error.orig if isinstance(error, DBAPIError) else error
    return getattr(said, "sqlstate", None) in PASSING


async def _write(
    session: AsyncSession, user_id: UUID, import_id: UUID, chunk: ReadyChunk, options: Options
) -> dict[str, Any]:
    await session.execute(LATER_TO_DISK)
    terms = await terms_of(session, user_id, import_id, options)
    added = await add_arrivals(session, user_id, chunk.posts, chunk.words, terms)
    await add_edges(session, user_id, chunk.edges, terms)
    await belonging.put_back(session, user_id, import_id, chunk.belongings)
    await keep_journal(session, import_id, terms.journal)
    row = (await session.execute(select(Import.counts, Import.files).where(Import.id == import_id))).one_or_none()
    before: dict[str, Any] = row[0] if row else {}
    files: list[dict[str, Any]] = row[1] if row else []
    counts = counted(before, added, chunk)
    await keep_problems(session, import_id, chunk)
    values = {
        "counts": counts,
        "records_done": chunk.records,
        "bytes_done": chunk.bytes_done,
        "files": with_chunk(files, chunk, chunk.records - before.get("records", 0)),
    }
    await session.execute(update(Import).where(Import.id == import_id).values(values))
    return counts


async def terms_of(session: AsyncSession, user_id: UUID, import_id: UUID, options: Options) -> Terms:
    """How the posts of an import are taken in."""
    undone = await session.scalars(
        select(Import.undone_at).where(Import.user_id == user_id, Import.undone_at.is_not(None))
    )
    moments = frozenset(one for one in undone if one is not None)
    return Terms(import_id, options.likes, options.skip_deleted, moments)


async def keep_journal(session: AsyncSession, import_id: UUID, journal: Journal) -> None:
    """Keep what an import found here already, and what it changed of that, so that it can be undone."""
    ids = sorted(journal.seen | journal.before.keys())
    connection = await asyncpg_connection(session)
    if ids:
        brought = [post_id in journal.seen for post_id in ids]
        before, after = ([_json(side.get(post_id)) for post_id in ids] for side in (journal.before, journal.after))
        await connection.execute(KEEP, import_id, ids, brought, before, after)
    if journal.taken_over:
        await connection.execute(KEEP_OWNER, list(journal.taken_over.values()), list(journal.taken_over))


def _json(values: dict[str, Any] | None) -> str | None:
    return orjson.dumps(values, default=str).decode() if values else None


def with_chunk(files: list[dict[str, Any]], chunk: Chunk | ReadyChunk, records: int) -> list[dict[str, Any]]:
    """The files of an import with one more chunk of one of them read."""
    if chunk.file >= len(files):
        return files
    one = files[chunk.file]
    more = {"records": records, "posts": len(chunk.posts) - chunk.children, "children": chunk.children}
    read = one | {name: one.get(name, 0) + number for name, number in more.items()} | chunk.said.kept_with(one)
    if chunk.ends_file:
        read |= {"shape": chunk.shape or None, "done": True}
    return [*files[: chunk.file], read, *files[chunk.file + 1 :]]


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
    return counts | {name: counts.get(name, 0) + more[name] for name in more}


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
            file_name=chunk.file_name or None,
        )
        for number, one in enumerate(chunk.problems[: max(0, MOST_PROBLEMS - first)])
    )
