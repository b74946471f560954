"""Every SELECT about files: which to look for, which to look into, which to serve."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, case, exists, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.library.finding import Known
from sovia.library.models import ClipFrames, File, Post

KNOWN: tuple[Any, ...] = (
    File.post_id,
    File.role,
    File.position,
    File.path,
    File.url,
    File.state,
    File.found_path,
    File.size_bytes,
    File.mtime_ns,
)
PLACE = func.coalesce(File.found_path, File.path)
SERVED: tuple[Any, ...] = (PLACE, File.state, File.reason, File.mime_type, File.size_bytes, File.mtime_ns)
# A file that was found and not looked into yet is still wanted, and its size is known.
FOUND = (File.state == "wanted", File.size_bytes.is_not(None))
HAS_THUMBNAIL = "SELECT EXISTS (SELECT FROM posts WHERE user_id = $1 AND thumbnail = $2)"
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


class FoundFile(NamedTuple):
    """A file to look into: its key, where it lies below the home folder, its size, and whether it is the main one."""

    post_id: UUID
    role: str
    position: int
    place: str
    size_bytes: int
    is_main: bool


class ServedFile(NamedTuple):
    """What serving a file needs to know."""

    place: str
    state: str
    reason: str | None
    mime_type: str | None
    size_bytes: int | None
    mtime_ns: int | None


class Clip(NamedTuple):
    """A clip that is here; `at` and `post_id` say where the next page begins, `looked` whether its frames are known."""

    key: str
    looked: bool
    place: str
    size_bytes: int
    at: datetime
    post_id: UUID


async def files_never_looked_for(
    session: AsyncSession, user_id: UUID, *, after: Known | None, limit: int
) -> list[Known]:
    """Files that nobody has looked for yet, in the order of their keys from behind `after`.

    Each leaves this set when what was seen is recorded.
    """
    query = select(*KNOWN).where(File.user_id == user_id, File.state == "wanted", File.size_bytes.is_(None))
    key = tuple_(File.post_id, File.role, File.position)
    if after is not None:
        query = query.where(key > tuple_(after.post_id, after.role, after.position))
    query = query.where(File.path.is_not(None)).order_by(File.post_id, File.role, File.position)
    rows = await session.execute(query.limit(limit))
    return [Known(*row) for row in rows]


async def settled_files(
    session: AsyncSession, user_id: UUID, states: Sequence[str], *, after: Known | None, limit: int
) -> list[Known]:
    """The files in these states in the order of their keys, from behind `after`: to see whether they changed."""
    # A subquery that runs for the rows that need it; a join would read all posts up to the page.
    of_post = select(Post.thumbnail).where(Post.user_id == File.user_id, Post.id == File.post_id).scalar_subquery()
    thumbnail = case(((File.role == "media") & (File.position == 0) & (File.state == "present"), of_post))
    columns: tuple[Any, ...] = (*KNOWN, thumbnail)
    query = select(*columns)
    query = query.where(File.user_id == user_id, File.state.in_(states), File.path.is_not(None))
    key = tuple_(File.post_id, File.role, File.position)
    if after is not None:
        query = query.where(key > tuple_(after.post_id, after.role, after.position))
    rows = await session.execute(query.order_by(File.post_id, File.role, File.position).limit(limit))
    return [Known(*row) for row in rows]


async def found_files(session: AsyncSession, user_id: UUID, *, limit: int) -> list[FoundFile]:
    """Files that were found and not looked into yet, those of the newest posts first, the main file before others."""
    is_main = (File.role == "media") & (File.position == 0)
    columns: tuple[Any, ...] = (File.post_id, File.role, File.position, PLACE, File.size_bytes, is_main)
    query = (
        select(*columns)
        .join(Post, (Post.user_id == File.user_id) & (Post.id == File.post_id))
        .where(File.user_id == user_id, *FOUND)
        .order_by(is_main.desc(), Post.created_at.desc().nulls_last(), Post.id)
        .limit(limit)
    )
    return [FoundFile(*row) for row in await session.execute(query)]


async def count_found_files(session: AsyncSession, user_id: UUID) -> int:
    """How many files wait to be looked into."""
    query = select(func.count()).select_from(File).where(File.user_id == user_id, *FOUND)
    return int(await session.scalar(query) or 0)


async def clips_here(session: AsyncSession, user_id: UUID, *, after: Clip | None, limit: int) -> list[Clip]:
    """The user's clips that are here and have thumbnails, newest first, from behind `after`."""
    at = func.coalesce(Post.created_at, LONG_AGO)
    looked = exists().where(ClipFrames.user_id == Post.user_id, ClipFrames.thumbnail == Post.thumbnail)
    columns: tuple[Any, ...] = (Post.thumbnail, looked, PLACE, File.size_bytes, at, Post.id)
    query = (
        select(*columns)
        .join(File, (Post.user_id == File.user_id) & (Post.id == File.post_id))
        .where(Post.user_id == user_id, Post.thumbnail.is_not(None))
        .where(File.role == "media", File.position == 0, File.state == "present", File.mime_type.startswith("video/"))
    )
    if after is not None:
        query = query.where(tuple_(at, Post.id) < tuple_(after.at, after.post_id))
    rows = await session.execute(query.order_by(at.desc(), Post.id.desc()).limit(limit))
    return [Clip(*row) for row in rows]


async def find_served_file(session: AsyncSession, user_id: UUID, path: str) -> ServedFile | None:
    """The user's file at this path below the home folder, by its URL's path or where it was found; or nothing.

    Two posts may want the same file; one that is here goes before one that is not.
    """
    for column in (File.path, File.found_path):
        row = await _served_by(session, user_id, column == path)
        if row is not None:
            return row
    return None


async def find_file_by_fingerprint(session: AsyncSession, user_id: UUID, sha256: bytes) -> ServedFile | None:
    """A file of the user's with these bytes that is here, or nothing."""
    return await _served_by(session, user_id, (File.sha256 == sha256) & (File.state == "present"))


async def has_thumbnail(connection: asyncpg.Connection, user_id: UUID, key: str) -> bool:
    """Whether a post of the user's has the derived pictures with this key; asked once for every tile on a screen."""
    return bool(await connection.fetchval(HAS_THUMBNAIL, user_id, key))


async def _served_by(session: AsyncSession, user_id: UUID, condition: ColumnElement[bool]) -> ServedFile | None:
    query = (
        select(*SERVED)
        .where(File.user_id == user_id, condition)
        .order_by((File.state == "present").desc(), File.post_id, File.role, File.position)
        .limit(1)
    )
    row = (await session.execute(query)).first()
    return ServedFile(*row) if row else None
