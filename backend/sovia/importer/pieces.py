"""Uploads in pieces: a file of any size comes in as many requests as it takes, and goes on where it stopped."""

import asyncio
import base64
import binascii
import fcntl
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.importer import folders, uploads
from sovia.importer.errors import (
    Malformed,
    NoRoomForUpload,
    TooManyUploads,
    UploadIsLocked,
    UploadNotFound,
    UploadTooLong,
    WrongOffset,
)
from sovia.importer.models import Upload
from sovia.kit import clock
from sovia.kit.disk import FULL, free_bytes

MOST_OPEN = 200
MOST_TOGETHER = 200
LONGEST_LENGTH = 2**62
BUFFER = 1_000_000


async def create(session: AsyncSession, user_id: UUID, *, length: int, name: str, state_root: Path) -> Upload:
    """A new upload of this many bytes, none of which is here yet; refused when they would not fit on the disk."""
    mine = select(func.count()).where(Upload.user_id == user_id, Upload.expires_at > clock.now())
    if int(await session.scalar(mine) or 0) >= MOST_OPEN:
        raise TooManyUploads(MOST_OPEN)
    target = uploads.folder(state_root)
    await asyncio.to_thread(uploads.make_room, target, length)
    found = Upload(id=uuid4(), user_id=user_id, file_name=name, length=length, expires_at=expiry())
    session.add(found)
    await session.flush()
    await asyncio.to_thread(_make, target / uploads.stored_name(found.id))
    return found


async def find(session: AsyncSession, user_id: UUID, upload_id: UUID) -> Upload:
    """The user's upload, or `UploadNotFound`."""
    query = select(Upload).where(Upload.user_id == user_id, Upload.id == upload_id, Upload.expires_at > clock.now())
    found: Upload | None = await session.scalar(query)
    if found is None:
        raise UploadNotFound(upload_id)
    return found


async def remove(session: AsyncSession, user_id: UUID, upload_id: UUID) -> None:
    """Give an upload up."""
    await session.delete(await find(session, user_id, upload_id))


async def take(session: AsyncSession, user_id: UUID, ids: object, state_root: Path) -> list[dict[str, Any]]:
    """The files of complete uploads, in this order; they belong to an import from now on."""
    if not isinstance(ids, list) or len(ids) > MOST_TOGETHER:
        raise Malformed(f"`uploads` is a list of up to {MOST_TOGETHER} ids.")
    wanted = list(dict.fromkeys(_id(one) for one in ids))
    query = select(Upload).where(Upload.user_id == user_id, Upload.id.in_(wanted)).with_for_update()
    found = {one.id: one for one in await session.scalars(query)}
    files = []
    for upload_id in wanted:
        if upload_id not in found:
            raise UploadNotFound(upload_id)
        one = found[upload_id]
        here = await asyncio.to_thread(offset_of, state_root, upload_id)
        if here != one.length:
            raise WrongOffset(here, f"{one.file_name} is not complete: {here:,} of {one.length:,} bytes are here.")
        files.append({"name": one.file_name, "stored": uploads.stored_name(upload_id), "size": one.length})
        await session.delete(one)
    return files


async def from_folder(name: object, import_root: Path) -> list[dict[str, Any]]:
    """The files of a folder of the server."""
    return await asyncio.to_thread(folders.wanted, import_root, name)


def offset_of(state_root: Path, upload_id: UUID) -> int:
    """How many bytes of an upload are here; `UploadNotFound` when its file is gone."""
    try:
        return _path(state_root, upload_id).lstat().st_size
    except OSError:
        raise UploadNotFound(upload_id) from None


async def append(blocks: AsyncIterator[bytes], upload_id: UUID, *, offset: int, length: int, state_root: Path) -> int:
    """Write what comes at this place, which must be the end; the new end. What came before a break-off is kept."""
    with writing(state_root, upload_id) as descriptor:
        here = os.fstat(descriptor).st_size
        if here != offset:
            raise WrongOffset(here, f"This upload goes on at byte {here:,}.")
        held = bytearray()
        checked = here
        try:
            async for block in blocks:
                held += block
                if here + len(held) > length:
                    held.clear()
                    raise UploadTooLong(length)
                if len(held) >= BUFFER:
                    here = await _written(descriptor, held, here)
                if here - checked >= uploads.CHECK_EVERY:
                    checked = here
                    await asyncio.to_thread(uploads.make_room, uploads.folder(state_root), 0)
        finally:
            here = await _written(descriptor, held, here)
    return here


@contextmanager
def writing(state_root: Path, upload_id: UUID) -> Iterator[int]:
    """The file of an upload, for us alone; `UploadIsLocked` while another request writes it."""
    try:
        descriptor = os.open(_path(state_root, upload_id), os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        raise UploadNotFound(upload_id) from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UploadIsLocked from None
        yield descriptor
    finally:
        os.close(descriptor)


async def _written(descriptor: int, held: bytearray, here: int) -> int:
    """Write what is held at this place, and let go of it; the new end."""
    content = bytes(held)
    held.clear()
    try:
        await asyncio.shield(asyncio.to_thread(_write_all, descriptor, content, here))
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise NoRoomForUpload(0) from None
    return here + len(content)


def _write_all(descriptor: int, content: bytes, here: int) -> None:
    left = memoryview(content)
    while left:
        done = os.pwrite(descriptor, left, here)
        left, here = left[done:], here + done


def named(metadata: str) -> str:
    """The file's name in an `Upload-Metadata` header, as it may be shown."""
    for pair in metadata.split(","):
        key, _, value = pair.strip().partition(" ")
        if key in ("filename", "name"):
            with suppress(binascii.Error, ValueError):
                return uploads.shown_name(base64.b64decode(value.strip(), validate=True).decode(errors="replace"))
    return "export"


def expiry() -> datetime:
    """When an upload that begins, or goes on, now is given up."""
    return clock.now() + timedelta(seconds=uploads.KEPT_SECONDS)


def free(state_root: Path) -> int:
    """How much room there is for uploads."""
    return max(0, free_bytes(uploads.folder(state_root)) - uploads.FLOOR_BYTES)


def _id(value: object) -> UUID:
    try:
        return UUID(value) if isinstance(value, str) else UUID("")
    except ValueError:
        raise Malformed("An upload is named by its id.") from None


def _path(state_root: Path, upload_id: UUID) -> Path:
    return uploads.folder(state_root) / uploads.stored_name(upload_id)


def _make(path: Path) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
