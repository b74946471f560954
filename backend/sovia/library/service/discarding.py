"""Posts put into the trash by hand with everything made from them, and taken out again."""

from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit import clock
from sovia.kit.db import asyncpg_connection
from sovia.library.gathered import Operation
from sovia.library.service import operating
from sovia.library.service.adding import LOCK
from sovia.library.service.settling import settle
from sovia.library.service.trashing import JOIN

# A tile is a whole stack, so what was made from a post goes with it.
RECORD = """
INSERT INTO operation_items (operation_id, post_id)
WITH RECURSIVE below AS (
  SELECT t.id FROM {targets} t
  UNION
  SELECT p.id FROM below b JOIN posts p ON p.user_id = {user} AND p.parent_id = b.id AND p.deleted_at IS NULL
)
SELECT {operation}, id FROM below
"""
# The moment marks what went with this operation.
TRASH = """
UPDATE posts p SET deleted_at = $3, updated_at = $4
FROM operation_items o
WHERE o.operation_id = $1 AND p.user_id = $2 AND p.id = o.post_id AND p.deleted_at IS NULL
"""
RESTORE = """
UPDATE posts p SET deleted_at = NULL, updated_at = $4
FROM operation_items o
WHERE o.operation_id = $1 AND p.user_id = $2 AND p.id = o.post_id AND p.deleted_at = $3
"""
# A parent that stays in the trash is waited for.
LEAVE_TRASHED = """
UPDATE posts p SET wanted_parent_id = coalesce(p.wanted_parent_id, p.parent_id), parent_id = NULL, root_id = p.id
FROM operation_items o, posts parent
WHERE o.operation_id = $1 AND p.user_id = $2 AND p.id = o.post_id AND p.deleted_at IS NULL
  AND parent.user_id = $2 AND parent.id = p.parent_id AND parent.deleted_at IS NOT NULL
RETURNING p.id
"""
WAITED_FOR = """
SELECT DISTINCT o.post_id FROM operation_items o
JOIN posts p ON p.user_id = $2 AND p.id = o.post_id AND p.deleted_at IS NULL
JOIN posts child ON child.user_id = $2 AND child.wanted_parent_id = o.post_id AND child.parent_id IS NULL
WHERE o.operation_id = $1
"""
# Stacks that stay, and lost or got back something.
ROOTS = """
SELECT DISTINCT p.root_id FROM operation_items o
JOIN posts p ON p.user_id = $2 AND p.id = o.post_id AND p.parent_id IS NOT NULL
JOIN posts root ON root.user_id = $2 AND root.id = p.root_id AND root.deleted_at IS NULL
WHERE o.operation_id = $1
"""
ROOTS_AT_ONCE = 5000


async def apply(session: AsyncSession, operation: Operation) -> None:
    """Put the recorded posts into the trash."""
    connection = await asyncpg_connection(session)
    await connection.execute(TRASH, operation.id, operation.user_id, operation.at, clock.now())
    await _settle(connection, operation)


async def hold_posts(connection: asyncpg.Connection, operation: Operation) -> None:
    """Nobody else changes which post is whose child."""
    await connection.execute(LOCK, str(operation.user_id))


@operating.undoes("trash")
async def turn(session: AsyncSession, operation: Operation, back: bool) -> None:
    """Take out of the trash what this operation put there, or put it there again."""
    connection = await asyncpg_connection(session)
    await hold_posts(connection, operation)
    if not back:
        await apply(session, operation)
        return
    given = (operation.id, operation.user_id)
    await connection.execute(RESTORE, *given, operation.at, clock.now())
    alone = await connection.fetch(LEAVE_TRASHED, *given)
    waited = [row["post_id"] for row in await connection.fetch(WAITED_FOR, *given)]
    joined = await connection.fetch(JOIN, operation.user_id, waited, clock.now()) if waited else []
    await _settle(connection, operation, {row["id"] for row in alone} | {row["root_id"] for row in joined})


async def _settle(connection: asyncpg.Connection, operation: Operation, more: set[UUID] | None = None) -> None:
    found = {row["root_id"] for row in await connection.fetch(ROOTS, operation.id, operation.user_id)} | (more or set())
    roots = list(found)
    for start in range(0, len(roots), ROOTS_AT_ONCE):
        await settle(connection, operation.user_id, roots[start : start + ROOTS_AT_ONCE])
