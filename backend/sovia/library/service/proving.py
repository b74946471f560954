"""What proving found, written for many files at once; only where a file is still what was looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, false, func, or_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit import clock
from sovia.library.finding import Seen
from sovia.library.models import File, StrayFile
from sovia.library.service import filing
from sovia.library.service.filing import WAS


@dataclass(frozen=True)
class Proven:
    """A file that was looked at: whether its bytes were right, or the fault. `was` is what it should be."""

    post_id: UUID
    role: str
    position: int
    was: bytes
    fault: str | None
    hashed: bool
    mtime_ns: int | None = None


async def record_proven(session: AsyncSession, user_id: UUID, found: Sequence[Proven]) -> int:
    """Write what looks brought; how many files got, lost or changed a fault."""
    lost = [Seen(one.post_id, one.role, one.position) for one in found if one.fault == "lost"]
    await filing.record_seen(session, user_id, lost)
    changed = len(lost)
    for fault, hashed in {(one.fault, one.hashed) for one in found if one.fault != "lost"}:
        several = [one for one in found if (one.fault, one.hashed) == (fault, hashed)]
        changed += await _write_alike(session, user_id, several, fault, hashed)
    return changed


async def _write_alike(
    session: AsyncSession, user_id: UUID, found: Sequence[Proven], fault: str | None, hashed: bool
) -> int:
    rows = filing.table_of("post_id", "role", "position", "was", "mtime_ns", of=found)
    values: dict[str, Any] = {"fault": fault}
    if fault is None and hashed:
        # Touched, but the same bytes: from now on this is what it looks like when nothing has changed.
        values |= {"verified_at": clock.now(), "mtime_ns": func.coalesce(rows.c.mtime_ns, File.mtime_ns)}
    same = (File.post_id == rows.c.post_id, File.role == rows.c.role, File.position == rows.c.position)
    query = update(File).where(File.user_id == user_id, *same, rows.c.was == WAS)
    query = query.execution_options(synchronize_session=False)
    differing = query.where(File.fault.is_distinct_from(fault)).values(values).returning(File.post_id)
    changed = len((await session.execute(differing)).all())
    if len(values) > 1:
        await session.execute(query.values(values))
    return changed


async def record_strays(session: AsyncSession, user_id: UUID, found: Sequence[tuple[str, int]], at: datetime) -> None:
    """Write which files no post names."""
    if found:
        values = [{"user_id": user_id, "path": path, "size_bytes": size, "seen_at": at} for path, size in found]
        row = insert(StrayFile).values(values)
        again = {"size_bytes": row.excluded.size_bytes, "seen_at": at}
        await session.execute(row.on_conflict_do_update(index_elements=["user_id", "path"], set_=again))


async def forget_strays(session: AsyncSession, user_id: UUID, before: datetime, places: Sequence[str]) -> None:
    """Forget those below these places that were not seen again."""
    below = or_(*(StrayFile.path.startswith(place, autoescape=True) for place in places))
    old = (StrayFile.user_id == user_id, StrayFile.seen_at < before)
    await session.execute(delete(StrayFile).where(*old, below if places else false()))


async def look_anew(session: AsyncSession, user_id: UUID, keys: Sequence[Seen], *, accept: bool) -> None:
    """Have files looked for and into again; with `accept` whatever is found then is what they are from now on."""
    rows = filing.table_of("post_id", "role", "position", of=keys)
    values: dict[str, Any] = {"state": "wanted", "size_bytes": None, "reason": None}
    if accept:
        values |= {"sha256": None, "expected_sha256": None, "fault": None, "verified_at": None}
    same = (File.post_id == rows.c.post_id, File.role == rows.c.role, File.position == rows.c.position)
    query = update(File).where(File.user_id == user_id, *same).values(values)
    await session.execute(query.execution_options(synchronize_session=False))
    await filing.look_soon(session, user_id)
