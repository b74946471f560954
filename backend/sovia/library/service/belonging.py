"""Giving posts back what people had given them: marks, tags, places in collections; what stands here goes first."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID, uuid4, uuid5

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit import clock
from sovia.kit.db import asyncpg_connection
from sovia.library.belongings import Belongings
from sovia.library.gathered import Operation
from sovia.library.merging import EARLIER
from sovia.library.service import versions
from sovia.library.service.operating import as_json
from sovia.library.text import searchable

MOST_COLLECTIONS, MOST_PRESETS, MOST_LEVELS = 5000, 500, 8
# Of posts that the import brought: a like given to one that was here stays as it is.
OWN = """
UPDATE posts p SET liked_here = new.liked_here OR p.liked_here, extra_metadata = coalesce(p.extra_metadata, new.extra)
FROM unnest($3::uuid[], $4::boolean[], $5::jsonb[]) AS new (id, liked_here, extra)
WHERE p.user_id = $1 AND p.import_id = $2 AND p.id = new.id
  AND ((new.liked_here AND NOT p.liked_here) OR (new.extra IS NOT NULL AND p.extra_metadata IS NULL))
"""
MARK = """
INSERT INTO post_marks AS known (user_id, post_id, rating, status)
SELECT $1, new.* FROM unnest($2::uuid[], $3::smallint[], $4::text[]) AS new (id, rating, status)
JOIN posts p ON p.user_id = $1 AND p.id = new.id
ON CONFLICT (user_id, post_id) DO UPDATE SET
  rating = CASE WHEN known.rating = 0 THEN excluded.rating ELSE known.rating END,
  status = coalesce(known.status, excluded.status)
WHERE (known.rating = 0 AND excluded.rating > 0) OR (known.status IS NULL AND excluded.status IS NOT NULL)
"""
TAG = """
INSERT INTO post_tags (user_id, post_id, tag)
SELECT $1, new.* FROM unnest($2::uuid[], $3::text[]) AS new (id, tag) JOIN posts p ON p.user_id = $1 AND p.id = new.id
ON CONFLICT DO NOTHING
"""
KNOWN = "SELECT id, user_id FROM collections WHERE id = ANY($1::uuid[])"
LEVELS = """
WITH RECURSIVE above AS (
  SELECT id, parent_id, 1 AS level FROM collections WHERE user_id = $1 AND id = ANY($2::uuid[])
  UNION ALL
  SELECT a.id, c.parent_id, a.level + 1 FROM above a JOIN collections c ON c.id = a.parent_id WHERE a.level < 20
)
SELECT id, max(level) AS level FROM above GROUP BY id
"""
COLLECTION = """
INSERT INTO collections (id, user_id, name, name_key, description, notes, color, icon, is_smart, smart_filters,
  parent_id, position, pinned, alert, sort, cover_id, seen_at, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
ON CONFLICT DO NOTHING
"""
PLACE = """
INSERT INTO collection_items (collection_id, post_id, user_id, position, added_at)
SELECT c.id, new.id, $1, new.position, new.added_at
FROM unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::timestamptz[]) AS new (id, collection_id, position, added_at)
JOIN collections c ON c.id = new.collection_id AND c.user_id = $1 AND NOT c.is_smart
JOIN posts p ON p.user_id = $1 AND p.id = new.id
ON CONFLICT DO NOTHING
"""
PRESET = """
INSERT INTO presets (id, user_id, name, filter, view, is_default, created_at, updated_at)
SELECT $1, $2, $3, $4, $5, $6 AND NOT EXISTS (SELECT FROM presets WHERE user_id = $2 AND is_default), $7, $8
ON CONFLICT DO NOTHING
"""
PRESETS = "SELECT id, user_id FROM presets WHERE id = ANY($1::uuid[])"


async def put_back(session: AsyncSession, user_id: UUID, import_id: UUID | None, several: Sequence[Belongings]) -> None:
    """Give posts that are here what belongs to them, in the session's transaction; again, it changes nothing."""
    if not several:
        return
    connection = await asyncpg_connection(session)
    written = await _posts(connection, user_id, import_id, several)
    ids = [one["id"] for each in several for one in each.collections]
    ids += [place.collection_id for each in several for place in each.places]
    owned = await _owned(connection, KNOWN, user_id, ids)
    made = await _collections(connection, user_id, [one for each in several for one in each.collections], owned)
    written += await _places(connection, user_id, several, owned)
    written += await _presets(connection, user_id, [one for each in several for one in each.presets])
    if made:
        session.add(_operation(user_id, made))
    if written or made:
        await versions.touch(session, user_id)


async def _posts(
    connection: asyncpg.Connection, user_id: UUID, import_id: UUID | None, several: Sequence[Belongings]
) -> int:
    written = 0
    own = [(one.post_id, one.liked_here, _extra(one)) for one in several if one.liked_here or one.earlier]
    if own and import_id is not None:
        written += _count(await connection.execute(OWN, user_id, import_id, *_columns(own)))
    # The first of several records of one post counts, as it does for the post.
    marks = {one.post_id: (one.rating, one.status) for one in reversed(several) if one.rating or one.status}
    if marks:
        written += _count(await connection.execute(MARK, user_id, list(marks), *_columns(list(marks.values()))))
    tags = [(one.post_id, tag) for one in several for tag in one.tags]
    if tags:
        written += _count(await connection.execute(TAG, user_id, *_columns(tags)))
    return written


def _extra(one: Belongings) -> str | None:
    return as_json({EARLIER: one.earlier}) if one.earlier else None


async def _owned(connection: asyncpg.Connection, query: str, user_id: UUID, ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The ids under which the user has these things: other ones, where somebody else has the same."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    taken = {row["id"] for row in await connection.fetch(query, wanted) if row["user_id"] != user_id}
    return {one: uuid5(user_id, str(one)) if one in taken else one for one in wanted}


async def _collections(
    connection: asyncpg.Connection, user_id: UUID, given: Sequence[dict[str, Any]], owned: dict[UUID, UUID]
) -> list[UUID]:
    """Make those that are not here; a parent counts when it was here before its child, so there are no circles."""
    if not given:
        return []
    parents = [owned.get(one["parent_id"], one["parent_id"]) for one in given if one["parent_id"]]
    ids = [owned[one["id"]] for one in given]
    levels = {row["id"]: row["level"] for row in await connection.fetch(LEVELS, user_id, [*ids, *parents])}
    room = MOST_COLLECTIONS - int(
        await connection.fetchval("SELECT count(*) FROM collections WHERE user_id = $1", user_id)
    )
    made: dict[UUID, tuple[Any, ...]] = {}
    for one in given:
        new_id, parent_id = owned[one["id"]], owned.get(one["parent_id"], one["parent_id"])
        if new_id in levels or len(made) >= room:
            continue
        level = levels.get(parent_id, MOST_LEVELS) + 1
        levels[new_id] = level if level <= MOST_LEVELS else 1
        parent_id = parent_id if level <= MOST_LEVELS else None
        made[new_id] = _row(one, new_id, user_id, parent_id)
    await connection.executemany(COLLECTION, list(made.values()))
    return list(made)


def _row(one: dict[str, Any], new_id: UUID, user_id: UUID, parent_id: UUID | None) -> tuple[Any, ...]:
    filters = None if one["smart_filters"] is None else as_json(one["smart_filters"])
    looks = (one["name"], searchable(one["name"]), one["description"], one["notes"], one["color"], one["icon"])
    place = (one["is_smart"], filters, parent_id, one["position"], one["pinned"], one["alert"], one["sort"])
    return (
        new_id,
        user_id,
        *looks,
        *place,
        *(one[name] for name in ("cover_id", "seen_at", "created_at", "updated_at")),
    )


async def _places(
    connection: asyncpg.Connection, user_id: UUID, several: Sequence[Belongings], owned: dict[UUID, UUID]
) -> int:
    rows = [
        (one.post_id, owned[place.collection_id], place.position, place.added_at)
        for one in several
        for place in one.places
    ]
    return _count(await connection.execute(PLACE, user_id, *_columns(rows))) if rows else 0


async def _presets(connection: asyncpg.Connection, user_id: UUID, given: Sequence[dict[str, Any]]) -> int:
    if not given:
        return 0
    owned = await _owned(connection, PRESETS, user_id, [one["id"] for one in given])
    room = MOST_PRESETS - int(await connection.fetchval("SELECT count(*) FROM presets WHERE user_id = $1", user_id))
    names = ("name", "filter", "view", "is_default", "created_at", "updated_at")
    rows = {owned[one["id"]]: [as_json(one[n]) if n == "view" else one[n] for n in names] for one in given}
    here = {row["id"] for row in await connection.fetch(PRESETS, list(rows))}
    new = [(preset_id, user_id, *row) for preset_id, row in rows.items() if preset_id not in here][: max(0, room)]
    await connection.executemany(PRESET, new)
    return len(new)


def _operation(user_id: UUID, made: Sequence[UUID]) -> Operation:
    """What lets a person take the collections away again: as if they had been made by hand."""
    now = clock.now()
    each = [{"id": str(one), "before": {"deleted_at": str(now)}, "after": {"deleted_at": None}} for one in made]
    return Operation(
        id=uuid4(), user_id=user_id, kind="create", label="Collections of an export", count=len(made), state="done",
        details={"collections": each}, at=now,
    )  # fmt: skip


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _count(status: str) -> int:
    return int(status.rpartition(" ")[2])
