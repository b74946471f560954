"""Every SELECT about resemblance: what the index needs to know of posts, and how far it is behind."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit.jobs import OPEN, Job
from sovia.library.errors import PostNotFound
from sovia.library.models import Post
from sovia.library.queries.posts import EFFECTIVE_PROMPT
from sovia.similarity.collecting import Document
from sovia.similarity.vectors import Recipe

BATCH = 2_000
FACTS = (Post.id, Post.root_id, Post.parent_id, Post.model, Post.mode, Post.stack_modes, EFFECTIVE_PROMPT.label("text"))
# A post without words borrows those of its stack, but not of hundreds of takes.
BORROWED_PROMPTS = 8
RECENT = 500


def _live(user_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (Post.user_id == user_id, Post.deleted_at.is_(None))


def _document(row: RowMapping) -> Document:
    stack_modes = row["stack_modes"] if row["parent_id"] is None else None
    return Document(row["id"], row["root_id"], Recipe.of(row["model"], row["mode"], stack_modes), row["text"])


async def document(session: AsyncSession, user_id: UUID, post_id: UUID) -> Document:
    """The post as the index sees it, or `PostNotFound`."""
    found = await documents_by_id(session, user_id, [post_id])
    if not found:
        raise PostNotFound(post_id)
    return found[post_id]


async def documents_by_id(session: AsyncSession, user_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Document]:
    """Those of the posts that are there, as the index sees them."""
    query = select(*FACTS).where(*_live(user_id), Post.id.in_(ids))
    return {row["id"]: _document(row) for row in (await session.execute(query)).mappings()}


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
