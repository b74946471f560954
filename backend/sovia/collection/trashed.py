"""What lies in the trash, for the page: how much it is, and page by page, what went last first."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit.db import asyncpg_connection
from sovia.library.service.restoring import HIGHEST, IN_TRASH

# S608 below: our own words, every value is bound.
COUNT = f"SELECT count(*) FROM posts p WHERE {IN_TRASH} AND {HIGHEST}"  # noqa: S608
PAGE = f"""
SELECT p.id, p.kind, p.thumbnail, p.placeholder, p.width, p.height, p.created_at, p.model, p.deleted_at,
  left(coalesce(nullif(p.original_prompt, ''), nullif(p.prompt, ''), p.inherited_prompt), 300) AS prompt,
  CASE WHEN p.parent_id IS NOT NULL THEN 0 ELSE (
    SELECT count(*) FROM posts c
    WHERE c.user_id = $1 AND c.root_id = p.id AND c.parent_id IS NOT NULL AND c.deleted_at = p.deleted_at
  ) END AS children
FROM posts p
WHERE {IN_TRASH} AND {HIGHEST}
  AND ($2::timestamptz IS NULL OR (p.deleted_at, p.id) < ($2::timestamptz, $3::uuid))
ORDER BY p.deleted_at DESC, p.id DESC LIMIT $4
"""  # noqa: S608
# What went with undone imports, which bring it back.
WITH_IMPORTS = """
SELECT count(*) FROM posts p JOIN imports i ON i.id = p.import_id AND i.undone_at = p.deleted_at
WHERE p.user_id = $1 AND p.deleted_at IS NOT NULL
"""


async def count_of(session: AsyncSession, user_id: UUID) -> int:
    """How many things lie in the trash; a stack that went as one is one."""
    connection = await asyncpg_connection(session)
    return int(await connection.fetchval(COUNT, user_id))


async def with_imports(session: AsyncSession, user_id: UUID) -> int:
    """How many posts went with imports that were undone."""
    connection = await asyncpg_connection(session)
    return int(await connection.fetchval(WITH_IMPORTS, user_id))


async def page_of(
    session: AsyncSession, user_id: UUID, *, behind: tuple[datetime, UUID] | None, limit: int
) -> list[dict[str, Any]]:
    """A page of it, behind this place."""
    connection = await asyncpg_connection(session)
    rows = await connection.fetch(PAGE, user_id, *(behind or (None, None)), limit)
    return [dict(row) for row in rows]
