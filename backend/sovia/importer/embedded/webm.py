"""Title and tags of a WebM (RFC 8794, RFC 9559)."""

import struct
from typing import BinaryIO

from sovia.importer.embedded.found import MAX_PARTS, Found, decoded

SEGMENT, INFO, TRACKS, TRACK, VIDEO = 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0xE0
TAGS, TAG, SIMPLE, NAME, STRING = 0x1254C367, 0x7373, 0x67C8, 0x45A3, 0x4487
TITLE, SCALE, DURATION, WIDTH, HEIGHT = 0x7BA9, 0x2AD7B1, 0x4489, 0xB0, 0xBA
INTO = (SEGMENT, INFO, TRACKS, TRACK, VIDEO, TAGS, TAG, SIMPLE)
READ = (NAME, STRING, TITLE, SCALE, DURATION, WIDTH, HEIGHT)
MOST_LEVELS = 8
NANOSECONDS = 1_000_000_000


class Walk:
    """Goes through the elements once; what belongs together stands side by side, so the last name counts."""

    def __init__(self, file: BinaryIO, found: Found) -> None:
        self._file, self._found = file, found
        self._left = MAX_PARTS
        self._name = ""
        self._scale, self._duration, self._width = 1_000_000, 0.0, 0

    def through(self, end: int | None, level: int = 0) -> None:
        """The elements up to a place, or to the end of the file."""
        while self._left > 0 and (end is None or self._file.tell() < end):
            self._left -= 1
            head = self._number(keep_mark=True), self._number()
            kind, size = head
            if kind is None or size is None:
                return
            here = self._file.tell()
            # A size of ones only is not known: what holds the rest of the file.
            known = None if size < 0 else here + size
            if kind in INTO and level < MOST_LEVELS:
                self.through(known if end is None or known is None else min(known, end), level + 1)
            elif kind in READ and size >= 0 and self._found.takes(size, "a tag"):
                self._value(kind, self._file.read(size))
            if known is None:
                return
            self._file.seek(known)

    def finish(self) -> None:
        """Keep how long it plays."""
        if 0 < self._duration < 1e15:
            self._found.duration_seconds = self._duration * self._scale / NANOSECONDS

    def _value(self, kind: int, body: bytes) -> None:
        if kind == NAME:
            self._name = decoded(body).strip("\x00").lower()
        elif kind == STRING:
            self._found.add(self._name or "tag", decoded(body))
        elif kind == TITLE:
            self._found.add("title", decoded(body))
        elif kind == DURATION and len(body) in (4, 8):
            (self._duration,) = struct.unpack(">f" if len(body) == 4 else ">d", body)
        elif kind == SCALE and len(body) <= 8:
            self._scale = int.from_bytes(body, "big")
        elif kind == WIDTH and len(body) <= 4:
            self._width = int.from_bytes(body, "big")
        elif kind == HEIGHT and len(body) <= 4:
            self._found.measure(self._width, int.from_bytes(body, "big"))

    def _number(self, *, keep_mark: bool = False) -> int | None:
        """A number whose first bits say how long it is; -1 for "not known", nothing at the end or where none is."""
        first = self._file.read(1)
        if not first or not first[0]:
            return None
        length = 9 - first[0].bit_length()
        rest = self._file.read(length - 1)
        if len(rest) < length - 1:
            return None
        mark = 1 << (8 - length)
        value = int.from_bytes(bytes((first[0] if keep_mark else first[0] & ~mark,)) + rest, "big")
        return -1 if not keep_mark and value == (1 << (7 * length)) - 1 else value


def read(file: BinaryIO, found: Found) -> None:
    """Add the tags of a WebM; its clusters are passed over."""
    file.seek(0)
    walk = Walk(file, found)
    walk.through(None)
    walk.finish()
