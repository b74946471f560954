"""Giving the library out: as a stream of JSON, as a folder, as a zip that a job prepares."""

import asyncio
import shutil
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sovia.keeping import service as keeping
from sovia.keeping.errors import TargetNotEmpty
from sovia.keeping.exporting import naming, texts
from sovia.keeping.exporting.bags import Bag, Folder, Target, Zip
from sovia.keeping.exporting.reading import portions
from sovia.kit import clock, disk, jobs
from sovia.kit.db import Database
from sovia.kit.errors import OutOfSpace

EXPORT = "keeping.export_zip"
PLAIN = "{path}"
KEPT = timedelta(days=7)
ROOM_TO_LEAVE = 500_000_000
Pieces = AsyncGenerator[bytes, None]
Tell = Callable[[int], Awaitable[None]]


async def silent(_posts: int) -> None:
    """Tell nobody."""


async def json_of(database: Database, user_id: UUID, text: str) -> Pieces:
    """Posts that a filter finds as JSON that can be imported again, in pieces."""
    async with database.begin() as session:
        wanted = await keeping.meaning_of_text(session, user_id, text)
    async for piece in texts.json_pieces(portions(database, user_id, wanted)):
        yield piece


async def to_folder(
    database: Database,
    user_id: UUID,
    media_root: Path,
    target: Path,
    *,
    text: str = "",
    template: str = PLAIN,
    tell: Tell = silent,
) -> dict[str, int]:
    """Write a bag into a new or empty folder; what is in it."""
    naming.checked(template)
    await asyncio.to_thread(_make_empty, target)
    return await _write(database, user_id, Bag(Folder(target), media_root, template), text, tell)


async def to_zip(
    database: Database,
    user_id: UUID,
    media_root: Path,
    target: Path,
    *,
    text: str = "",
    template: str = PLAIN,
    tell: Tell = silent,
) -> dict[str, int]:
    """Write a bag into a zip, which has its name when it is whole."""
    naming.checked(template)
    part = target.with_name(target.name + ".part")
    part.parent.mkdir(parents=True, exist_ok=True)
    try:
        tally = await _write(database, user_id, Bag(Zip(part), media_root, template), text, tell)
        await asyncio.to_thread(disk.sync, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return tally


async def export_soon(session: AsyncSession, user_id: UUID, text: str, template: str) -> UUID:
    """Have a zip prepared; the job, whose id leads to it."""
    naming.checked(template)
    await keeping.meaning_of_text(session, user_id, text)
    payload = {"filter": text, "template": template}
    return await jobs.enqueue(session, EXPORT, user_id=user_id, title="Preparing an export", payload=payload)


def place_of(state_root: Path, job_id: UUID) -> Path:
    """Where the zip of a job lies."""
    return state_root / "exports" / f"{job_id}.zip"


def forget_old(state_root: Path) -> None:
    """Remove zips that nobody fetched for a week."""
    before = (clock.now() - KEPT).timestamp()
    for path in (state_root / "exports").glob("*.zip*"):
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


def _make_empty(target: Path) -> None:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise TargetNotEmpty
    target.mkdir(parents=True, exist_ok=True)


async def _write(database: Database, user_id: UUID, bag: Bag, text: str, tell: Tell) -> dict[str, int]:
    async with database.begin() as session:
        wanted = await keeping.meaning_of_text(session, user_id, text)
    try:
        async for portion in portions(database, user_id, wanted):
            await asyncio.to_thread(bag.add, portion)
            await tell(bag.tally["posts"])
            _check_room(bag.target, bag.media_root)
        tally = await asyncio.to_thread(bag.finish)
    except OSError as error:
        if error.errno in disk.FULL:
            raise OutOfSpace("The disk is full. Make room, then export again.") from None
        raise
    finally:
        await asyncio.to_thread(bag.close)
    return tally


def _check_room(target: Target, media_root: Path) -> None:
    """Leave the database room to work where the zip lies on the same disk."""
    if isinstance(target, Zip) and shutil.disk_usage(media_root).free < ROOM_TO_LEAVE:
        raise OutOfSpace("The disk is nearly full. Make room, or export into a folder on another disk.")
