"""The order of a collection by hand: posts moved between others, without touching those, as long as there is room.

Positions leave gaps. When a gap is used up, neighbours spread out: a few of them, more when even they stand too close,
at last all, so a million moves to one place cost little each.
"""

from collections.abc import Sequence
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.collection.errors import BadPlace
from sovia.kit import clock
from sovia.kit.db import asyncpg_connection
from sovia.library.gathered import Collection, Operation
from sovia.library.service import operating
from sovia.library.service.gathering import GAP

# Of those that move: where each stands (position, and who stands before it) and its number among those that move.
RECORD = """
INSERT INTO operation_items (operation_id, post_id, was)
SELECT $1, i.post_id, jsonb_build_object('number', asked.number, 'position', i.position, 'behind', (
  SELECT other.post_id FROM collection_items other
  WHERE other.collection_id = $2 AND (other.position, other.post_id) < (i.position, i.post_id)
  ORDER BY other.position DESC, other.post_id DESC LIMIT 1))
FROM (SELECT id, min(number) AS number FROM unnest($3::uuid[]) WITH ORDINALITY AS each (id, number) GROUP BY id) asked
JOIN collection_items i ON i.collection_id = $2 AND i.post_id = asked.id
"""
# A root stands for the posts of its stack that are in the collection; those are moved together.
MEANT = """
SELECT asked.number, i.post_id, i.position FROM unnest($3::uuid[]) WITH ORDINALITY AS asked (id, number)
JOIN collection_items i ON i.collection_id = $2 AND i.post_id = asked.id
UNION ALL
SELECT asked.number, i.post_id, i.position FROM unnest($3::uuid[]) WITH ORDINALITY AS asked (id, number)
JOIN posts p ON p.user_id = $1 AND p.root_id = asked.id AND p.parent_id IS NOT NULL
JOIN collection_items i ON i.collection_id = $2 AND i.post_id = p.id
ORDER BY number, position, post_id
"""
MOVE = """
UPDATE collection_items i SET position = $3::bigint + $4::bigint * moved.rank
FROM (SELECT id, number AS rank FROM unnest($2::uuid[]) WITH ORDINALITY AS each (id, number)) moved
WHERE i.collection_id = $1 AND i.post_id = moved.id
"""
# Aside, behind everything, while the others find their place.
ASIDE = "SELECT max(position) FROM collection_items WHERE collection_id = $1"
BEFORE = """
SELECT max(position) FROM collection_items WHERE collection_id = $1 AND (position, post_id) < ($2, $3)
"""
AT = "SELECT position FROM collection_items WHERE collection_id = $1 AND post_id = $2"
AROUND = """
(SELECT post_id, position FROM collection_items WHERE collection_id = $1 AND (position, post_id) < ($2, $3)
 ORDER BY position DESC, post_id DESC LIMIT $4)
UNION ALL
(SELECT post_id, position FROM collection_items WHERE collection_id = $1 AND (position, post_id) >= ($2, $3)
 ORDER BY position, post_id LIMIT $4)
ORDER BY position, post_id
"""
SPREAD = """
UPDATE collection_items i SET position = new.position
FROM unnest($2::uuid[], $3::bigint[]) AS new (id, position)
WHERE i.collection_id = $1 AND i.post_id = new.id AND i.position <> new.position
"""
RENUMBER = """
UPDATE collection_items i SET position = new.rank * $2::bigint
FROM (SELECT post_id, row_number() OVER (ORDER BY position, post_id) AS rank
      FROM collection_items WHERE collection_id = $1) new
WHERE i.collection_id = $1 AND i.post_id = new.post_id
"""
WAS = """
SELECT post_id, (was->>'number')::bigint AS number, (was->>'behind')::uuid AS behind
FROM operation_items WHERE operation_id = $1 ORDER BY (was->>'position')::bigint, post_id
"""
NEXT = """
SELECT post_id FROM collection_items
WHERE collection_id = $1 AND NOT (post_id = ANY($2::uuid[])) AND ($3::bigint IS NULL OR position > $3)
ORDER BY position, post_id LIMIT 1
"""
# Where many runs go back at once, all are numbered anew: each that moves behind the one that stays before its run.
MOVE_BACK = """
UPDATE collection_items i SET position = new.rank * $5::bigint
FROM (
  SELECT post_id, row_number() OVER (ORDER BY at NULLS FIRST, moves, rank, post_id) AS rank FROM (
    SELECT stays.post_id, stays.position AS at, false AS moves, 0 AS rank FROM collection_items stays
    WHERE stays.collection_id = $1 AND NOT (stays.post_id = ANY($2::uuid[]))
    UNION ALL
    SELECT moved.id, staying.position, true, moved.rank
    FROM unnest($2::uuid[], $3::uuid[], $4::int[]) AS moved (id, behind, rank)
    LEFT JOIN collection_items staying ON staying.collection_id = $1 AND staying.post_id = moved.behind
  ) every
) new
WHERE i.collection_id = $1 AND i.post_id = new.post_id
"""
MOST_RUNS = 20
# Neighbours that spread out when there is no room; then all do.
WINDOWS = (64, 4096)
ROOM = 2**12
HIGHEST = 2**61


async def move(
    session: AsyncSession, user_id: UUID, collection: Collection, ids: Sequence[UUID], before: UUID | None
) -> Operation | None:
    """Let posts stand, in this order, before another one, or at the end; what is not in the collection is passed over.

    `BadPlace` when the other one moves itself, or is not in the collection.
    """
    connection = await operating.hold(session, user_id)
    meant = await _meant(connection, collection, ids)
    place = await _place(connection, collection, before)
    if place in set(meant):
        raise BadPlace("A post can not stand before itself.")
    before = place
    details = {"collection": str(collection.id), "before": str(before) if before else None}
    operation = await operating.begin(session, user_id, "order", f"Moved in {collection.name}", details)
    status: str = await connection.execute(RECORD, operation.id, collection.id, meant)
    count = int(status.rpartition(" ")[2])
    if count:
        moved = await connection.fetch(WAS, operation.id)
        order = [row["post_id"] for row in sorted(moved, key=lambda row: row["number"])]
        await _put(connection, collection.id, order, before)
        collection.updated_at = clock.now()
    return await operating.finish(session, operation, count)


async def _meant(connection: asyncpg.Connection, collection: Collection, ids: Sequence[UUID]) -> list[UUID]:
    """The items that these posts stand for, in their order."""
    rows = await connection.fetch(MEANT, collection.user_id, collection.id, list(ids))
    return list(dict.fromkeys(row["post_id"] for row in rows))


async def _place(connection: asyncpg.Connection, collection: Collection, before: UUID | None) -> UUID | None:
    """The item that a post stands for; `BadPlace` when there is none."""
    if before is None:
        return None
    if await connection.fetchval(AT, collection.id, before) is not None:
        return before
    meant = await _meant(connection, collection, [before])
    if not meant:
        raise BadPlace("The post to stand before is not in this collection.")
    return meant[0]


@operating.undoes("order")
async def turn(session: AsyncSession, operation: Operation, back: bool) -> None:
    """Let posts stand behind those they stood behind, or move them again."""
    connection = await asyncpg_connection(session)
    collection_id = UUID(operation.details["collection"])
    moved = await connection.fetch(WAS, operation.id)
    if not back:
        order = [row["post_id"] for row in sorted(moved, key=lambda row: row["number"])]
        before = operation.details["before"]
        here = before and await connection.fetchval(AT, collection_id, UUID(before)) is not None
        await _put(connection, collection_id, order, UUID(before) if here else None)
        return
    ids, runs = [row["post_id"] for row in moved], _runs(moved)
    if len(runs) > MOST_RUNS:
        staying = [behind for behind, run in runs for _ in run]
        await connection.execute(MOVE_BACK, collection_id, ids, staying, list(range(len(ids))), GAP)
        return
    for behind, run in runs:
        at = None if behind is None else await connection.fetchval(AT, collection_id, behind)
        before = await connection.fetchval(NEXT, collection_id, ids, at)
        await _put(connection, collection_id, run, before)


def _runs(moved: Sequence[asyncpg.Record]) -> list[tuple[UUID | None, list[UUID]]]:
    """Those that stood next to each other, with the one that stays and stood before them."""
    ids = {row["post_id"] for row in moved}
    found: list[tuple[UUID | None, list[UUID]]] = []
    for row in moved:
        if found and row["behind"] in ids:
            found[-1][1].append(row["post_id"])
        else:
            found.append((row["behind"], [row["post_id"]]))
    return found


async def _put(connection: asyncpg.Connection, collection_id: UUID, order: list[UUID], before: UUID | None) -> None:
    """Give these posts, in this order, positions before another one's, or behind all."""
    last = int(await connection.fetchval(ASIDE, collection_id) or 0)
    if last > HIGHEST:
        await connection.execute(RENUMBER, collection_id, GAP)
        last = int(await connection.fetchval(ASIDE, collection_id))
    await connection.execute(MOVE, collection_id, order, last, GAP)
    if before is None:
        return
    for window in (*WINDOWS, None, None):
        high = await connection.fetchval(AT, collection_id, before)
        low = await connection.fetchval(BEFORE, collection_id, high, before)
        low = high - GAP * (len(order) + 1) if low is None else low
        step = (high - low) // (len(order) + 1)
        if step > 0:
            await connection.execute(MOVE, collection_id, order, low, step)
            return
        await _spread(connection, collection_id, high, before, window, len(order))
    raise BadPlace("There is no room in this collection.")


async def _spread(
    connection: asyncpg.Connection, collection_id: UUID, high: int, before: UUID, window: int | None, more: int
) -> None:
    """Make room before a post: its neighbours stand evenly, or all posts do."""
    if window is None:
        await connection.execute(RENUMBER, collection_id, GAP)
        return
    around = await connection.fetch(AROUND, collection_id, high, before, window)
    first, width = around[0]["position"], around[-1]["position"] - around[0]["position"]
    if width // len(around) <= max(ROOM, more):
        return
    step = width // (len(around) - 1)
    places = [first + step * number for number in range(len(around))]
    await connection.execute(SPREAD, collection_id, [row["post_id"] for row in around], places)
