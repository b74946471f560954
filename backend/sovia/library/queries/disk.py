"""Every SELECT about what lies on the disk: files by the ids in their paths, by their size, roots as they stand."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit.db import asyncpg_connection
from sovia.library.models import MediaRoot

BY_ID = """
SELECT w.id, d.root_id, d.folder, d.name, d.size_bytes
FROM unnest($1::uuid[]) AS w (id)
CROSS JOIN LATERAL (
  SELECT root_id, folder, name, size_bytes FROM disk_files WHERE ids @> ARRAY[w.id] AND size_bytes > 0 LIMIT 50
) d
"""
OF_POSTS = "SELECT id, parent_id, kind FROM posts WHERE user_id = $1 AND id = any($2::uuid[])"
# What was here once and is missing now, with files of the same size that no row of the user's leads to.
MOVED = """
SELECT f.post_id, f.role, f.position, f.sha256, d.root_id, d.folder, d.name, d.mtime_ns, d.size_bytes,
  d.sha256 AS known
FROM (
  SELECT post_id, role, position, sha256, size_bytes FROM files
  WHERE user_id = $1 AND state = 'missing' AND sha256 IS NOT NULL AND size_bytes > 0
    AND (post_id, role, position) > ($2, $3, $4)
  ORDER BY post_id, role, position LIMIT $5
) f
LEFT JOIN LATERAL (
  SELECT * FROM disk_files WHERE size_bytes = f.size_bytes AND (sha256 IS NULL OR sha256 = f.sha256)
  ORDER BY sha256 NULLS LAST LIMIT 20
) d ON true
ORDER BY f.post_id, f.role, f.position
"""
NOTE_HASH = "UPDATE disk_files SET sha256 = $5 WHERE (root_id, folder, name, mtime_ns) = ($1, $2, $3, $4)"


class Lying(NamedTuple):
    """A file on the disk, by an id in its path."""

    id: UUID
    root_id: str
    folder: str
    name: str
    size_bytes: int

    @property
    def path(self) -> str:
        """Below its root."""
        return f"{self.folder}/{self.name}" if self.folder else self.name


class Moved(NamedTuple):
    """A file that is missing, and one on the disk that has its size (nothing when none has)."""

    post_id: UUID
    role: str
    position: int
    sha256: bytes
    root_id: str | None
    folder: str
    name: str
    mtime_ns: int
    size_bytes: int
    known: bytes | None

    @property
    def path(self) -> str:
        """Below its root."""
        return f"{self.folder}/{self.name}" if self.folder else self.name


class RootStanding(NamedTuple):
    """A media folder as it was at the last look."""

    id: str
    path: str
    is_away: bool
    scanned_at: datetime | None
    file_count: int


async def lying_by_id(session: AsyncSession, ids: Sequence[UUID]) -> list[Lying]:
    """The files on the disk that have these ids in their paths, at most fifty for each."""
    rows = await (await asyncpg_connection(session)).fetch(BY_ID, list(ids))
    return [Lying(*row) for row in rows]


async def posts_of(session: AsyncSession, user_id: UUID, ids: Sequence[UUID]) -> dict[UUID, tuple[UUID | None, str]]:
    """Parent and kind of these posts."""
    rows = await (await asyncpg_connection(session)).fetch(OF_POSTS, user_id, list(ids))
    return {row["id"]: (row["parent_id"], row["kind"]) for row in rows}


async def moved_files(session: AsyncSession, user_id: UUID, *, after: Moved | None, limit: int) -> list[Moved]:
    """Missing files whose content is known, with what on the disk could be them, from behind `after`."""
    edge = (after.post_id, after.role, after.position) if after else (UUID(int=0), "", 0)
    rows = await (await asyncpg_connection(session)).fetch(MOVED, user_id, *edge, limit)
    return [Moved(*row) for row in rows]


async def note_hashes(session: AsyncSession, found: Sequence[tuple[Moved, bytes]]) -> None:
    """Remember what was hashed, so that the next look need not."""
    values = [(one.root_id, one.folder, one.name, one.mtime_ns, sha256) for one, sha256 in found]
    await (await asyncpg_connection(session)).executemany(NOTE_HASH, values)


async def roots_standing(session: AsyncSession) -> list[RootStanding]:
    """The media folders as they stood at the last look."""
    query = select(MediaRoot.id, MediaRoot.path, MediaRoot.is_away, MediaRoot.scanned_at, MediaRoot.file_count)
    return [RootStanding(*row) for row in await session.execute(query.order_by(MediaRoot.path))]
