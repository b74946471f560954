"""Posts whose trash was emptied so long ago that nobody can undo it any more: their rows go, a few at a time."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit.db import asyncpg_connection
from sovia.library.service.adding import LOCK
from sovia.library.service.settling import settle

# Whoever does something else waits for it, so it is little each time.
AT_ONCE = 500
LONG_PAST = """
SELECT x.operation_id, x.post_id FROM operations o JOIN operation_items x ON x.operation_id = o.id
WHERE o.user_id = $1 AND o.kind = 'empty' AND o.state = 'done' AND o.at < $2
ORDER BY o.at, x.post_id LIMIT $3
"""
# One that came back meanwhile, and perhaps went again, is another matter.
EMPTIED = """
SELECT p.id FROM operation_items x JOIN posts p ON p.user_id = $1 AND p.id = x.post_id
WHERE x.operation_id = ANY($2::uuid[]) AND x.post_id = ANY($3::uuid[])
  AND p.deleted_at = (x.was->>'deleted_at')::timestamptz
"""
LET_GO = """
UPDATE posts SET wanted_parent_id = coalesce(wanted_parent_id, parent_id), parent_id = NULL, root_id = id
WHERE user_id = $1 AND parent_id = ANY($2::uuid[]) AND NOT (id = ANY($2::uuid[]))
RETURNING id
"""
REMOVE = "DELETE FROM posts WHERE user_id = $1 AND id = ANY($2::uuid[])"
DONE_WITH = "DELETE FROM operation_items WHERE operation_id = ANY($1::uuid[]) AND post_id = ANY($2::uuid[])"


async def remove_emptied(session: AsyncSession, user_id: UUID, before: datetime) -> int:
    """Delete some of the posts that were emptied out of the trash before this moment; how many. No file is touched."""
    connection = await asyncpg_connection(session)
    rows = await connection.fetch(LONG_PAST, user_id, before, AT_ONCE)
    if not rows:
        return 0
    await connection.execute(LOCK, str(user_id))
    operations, ids = list({row["operation_id"] for row in rows}), [row["post_id"] for row in rows]
    gone = [row["id"] for row in await connection.fetch(EMPTIED, user_id, operations, ids)]
    await settle(connection, user_id, {row["id"] for row in await connection.fetch(LET_GO, user_id, gone)})
    await connection.execute(REMOVE, user_id, gone)
    await connection.execute(DONE_WITH, operations, ids)
    return len(gone)
