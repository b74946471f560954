"""Reading imports, their problems, and which files are still missing."""

from collections.abc import AsyncIterator, Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BindParameter, Text, Uuid, any_, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import TypeEngine

from sovia.importer.errors import ImportNotFound
from sovia.importer.models import Import, ImportProblem
from sovia.kit.jobs import OPEN, Job
from sovia.library.models import File, Post

LOST = ("wanted", "missing", "corrupt")


async def import_by_id(session: AsyncSession, user_id: UUID, import_id: UUID) -> Import:
    """The user's import, or `ImportNotFound`."""
    found = await session.scalar(select(Import).where(Import.user_id == user_id, Import.id == import_id))
    if found is None:
        raise ImportNotFound(import_id)
    return found


async def recent_imports(session: AsyncSession, user_id: UUID, limit: int = 50) -> list[Import]:
    """The user's newest imports first."""
    query = select(Import).where(Import.user_id == user_id).order_by(Import.started_at.desc(), Import.id).limit(limit)
    return list(await session.scalars(query))


async def problems_of(
    session: AsyncSession, import_id: UUID, *, after: int = -1, limit: int = 100
) -> list[ImportProblem]:
    """An import's problems in the order of its file, those numbered above `after`."""
    query = (
        select(ImportProblem)
        .where(ImportProblem.import_id == import_id, ImportProblem.number > after)
        .order_by(ImportProblem.number)
        .limit(limit)
    )
    return list(await session.scalars(query))


async def awaited_uploads(session: AsyncSession) -> set[str]:
    """The stored files, of all users, that an import still has to read."""
    query = (
        select(Import.stored_path)
        .join(Job, Job.id == Import.job_id)
        .where(Import.stored_path.is_not(None), Import.finished_at.is_(None), Job.state.in_(OPEN))
    )
    return {name for name in await session.scalars(query) if name}


async def existing_ids(session: AsyncSession, user_id: UUID, ids: Collection[UUID]) -> set[UUID]:
    """Which of these posts are here."""
    # One array: a statement takes no more than 32,767 parameters.
    query = select(Post.id).where(Post.user_id == user_id, Post.id == any_(array_of(ids, Uuid())))
    return set(await session.scalars(query)) if ids else set()


async def present_paths(session: AsyncSession, user_id: UUID, paths: Collection[str]) -> set[str]:
    """Which of these paths hold a file that was looked at and found good."""
    here = File.path == any_(array_of(paths, Text()))
    query = select(File.path).where(File.user_id == user_id, here, File.state == "present")
    return {path for path in await session.scalars(query) if path} if paths else set()


def array_of(values: Collection[Any], kind: TypeEngine[Any]) -> BindParameter[Any]:
    """Any number of values as one parameter."""
    return bindparam(None, list(values), type_=ARRAY(kind))


async def file_counts(session: AsyncSession, user_id: UUID) -> dict[str, int]:
    """How many of the library's files are in each state."""
    query = select(File.state, func.count()).where(File.user_id == user_id).group_by(File.state)
    return {row[0]: row[1] for row in await session.execute(query)}


async def missing_files(
    session: AsyncSession, user_id: UUID, *, came_with: Import | None = None
) -> AsyncIterator[tuple[str, str]]:
    """URL and path of every file that is not here, each path once, in the order of paths; streamed.

    `came_with` leaves only the files of that import, when all its posts were new; else they are the library's.
    """
    query = (
        select(func.min(File.url), File.path)
        .where(File.user_id == user_id, File.state.in_(LOST), File.path.is_not(None), File.role != "poster")
        .group_by(File.path)
        .order_by(File.path)
    )
    if came_with is not None and not came_with.counts.get("same") and not came_with.counts.get("changed"):
        query = query.join(Post, (Post.user_id == File.user_id) & (Post.id == File.post_id)).where(
            Post.added_at >= came_with.started_at, Post.added_at <= func.coalesce(came_with.finished_at, func.now())
        )
    rows = await session.stream(query.execution_options(yield_per=1000))
    async for url, path in rows:
        assert path is not None
        yield url, path
