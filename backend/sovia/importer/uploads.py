"""Uploads on their way to disk: streamed, never whole in memory, stopped before the disk is full."""

import asyncio
import os
import re
import time
from collections.abc import AsyncIterator, Collection
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from sovia.importer.errors import NoFileSent, NoRoomForUpload
from sovia.kit.disk import FULL, free_bytes

# Left for the database, which needs room to take the posts in.
FLOOR_BYTES = 512_000_000
CHECK_EVERY = 64_000_000
BUFFER = 1_000_000
LONGEST_NAME = 200
# An upload that nobody has written to for so long has lost its sender.
LEFT_OVER_SECONDS = 3600
# Files of an import that broke off, and uploads that their sender has left.
KEPT_SECONDS = 7 * 86_400
SUFFIX = ".upload"
UNSHOWABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def folder(state_root: Path) -> Path:
    """Where uploads lie until they are imported."""
    return state_root / "uploads"


def stored_name(upload_id: UUID) -> str:
    """The name under which an upload lies there."""
    return f"{upload_id.hex}{SUFFIX}"


class Receiver:
    """Takes the first file of a multipart body apart, block by block, and writes it under a name of our own."""

    def __init__(self, target: Path, content_type: str) -> None:
        _, options = parse_options_header(content_type)
        if b"boundary" not in options:
            raise NoFileSent
        self._target = target
        self._parser = MultipartParser(
            options[b"boundary"],
            {
                "on_part_begin": self._begin,
                "on_header_field": self._header_field,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_finished,
                "on_part_data": self._data,
                "on_part_end": self._part_end,
            },
        )
        self._field, self._value, self._headers = b"", b"", dict[bytes, bytes]()
        self._out: BinaryIO | None = None
        self.path: Path | None = None
        self.name = ""
        self.written = 0

    def feed(self, block: bytes) -> None:
        """Write what of the file this block holds; `NoFileSent` when the body is no form."""
        try:
            self._parser.write(block)
        except MultipartParseError:
            raise NoFileSent from None

    def close(self, *, keep: bool) -> None:
        """End the file, and remove it unless it is to be kept."""
        if self._out is not None:
            self._out.close()
        if self.path is not None and not keep:
            self.path.unlink(missing_ok=True)

    def _begin(self) -> None:
        self._field, self._value, self._headers = b"", b"", {}

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._headers[self._field.lower()] = self._value
        self._field, self._value = b"", b""

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        if b"filename" not in options or self.path is not None:
            return
        self.name = shown_name(options[b"filename"].decode(errors="replace"))
        self.path = self._target / stored_name(uuid4())
        self._out = self.path.open("xb")

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._out is not None and not self._out.closed:
            self.written += self._out.write(data[start:end])

    def _part_end(self) -> None:
        if self._out is not None:
            self._out.close()


async def receive(
    blocks: AsyncIterator[bytes], target: Path, *, content_type: str, announced: int = 0
) -> tuple[Path, str]:
    """Write an uploaded file into `target`; its path there and the name to show.

    `NoRoomForUpload` when less than a floor would stay free; nothing is kept then, nor when the sender breaks off.
    """
    await asyncio.to_thread(make_room, target, announced)
    receiver = Receiver(target, content_type)
    kept = False
    try:
        held, unchecked = bytearray(), 0
        async for block in blocks:
            held += block
            if len(held) >= BUFFER:
                unchecked += len(held)
                await asyncio.to_thread(receiver.feed, bytes(held))
                held.clear()
            if unchecked >= CHECK_EVERY:
                unchecked = 0
                await asyncio.to_thread(make_room, target, 0)
        await asyncio.to_thread(receiver.feed, bytes(held))
        if receiver.path is None:
            raise NoFileSent
        kept = True
        return receiver.path, receiver.name
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise NoRoomForUpload(free_bytes(target)) from None
    finally:
        with suppress(OSError):
            receiver.close(keep=kept)


def shown_name(name: str) -> str:
    """A client's file name as it may be shown: its last part, without control characters; never used as a path."""
    last = UNSHOWABLE.sub("", name.replace("\\", "/").rpartition("/")[2]).strip()
    return last[:LONGEST_NAME] or "export"


def remove(stored: Path) -> None:
    """Remove an upload that is not needed any more; fine when it is gone already."""
    with suppress(FileNotFoundError):
        stored.unlink()


def remove_all(state_root: Path, names: Collection[str]) -> None:
    """Remove uploads by their names."""
    for name in names:
        remove(folder(state_root) / name)


def remove_left_overs(target: Path, awaited: Collection[str]) -> int:
    """Remove the uploads in `target` that no import waits for and that nobody writes any more; how many."""
    removed, before = 0, time.time() - LEFT_OVER_SECONDS
    with suppress(FileNotFoundError), os.scandir(target) as entries:
        for entry in entries:
            if not entry.name.endswith(SUFFIX) or entry.name in awaited:
                continue
            with suppress(FileNotFoundError):
                if entry.stat(follow_symlinks=False).st_mtime < before:
                    Path(entry.path).unlink()
                    removed += 1
    return removed


def size_of(stored: Path) -> int:
    """The size of an upload."""
    return stored.stat().st_size


def make_room(target: Path, announced: int) -> None:
    """Make sure that the folder is there and that so many bytes fit in it, or `NoRoomForUpload`."""
    target.mkdir(parents=True, exist_ok=True)
    free = free_bytes(target)
    if free - announced < FLOOR_BYTES:
        raise NoRoomForUpload(free)
