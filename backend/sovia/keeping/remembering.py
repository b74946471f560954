"""What mending changed, written down before it is done: each file as it was, so that a person can undo it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.keeping.queries import FaultyFile
from sovia.kit.db import asyncpg_connection
from sovia.library.finding import Seen
from sovia.library.gathered import OperationItem
from sovia.library.service.operating import as_json

# Of several runs, the first one saw what really stood there.
NOTE = """
INSERT INTO operation_items AS known (operation_id, post_id, was)
SELECT $1, new.* FROM unnest($2::uuid[], $3::jsonb[]) AS new (post_id, was)
ON CONFLICT (operation_id, post_id) DO UPDATE SET was = excluded.was || known.was
"""
FORGET = """
UPDATE operation_items o SET was = o.was - gone.key
FROM unnest($2::uuid[], $3::text[]) AS gone (post_id, key)
WHERE o.operation_id = $1 AND o.post_id = gone.post_id
"""
FORGET_EMPTY = "DELETE FROM operation_items WHERE operation_id = $1 AND was = '{}'::jsonb"
# Counted by post: a person sees posts.
COUNT = "SELECT count(*) FROM operation_items WHERE operation_id = $1"
# Where nobody changed it since: then it has no fault. What was expected before is expected again.
AS_BEFORE = """
UPDATE files f SET fault = b.fault, expected_sha256 = b.was, verified_at = b.verified_at
FROM (
  SELECT o.post_id, split_part(each.key, '/', 1) AS role, split_part(each.key, '/', 2)::smallint AS position,
    each.value->>'fault' AS fault, decode(each.value->>'sha256', 'hex') AS was,
    (each.value->>'verified_at')::timestamptz AS verified_at
  FROM operation_items o CROSS JOIN LATERAL jsonb_each(o.was) AS each WHERE o.operation_id = $2
) b
WHERE f.user_id = $1 AND (f.post_id, f.role, f.position) = (b.post_id, b.role, b.position) AND f.fault IS NULL
"""
POSTS = "SELECT post_id FROM operation_items WHERE operation_id = $1"


async def note(session: AsyncSession, operation_id: UUID, files: Sequence[FaultyFile], there: set[str]) -> None:
    """Write down what is going to change; `there` are the places where anything lies."""
    posts: dict[UUID, dict[str, Any]] = {}
    for one in files:
        posts.setdefault(one.post_id, {})[_key(one)] = {
            "place": one.place,
            "there": one.place in there,
            "fault": one.fault,
            "sha256": one.was.hex(),
            "verified_at": one.verified_at,
        }
    connection = await asyncpg_connection(session)
    await connection.execute(NOTE, operation_id, list(posts), [as_json(was) for was in posts.values()])


async def forget(session: AsyncSession, operation_id: UUID, files: Sequence[FaultyFile]) -> None:
    """These were not changed after all."""
    connection = await asyncpg_connection(session)
    if files:
        await connection.execute(FORGET, operation_id, [one.post_id for one in files], [_key(one) for one in files])
        await connection.execute(FORGET_EMPTY, operation_id)


async def count(session: AsyncSession, operation_id: UUID) -> int:
    """How many posts it changed."""
    return int(await (await asyncpg_connection(session)).fetchval(COUNT, operation_id))


async def page(
    session: AsyncSession, operation_id: UUID, after: UUID | None, limit: int
) -> list[tuple[UUID, dict[str, Any]]]:
    """The posts it changed, in the order of their ids, with what their files were."""
    query = select(OperationItem.post_id, OperationItem.was).where(OperationItem.operation_id == operation_id)
    query = query if after is None else query.where(OperationItem.post_id > after)
    rows = await session.execute(query.order_by(OperationItem.post_id).limit(limit))
    return [(post_id, was or {}) for post_id, was in rows]


async def expect_as_before(session: AsyncSession, user_id: UUID, operation_id: UUID) -> None:
    """The files have their faults again, wherever they still stand as they were left."""
    await (await asyncpg_connection(session)).execute(AS_BEFORE, user_id, operation_id)


async def posts_of(session: AsyncSession, operation_id: UUID) -> list[UUID]:
    """The posts it changed."""
    return [row["post_id"] for row in await (await asyncpg_connection(session)).fetch(POSTS, operation_id)]


async def keys_of(session: AsyncSession, operation_id: UUID) -> list[Seen]:
    """The files it changed."""
    query = select(OperationItem.post_id, OperationItem.was).where(OperationItem.operation_id == operation_id)
    found = []
    for post_id, was in await session.execute(query):
        for name in was or {}:
            role, _, position = name.partition("/")
            found.append(Seen(post_id, role, int(position)))
    return found


def _key(file: FaultyFile) -> str:
    return f"{file.role}/{file.position}"
