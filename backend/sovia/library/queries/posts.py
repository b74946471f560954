"""Every SELECT about posts that answers with posts: by id, as cards."""

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Label,
    Select,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit.db import asyncpg_connection
from sovia.kit.prepared import NOBODY, Prepared, prepared
from sovia.library.cards import card
from sovia.library.errors import PostNotFound
from sovia.library.models import File, LibraryVersion, Post

EFFECTIVE_PROMPT: ColumnElement[str] = func.coalesce(
    func.nullif(Post.original_prompt, ""), func.nullif(Post.prompt, ""), Post.inherited_prompt
)
# Bits of the index of tiles, see docs/formats/index.md: kind, liked, not here, has children, corrupt, has thumbnail.
FLAGS: ColumnElement[int] = (
    case((Post.kind == "image", 0), (Post.kind == "video", 1), else_=2)
    + case((Post.liked.is_(True), 4), else_=0)
    + case((Post.media_state.in_(("wanted", "missing")), 8), else_=0)
    + case((Post.child_count > 0, 16), else_=0)
    + case((Post.media_state == "corrupt", 32), else_=0)
    + case((Post.thumbnail.is_not(None), 64), else_=0)
)
MAIN_FILE = and_(
    File.user_id == Post.user_id,
    File.post_id == Post.id,
    File.role == "media",
    File.position == 0,
    File.state == "present",
)
# The file is looked for only where the post says that it is here; the offset keeps the planner from joining first.
MEDIA = (
    select(func.coalesce(File.found_path, File.path).label("path"), File.has_audio)
    .where(MAIN_FILE, Post.media_state == "present")
    .offset(literal_column("0"))
    .correlate(Post)
    .lateral("media")
)
MEDIA_PATH: ColumnElement[str | None] = MEDIA.c.path

CARD_COLUMNS = (
    Post.id,
    Post.kind,
    Post.ratio,
    FLAGS.label("flags"),
    Post.width,
    Post.height,
    Post.duration_seconds.label("duration"),
    Post.child_count.label("children"),
    func.left(EFFECTIVE_PROMPT, 120).label("alt"),
    Post.created_at,
    Post.model,
    Post.mode,
    Post.thumbnail,
    Post.placeholder,
    MEDIA_PATH.label("media"),
    MEDIA.c.has_audio.label("sound"),
)


async def version(session: AsyncSession, user_id: UUID) -> int:
    """The version of the user's library; 0 before anything was added."""
    rows = await _version().rows(await asyncpg_connection(session), {"user": user_id})
    return int(rows[0]["version"]) if rows else 0


@cache
def _version() -> Prepared:
    return prepared(select(LibraryVersion.version).where(LibraryVersion.user_id == bindparam("user", NOBODY)))


def version_of_user() -> Label[int]:
    """The version of the library of `:user`, as a column of other rows."""
    mine = select(LibraryVersion.version).where(LibraryVersion.user_id == bindparam("user", NOBODY))
    return mine.scalar_subquery().label("version")


async def post_by_id(session: AsyncSession, user_id: UUID, post_id: UUID) -> Post:
    """The user's post, or `PostNotFound`; one in the trash is not found."""
    query = select(Post).where(Post.user_id == user_id, Post.id == post_id, Post.deleted_at.is_(None))
    post: Post | None = await session.scalar(query)
    if post is None:
        raise PostNotFound(post_id)
    return post


async def files_of(session: AsyncSession, user_id: UUID, post_id: UUID) -> Sequence[File]:
    """The files a post should have, the main one first."""
    order = case((File.role == "media", 0), (File.role == "hd", 1), (File.role == "audio", 2), else_=3)
    query = select(File).where(File.user_id == user_id, File.post_id == post_id).order_by(order, File.position)
    return (await session.scalars(query)).all()


async def cards(session: AsyncSession, user_id: UUID, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """The cards of these posts, in the order asked for; ids that are not (or no longer) there are left out."""
    connection = await asyncpg_connection(session)
    found = {row["id"]: card(row) for row in await _cards().rows(connection, {"user": user_id, "ids": ids})}
    return [found[post_id] for post_id in ids if post_id in found]


@cache
def _cards() -> Prepared:
    return prepared(with_media_path(select(*CARD_COLUMNS)).where(*these()))


async def stack_cards(session: AsyncSession, user_id: UUID, root_id: UUID) -> list[dict[str, Any]]:
    """The cards of a stack: its root, then all descendants, oldest first; at most 1,000."""
    query = (
        with_media_path(select(*CARD_COLUMNS))
        .where(Post.user_id == user_id, Post.deleted_at.is_(None))
        .where((Post.id == root_id) | ((Post.root_id == root_id) & Post.parent_id.is_not(None)))
        .order_by(Post.parent_id.is_not(None), Post.created_at.nulls_last(), Post.id)
        .limit(1000)
    )
    return [card(row) for row in (await session.execute(query)).mappings()]


def with_main_file(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """The posts of a query with their main file, when it is here: for queries of many."""
    return query.select_from(Post).outerjoin(File, MAIN_FILE)


def with_media_path(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """The posts of a query with the path of their main file, when it is here: for queries of few."""
    return query.select_from(Post).outerjoin(MEDIA, true())


def these() -> tuple[ColumnElement[bool], ...]:
    """The posts `:ids` of `:user` that are not in the trash."""
    ids = bindparam("ids", [], ARRAY(Uuid()))
    return (Post.user_id == bindparam("user", NOBODY), Post.id == any_(ids), Post.deleted_at.is_(None))
