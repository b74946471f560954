"""One look at a file: is it there, may we read it, and are its bytes what they were; changes nothing."""

import hashlib
import os
import stat
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sovia.kit import disk

BLOCK = 1 << 20
ROOT = "https_/"


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as the library knows it: its key, where it lies below the home folder, and what it was."""

    post_id: UUID
    role: str
    position: int
    place: str
    size_bytes: int
    mtime_ns: int
    sha256: bytes
    fault: str | None


@dataclass(frozen=True, slots=True)
class Look:
    """What came of it: a fault or none; `hashed` says whether its bytes were read, `became` what they are now."""

    file: Kept
    fault: str | None
    hashed: bool = False
    became: bytes | None = None
    mtime_ns: int | None = None


class Pace:
    """Lets so many bytes through each second, over all threads; 0 lets everything through."""

    def __init__(self, bytes_per_second: float, sleep: Callable[[float], None] = time.sleep) -> None:
        self._rate, self._sleep = bytes_per_second, sleep
        self._free_at = 0.0

    def take(self, size: int) -> None:
        """Wait until this many bytes may be read."""
        if not self._rate:
            return
        now = time.monotonic()
        wait = self._free_at - now
        self._free_at = max(now, self._free_at) + size / self._rate
        if wait > 0:
            self._sleep(wait)


def look_at(folders: Mapping[str, Path], files: Sequence[Kept], *, full: bool, pace: Pace) -> list[Look]:
    """Look at each; with `full` its bytes are read, otherwise only when its size or time is another than it was.

    `folders` are the media folders, by how the places below them begin.
    """
    return [_look(folders, file, full, pace) for file in files]


def _opened(folders: Mapping[str, Path], place: str) -> int:
    for beginning, path in folders.items():
        if place.startswith(beginning):
            return disk.open_beneath(path, place[len(beginning) :])
    raise FileNotFoundError(place)


def _look(folders: Mapping[str, Path], file: Kept, full: bool, pace: Pace) -> Look:
    try:
        descriptor = _opened(folders, file.place)
    except FileNotFoundError:
        return Look(file, "lost")
    except OSError:
        return Look(file, "unreadable")
    with os.fdopen(descriptor, "rb") as opened:
        found = os.fstat(descriptor)
        # Root may read everything; that the file lets nobody else read it is a fault all the same.
        if not found.st_mode & stat.S_IRUSR:
            return Look(file, "unreadable")
        same = (found.st_size, found.st_mtime_ns) == (file.size_bytes, file.mtime_ns)
        if same and not full and file.fault is None:
            return Look(file, None)
        digest = hashlib.sha256()
        try:
            while block := opened.read(BLOCK):
                pace.take(len(block))
                digest.update(block)
        except OSError:
            return Look(file, "unreadable")
    became = digest.digest()
    if became == file.sha256:
        return Look(file, None, hashed=True, mtime_ns=found.st_mtime_ns)
    # A look into what was cut short makes its length the known one.
    short = found.st_size < file.size_bytes or (file.fault == "truncated" and found.st_size == file.size_bytes)
    return Look(file, "truncated" if short else "changed", hashed=True, became=became)
