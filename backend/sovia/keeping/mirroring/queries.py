"""Every SELECT about the mirror: what is not in it yet, what is, and what is to be looked at there."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.keeping.mirroring.models import Mirror, MirroredFile
from sovia.keeping.queries import PLACE
from sovia.library.models import File

KEY = (File.post_id, File.role, File.position)
# What is not as it was is mended first: a copy of it would replace the good one.
WORTH_COPYING = (File.state == "present", File.fault.is_(None), File.sha256.is_not(None), PLACE.is_not(None))


class Pending(NamedTuple):
    """A file that is not in the mirror yet, or not as it is here; `faulty` when it must be copied again."""

    post_id: UUID
    role: str
    position: int
    place: str
    sha256: bytes
    size_bytes: int
    faulty: bool


async def mirror_at(session: AsyncSession, location: str) -> Mirror | None:
    """The mirror that was set up at a location."""
    return await session.scalar(select(Mirror).where(Mirror.location == location))


async def pending(
    session: AsyncSession, user_id: UUID, mirror_id: str, *, after: Pending | None, limit: int
) -> list[Pending]:
    """Files to copy, in the order of their keys behind `after`."""
    columns: tuple[Any, ...] = (
        *KEY,
        PLACE,
        File.sha256,
        func.coalesce(File.size_bytes, 0),
        MirroredFile.fault.is_not(None),
    )
    query = _pending(select(*columns), user_id, mirror_id)
    if after is not None:
        query = query.where(tuple_(*KEY) > tuple_(after.post_id, after.role, after.position))
    return [Pending(*row) for row in await session.execute(query.order_by(*KEY).limit(limit))]


async def waiting(session: AsyncSession, user_id: UUID, mirror_id: str) -> tuple[int, int]:
    """How many files are to be copied, and how many bytes those are."""
    columns: tuple[Any, ...] = (func.count(), func.coalesce(func.sum(File.size_bytes), 0))
    row = (await session.execute(_pending(select(*columns), user_id, mirror_id))).one()
    return int(row[0]), int(row[1])


async def lying_there(session: AsyncSession, user_id: UUID, mirror_id: str) -> dict[str, Any]:
    """How many files are in the mirror, how large they are, how many are not right, and since when all are proven."""
    here = (MirroredFile.user_id == user_id, MirroredFile.mirror_id == mirror_id)
    query = select(
        func.count(),
        func.coalesce(func.sum(MirroredFile.size_bytes), 0),
        func.count().filter(MirroredFile.fault.is_not(None)),
        func.min(MirroredFile.verified_at),
    ).where(*here)
    count, size, faulty, oldest = (await session.execute(query)).one()
    found = select(MirroredFile.fault, func.count()).where(*here, MirroredFile.fault.is_not(None))
    faults = {str(row[0]): row[1] for row in await session.execute(found.group_by(MirroredFile.fault))}
    return {
        "files": count,
        "bytes": int(size),
        "faulty": faulty,
        "faults": faults,
        "oldest_proven_at": oldest,
    }


async def to_check(
    session: AsyncSession, user_id: UUID, mirror_id: str, *, after: str, before: datetime, limit: int
) -> list[MirroredFile]:
    """Files in the mirror last proven up to a moment, or faulty, by place."""
    query = select(MirroredFile).where(
        MirroredFile.user_id == user_id,
        MirroredFile.mirror_id == mirror_id,
        MirroredFile.place > after,
        or_(MirroredFile.verified_at <= before, MirroredFile.fault.is_not(None)),
    )
    return list(await session.scalars(query.order_by(MirroredFile.place).limit(limit)))


async def turn_of_night(session: AsyncSession, user_id: UUID, mirror_id: str, days: int) -> datetime | None:
    """Files proven up to this moment are those whose turn it is, when all are to be proven within so many days."""
    here = (MirroredFile.user_id == user_id, MirroredFile.mirror_id == mirror_id)
    total = int(await session.scalar(select(func.count()).where(*here)) or 0)
    last = select(MirroredFile.verified_at).where(*here).order_by(MirroredFile.verified_at)
    found: datetime | None = await session.scalar(last.offset(max(0, -(-total // days) - 1)).limit(1))
    return found


async def places_of(
    session: AsyncSession, user_id: UUID, mirror_id: str, hashes: Collection[bytes]
) -> dict[bytes, str]:
    """Where the mirror has these bytes, as far as we know."""
    query = select(MirroredFile.sha256, MirroredFile.place).where(
        MirroredFile.user_id == user_id,
        MirroredFile.mirror_id == mirror_id,
        MirroredFile.fault.is_(None),
        MirroredFile.sha256.in_(hashes),
    )
    return {row.sha256: row.place for row in await session.execute(query)}


def _pending(query: Select[Any], user_id: UUID, mirror_id: str) -> Select[Any]:
    there = (
        (MirroredFile.user_id == File.user_id) & (MirroredFile.mirror_id == mirror_id) & (MirroredFile.place == PLACE)
    )
    query = query.select_from(File).outerjoin(MirroredFile, there).where(File.user_id == user_id, *WORTH_COPYING)
    return query.where(or_(MirroredFile.sha256.is_distinct_from(File.sha256), MirroredFile.fault.is_not(None)))
