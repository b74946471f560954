"""Every SELECT about resemblance: what the index needs to know of posts, and how far it is behind."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, RowMapping, Select, and_, case, distinct, exists, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from sovia.kit.db import asyncpg_connection
from sovia.kit.jobs import OPEN, Job
from sovia.kit.prepared import Prepared, prepared
from sovia.library.errors import PostNotFound
from sovia.library.models import Post
from sovia.library.queries import listed, posts
from sovia.library.queries.posts import EFFECTIVE_PROMPT
from sovia.similarity.collecting import Document
from sovia.similarity.models import PicturePrint
from sovia.similarity.seen import Seen, Shape
from sovia.similarity.vectors import Recipe

BATCH = 2_000
FACTS = (Post.id, Post.root_id, Post.parent_id, Post.model, Post.mode, Post.stack_modes, EFFECTIVE_PROMPT.label("text"))
SEEN_FACTS = (*FACTS, Post.thumbnail, Post.width, Post.height, Post.ratio)
# A post without words borrows those of its stack, but not of hundreds of takes.
BORROWED_PROMPTS = 8
RECENT = 500


def _live(user_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (Post.user_id == user_id, Post.deleted_at.is_(None))


def _document(row: Mapping[Any, Any]) -> Document:
    stack_modes = row["stack_modes"] if row["parent_id"] is None else None
    return Document(row["id"], row["root_id"], Recipe.of(row["model"], row["mode"], stack_modes), row["text"])


async def document(session: AsyncSession, user_id: UUID, post_id: UUID) -> Document:
    """The post as the index sees it, or `PostNotFound`."""
    found, _ = await document_now(await asyncpg_connection(session), user_id, post_id)
    return found


async def document_now(connection: asyncpg.Connection, user_id: UUID, post_id: UUID) -> tuple[Document, int]:
    """The post as the index sees it, and the version of the library it is of; or `PostNotFound`."""
    rows = await _document_now().rows(connection, {"user": user_id, "ids": [post_id]})
    if not rows:
        raise PostNotFound(post_id)
    return _document(rows[0]), rows[0]["version"] or 0


@cache
def _document_now() -> Prepared:
    return prepared(select(*FACTS, posts.version_of_user()).where(*posts.these()))


async def documents_by_id(connection: asyncpg.Connection, user_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Document]:
    """Those of the posts that are there, as the index sees them."""
    rows = await _documents().rows(connection, {"user": user_id, "ids": ids})
    return {row["id"]: _document(row) for row in rows}


@cache
def _documents() -> Prepared:
    return prepared(select(*FACTS).where(*posts.these()))


async def rows_by_id(
    connection: asyncpg.Connection, user_id: UUID, ids: Sequence[UUID]
) -> dict[UUID, tuple[Document, asyncpg.Record]]:
    """The same, each with a row that has what its card needs, and its documented `item` without children as JSON."""
    rows = await _rows().rows(connection, {"user": user_id, "ids": ids})
    return {row["id"]: (_document(row), row) for row in rows}


@cache
def _rows() -> Prepared:
    columns: dict[Any, None] = dict.fromkeys((*FACTS, *posts.CARD_COLUMNS, listed.ROOT.label("item")))
    return prepared(posts.with_media_path(select(*columns)).where(*posts.these()))


async def stack_prompts(session: AsyncSession, user_id: UUID, root_id: UUID) -> list[str]:
    """The first few different prompts of a stack, oldest first."""
    query = (
        select(EFFECTIVE_PROMPT.label("text"))
        .where(*_live(user_id), EFFECTIVE_PROMPT != "")
        .where((Post.id == root_id) | ((Post.root_id == root_id) & Post.parent_id.is_not(None)))
        .group_by(EFFECTIVE_PROMPT)
        .order_by(func.min(Post.created_at).nulls_last(), func.min(func.cast(Post.id, Post.prompt.type)))
        .limit(BORROWED_PROMPTS)
    )
    return list(await session.scalars(query))


async def recent_roots(session: AsyncSession, user_id: UUID, *, but: UUID) -> list[Document]:
    """The newest stacks but one, newest first."""
    query = (
        select(*FACTS)
        .where(*_live(user_id), Post.parent_id.is_(None), Post.id != but)
        .order_by(Post.created_at.desc().nulls_last(), Post.id.desc())
        .limit(RECENT)
    )
    return [_document(row) for row in (await session.execute(query)).mappings()]


async def count_posts(session: AsyncSession, user_id: UUID) -> int:
    """How many posts the library has."""
    return int(await session.scalar(select(func.count()).select_from(Post).where(*_live(user_id))) or 0)


async def count_changed_posts(session: AsyncSession, user_id: UUID, since: datetime) -> int:
    """How many posts were added, changed or put in the trash after a moment."""
    query = select(func.count()).select_from(Post).where(Post.user_id == user_id, Post.updated_at > since)
    return int(await session.scalar(query) or 0)


async def documents(
    session: AsyncSession, user_id: UUID, *, since: datetime | None = None
) -> AsyncIterator[list[Document]]:
    """All posts with a prompt, or those changed since, in batches; equal prompts follow each other."""
    query: Select[*tuple[Any, ...]] = (
        select(*FACTS)
        .where(*_live(user_id), EFFECTIVE_PROMPT != "")
        .order_by(Post.prompt_hash, EFFECTIVE_PROMPT, Post.id)
    )
    if since is not None:
        query = query.where(Post.updated_at > since)
    answer = await session.stream(query.execution_options(yield_per=BATCH))
    async for rows in answer.mappings().partitions():
        yield [_document(row) for row in rows]


async def has_open_job(session: AsyncSession, user_id: UUID, kinds: Sequence[str]) -> bool:
    """Whether one of these kinds of work waits or runs for the user."""
    query = select(Job.id).where(Job.user_id == user_id, Job.kind.in_(kinds), Job.state.in_(OPEN)).limit(1)
    return await session.scalar(query) is not None


async def posts_seen(session: AsyncSession, user_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Seen]:
    """Those of the posts that are there, with what by-picture and by-recipe look at."""
    query = select(*SEEN_FACTS).where(*_live(user_id), Post.id.in_(ids))
    return {row["id"]: _seen(row) for row in (await session.execute(query)).mappings()}


async def posts_with_thumbnails(session: AsyncSession, user_id: UUID, thumbnails: Sequence[str]) -> list[Seen]:
    """All posts that have these pictures."""
    query = select(*SEEN_FACTS).where(*_live(user_id), Post.thumbnail.in_(thumbnails)).order_by(Post.id)
    return [_seen(row) for row in (await session.execute(query)).mappings()]


async def posts_by_recipe(
    session: AsyncSession, user_id: UUID, recipe: Recipe, shape: Shape, *, but: Collection[UUID], limit: int
) -> list[Seen]:
    """The posts made most alike: by how many of model, mode and shape are the same, then newest first."""
    same: list[ColumnElement[int]] = []
    if recipe.model:
        same.append(case((Post.model == recipe.model, 1), else_=0))
    if recipe.modes:
        same.append(case((Post.mode.in_(recipe.modes), 1), else_=0))
    if shape.is_known:
        same.append(case((_same_shape(shape), 1), else_=0))
    if not same:
        return []
    alike = sum(same[1:], same[0])
    query = select(*SEEN_FACTS).where(*_live(user_id), alike > 0, Post.root_id.not_in(but))
    query = query.order_by(alike.desc(), Post.created_at.desc().nulls_last(), Post.id).limit(limit)
    return [_seen(row) for row in (await session.execute(query)).mappings()]


async def stacks_with_prompt_of(
    session: AsyncSession, user_id: UUID, post_id: UUID, limit: int
) -> tuple[list[UUID], int]:
    """The newest post of each other stack with exactly the prompt of this post, and how many such stacks there are."""
    mine = aliased(Post)
    theirs = select(mine.prompt_hash).where(mine.user_id == user_id, mine.id == post_id).scalar_subquery()
    home = select(mine.root_id).where(mine.user_id == user_id, mine.id == post_id).scalar_subquery()
    alike = (*_live(user_id), Post.prompt_hash == theirs, Post.root_id != home)
    newest = (
        select(Post.id, Post.created_at)
        .ext(distinct_on(Post.root_id))
        .where(*alike)
        .order_by(Post.root_id, Post.created_at.desc().nulls_last(), Post.id.desc())
        .subquery()
    )
    order = (newest.c.created_at.desc().nulls_last(), newest.c.id.desc())
    ids = await session.scalars(select(newest.c.id).order_by(*order).limit(limit))
    count = await session.scalar(select(func.count(distinct(Post.root_id))).where(*alike))
    return list(ids), int(count or 0)


async def prints_behind(session: AsyncSession, user_id: UUID, number: int) -> list[tuple[int, str, int, bytes]]:
    """Prints that came after one, as (number, thumbnail, structure, colours); none of unreadable ones."""
    query = (
        select(PicturePrint.number, PicturePrint.thumbnail, PicturePrint.structure, PicturePrint.colours)
        .where(PicturePrint.user_id == user_id, PicturePrint.number > number, PicturePrint.structure.is_not(None))
        .order_by(PicturePrint.number)
    )
    return [(row[0], row[1], row[2] or 0, row[3] or b"") for row in await session.execute(query)]


async def thumbnails_without_print(session: AsyncSession, user_id: UUID, limit: int, *, after: str = "") -> list[str]:
    """The first pictures behind a name that were not looked at yet."""
    seen = exists().where(PicturePrint.user_id == user_id, PicturePrint.thumbnail == Post.thumbnail)
    query = select(Post.thumbnail).where(*_live(user_id), Post.thumbnail > after, ~seen).distinct()
    return [str(one) for one in await session.scalars(query.order_by(Post.thumbnail).limit(limit))]


def _seen(row: RowMapping) -> Seen:
    return Seen(_document(row), row["thumbnail"], Shape(row["width"], row["height"], row["ratio"]))


def _same_shape(shape: Shape) -> ColumnElement[bool]:
    if shape.width and shape.height:
        return and_(Post.width == shape.width, Post.height == shape.height)
    return Post.ratio == shape.ratio
