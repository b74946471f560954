"""A file while it comes: its bytes so far beside the media, with what is needed to go on after whatever interrupts it.

What is on the disk for certain is noted in a small file beside the part. After the end of the process or of the power
no more than `SYNC_EVERY` bytes of a file have to come again.
"""

import hashlib
import json
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from sovia.fetching import judging
from sovia.kit import disk

FOLDER = ".fetching"
SYNC_EVERY = 8_000_000


class NotWhole(Exception):
    """What came is not a whole file of its kind."""


@dataclass(frozen=True)
class Note:
    """What a part is a part of: its address, how the server names this version, its length, and what is safe of it."""

    url: str
    etag: str
    modified: str
    total: int | None
    safe: int = 0

    @property
    def validator(self) -> str:
        """What tells that the rest is of the same version; empty when nothing does (RFC 9110, 13.1.5)."""
        return self.etag if self.etag.startswith('"') else self.modified if not self.etag else ""


class Part:
    """The bytes of one file so far. Its methods use the disk, so call them in a thread."""

    def __init__(self, root: Path, path: str) -> None:
        self._root = root
        self._relative = path
        name = hashlib.sha256(path.encode()).hexdigest()[:40]
        self._file = root / FOLDER / f"{name}.part"
        self._note_file = root / FOLDER / f"{name}.json"
        self._unsafe = 0
        self._noted = False
        self.note: Note | None = None
        self.size = 0

    def recall(self, url: str, replaces: bool) -> os.stat_result | None:
        """Remember what is here of the file at this address; the answer is the file itself, when it is here whole.

        With `replaces` what lies in its place does not count.
        """
        whole = None if replaces else here_already(self._root, self._relative)
        if whole is None:
            self._recall_part(url)
        return whole

    def _recall_part(self, url: str) -> None:
        try:
            content = self._note_file.read_bytes()
        except OSError:
            return
        self._noted = True
        try:
            values = json.loads(content)
            note, there = Note(**values), self._file.lstat().st_size
        except (OSError, ValueError, TypeError):
            return
        if note.url == url and note.validator and 0 < note.safe <= there:
            self.note, self.size = note, note.safe

    def begin(self, note: Note) -> None:
        """Begin anew."""
        self.note, self.size, self._unsafe = note, 0, 0

    def append(self, content: bytes) -> None:
        """More bytes; OSError when the disk does not take them."""
        disk.make_folder_beneath(self._root, FOLDER)
        flags = os.O_CREAT | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(self._file, flags, 0o644)
        try:
            if os.fstat(descriptor).st_size != self.size:
                os.ftruncate(descriptor, self.size)
            os.lseek(descriptor, self.size, os.SEEK_SET)
            left = memoryview(content)
            while left:
                left = left[os.write(descriptor, left) :]
        finally:
            os.close(descriptor)
        self.size += len(content)
        self._unsafe += len(content)
        if self._unsafe >= SYNC_EVERY:
            self.keep()

    def keep(self) -> None:
        """Make sure of what is here, so that it can be gone on with; forget it when it can not."""
        if self.note is None or not self.note.validator or not self.size:
            self.forget()
            return
        if not self._unsafe:
            return
        disk.sync(self._file)
        self.note = Note(**{**asdict(self.note), "safe": self.size})
        fresh = self._note_file.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(self.note)))
        fresh.replace(self._note_file)
        self._noted = True
        self._unsafe = 0

    def forget(self) -> None:
        """Leave nothing of it."""
        for path in (self._note_file, self._file):
            path.unlink(missing_ok=True)
        self.note, self.size, self._unsafe = None, 0, 0

    def settle(self, rest: bytes) -> os.stat_result:
        """Add the last bytes, look whether it is whole, then give it its place; `NotWhole` when it is not.

        What it holds is on the disk then; that its name is too, `sync_names` makes sure of for many files at once.
        """
        status = self._store_whole(rest) if self.size == 0 else self._store_rest(rest)
        folder = disk.make_folder_beneath(self._root, self._relative.rpartition("/")[0] or ".")
        target = folder / disk.components(self._relative)[-1]
        self._take_place(target)
        return status

    def _store_whole(self, content: bytes) -> os.stat_result:
        """A small file, which comes in one piece: it need not be read again to be judged."""
        if not judging.is_whole_in(content):
            raise NotWhole
        self.append(content)
        disk.sync(self._file)
        return self._file.stat()

    def _store_rest(self, rest: bytes) -> os.stat_result:
        if rest:
            self.append(rest)
        with self._file.open("rb") as file:
            if not judging.is_whole(file):
                raise NotWhole
            os.fsync(file.fileno())
            return os.fstat(file.fileno())

    def _take_place(self, target: Path) -> None:
        self._file.replace(target)
        if self._noted:
            self._note_file.unlink(missing_ok=True)


def sync_names(root: Path, paths: Iterable[str]) -> None:
    """Return when files at these relative paths keep their names through a power cut."""
    for folder in {(root / path).parent for path in paths}:
        with suppress(FileNotFoundError):
            disk.sync(folder)


def here_already(root: Path, path: str) -> os.stat_result | None:
    """What lies at the place of a file, when it is a media file by its first bytes."""
    with suppress(OSError):
        descriptor = disk.open_beneath(root, path)
        with os.fdopen(descriptor, "rb") as file:
            return os.fstat(descriptor) if judging.is_whole(file) else None
    return None
