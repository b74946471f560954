"""Posts put into collections and taken out again: one statement for one or for a hundred thousand."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sovia.collection.errors import CollectionIsSmart
from sovia.collection.queries import collection_by_id
from sovia.collection.targets import Targets
from sovia.kit import clock
from sovia.kit.db import asyncpg_connection
from sovia.library.gathered import Collection, Operation
from sovia.library.service import operating
from sovia.library.service.gathering import GAP

Changed = tuple[int, Operation | None]
NEW = """
INSERT INTO operation_items (operation_id, post_id, was)
SELECT {operation}, t.id, jsonb_build_object(
  'position', coalesce((SELECT max(i.position) FROM collection_items i WHERE i.collection_id = {collection}), 0)
    + {gap}::bigint * row_number() OVER (ORDER BY t.number),
  'added_at', {now}::timestamptz)
FROM {targets} t
WHERE NOT EXISTS (SELECT FROM collection_items i WHERE i.collection_id = {collection} AND i.post_id = t.id)
"""
# A root stands for its stack: when its tile is taken out of a collection, it must not be there any more.
GONE = """
INSERT INTO operation_items (operation_id, post_id, was)
SELECT {operation}, i.post_id, jsonb_build_object('position', i.position, 'added_at', i.added_at)
FROM collection_items i
WHERE i.collection_id = {collection} AND i.post_id IN (
  SELECT t.id FROM {targets} t
  UNION ALL
  SELECT p.id FROM {targets} t JOIN posts p ON p.user_id = {user} AND p.root_id = t.id AND p.parent_id IS NOT NULL)
"""
FILL = """
INSERT INTO collection_items (collection_id, post_id, user_id, position, added_at)
SELECT {collection}, t.id, {user}, {gap}::bigint * row_number() OVER (ORDER BY t.number), {now}
FROM {targets} t
"""
PUT = """
INSERT INTO collection_items (collection_id, post_id, user_id, position, added_at)
SELECT $2, o.post_id, $3, (o.was->>'position')::bigint, (o.was->>'added_at')::timestamptz
FROM operation_items o
WHERE o.operation_id = $1 AND EXISTS (SELECT FROM posts p WHERE p.user_id = $3 AND p.id = o.post_id)
  AND EXISTS (SELECT FROM collections c WHERE c.id = $2)
ON CONFLICT DO NOTHING
"""
# One that was taken out and put in again since is another.
TAKE = """
DELETE FROM collection_items i USING operation_items o
WHERE o.operation_id = $1 AND i.collection_id = $2 AND i.post_id = o.post_id
  AND i.added_at = (o.was->>'added_at')::timestamptz
"""


async def add(session: AsyncSession, user_id: UUID, collection: Collection, targets: Targets) -> Changed:
    """Put posts at the end of a collection; how many were not in it before."""
    if collection.is_smart:
        raise CollectionIsSmart
    operation = await operating.begin(
        session, user_id, "add_items", f"Added to {collection.name}", {"collection": str(collection.id)}
    )
    connection = await asyncpg_connection(session)
    named = {"operation": operation.id, "collection": collection.id, "gap": GAP, "now": clock.now()}
    count = await targets.run(connection, NEW, **named)
    await connection.execute(PUT, operation.id, collection.id, user_id)
    return await _finish(session, collection, operation, count)


async def fill(session: AsyncSession, collection: Collection, targets: Targets) -> int:
    """Put posts into a collection that was just made, which is undone with it; how many."""
    if collection.is_smart:
        raise CollectionIsSmart
    connection = await asyncpg_connection(session)
    named = {"collection": collection.id, "user": collection.user_id, "gap": GAP, "now": clock.now()}
    return await targets.run(connection, FILL, **named)


async def remove(session: AsyncSession, user_id: UUID, collection: Collection, targets: Targets) -> Changed:
    """Take posts, or the stacks of roots, out of a collection; how many of its items went."""
    if collection.is_smart:
        raise CollectionIsSmart
    operation = await operating.begin(
        session, user_id, "remove_items", f"Removed from {collection.name}", {"collection": str(collection.id)}
    )
    connection = await asyncpg_connection(session)
    named = {"operation": operation.id, "collection": collection.id, "user": user_id}
    count = await targets.run(connection, GONE, **named)
    await connection.execute(TAKE, operation.id, collection.id)
    return await _finish(session, collection, operation, count)


@operating.undoes("add_items", "remove_items")
async def turn(session: AsyncSession, operation: Operation, back: bool) -> None:
    """Take out what was put in, or put in what was taken out."""
    connection = await asyncpg_connection(session)
    collection_id = UUID(operation.details["collection"])
    if (operation.kind == "add_items") is back:
        await connection.execute(TAKE, operation.id, collection_id)
    else:
        await connection.execute(PUT, operation.id, collection_id, operation.user_id)
    collection = await session.get(Collection, collection_id)
    if collection is not None:
        collection.updated_at = clock.now()


async def _finish(session: AsyncSession, collection: Collection, operation: Operation, count: int) -> Changed:
    if count:
        collection.updated_at = clock.now()
    return count, await operating.finish(session, operation, count)


async def regular(session: AsyncSession, user_id: UUID, collection_id: UUID) -> Collection:
    """A collection that is filled by hand, or an error."""
    found = await collection_by_id(session, user_id, collection_id)
    if found.is_smart:
        raise CollectionIsSmart
    return found
