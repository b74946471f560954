"""What the library already knows of a batch of posts that come in."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import asyncpg

from sovia.library.arrivals import Arrival
from sovia.library.lineage import Standing

# S608 below: the columns are our own words.
COLUMNS = (
    "id, parent_id, root_id, wanted_parent_id, kind, created_at, prompt, original_prompt, inherited_prompt, "
    "search_text, prompt_hash, model, mode, liked, liked_here, width, height, ratio, duration_seconds, media_url, "
    "hd_media_url, thumbnail_url, mime_type, source_user_id, source_id, media_state, thumbnail, raw, extra_metadata, "
    "import_id, deleted_at"
)
KNOWN = f"SELECT {COLUMNS} FROM posts WHERE user_id = $1 AND id = ANY($2::uuid[])"  # noqa: S608
LOCKED = KNOWN + " ORDER BY id FOR NO KEY UPDATE"
WAITING = """
SELECT id, parent_id, root_id, wanted_parent_id FROM posts
WHERE user_id = $1 AND wanted_parent_id = ANY($2::uuid[])
"""
# UNION, not UNION ALL: it ends even if a circle should ever have got in.
ABOVE = """
WITH RECURSIVE above AS (
  SELECT id, parent_id FROM posts WHERE user_id = $1 AND id = ANY($2::uuid[])
  UNION
  SELECT p.id, p.parent_id FROM above a JOIN posts p ON p.user_id = $1 AND p.id = a.parent_id
)
SELECT id, parent_id FROM above
"""
FILES = "SELECT post_id, role, position, url, path, state FROM files WHERE user_id = $1 AND post_id = ANY($2::uuid[])"

Row = dict[str, Any]


async def standing_of(connection: asyncpg.Connection, user_id: UUID, batch: Mapping[UUID, Arrival]) -> Standing:
    """The batch's posts and named parents that are here, and the posts that wait for one of the batch."""
    named = {new.parent_id for new in batch.values() if new.parent_id is not None}
    known = await known_posts(connection, user_id, batch.keys() | named)
    waiting = [dict(row) for row in await connection.fetch(WAITING, user_id, list(batch))]
    standing = Standing(dict(known), waiting)
    if waiting or not known.keys().isdisjoint(batch):
        start = [*known, *(row["id"] for row in waiting)]
        rows = await connection.fetch(ABOVE, user_id, start)
        standing.above = {row["id"]: row["parent_id"] for row in rows}
    return standing


async def known_posts(
    connection: asyncpg.Connection, user_id: UUID, ids: Collection[UUID], *, lock: bool = False
) -> dict[UUID, Row]:
    """The user's posts among these ids (the connection parses their JSON); with `lock` held for a change, by id."""
    rows = await connection.fetch(LOCKED if lock else KNOWN, user_id, list(ids))
    return {row["id"]: dict(row) for row in rows}


async def known_files(connection: asyncpg.Connection, user_id: UUID, ids: Collection[UUID]) -> dict[UUID, list[Row]]:
    """The files that these posts should have, by post."""
    found: dict[UUID, list[Row]] = {}
    for row in await connection.fetch(FILES, user_id, list(ids)):
        found.setdefault(row["post_id"], []).append(dict(row))
    return found
