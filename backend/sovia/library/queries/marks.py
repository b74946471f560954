"""What people said of a post: like, rating, status, tags."""

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

MARKS = """
SELECT p.id, p.liked, coalesce(m.rating, 0) AS rating, m.status,
  ARRAY(SELECT k.tag FROM post_tags k WHERE k.user_id = p.user_id AND k.post_id = p.id ORDER BY k.tag) AS tags
FROM posts p LEFT JOIN post_marks m ON m.user_id = p.user_id AND m.post_id = p.id
WHERE p.user_id = :user AND p.id = :post
"""


async def marks_of(session: AsyncSession, user_id: UUID, post_id: UUID) -> dict[str, Any]:
    """The marks that a post of the user's has now."""
    row = (await session.execute(text(MARKS), {"user": user_id, "post": post_id})).mappings().one()
    return dict(row)
