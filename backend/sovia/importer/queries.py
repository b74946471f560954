"""Reading imports, their problems, and which files are still missing."""

from collections import Counter
from collections.abc import AsyncIterator, Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BindParameter, Select, Text, Uuid, any_, bindparam, case, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import TypeEngine

from sovia.importer.errors import ImportNotFound, ProblemNotFound
from sovia.importer.models import Import, ImportChange, ImportPreview, ImportProblem, Upload
from sovia.importer.states import PASSING, WAITING, stored_of
from sovia.importer.uploads import KEPT_SECONDS, stored_name
from sovia.kit import clock
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


async def problem_by_number(session: AsyncSession, import_id: UUID, number: int) -> ImportProblem:
    """One problem of an import, or `ProblemNotFound`."""
    found = await session.get(ImportProblem, (import_id, number))
    if found is None:
        raise ProblemNotFound(number)
    return found


async def previews_of(
    session: AsyncSession, import_id: UUID, bucket: str, *, after: int = -1, limit: int = 100
) -> list[ImportPreview]:
    """What a dry run kept of one bucket, those numbered above `after`."""
    query = (
        select(ImportPreview)
        .where(ImportPreview.import_id == import_id, ImportPreview.bucket == bucket, ImportPreview.number > after)
        .order_by(ImportPreview.number)
        .limit(limit)
    )
    return list(await session.scalars(query))


async def awaited_uploads(session: AsyncSession) -> set[str]:
    """The stored files, of all users, that an import still has to read, and those that are still coming in."""
    since = clock.now() - timedelta(seconds=KEPT_SECONDS)
    waits = Import.finished_at.is_(None) & (Job.state.in_(OPEN) | Import.state.in_(WAITING))
    again = (Import.state == "failed") & Import.error_code.in_(PASSING) & (Import.finished_at > since)
    query = select(Import).outerjoin(Job, Job.id == Import.job_id).where(waits | again)
    names = {name for found in await session.scalars(query) for name in stored_of(found)}
    coming = await session.scalars(select(Upload.id).where(Upload.expires_at > clock.now()))
    return names | {stored_name(one) for one in coming}


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


async def hashed_paths(session: AsyncSession, user_id: UUID, paths: Collection[str]) -> set[str]:
    """Which of these paths hold a file whose content is known."""
    here = File.path == any_(array_of(paths, Text()))
    good = (File.state == "present") & File.sha256.is_not(None)
    query = select(File.path).where(File.user_id == user_id, here, good)
    return {path for path in await session.scalars(query) if path} if paths else set()


async def known_file_counts(
    session: AsyncSession, user_id: UUID, ids: Collection[UUID]
) -> tuple[dict[str, int], dict[str, int]]:
    """The files of these posts by how they stand, and by host; `wanted` are those that nobody has looked for yet."""
    unhashed = (File.state == "present") & File.sha256.is_(None)
    stands = case(
        (unhashed, "unhashed"), (File.path.is_(None), "unmappable"), (File.state.in_(("present", "wanted")), File.state)
    )
    host = func.coalesce(func.split_part(File.path, "/", 2), func.split_part(File.url, "/", 3))
    query = (
        select(func.coalesce(stands, "missing"), host, func.count())
        .where(File.user_id == user_id, File.post_id == any_(array_of(ids, Uuid())), File.role != "poster")
        .group_by(text("1"), text("2"))
    )
    states: Counter[str] = Counter()
    hosts: Counter[str] = Counter()
    for state, name, count in await session.execute(query):
        states[state] += count
        hosts[name[:100] or "none"] += count
    return states, hosts


async def wanted_paths(session: AsyncSession, user_id: UUID, ids: Collection[UUID]) -> set[str]:
    """The paths of files of these posts that nobody has looked for yet."""
    here = File.post_id == any_(array_of(ids, Uuid()))
    query = select(File.path).where(File.user_id == user_id, here, File.state == "wanted", File.role != "poster")
    return {path for path in await session.scalars(query) if path}


def brought_by(user_id: UUID, import_id: UUID) -> Select[UUID]:
    """The posts that an import brought, also those that were here already."""
    first = select(Post.id).where(Post.user_id == user_id, Post.import_id == import_id)
    again = select(ImportChange.post_id).where(ImportChange.import_id == import_id, ImportChange.brought)
    return first.union(again).subquery().select()


async def file_counts(session: AsyncSession, user_id: UUID, import_id: UUID | None = None) -> dict[str, int]:
    """How many of the library's files, or of those of one import's posts, are in each state."""
    query = select(File.state, func.count()).where(File.user_id == user_id).group_by(File.state)
    if import_id is not None:
        query = query.where(File.post_id.in_(brought_by(user_id, import_id)))
    return {row[0]: row[1] for row in await session.execute(query)}


async def missing_files(
    session: AsyncSession, user_id: UUID, *, came_with: Import | None = None
) -> AsyncIterator[tuple[str, str]]:
    """URL and path of every file that is not here, each path once, in the order of paths; streamed.

    `came_with` leaves only the files of the posts which that import brought.
    """
    query = (
        select(func.min(File.url), File.path)
        .where(File.user_id == user_id, File.state.in_(LOST), File.path.is_not(None), File.role != "poster")
        # What came as a file of its own has no address to fetch it from.
        .where(File.url.like("http%://%"))
        .group_by(File.path)
        .order_by(File.path)
    )
    if came_with is not None:
        query = query.where(File.post_id.in_(brought_by(user_id, came_with.id)))
    rows = await session.stream(query.execution_options(yield_per=1000))
    async for url, path in rows:
        assert path is not None
        yield url, path
