"""Imports whose process went away without a word: held while somebody works on them, found out when nobody does."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from uuid import UUID

import asyncpg
from sqlalchemy import Select, Uuid, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.importer.errors import Interrupted
from sovia.importer.models import Import
from sovia.kit import clock
from sovia.kit.db import Database

# The database lets go of a lock when the connection of a process that was killed ends, so nothing is to be cleaned up.
HOLD = "SELECT pg_advisory_lock(hashtextextended('sovia.import/' || $1::text, 0))"
LET_GO = "SELECT pg_advisory_unlock(hashtextextended('sovia.import/' || $1::text, 0))"
# Shared, so that two who ask at once do not take each other for the one at work.
FREE = text(
    "SELECT one FROM unnest(:ids) AS asked (one)"
    " WHERE pg_try_advisory_xact_lock_shared(hashtextextended('sovia.import/' || one::text, 0))"
).bindparams(bindparam("ids", type_=ARRAY(Uuid())))
MOST_NAMED = 5
AT_WORK = ("queued", "checking", "running")


@asynccontextmanager
async def held(database: Database, import_id: UUID) -> AsyncIterator[None]:
    """Say, for as long as the block lasts, that this process works on an import without a job."""
    async with database.reading() as connection:
        await connection.execute(HOLD, str(import_id))
        try:
            yield
        finally:
            with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                await connection.execute(LET_GO, str(import_id))


async def note_lost(session: AsyncSession, imports: Sequence[Import]) -> int:
    """Write down, of imports without a job that seem to go on, which ones nobody works on; how many."""
    seem = {one.id: one for one in imports if one.job_id is None and one.state in AT_WORK}
    if not seem:
        return 0
    lost = [seem[one] for one in await session.scalars(FREE, {"ids": list(seem)})]
    for one in lost:
        if one.undo is not None and one.undo.get("going"):
            # Taking it back can be asked for once more, and goes on.
            one.undo = {**one.undo, "going": False}
            one.state = "undone" if one.undo["redo"] else one.undo["was"]
            continue
        error = Interrupted()
        one.state, one.finished_at = "failed", clock.now()
        one.error_code, one.error_message = error.code, error.message
    return len(lost)


async def note_all_lost(database: Database) -> int:
    """The same for the imports of all users; how many."""
    async with database.begin() as session:
        return await note_lost(session, list(await session.scalars(seeming_to_go_on())))


async def count_lost(session: AsyncSession) -> int:
    """How many imports were interrupted and not gone on with since, found out or not; nothing is written down."""
    known = select(func.count()).where(Import.state == "failed", Import.error_code == Interrupted.code)
    seem = list(await session.scalars(seeming_to_go_on().with_only_columns(Import.id)))
    lost = list(await session.scalars(FREE, {"ids": seem})) if seem else []
    return len(lost) + int(await session.scalar(known) or 0)


async def interrupted_imports(session: AsyncSession) -> list[Import]:
    """Imports that were found to be interrupted and wait to be gone on with, the newest first; some of them."""
    query = select(Import).where(Import.state == "failed", Import.error_code == Interrupted.code)
    return list(await session.scalars(query.order_by(Import.started_at.desc()).limit(MOST_NAMED)))


def seeming_to_go_on() -> Select[Import]:
    """Imports without a job that somebody should be at work on."""
    return select(Import).where(Import.job_id.is_(None), Import.state.in_(AT_WORK))
