"""Posts go into the trash and come back, and the stacks they leave and join stay right."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit import clock
from sovia.kit.db import asyncpg_connection
from sovia.library.service import versions
from sovia.library.service.adding import LOCK
from sovia.library.service.settling import settle

# What was made from a post that goes stays, by itself, and finds it again when it comes back.
LET_GO = """
UPDATE posts
SET wanted_parent_id = coalesce(wanted_parent_id, parent_id), parent_id = NULL, root_id = id, updated_at = $3
WHERE user_id = $1 AND parent_id = ANY($2::uuid[]) AND deleted_at IS NULL AND NOT (id = ANY($2::uuid[]))
  AND import_id IS DISTINCT FROM $4
RETURNING id
"""
TRASH = """
UPDATE posts SET deleted_at = $3, updated_at = $4
WHERE user_id = $1 AND id = ANY($2::uuid[]) AND deleted_at IS NULL
RETURNING root_id
"""
RESTORE = """
UPDATE posts SET deleted_at = NULL, updated_at = $3, import_id = $4
WHERE user_id = $1 AND id = ANY($2::uuid[]) AND deleted_at IS NOT NULL
RETURNING id, root_id
"""
# A parent that stays in the trash is waited for.
LEAVE_TRASHED = """
UPDATE posts p SET wanted_parent_id = coalesce(p.wanted_parent_id, p.parent_id), parent_id = NULL, root_id = p.id
FROM posts parent
WHERE p.user_id = $1 AND p.id = ANY($2::uuid[]) AND parent.user_id = $1 AND parent.id = p.parent_id
  AND parent.deleted_at IS NOT NULL AND NOT (parent.import_id IS NOT DISTINCT FROM $3 AND parent.deleted_at = $4)
RETURNING p.id
"""
# UNION, not UNION ALL: it ends even if a circle should ever have got in.
JOIN = """
WITH RECURSIVE above AS (
  SELECT id AS start, id, parent_id FROM posts WHERE user_id = $1 AND id = ANY($2::uuid[])
  UNION
  SELECT a.start, p.id, p.parent_id FROM above a JOIN posts p ON p.user_id = $1 AND p.id = a.parent_id
)
UPDATE posts child SET parent_id = child.wanted_parent_id, wanted_parent_id = NULL, updated_at = $3
FROM posts parent
WHERE child.user_id = $1 AND child.wanted_parent_id = ANY($2::uuid[]) AND child.parent_id IS NULL
  AND parent.user_id = $1 AND parent.id = child.wanted_parent_id
  AND NOT EXISTS (SELECT FROM above a WHERE a.start = parent.id AND a.id = child.id)
RETURNING child.id, parent.root_id
"""


async def trash(session: AsyncSession, user_id: UUID, ids: Collection[UUID], at: datetime, import_id: UUID) -> int:
    """Put posts of an import into the trash, marked with this moment; how many.

    What others were made from them stays, unless it is of the same import, whose turn comes.
    """
    connection = await _held(session, user_id)
    now, wanted = clock.now(), list(ids)
    alone = await connection.fetch(LET_GO, user_id, wanted, now, import_id)
    gone = await connection.fetch(TRASH, user_id, wanted, at, now)
    await settle(connection, user_id, {row["id"] for row in alone} | {row["root_id"] for row in gone})
    if gone:
        await versions.touch(session, user_id)
    return len(gone)


async def restore(session: AsyncSession, user_id: UUID, ids: Collection[UUID], at: datetime, import_id: UUID) -> int:
    """Take posts out of the trash, as posts of this import; how many. `at` marks others that will come back too."""
    connection = await _held(session, user_id)
    now, wanted = clock.now(), list(ids)
    back = await connection.fetch(RESTORE, user_id, wanted, now, import_id)
    alone = await connection.fetch(LEAVE_TRASHED, user_id, wanted, import_id, at)
    joined = await connection.fetch(JOIN, user_id, wanted, now)
    roots = {row["root_id"] for row in back} | {row["root_id"] for row in joined}
    await settle(connection, user_id, roots | {row["id"] for row in alone})
    if back:
        await versions.touch(session, user_id)
    return len(back)


async def hand_over(session: AsyncSession, user_id: UUID, ids: Collection[UUID], import_id: UUID) -> None:
    """Posts belong to another import from now on; nothing that the gallery shows changes."""
    connection = await _held(session, user_id)
    hand = "UPDATE posts SET import_id = $3 WHERE user_id = $1 AND id = ANY($2::uuid[])"
    await connection.execute(hand, user_id, list(ids), import_id)


async def _held(session: AsyncSession, user_id: UUID) -> asyncpg.Connection:
    """The session's connection, while nobody else changes which post is whose child."""
    connection = await asyncpg_connection(session)
    await connection.execute(LOCK, str(user_id))
    return connection
