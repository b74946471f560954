"""Reads what is to be given out, some stacks at a time, so that memory does not grow with the library."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.keeping.exporting.gathered import Gathered, given_to
from sovia.keeping.exporting.records import Portion, Row
from sovia.kit.db import Database
from sovia.library.models import File, Post
from sovia.search.clauses import conditions
from sovia.search.language.meaning import EVERYTHING, Meaning

STACKS_AT_ONCE = 200
COLUMNS: tuple[Any, ...] = (
    *(Post.id, Post.parent_id, Post.root_id, Post.kind, Post.created_at, Post.prompt, Post.original_prompt),
    *(Post.model, Post.mode, Post.liked, Post.liked_here, Post.width, Post.height, Post.duration_seconds),
    *(Post.media_url, Post.hd_media_url, Post.thumbnail_url, Post.mime_type, Post.source, Post.source_user_id),
    *(Post.source_id, Post.raw, Post.extra_metadata),
)
OF_FILES: tuple[Any, ...] = (
    *(File.post_id, File.role, File.position, File.path, File.found_path, File.state, File.sha256, File.size_bytes),
)


async def portions(database: Database, user_id: UUID, wanted: Meaning | None) -> AsyncIterator[Portion]:
    """The stacks that a filter finds (all by default), in the order of their ids.

    With everything go all collections and presets; with what a filter finds, the collections in which that stands.
    """
    after: UUID | None = None
    gathered = Gathered(user_id, everything=wanted is None)
    while True:
        async with database.begin() as session:
            roots = await _roots(session, user_id, wanted or EVERYTHING, after)
            if not roots and (after is not None or wanted is not None):
                return
            # A library without posts may have collections and presets all the same.
            yield await _portion(session, user_id, roots, gathered)
        if not roots:
            return
        after = roots[-1]


async def _roots(session: AsyncSession, user_id: UUID, wanted: Meaning, after: UUID | None) -> list[UUID]:
    query = select(Post.id).where(*conditions(user_id, wanted)).order_by(Post.id).limit(STACKS_AT_ONCE)
    return list(await session.scalars(query if after is None else query.where(Post.id > after)))


async def _portion(session: AsyncSession, user_id: UUID, roots: list[UUID], gathered: Gathered) -> Portion:
    # Only children are in the index by root, so that roots are asked for by themselves.
    below = and_(Post.root_id.in_(roots), Post.parent_id.is_not(None))
    query = select(*COLUMNS).where(Post.user_id == user_id, or_(Post.id.in_(roots), below), Post.deleted_at.is_(None))
    posts: list[Row] = [dict(row) for row in (await session.execute(query.order_by(Post.id))).mappings()]
    ids = [post["id"] for post in posts]
    files: dict[UUID, list[Row]] = {}
    of = select(*OF_FILES).where(File.user_id == user_id, File.post_id.in_(ids))
    for row in (await session.execute(of.order_by(File.post_id, File.role, File.position))).mappings():
        files.setdefault(row["post_id"], []).append(dict(row))
    given = await given_to(session, user_id, ids)
    return Portion(posts, files, given, await gathered.parcels(session, given))
