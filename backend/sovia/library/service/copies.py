"""Copies of media below `https_/_local` that no post needs any more: put away, and brought back, never removed."""

import asyncio
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit import disk
from sovia.kit.db import asyncpg_connection
from sovia.library.paths import LOCAL, PUT_AWAY, ROOT, is_local

# A post that went with its import needs nothing; any other does, also in the trash, and also another user's.
UNNEEDED = """
SELECT DISTINCT given.path FROM unnest($1::text[]) AS given (path)
WHERE NOT EXISTS (
  SELECT FROM users u
  JOIN files f ON f.user_id = u.id AND f.path = given.path
  JOIN posts p ON p.user_id = f.user_id AND p.id = f.post_id
  LEFT JOIN imports i ON i.id = p.import_id
  WHERE p.deleted_at IS NULL OR p.deleted_at IS DISTINCT FROM i.undone_at)
"""
THEIRS = "SELECT DISTINCT path FROM files WHERE user_id = $1 AND post_id = ANY($2::uuid[]) AND starts_with(path, $3)"


async def copies_of(session: AsyncSession, user_id: UUID, ids: Collection[UUID]) -> list[str]:
    """The paths of the copies that these posts have."""
    connection = await asyncpg_connection(session)
    return [row["path"] for row in await connection.fetch(THEIRS, user_id, list(ids), f"{LOCAL}/")]


async def put_away(session: AsyncSession, paths: Iterable[object], media_root: Path) -> None:
    """Move those of these copies out of the way that no post needs; done twice, nothing is left to move.

    The system's own error when the disk does not let us.
    """
    copies = [path for path in paths if isinstance(path, str) and is_local(path)]
    if copies:
        connection = await asyncpg_connection(session)
        unneeded = [row["path"] for row in await connection.fetch(UNNEEDED, copies)]
        await asyncio.to_thread(_move, media_root, unneeded, away=True)


async def bring_back(paths: Iterable[object], media_root: Path) -> None:
    """Move these copies back to where they were."""
    copies = [path for path in paths if isinstance(path, str) and is_local(path)]
    if copies:
        await asyncio.to_thread(_move, media_root, copies, away=False)


def _move(media_root: Path, paths: Iterable[str], *, away: bool) -> None:
    for path in paths:
        here = path.removeprefix(ROOT)
        there = f"{PUT_AWAY.removeprefix(ROOT)}/{here}"
        # What is not there was moved before, or never came.
        with suppress(FileNotFoundError):
            disk.move_beneath(media_root, *((here, there) if away else (there, here)))
