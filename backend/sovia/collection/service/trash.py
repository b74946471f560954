"""Out of the trash: back into the library, or away; at once, or by a job when it is very much."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sovia.collection.errors import TrashHasChanged
from sovia.collection.trashed import count_of
from sovia.kit import jobs
from sovia.library.gathered import Operation
from sovia.library.service import operating, restoring

# More than this is done by a job; emptying only writes down what is meant.
MOST_AT_ONCE = {"restore": 20_000, "empty": 100_000}
LABELS = {"restore": "Taken out of the trash", "empty": "Trash emptied"}
JOB = "collection.change_trash"


async def restore(session: AsyncSession, user_id: UUID, ids: list[UUID] | None) -> Operation | None:
    """Take posts out of the trash with what went with them; everything without ids."""
    return await _change(session, user_id, "restore", ids, len(ids) if ids is not None else None)


async def empty(session: AsyncSession, user_id: UUID, confirmed: int) -> Operation | None:
    """Empty the trash of the number of posts that somebody has read and typed, or `TrashHasChanged`."""
    await operating.hold(session, user_id)
    count = await count_of(session, user_id)
    if confirmed != count:
        raise TrashHasChanged(count)
    return await _change(session, user_id, "empty", None, count)


async def carry_out(session: AsyncSession, operation: Operation, ids: list[UUID] | None) -> Operation | None:
    """Do what an operation says, in the session's transaction."""
    count = await restoring.record(session, operation, ids)
    if operation.kind == "restore" and count:
        await restoring.restore(session, operation)
    return await operating.finish(session, operation, count)


async def carry_out_later(session: AsyncSession, user_id: UUID, operation_id: UUID, asked: dict[str, Any]) -> int:
    """What the job does, all of it in one transaction; how many posts changed."""
    await operating.hold(session, user_id)
    operation = await operating.operation_by_id(session, user_id, operation_id)
    if operation.state != "running":
        return operation.count
    ids = None if asked["ids"] is None else [UUID(one) for one in asked["ids"]]
    done = await carry_out(session, operation, ids)
    return done.count if done else 0


async def _change(
    session: AsyncSession, user_id: UUID, kind: str, ids: list[UUID] | None, count: int | None
) -> Operation | None:
    operation = await operating.begin(session, user_id, kind, LABELS[kind])
    if count is None:
        count = await count_of(session, user_id)
    if count <= MOST_AT_ONCE[kind]:
        return await carry_out(session, operation, ids)
    operation.state = "running"
    payload = {"operation": str(operation.id), "ids": None if ids is None else list(map(str, ids))}
    operation.job_id = await jobs.enqueue(session, JOB, user_id=user_id, title=LABELS[kind], payload=payload)
    await session.flush()
    return operation
