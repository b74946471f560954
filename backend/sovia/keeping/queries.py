"""Every SELECT about how whole the library is."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Tuple, func, literal, or_, select, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.keeping.looks import Kept
from sovia.kit.jobs import Job
from sovia.library.errors import PostNotFound
from sovia.library.models import File, MediaRoot, Post, StrayFile
from sovia.search.clauses import conditions
from sovia.search.language.meaning import Meaning

PLACE = func.coalesce(File.found_path, File.path)
WAS = func.coalesce(File.expected_sha256, File.sha256)
# Files whose bytes were known once; the others can not be compared with anything.
KNOWN: tuple[ColumnElement[bool], ...] = (
    WAS.is_not(None),
    PLACE.is_not(None),
    or_(File.state.in_(("present", "corrupt")), File.fault.is_not(None)),
)
KEPT: tuple[Any, ...] = (
    *(File.post_id, File.role, File.position, PLACE),
    *(func.coalesce(File.size_bytes, -1), func.coalesce(File.mtime_ns, -1), WAS, File.fault),
)


class FaultyFile(NamedTuple):
    """A file that is not what it was, with the post that shows it."""

    post_id: UUID
    role: str
    position: int
    place: str
    url: str
    fault: str
    was: bytes
    size_bytes: int | None
    verified_at: datetime | None
    thumbnail: str | None
    prompt: str
    kind: str


async def files_to_prove(
    session: AsyncSession,
    user_id: UUID,
    *,
    after: Kept | None,
    limit: int,
    before: datetime | None = None,
    wanted: Meaning | None = None,
) -> list[Kept]:
    """Files in the order of their keys behind `after`: those last proven before this moment, or faulty; or all."""
    query = _narrowed(select(*KEPT), user_id, before, wanted)
    if after is not None:
        query = query.where(_key() > tuple_(after.post_id, after.role, after.position))
    rows = await session.execute(query.order_by(File.post_id, File.role, File.position).limit(limit))
    return [Kept(*row) for row in rows]


async def count_to_prove(
    session: AsyncSession, user_id: UUID, *, before: datetime | None = None, wanted: Meaning | None = None
) -> int:
    """How many those are."""
    return int(await session.scalar(_narrowed(select(func.count()), user_id, before, wanted)) or 0)


async def turn_of_night(session: AsyncSession, user_id: UUID, days: int) -> datetime | None:
    """Files proven up to this moment are those whose turn it is, when all are to be proven within so many days."""
    known = select(File.verified_at).where(File.user_id == user_id, *KNOWN)
    total = int(await session.scalar(select(func.count()).select_from(known.subquery())) or 0)
    last = known.order_by(File.verified_at.asc().nulls_first()).offset(max(0, -(-total // days) - 1)).limit(1)
    found: datetime | None = await session.scalar(last)
    return found


async def known_hashes(session: AsyncSession, user_id: UUID, hashes: Collection[bytes]) -> set[bytes]:
    """Which of these are the bytes that some file of the library was."""
    if not hashes:
        return set()
    by_hash = select(File.sha256).where(
        File.user_id == user_id, File.expected_sha256.is_(None), File.sha256.in_(hashes)
    )
    by_expected = select(File.expected_sha256).where(
        File.user_id == user_id, File.fault.is_not(None), File.expected_sha256.in_(hashes)
    )
    return {found for (found,) in await session.execute(union_all(by_hash, by_expected)) if found is not None}


async def named_paths(session: AsyncSession, paths: Sequence[str]) -> set[str]:
    """Which of these paths some post of anybody names."""
    queries = [select(column).where(column.in_(paths)) for column in (File.path, File.found_path)]
    return {found for (found,) in await session.execute(union_all(*queries)) if found is not None}


async def faulty_files(
    session: AsyncSession,
    user_id: UUID,
    *,
    limit: int,
    after: tuple[UUID, str, int] | None = None,
    of: Select[UUID] | None = None,
) -> list[FaultyFile]:
    """Files that are not what they were, in the order of their keys; `of` narrows them to posts."""
    columns: tuple[Any, ...] = (
        *(File.post_id, File.role, File.position, PLACE, File.url, File.fault, WAS, File.size_bytes),
        *(File.verified_at, Post.thumbnail, func.left(Post.prompt, 200), Post.kind),
    )
    query = select(*columns).join(Post, (Post.user_id == File.user_id) & (Post.id == File.post_id))
    query = query.where(File.user_id == user_id, File.fault.is_not(None), PLACE.is_not(None), WAS.is_not(None))
    if after is not None:
        query = query.where(_key() > tuple_(*after))
    if of is not None:
        query = query.where(File.post_id.in_(of))
    rows = await session.execute(query.order_by(File.post_id, File.role, File.position).limit(limit))
    return [FaultyFile(*row) for row in rows]


async def intact_twins(session: AsyncSession, user_id: UUID, hashes: Collection[bytes]) -> dict[bytes, str]:
    """Where files with these bytes lie that are whole."""
    whole = (File.state == "present", File.fault.is_(None), File.sha256.in_(hashes))
    rows = await session.execute(select(File.sha256, PLACE).where(File.user_id == user_id, *whole))
    return {sha256: place for sha256, place in rows if sha256 is not None}


async def find_picture(session: AsyncSession, user_id: UUID, post_id: UUID) -> tuple[str, str] | None:
    """Where the main file of a post lies and what it is, when it is a picture and here; or `PostNotFound`."""
    if await session.scalar(select(Post.id).where(Post.user_id == user_id, Post.id == post_id)) is None:
        raise PostNotFound(post_id)
    main = (File.user_id == user_id, File.post_id == post_id, File.role == "media", File.position == 0)
    row = (await session.execute(select(PLACE, File.mime_type).where(*main, File.state == "present"))).first()
    if row is None or row[0] is None or not (row[1] or "").startswith("image/"):
        return None
    return str(row[0]), str(row[1])


async def strays(session: AsyncSession, user_id: UUID, *, limit: int, sizes: Collection[int] = ()) -> list[StrayFile]:
    """Files that no post names, by path."""
    query = select(StrayFile).where(StrayFile.user_id == user_id).order_by(StrayFile.path).limit(limit)
    if sizes:
        query = query.where(StrayFile.size_bytes.in_(sizes))
    return list(await session.scalars(query))


async def health(session: AsyncSession, user_id: UUID) -> dict[str, Any]:
    """How whole the library is, in numbers."""
    here = (File.state == "present") & File.fault.is_(None)
    counts: dict[str, ColumnElement[Any]] = {
        "files": func.count(),
        "intact": func.count().filter(here & File.verified_at.is_not(None)),
        "unproven": func.count().filter(here & File.verified_at.is_(None)),
        "missing": func.count().filter(File.state.in_(("missing", "wanted", "gone")) & File.fault.is_(None)),
        "damaged": func.count().filter((File.state == "corrupt") & File.fault.is_(None)),
        "last_proven_at": func.max(File.verified_at),
        "oldest_proven_at": func.min(File.verified_at).filter(here),
        "posts": select(func.count()).select_from(Post).where(Post.user_id == user_id, Post.deleted_at.is_(None))
        .scalar_subquery(),
        "strays": select(func.count()).select_from(StrayFile).where(StrayFile.user_id == user_id).scalar_subquery(),
    }  # fmt: skip
    found = select(*counts.values()).where(File.user_id == user_id, File.state != "refused")
    row = (await session.execute(found)).one()
    faults = select(File.fault, func.count()).where(File.user_id == user_id, File.fault.is_not(None))
    by_fault = {str(row[0]): row[1] for row in await session.execute(faults.group_by(File.fault))}
    return dict(zip(counts, row, strict=True)) | {"faults": by_fault, "faulty": sum(by_fault.values())}


async def count_away(session: AsyncSession, user_id: UUID) -> int:
    """How many files lie in folders beside the main one that were away at the last look: nothing is known of them."""
    away = select(literal("roots/") + MediaRoot.id + "/%").where(MediaRoot.is_away)
    places = list(await session.scalars(away))
    if not places:
        return 0
    below = or_(*(File.found_path.like(place) for place in places))
    return int(await session.scalar(select(func.count()).where(File.user_id == user_id, below)) or 0)


async def last_of(session: AsyncSession, user_id: UUID, kinds: Collection[str]) -> dict[str, Any]:
    """When each kind of job ended well last."""
    query = select(Job.kind, func.max(Job.finished_at)).where(
        Job.user_id == user_id, Job.kind.in_(kinds), Job.state == "succeeded"
    )
    return {row[0]: row[1] for row in await session.execute(query.group_by(Job.kind))}


def posts_of(user_id: UUID, wanted: Meaning) -> Select[UUID]:
    """The ids of all posts in the stacks that a filter finds."""
    roots = select(Post.id).where(*conditions(user_id, wanted))
    return select(Post.id).where(Post.user_id == user_id, Post.root_id.in_(roots))


def _key() -> Tuple:
    return tuple_(File.post_id, File.role, File.position)


def _narrowed(query: Select[Any], user_id: UUID, before: datetime | None, wanted: Meaning | None) -> Select[Any]:
    query = query.select_from(File).where(File.user_id == user_id, *KNOWN)
    if before is not None:
        query = query.where(or_(File.verified_at.is_(None), File.verified_at <= before, File.fault.is_not(None)))
    return query if wanted is None else query.where(File.post_id.in_(posts_of(user_id, wanted)))
