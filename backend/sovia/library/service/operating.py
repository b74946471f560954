"""The log of what people did: each operation remembers what stood there before, so it can be undone and done again.

Undoing changes only what still stands as the operation left it; what was changed since is left alone.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import orjson
from sqlalchemy import delete, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit import clock
from sovia.kit.db import asyncpg_connection
from sovia.kit.jobs import FINAL, Job
from sovia.library.errors import OperationIsRunning, OperationNotFound
from sovia.library.gathered import Collection, Operation, OperationItem
from sovia.library.service import removing, versions

KEPT_FOR = timedelta(days=90)
LONGEST_LABEL = 200
# What an operation that changed very much wrote to: planned as if it were still empty, questions about it take long.
WRITTEN = {
    "marks": "ANALYZE post_marks, post_tags",
    "add_items": "ANALYZE collection_items",
    "create": "ANALYZE collection_items",
}
VERY_MUCH = 5000
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('sovia.operations/' || $1::text, 0))"
# Undoes an operation, or with False does it again, in the session's transaction.
Undoer = Callable[[AsyncSession, Operation, bool], Awaitable[None]]
UNDOERS: dict[str, Undoer] = {}


def undoes(*kinds: str) -> Callable[[Undoer], Undoer]:
    """Register what undoes operations of these kinds."""

    def register(undoer: Undoer) -> Undoer:
        UNDOERS.update(dict.fromkeys(kinds, undoer))
        return undoer

    return register


async def hold(session: AsyncSession, user_id: UUID) -> asyncpg.Connection:
    """The session's connection, while no other operation of the user's goes on."""
    connection = await asyncpg_connection(session)
    await connection.execute(LOCK, str(user_id))
    return connection


async def begin(
    session: AsyncSession, user_id: UUID, kind: str, label: str, details: dict[str, Any] | None = None
) -> Operation:
    """A new operation, to which items are added before it is finished; none other goes on meanwhile."""
    await hold(session, user_id)
    operation = Operation(
        id=uuid4(),
        user_id=user_id,
        kind=kind,
        label=label[:LONGEST_LABEL],
        count=0,
        state="done",
        details=details or {},
        at=clock.now(),
    )
    session.add(operation)
    await session.flush()
    return operation


async def finish(session: AsyncSession, operation: Operation, count: int) -> Operation | None:
    """Write how much was changed; an operation that changed nothing never was. The library has a new version."""
    if not count:
        await session.delete(operation)
        await session.flush()
        return None
    operation.count, operation.state = count, "done"
    await session.flush()
    if count >= VERY_MUCH and operation.kind in WRITTEN:
        await session.execute(text(WRITTEN[operation.kind]))
    await _forget_old(session, operation.user_id)
    await versions.touch(session, operation.user_id)
    return operation


async def operation_by_id(session: AsyncSession, user_id: UUID, operation_id: UUID) -> Operation:
    """The user's operation, locked, or `OperationNotFound`."""
    query = select(Operation).where(Operation.user_id == user_id, Operation.id == operation_id)
    found: Operation | None = await session.scalar(query.with_for_update())
    if found is None:
        raise OperationNotFound(operation_id)
    return found


async def turn(session: AsyncSession, user_id: UUID, operation_id: UUID, *, back: bool) -> Operation:
    """Undo an operation, or do it again; one that is so already stays as it is."""
    await hold(session, user_id)
    await give_up_dead(session, user_id)
    operation = await operation_by_id(session, user_id, operation_id)
    if operation.state == "running":
        raise OperationIsRunning(operation_id)
    if operation.state == ("done" if back else "undone"):
        await UNDOERS[operation.kind](session, operation, back)
        operation.state = "undone" if back else "done"
        await session.flush()
        await versions.touch(session, user_id)
    return operation


async def give_up_dead(session: AsyncSession, user_id: UUID) -> None:
    """What a job should have done that ended otherwise, failed; nothing was changed."""
    ended = select(Job.id).where(Job.user_id == user_id, Job.id == Operation.job_id, Job.state.in_(FINAL)).exists()
    dead = update(Operation).where(Operation.user_id == user_id, Operation.state == "running", ended)
    await session.execute(dead.values(state="failed"), execution_options={"synchronize_session": False})


def as_json(value: object) -> str:
    """A value as `jsonb` parameters take it."""
    return orjson.dumps(value, default=str).decode()


async def _forget_old(session: AsyncSession, user_id: UUID) -> None:
    """What is long past can not be undone any more, and then what it removed is removed for good."""
    before = clock.now() - KEPT_FOR
    await removing.remove_emptied(session, user_id, before)
    # Of a trash that was emptied, the operation is what says so, as long as rows of it are left.
    items = select(OperationItem.post_id).where(OperationItem.operation_id == Operation.id).exists()
    needed = (Operation.kind == "empty") & (Operation.state == "done") & items
    await session.execute(
        delete(Operation).where(Operation.user_id == user_id, Operation.at < before, ~needed),
        execution_options={"synchronize_session": False},
    )
    await session.execute(delete(Collection).where(Collection.user_id == user_id, Collection.deleted_at < before))
