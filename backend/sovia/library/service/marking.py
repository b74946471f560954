"""Likes, ratings, statuses and tags of one post or of very many: what they were is written down, then they change.

`wanted` holds only what shall change: `liked`, `rating`, `status`, `add_tags`, `remove_tags`. A like given here
outlives every import.
"""

from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit import clock
from sovia.kit.db import asyncpg_connection
from sovia.library.gathered import Operation
from sovia.library.service import operating
from sovia.library.service.adding import LOCK
from sovia.library.service.operating import as_json

# Of the targets, the posts that change at all, each with what it is now. The names in braces are places of values.
RECORD = """
INSERT INTO operation_items (operation_id, post_id, was)
SELECT {operation}, now.id, jsonb_build_object('liked', now.liked, 'liked_here', now.liked_here, 'rating', now.rating,
  'status', now.status, 'added', to_jsonb(now.added), 'removed', to_jsonb(now.removed))
FROM (
  SELECT p.id, p.liked, p.liked_here, coalesce(m.rating, 0) AS rating, m.status,
    ARRAY(SELECT new.tag FROM jsonb_array_elements_text({wanted}::jsonb->'add_tags') AS new (tag) WHERE NOT EXISTS (
      SELECT FROM post_tags k WHERE k.user_id = p.user_id AND k.post_id = p.id AND k.tag = new.tag)) AS added,
    ARRAY(SELECT k.tag FROM post_tags k WHERE k.user_id = p.user_id AND k.post_id = p.id
      AND {wanted}::jsonb->'remove_tags' ? k.tag) AS removed
  FROM {targets} t
  JOIN posts p ON p.user_id = {user} AND p.id = t.id
  LEFT JOIN post_marks m ON m.user_id = p.user_id AND m.post_id = p.id
) now
WHERE cardinality(now.added) + cardinality(now.removed) > 0
  OR ({wanted}::jsonb ? 'liked'
    AND (now.liked, now.liked_here) IS DISTINCT FROM (({wanted}::jsonb->>'liked')::boolean, true))
  OR ({wanted}::jsonb ? 'rating' AND now.rating <> ({wanted}::jsonb->>'rating')::smallint)
  OR ({wanted}::jsonb ? 'status' AND now.status IS DISTINCT FROM {wanted}::jsonb->>'status')
"""
LIKE = """
UPDATE posts p SET liked = ($3::jsonb->>'liked')::boolean, liked_here = true, updated_at = $4
FROM operation_items o
WHERE o.operation_id = $1 AND p.user_id = $2 AND p.id = o.post_id
  AND (p.liked, p.liked_here) IS DISTINCT FROM (($3::jsonb->>'liked')::boolean, true)
"""
MARK = """
INSERT INTO post_marks (user_id, post_id, rating, status)
SELECT $2, o.post_id, coalesce(($3::jsonb->>'rating')::smallint, (o.was->>'rating')::smallint),
  CASE WHEN $3::jsonb ? 'status' THEN $3::jsonb->>'status' ELSE o.was->>'status' END
FROM operation_items o WHERE o.operation_id = $1
ON CONFLICT (user_id, post_id) DO UPDATE SET rating = excluded.rating, status = excluded.status
"""
# `was->$3`: the tags that the operation added, or those that it removed.
TAG = """
INSERT INTO post_tags (user_id, post_id, tag)
SELECT $2, o.post_id, each.tag FROM operation_items o
CROSS JOIN LATERAL jsonb_array_elements_text(o.was->$3) AS each (tag)
WHERE o.operation_id = $1 AND EXISTS (SELECT FROM posts p WHERE p.user_id = $2 AND p.id = o.post_id)
ON CONFLICT DO NOTHING
"""
UNTAG = """
DELETE FROM post_tags k USING operation_items o
WHERE o.operation_id = $1 AND k.user_id = $2 AND k.post_id = o.post_id AND o.was->$3 ? k.tag
"""
# Back to what was, where it still is as the operation left it.
UNLIKE = """
UPDATE posts p SET liked = (o.was->>'liked')::boolean, liked_here = (o.was->>'liked_here')::boolean, updated_at = $4
FROM operation_items o
WHERE o.operation_id = $1 AND p.user_id = $2 AND p.id = o.post_id AND p.liked_here
  AND p.liked IS NOT DISTINCT FROM ($3::jsonb->>'liked')::boolean
"""
UNMARK = """
UPDATE post_marks m SET
  rating = CASE WHEN $3::jsonb ? 'rating' AND m.rating = ($3::jsonb->>'rating')::smallint
           THEN (o.was->>'rating')::smallint ELSE m.rating END,
  status = CASE WHEN $3::jsonb ? 'status' AND m.status IS NOT DISTINCT FROM $3::jsonb->>'status'
           THEN o.was->>'status' ELSE m.status END
FROM operation_items o WHERE o.operation_id = $1 AND m.user_id = $2 AND m.post_id = o.post_id
"""
# And again, where it is as it was before.
RELIKE = """
UPDATE posts p SET liked = ($3::jsonb->>'liked')::boolean, liked_here = true, updated_at = $4
FROM operation_items o
WHERE o.operation_id = $1 AND p.user_id = $2 AND p.id = o.post_id
  AND (p.liked, p.liked_here) IS NOT DISTINCT FROM ((o.was->>'liked')::boolean, (o.was->>'liked_here')::boolean)
"""
REMARK = """
UPDATE post_marks m SET
  rating = CASE WHEN $3::jsonb ? 'rating' AND m.rating = (o.was->>'rating')::smallint
           THEN ($3::jsonb->>'rating')::smallint ELSE m.rating END,
  status = CASE WHEN $3::jsonb ? 'status' AND m.status IS NOT DISTINCT FROM o.was->>'status'
           THEN $3::jsonb->>'status' ELSE m.status END
FROM operation_items o WHERE o.operation_id = $1 AND m.user_id = $2 AND m.post_id = o.post_id
"""
Wanted = dict[str, Any]


async def hold_posts(connection: asyncpg.Connection, operation: Operation, wanted: Wanted) -> None:
    """Likes are written into the posts themselves, as imports do, so one waits for the other."""
    if "liked" in wanted:
        await connection.execute(LOCK, str(operation.user_id))


async def apply(session: AsyncSession, operation: Operation, wanted: Wanted) -> None:
    """Give the posts that were recorded their new marks."""
    connection = await asyncpg_connection(session)
    given = (operation.id, operation.user_id)
    if "liked" in wanted:
        await connection.execute(LIKE, *given, as_json(wanted), clock.now())
    if wanted.keys() & {"rating", "status"}:
        await connection.execute(MARK, *given, as_json(wanted))
    await _retag(connection, operation, wanted, back=False)


@operating.undoes("marks")
async def turn(session: AsyncSession, operation: Operation, back: bool) -> None:
    """Give posts their earlier marks, or the later ones again, where nobody changed them since."""
    connection, wanted = await asyncpg_connection(session), operation.details
    await hold_posts(connection, operation, wanted)
    given = (operation.id, operation.user_id)
    if "liked" in wanted:
        await connection.execute(UNLIKE if back else RELIKE, *given, as_json(wanted), clock.now())
    if wanted.keys() & {"rating", "status"}:
        await connection.execute(UNMARK if back else REMARK, *given, as_json(wanted))
    await _retag(connection, operation, wanted, back=back)


async def _retag(connection: asyncpg.Connection, operation: Operation, wanted: Wanted, *, back: bool) -> None:
    given = (operation.id, operation.user_id)
    if wanted.get("add_tags"):
        await connection.execute(UNTAG if back else TAG, *given, "added")
    if wanted.get("remove_tags"):
        await connection.execute(TAG if back else UNTAG, *given, "removed")
