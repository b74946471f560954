"""The trash: what lies in it, what comes back out of it, and what is emptied out of it; each can be undone.

Emptying writes down which posts are meant, and nothing else: they are not in the trash any more, and their rows go when
it can not be undone any longer (`removing`). Files stay where they are.
"""

from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit import clock
from sovia.kit.db import asyncpg_connection
from sovia.library.gathered import Operation
from sovia.library.service import operating
from sovia.library.service.discarding import LEAVE_TRASHED, WAITED_FOR, hold_posts
from sovia.library.service.settling import settle
from sovia.library.service.trashing import JOIN

# What went with an undone import comes back with it; what was emptied is there no more.
IN_TRASH = """
p.user_id = $1 AND p.deleted_at IS NOT NULL
AND NOT EXISTS (SELECT FROM imports i WHERE i.id = p.import_id AND i.undone_at = p.deleted_at)
AND NOT EXISTS (
  SELECT FROM operations o JOIN operation_items x ON x.operation_id = o.id
  WHERE o.user_id = $1 AND o.kind = 'empty' AND o.state = 'done' AND x.post_id = p.id
    AND (x.was->>'deleted_at')::timestamptz = p.deleted_at)
"""
# What went together is one thing: the post that stood highest.
HIGHEST = """
NOT EXISTS (SELECT FROM posts above
  WHERE above.user_id = $1 AND above.id = p.parent_id AND above.deleted_at = p.deleted_at)
"""
# `asked` is null for everything.
RECORD = f"""
INSERT INTO operation_items (operation_id, post_id, was)
WITH RECURSIVE below AS (
  SELECT p.id, p.deleted_at FROM posts p WHERE {IN_TRASH} AND ($3::uuid[] IS NULL OR p.id = ANY($3::uuid[]))
  UNION
  SELECT c.id, c.deleted_at FROM below b
  JOIN posts c ON c.user_id = $1 AND c.parent_id = b.id AND c.deleted_at = b.deleted_at
)
SELECT $2, id, jsonb_build_object('deleted_at', deleted_at) FROM below
"""  # noqa: S608 - our own words
COME_BACK = """
UPDATE posts p SET deleted_at = NULL, updated_at = $3 FROM operation_items o
WHERE o.operation_id = $1 AND p.user_id = $2 AND p.id = o.post_id
  AND p.deleted_at = (o.was->>'deleted_at')::timestamptz
"""
GO_AGAIN = """
UPDATE posts p SET deleted_at = (o.was->>'deleted_at')::timestamptz, updated_at = $3 FROM operation_items o
WHERE o.operation_id = $1 AND p.user_id = $2 AND p.id = o.post_id AND p.deleted_at IS NULL
"""
# What was made from them meanwhile stays, by itself, and finds them again when they come back.
LET_GO = """
UPDATE posts c SET wanted_parent_id = coalesce(c.wanted_parent_id, c.parent_id), parent_id = NULL, root_id = c.id
FROM operation_items o
WHERE o.operation_id = $1 AND c.user_id = $2 AND c.parent_id = o.post_id AND c.deleted_at IS NULL
  AND NOT EXISTS (SELECT FROM operation_items also WHERE also.operation_id = $1 AND also.post_id = c.id)
RETURNING c.id
"""
ROOTS = """
SELECT DISTINCT p.root_id FROM operation_items o
JOIN posts p ON p.user_id = $2 AND p.id = o.post_id
JOIN posts root ON root.user_id = $2 AND root.id = p.root_id AND root.deleted_at IS NULL
WHERE o.operation_id = $1
"""
ROOTS_AT_ONCE = 5000


async def record(session: AsyncSession, operation: Operation, ids: list[UUID] | None) -> int:
    """Write down the posts in the trash that are meant (all of them without ids), with what went with them."""
    connection = await asyncpg_connection(session)
    await hold_posts(connection, operation)
    status: str = await connection.execute(RECORD, operation.user_id, operation.id, ids)
    return int(status.rpartition(" ")[2])


@operating.undoes("restore")
async def turn_restore(session: AsyncSession, operation: Operation, back: bool) -> None:
    """Put the recorded posts into the trash again, as they lay there; or take them out of it again."""
    connection = await asyncpg_connection(session)
    await hold_posts(connection, operation)
    if not back:
        await restore(session, operation)
        return
    given = (operation.id, operation.user_id)
    await connection.execute(GO_AGAIN, *given, clock.now())
    await _settle(connection, operation, {row["id"] for row in await connection.fetch(LET_GO, *given)})


async def restore(session: AsyncSession, operation: Operation) -> None:
    """Take the recorded posts out of the trash; each finds its stack again when that is there."""
    connection, now = await asyncpg_connection(session), clock.now()
    given = (operation.id, operation.user_id)
    await connection.execute(COME_BACK, *given, now)
    alone = await connection.fetch(LEAVE_TRASHED, *given)
    waited = [row["post_id"] for row in await connection.fetch(WAITED_FOR, *given)]
    joined = await connection.fetch(JOIN, operation.user_id, waited, now) if waited else []
    await _settle(connection, operation, {row["id"] for row in alone} | {row["root_id"] for row in joined})


@operating.undoes("empty")
async def turn_empty(_session: AsyncSession, _operation: Operation, _back: bool) -> None:
    """The operation itself says what was emptied, so its state is all that changes."""


async def _settle(connection: asyncpg.Connection, operation: Operation, more: set[UUID]) -> None:
    found = {row["root_id"] for row in await connection.fetch(ROOTS, operation.id, operation.user_id)} | more
    roots = list(found)
    for start in range(0, len(roots), ROOTS_AT_ONCE):
        await settle(connection, operation.user_id, roots[start : start + ROOTS_AT_ONCE])
