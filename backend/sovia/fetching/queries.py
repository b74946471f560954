"""Every SELECT about fetching: what could be fetched, what is next, what failed and why."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, case, exists, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.fetching.expiry import TEMPORARY
from sovia.fetching.models import Download, FetchSettings
from sovia.kit import clock
from sovia.kit.jobs import OPEN, Job
from sovia.library.models import File, Post
from sovia.library.service.filing import LOOK

FETCH = "fetching.fetch_files"
MOST_ENDS = 20_000
LACKING = ("missing", "corrupt", "wanted")
HOST = func.split_part(File.path, "/", 2)
IS_CLIP = File.path.like("%.mp4")
# What came by another way since then did not fail.
STILL_LACKING = exists().where(
    File.user_id == Download.user_id, File.path == Download.path, File.state.in_((*LACKING, "gone"))
)
FAILED = (Download.state == "failed", STILL_LACKING)


class Lacking(NamedTuple):
    """A file that is not here, as its row has it."""

    post_id: UUID
    role: str
    position: int
    path: str
    url: str
    state: str
    kind: str
    made_at: datetime | None


class LackingAtHost(NamedTuple):
    """How many files are not here that one host has."""

    host: str
    clips: bool
    files: int


class Next(NamedTuple):
    """A file to fetch now."""

    path: str
    url: str
    kind: str
    replaces: bool
    attempts: int


async def lacking_files(
    session: AsyncSession,
    user_id: UUID,
    meant: ColumnElement[bool] | None,
    *,
    states: Sequence[str] = LACKING,
    after: Lacking | None = None,
    limit: int,
) -> list[Lacking]:
    """Files with an address that are not here, of posts that are not in the trash, by key from behind `after`."""
    kind = case((File.role.in_(("media", "hd")), Post.kind), (File.role == "audio", "audio"), else_="image")
    columns: tuple[Any, ...] = (File.post_id, File.role, File.position, File.path, File.url, File.state)
    more: tuple[Any, ...] = (*columns, kind, Post.created_at)
    query = (
        select(*more)
        .join(Post, (Post.user_id == File.user_id) & (Post.id == File.post_id))
        .where(File.user_id == user_id, File.state.in_(states), File.path.is_not(None), File.role != "poster")
        .where(File.url.like("http%://%"), Post.deleted_at.is_(None))
        # What was found and not looked into yet is here.
        .where(or_(File.state != "wanted", File.size_bytes.is_(None)))
    )
    if meant is not None:
        query = query.where(meant)
    if after is not None:
        key = tuple_(File.post_id, File.role, File.position)
        query = query.where(key > tuple_(after.post_id, after.role, after.position))
    rows = await session.execute(query.order_by(File.post_id, File.role, File.position).limit(limit))
    return [Lacking(*row) for row in rows]


async def awaits_a_look(session: AsyncSession, user_id: UUID, meant: ColumnElement[bool] | None) -> bool:
    """Whether some of these files were not looked for yet, and somebody is about to, or at it."""
    unseen = exists().where(File.user_id == user_id, File.state == "wanted", File.size_bytes.is_(None))
    looking = exists().where(Job.user_id == user_id, Job.kind == LOOK, Job.state.in_(OPEN))
    return bool(await session.scalar(select((unseen if meant is None else unseen.where(meant)) & looking)))


async def settings_of(session: AsyncSession, user_id: UUID) -> FetchSettings:
    """How the user wants it; the defaults when nothing was said."""
    found = await session.get(FetchSettings, user_id, populate_existing=True)
    if found is None:
        found = FetchSettings(user_id=user_id, paused=False, per_host=4, per_second=8, bytes_per_second=0, hosts=[])
    return found


async def due_hosts(session: AsyncSession, user_id: UUID) -> list[str]:
    """The hosts that have files to fetch now."""
    query = select(Download.host).where(
        Download.user_id == user_id, Download.state == "waiting", Download.next_at <= clock.now()
    )
    return list(await session.scalars(query.distinct().limit(1000)))


async def due_files(session: AsyncSession, user_id: UUID, host: str, *, limit: int) -> list[Next]:
    """The next files of a host: what a person looks at, what expires first, the newest."""
    columns: tuple[Any, ...] = (Download.path, Download.url, Download.kind, Download.replaces, Download.attempts)
    query = (
        select(*columns)
        .where(Download.user_id == user_id, Download.host == host, Download.state == "waiting")
        .where(Download.next_at <= clock.now())
        .order_by(Download.urgency.desc(), Download.expires_at, Download.made_at.desc().nulls_last())
        .limit(limit)
    )
    return [Next(*row) for row in await session.execute(query)]


async def next_moment(session: AsyncSession, user_id: UUID) -> datetime | None:
    """When the first waiting file is due."""
    query = select(func.min(Download.next_at)).where(Download.user_id == user_id, Download.state == "waiting")
    return (await session.execute(query)).scalar()


async def count_waiting(session: AsyncSession, user_id: UUID) -> int:
    """How many files wait to be fetched."""
    query = select(func.count()).where(Download.user_id == user_id, Download.state == "waiting")
    return int(await session.scalar(query) or 0)


async def keys_of_paths(session: AsyncSession, user_id: UUID, paths: Sequence[str]) -> list[Any]:
    """The files that belong at these paths: rows of post, role, position, path."""
    query = select(File.post_id, File.role, File.position, File.path)
    return list(await session.execute(query.where(File.user_id == user_id, File.path.in_(paths))))


async def standing(session: AsyncSession, user_id: UUID) -> dict[str, Any]:
    """How much waits at which host, and what failed why."""
    mine = Download.user_id == user_id
    waits = mine & (Download.state == "waiting")
    columns: tuple[Any, ...] = (Download.host, Download.cause, func.count(), func.min(Download.expires_at))
    waiting = select(Download.host, func.count(), func.min(Download.next_at)).where(waits).group_by(Download.host)
    failed = select(*columns).where(mine, *FAILED).group_by(Download.host, Download.cause)
    return {
        "waiting": [tuple(row) for row in await session.execute(waiting.limit(500))],
        "failed": [tuple(row) for row in await session.execute(failed.limit(500))],
    }


async def lacking_by_host(session: AsyncSession, user_id: UUID) -> list[LackingAtHost]:
    """How many files with an address are not here, by host and whether they are clips, most first."""
    query = (
        select(HOST, IS_CLIP, func.count())
        .where(File.user_id == user_id, File.state.in_((*LACKING, "gone")), File.path.is_not(None))
        .where(or_(File.state != "wanted", File.size_bytes.is_(None)))
        .where(File.role != "poster", File.url.like("http%://%"))
        .group_by(HOST, IS_CLIP)
        .order_by(func.count().desc(), HOST)
        .limit(400)
    )
    return [LackingAtHost(*row) for row in await session.execute(query)]


async def addresses_that_end(session: AsyncSession, user_id: UUID) -> list[tuple[str, datetime | None, str]]:
    """Address, date of the post, and host of what is not here and may soon be nowhere; some thousands at most."""
    query = (
        select(File.url, Post.created_at, HOST)
        .join(Post, (Post.user_id == File.user_id) & (Post.id == File.post_id))
        .where(File.user_id == user_id, File.state.in_(LACKING), File.path.is_not(None), File.url.like("http%://%"))
        .where(or_(File.state != "wanted", File.size_bytes.is_(None)), Post.deleted_at.is_(None))
        # Only what is signed says when it ends, and some hosts keep nothing for long.
        .where(or_(File.url.like("%?%"), HOST.in_(TEMPORARY)))
        .limit(MOST_ENDS)
    )
    return [(url, made_at, host) for url, made_at, host in await session.execute(query)]


async def usual_sizes(session: AsyncSession, user_id: UUID) -> dict[bool, int]:
    """How large clips and other files are that are here, of some thousands of them."""
    here = (File.user_id == user_id, File.state == "present", File.size_bytes > 0)
    some = select(IS_CLIP.label("clip"), File.size_bytes.label("size")).where(*here).limit(5000).subquery()
    rows = await session.execute(select(some.c.clip, func.avg(some.c.size)).group_by(some.c.clip))
    return {bool(clip): int(size) for clip, size in rows}


async def running_job(session: AsyncSession, user_id: UUID) -> Job | None:
    """The job that fetches, or will: the one at work before those that wait."""
    at_work = case((Job.state == "running", 0), else_=1)
    query = select(Job).where(Job.user_id == user_id, Job.kind == FETCH, Job.state.in_(OPEN))
    found: Job | None = await session.scalar(query.order_by(at_work, Job.created_at).limit(1))
    return found


async def failures(
    session: AsyncSession, user_id: UUID, *, cause: str | None, host: str | None, after: str, limit: int
) -> list[Download]:
    """Files that failed, in the order of their paths, from behind `after`."""
    query = select(Download).where(Download.user_id == user_id, *FAILED, Download.path > after)
    query = query.where(*_narrowed(cause, host))
    return list(await session.scalars(query.order_by(Download.path).limit(limit)))


async def failed_addresses(
    session: AsyncSession, user_id: UUID, *, cause: str | None, host: str | None
) -> AsyncIterator[tuple[str, str]]:
    """URL and path of every file that failed, streamed."""
    query = select(Download.url, Download.path).where(Download.user_id == user_id, *FAILED)
    query = query.where(*_narrowed(cause, host)).order_by(Download.path)
    async for row in await session.stream(query.execution_options(yield_per=1000)):
        yield row.url, row.path


def _narrowed(cause: str | None, host: str | None) -> list[ColumnElement[bool]]:
    found = [Download.cause == cause] if cause is not None else []
    return found if host is None else [*found, Download.host == host]
