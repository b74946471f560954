"""Marks of many posts, and the trash: at once, or by a job when they are very many."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.collection.filtering import targets_of
from sovia.collection.targets import Targets
from sovia.kit import jobs
from sovia.kit.db import asyncpg_connection
from sovia.library.gathered import Operation
from sovia.library.models import Post
from sovia.library.service import discarding, marking, operating

# More than this is done by a job: rows of posts are wide, and so is what changes with them.
MOST_AT_ONCE = {"marks": 120_000, "trash": 20_000, "liked": 20_000}
JOB = "collection.change_posts"
Change = dict[str, Any]


async def mark(
    session: AsyncSession, user_id: UUID, wanted: Change, *, ids: list[UUID] | None, typed: str | None
) -> Operation | None:
    """Give posts marks; an operation that is `running` is done by a job."""
    return await _change(session, user_id, "marks", label_of(wanted), wanted, ids, typed)


async def trash(session: AsyncSession, user_id: UUID, *, ids: list[UUID] | None, typed: str | None) -> Operation | None:
    """Put posts, with everything made from them, into the trash."""
    return await _change(session, user_id, "trash", "Moved to the trash", {}, ids, typed)


async def carry_out(session: AsyncSession, operation: Operation, targets: Targets) -> Operation | None:
    """Do what an operation says to these posts, in the session's transaction."""
    connection, wanted = await asyncpg_connection(session), operation.details
    named = {"operation": operation.id, "user": operation.user_id}
    if operation.kind == "trash":
        await discarding.hold_posts(connection, operation)
        count = await targets.run(connection, discarding.RECORD, **named)
        await discarding.apply(session, operation)
    else:
        await marking.hold_posts(connection, operation, wanted)
        count = await targets.run(connection, marking.RECORD, wanted=operating.as_json(wanted), **named)
        if count:
            await marking.apply(session, operation, wanted)
    return await operating.finish(session, operation, count)


async def carry_out_later(session: AsyncSession, user_id: UUID, operation_id: UUID, asked: Change) -> int:
    """What the job does: all of it in one transaction, so that it may be killed at any time; how many posts changed."""
    await operating.hold(session, user_id)
    operation = await operating.operation_by_id(session, user_id, operation_id)
    if operation.state != "running":
        return operation.count
    ids = None if asked["ids"] is None else [UUID(one) for one in asked["ids"]]
    targets = await targets_of(session, user_id, ids, asked["filter"])
    done = await carry_out(session, operation, targets)
    return done.count if done else 0


async def fail(session: AsyncSession, user_id: UUID, operation_id: UUID) -> None:
    """The job could not do it, and nothing was changed."""
    query = update(Operation).where(Operation.user_id == user_id, Operation.id == operation_id)
    await session.execute(query.where(Operation.state == "running").values(state="failed"))


def label_of(wanted: Change) -> str:
    """What people are told was done."""
    parts = []
    if "liked" in wanted:
        parts.append({True: "liked", False: "unliked", None: "like removed"}[wanted["liked"]])
    if "rating" in wanted:
        parts.append(f"rated {wanted['rating']}" if wanted["rating"] else "rating removed")
    if "status" in wanted:
        parts.append(f"status {wanted['status']}" if wanted["status"] else "status removed")
    parts += ["tagged " + ", ".join(wanted["add_tags"])] if wanted.get("add_tags") else []
    parts += ["untagged " + ", ".join(wanted["remove_tags"])] if wanted.get("remove_tags") else []
    return "; ".join(parts).capitalize() if parts else "Nothing"


async def _change(
    session: AsyncSession,
    user_id: UUID,
    kind: str,
    label: str,
    wanted: Change,
    ids: list[UUID] | None,
    typed: str | None,
) -> Operation | None:
    targets = await targets_of(session, user_id, ids, typed)
    operation = await operating.begin(session, user_id, kind, label, wanted)
    most = MOST_AT_ONCE["liked" if "liked" in wanted else kind]
    if await _count(session, targets, ids, most) <= most:
        return await carry_out(session, operation, targets)
    operation.state = "running"
    payload = {"operation": str(operation.id), "ids": None if ids is None else list(map(str, ids)), "filter": typed}
    operation.job_id = await jobs.enqueue(session, JOB, user_id=user_id, title=label, payload=payload)
    await session.flush()
    return operation


async def _count(session: AsyncSession, targets: Targets, ids: list[UUID] | None, most: int) -> int:
    """How many targets there are, counted no further than needed."""
    if ids is not None:
        return len(ids)
    connection = await asyncpg_connection(session)
    counting = f"SELECT count(*) FROM (SELECT FROM ({targets.sql}) t LIMIT {most + 1}) few"  # noqa: S608
    return int(await connection.fetchval(counting, *targets.values))


async def is_liked(session: AsyncSession, user_id: UUID, post_id: UUID) -> bool:
    """Whether a post is liked, told while no other operation of the user's goes on."""
    await operating.hold(session, user_id)
    query = select(func.coalesce(Post.liked, False)).where(Post.user_id == user_id, Post.id == post_id)
    return bool(await session.scalar(query))
