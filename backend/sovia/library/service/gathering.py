"""Tags given and items put by machines: many posts in a statement, told apart from what was there and what came since.

An import remembers what is returned here, so that only that is taken back.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit import clock
from sovia.kit.db import asyncpg_connection
from sovia.library.gathered import Collection
from sovia.library.service import operating, versions

# Room for as many moves between two neighbours as a number has halves, before the neighbours must move too.
GAP = 2**32
Pairs = Sequence[tuple[UUID, str]]
GIVE = """
INSERT INTO post_tags (user_id, post_id, tag)
SELECT $1, given.post_id, given.tag FROM unnest($2::uuid[], $3::text[]) AS given (post_id, tag)
WHERE EXISTS (SELECT FROM posts p WHERE p.user_id = $1 AND p.id = given.post_id)
ORDER BY given.post_id, given.tag
ON CONFLICT DO NOTHING
RETURNING post_id, tag
"""
# A tag that a person gave again since is hers.
TAKE = """
WITH hers AS MATERIALIZED (
  SELECT i.post_id, each.tag FROM operations o
  JOIN operation_items i ON i.operation_id = o.id AND i.post_id = ANY($2::uuid[])
  CROSS JOIN LATERAL jsonb_array_elements_text(i.was->'added') AS each (tag)
  WHERE o.user_id = $1 AND o.kind = 'marks' AND o.state = 'done' AND o.at >= $4
)
DELETE FROM post_tags k USING unnest($2::uuid[], $3::text[]) AS given (post_id, tag)
WHERE k.user_id = $1 AND k.post_id = given.post_id AND k.tag = given.tag
  AND NOT EXISTS (SELECT FROM hers h WHERE h.post_id = k.post_id AND h.tag = k.tag)
RETURNING k.post_id, k.tag
"""
PUT = """
INSERT INTO collection_items (collection_id, post_id, user_id, position, added_at)
SELECT $2, new.post_id, $1, new.position, new.added_at
FROM unnest($3::uuid[], $4::bigint[], $5::timestamptz[]) AS new (post_id, position, added_at)
WHERE EXISTS (SELECT FROM posts p WHERE p.user_id = $1 AND p.id = new.post_id)
  AND EXISTS (SELECT FROM collections c WHERE c.user_id = $1 AND c.id = $2 AND NOT c.is_smart)
ORDER BY new.post_id
ON CONFLICT DO NOTHING
RETURNING post_id
"""
# One that was taken out and put in again since is another.
TAKE_OUT = """
DELETE FROM collection_items i USING unnest($3::uuid[], $4::timestamptz[]) AS old (post_id, added_at)
WHERE i.user_id = $1 AND i.collection_id = $2 AND i.post_id = old.post_id AND i.added_at = old.added_at
RETURNING i.post_id
"""


async def give_tags(session: AsyncSession, user_id: UUID, pairs: Pairs) -> set[tuple[UUID, str]]:
    """Give posts tags; those that were not there before."""
    if not pairs:
        return set()
    connection = await operating.hold(session, user_id)
    rows = await connection.fetch(GIVE, user_id, *map(list, zip(*pairs, strict=True)))
    if rows:
        await versions.touch(session, user_id)
    return {(row["post_id"], row["tag"]) for row in rows}


async def take_tags(session: AsyncSession, user_id: UUID, pairs: Pairs, since: datetime) -> set[tuple[UUID, str]]:
    """Take tags away that were given by a machine, but for those that a person has given since; which are gone."""
    if not pairs:
        return set()
    connection = await operating.hold(session, user_id)
    rows = await connection.fetch(TAKE, user_id, *map(list, zip(*pairs, strict=True)), since)
    if rows:
        await versions.touch(session, user_id)
    return {(row["post_id"], row["tag"]) for row in rows}


async def put_items(
    session: AsyncSession, user_id: UUID, collection_id: UUID, items: Sequence[tuple[UUID, int, datetime]]
) -> set[UUID]:
    """Put posts (with their positions and the time) into a collection; those that were not in it before."""
    return await _change_items(session, PUT, user_id, collection_id, items)


async def take_items(
    session: AsyncSession, user_id: UUID, collection_id: UUID, items: Sequence[tuple[UUID, datetime]]
) -> set[UUID]:
    """Take posts out of a collection where they are still the items that were put in then; which are gone."""
    return await _change_items(session, TAKE_OUT, user_id, collection_id, items)


async def last_position(session: AsyncSession, user_id: UUID, collection_id: UUID) -> int:
    """Where the last item of a collection stands."""
    connection = await operating.hold(session, user_id)
    sql = "SELECT coalesce(max(position), 0) FROM collection_items WHERE user_id = $1 AND collection_id = $2"
    return int(await connection.fetchval(sql, user_id, collection_id))


async def plan_anew(session: AsyncSession) -> None:
    """Have questions about tags and items planned by what they are now, after very many were written."""
    await session.execute(text("ANALYZE post_tags, collection_items"))


async def _change_items(
    session: AsyncSession, sql: str, user_id: UUID, collection_id: UUID, items: Sequence[tuple[object, ...]]
) -> set[UUID]:
    if not items:
        return set()
    await operating.hold(session, user_id)
    connection = await asyncpg_connection(session)
    rows = await connection.fetch(sql, user_id, collection_id, *map(list, zip(*items, strict=True)))
    if rows:
        query = select(Collection).where(Collection.user_id == user_id, Collection.id == collection_id)
        for found in await session.scalars(query):
            found.updated_at = clock.now()
        await versions.touch(session, user_id)
    return {row["post_id"] for row in rows}
