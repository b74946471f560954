"""Texts in the boxes of an MP4 or QuickTime file (ISO/IEC 14496-12; Apple's QuickTime file format, metadata)."""

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import BinaryIO, NamedTuple

from sovia.importer.embedded import jumbf, xmp
from sovia.importer.embedded.found import MAX_PARTS, Found, decoded

FOLDERS = (b"moov", b"udta", b"trak", b"ilst", b"meta")
MAX_DEPTH = 8
MOST_SECONDS = 1e7
EPOCH = datetime(1904, 1, 1, tzinfo=UTC)
XMP_ID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
C2PA_ID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
NAMES = {
    b"\xa9cmt": "comment",
    b"\xa9des": "description",
    b"desc": "description",
    b"ldes": "description",
    b"\xa9nam": "title",
    b"\xa9too": "encoder",
    b"\xa9swr": "software",
    b"\xa9day": "date",
    b"\xa9ART": "artist",
}


class _Box(NamedTuple):
    """A box's kind, where its content begins and ends, and the folder around it."""

    kind: bytes
    start: int
    end: int


class _Reading:
    """What must be remembered between boxes: how many were seen, and the names in the table of keys."""

    def __init__(self, file: BinaryIO, found: Found) -> None:
        self.file = file
        self.found = found
        self.seen = 0
        self.keys: list[str] = []

    def boxes(self, start: int, end: int) -> Iterator[_Box]:
        at = start
        while at + 8 <= end and self.seen < MAX_PARTS:
            self.seen += 1
            head = self._bytes(at, 16)
            if len(head) < 8:
                return
            size, kind = struct.unpack(">I4s", head[:8])
            begin = at + 8
            if size == 1 and len(head) == 16:
                size, begin = int.from_bytes(head[8:], "big"), at + 16
            elif size == 0:
                size = end - at
            if at + size < begin:
                return
            yield _Box(kind, begin, min(at + size, end))
            at += size

    def read(self, start: int, end: int, inside: bytes, depth: int) -> None:
        for box in self.boxes(start, end):
            if inside == b"ilst":
                self._item(box)
            elif box.kind in FOLDERS and depth < MAX_DEPTH:
                self.read(self._content_of(box), box.end, box.kind, depth + 1)
            else:
                self._leaf(box, inside)

    def _content_of(self, box: _Box) -> int:
        # A "meta" has four bytes of version and flags before its boxes, except in QuickTime's own files.
        plain = box.kind != b"meta" or self._bytes(box.start + 4, 4) in (b"hdlr", b"keys", b"ilst")
        return box.start if plain else box.start + 4

    def _leaf(self, box: _Box, inside: bytes) -> None:
        if box.kind == b"mvhd":
            _movie(self._content(box, 120), self.found)
        elif box.kind == b"tkhd":
            self._track(self._content(box, 120))
        elif box.kind == b"keys":
            self._table(self._content(box, self.found.room))
        elif box.kind == b"uuid":
            self._named(box)
        elif inside == b"udta" and box.kind in NAMES and self.found.takes(box.end - box.start, "a tag"):
            # QuickTime's old form: two bytes of length, two of language, the text.
            self.found.add(NAMES[box.kind], decoded(self._content(box, self.found.room)[4:]))

    def _named(self, box: _Box) -> None:
        if not self.found.takes(box.end - box.start, "a box"):
            return
        content = self._content(box, self.found.room)
        if content[:16] == XMP_ID:
            xmp.read(decoded(content[16:]), self.found)
        elif content[:16] == C2PA_ID:
            # Version and flags, the purpose as a text, and eight bytes of where other data lie.
            _, _, rest = content[20:].partition(b"\x00")
            jumbf.read(rest[8:], self.found)

    def _table(self, content: bytes) -> None:
        at = 8
        while at + 8 <= len(content) and len(self.keys) < 1000:
            size = int.from_bytes(content[at : at + 4], "big")
            if size < 8:
                return
            self.keys.append(decoded(content[at + 8 : at + size]))
            at += size

    def _item(self, box: _Box) -> None:
        number = int.from_bytes(box.kind, "big")
        name = self.keys[number - 1] if 0 < number <= len(self.keys) else NAMES.get(box.kind)
        if box.kind == b"----":
            self._free_form(box)
        elif name is not None:
            for data in self.boxes(box.start, box.end):
                if data.kind == b"data":
                    self._add(name, data)

    def _free_form(self, box: _Box) -> None:
        name = "comment"
        for part in self.boxes(box.start, box.end):
            if part.kind == b"name":
                name = decoded(self._content(part, 200)[4:])
            elif part.kind == b"data":
                self._add(name, part)

    def _add(self, name: str, data: _Box) -> None:
        if self.found.takes(data.end - data.start, name):
            content = self._content(data, self.found.room)
            # Type 1 is UTF-8, type 2 UTF-16; the others are numbers and pictures.
            kind = int.from_bytes(content[:4], "big")
            if kind in (0, 1):
                self.found.add(name, decoded(content[8:]))
            elif kind == 2:
                self.found.add(name, content[8:].decode("utf-16-be", "replace"))

    def _track(self, content: bytes) -> None:
        # The last eight bytes are width and height in 16.16; a sound has none.
        if len(content) in (84, 96):
            width, height = struct.unpack(">II", content[-8:])
            self.found.measure(width >> 16, height >> 16)

    def _content(self, box: _Box, most: int) -> bytes:
        return self._bytes(box.start, max(0, min(box.end - box.start, most)))

    def _bytes(self, at: int, size: int) -> bytes:
        self.file.seek(at)
        return self.file.read(size)


def read(file: BinaryIO, found: Found) -> None:
    """Add the tags of a clip, wherever its index stands; the pictures are passed over."""
    end = file.seek(0, 2)
    reading = _Reading(file, found)
    reading.read(0, end, b"", 0)


def _movie(content: bytes, found: Found) -> None:
    form = ">QQIQ" if content[:1] == b"\x01" else ">IIII"
    if len(content) < 4 + struct.calcsize(form):
        return
    created, _, scale, length = struct.unpack_from(form, content, 4)
    if scale and 0 < length / scale < MOST_SECONDS:
        found.duration_seconds = round(length / scale, 6)
    # Encoders that know no time write the epoch itself.
    if 0 < created < 1 << 33 and found.written_at is None:
        moment = EPOCH + timedelta(seconds=created)
        found.written_at = moment.isoformat() if moment.year > 1990 else None
