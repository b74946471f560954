"""EXIF and XMP of an AVIF: items that its `meta` box names (ISO/IEC 23008-12)."""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from sovia.importer.embedded import exif, xmp
from sovia.importer.embedded.found import MAX_PARTS, Found, decoded

MOST_META = 1_000_000
MOST_ITEMS = 1000
Box = tuple[bytes, bytes]


def read(file: BinaryIO, found: Found) -> None:
    """Add the texts of an AVIF."""
    meta = _meta(file)
    if meta is None:
        return
    # Four bytes of version and flags stand before the boxes.
    boxes = dict(_boxes(meta[4:]))
    for kind, body in _boxes(dict(_boxes(boxes.get(b"iprp", b""))).get(b"ipco", b"")):
        if kind == b"ispe" and len(body) >= 12:
            found.measure(*struct.unpack(">II", body[4:12]))
    try:
        kinds, places = _kinds(boxes.get(b"iinf", b"")), _places(boxes.get(b"iloc", b""))
    except (struct.error, IndexError):
        return
    for item, word in kinds.items():
        at, size = places.get(item, (0, 0))
        if not size or not found.takes(size, word):
            continue
        file.seek(at)
        body = file.read(size)
        if word == "Exif":
            skip = int.from_bytes(body[:4], "big") + 4
            data = body[skip:] if skip < len(body) else b""
            exif.read(data.removeprefix(b"Exif\x00\x00"), found)
        else:
            xmp.read(decoded(body), found)


def _meta(file: BinaryIO) -> bytes | None:
    file.seek(0)
    for _ in range(MAX_PARTS):
        head = file.read(8)
        if len(head) < 8:
            return None
        size, kind = struct.unpack(">I4s", head)
        if kind == b"meta":
            return file.read(size - 8) if 8 < size <= MOST_META else None
        if size < 8:
            return None
        file.seek(size - 8, 1)
    return None


def _boxes(body: bytes) -> Iterator[Box]:
    at = 0
    while at + 8 <= len(body):
        size, kind = struct.unpack_from(">I4s", body, at)
        if size < 8 or at + size > len(body):
            return
        yield kind, body[at + 8 : at + size]
        at += size


def _kinds(body: bytes) -> dict[int, str]:
    """The items that hold texts, by their number."""
    found: dict[int, str] = {}
    if len(body) < 6:
        return found
    entries = body[6:] if body[0] == 0 else body[8:]
    for number, (kind, one) in enumerate(_boxes(entries)):
        if number >= MOST_ITEMS or kind != b"infe" or len(one) < 12 or one[0] < 2:
            continue
        wide = one[0] >= 3
        item = int.from_bytes(one[4:8] if wide else one[4:6], "big")
        rest = one[10:] if wide else one[8:]
        if rest[:4] == b"Exif":
            found[item] = "Exif"
        elif rest[:4] == b"mime" and b"application/rdf+xml" in rest[4:200]:
            found[item] = "XMP"
    return found


def _places(body: bytes) -> dict[int, tuple[int, int]]:
    """Where items of one piece lie in the file, and how long they are."""
    found: dict[int, tuple[int, int]] = {}
    if len(body) < 8:
        return found
    version, sizes = body[0], int.from_bytes(body[4:6], "big")
    offset_size, length_size, base_size = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index_size = sizes & 15 if version else 0
    wide = 4 if version >= 2 else 2
    at = 6 + wide
    for _ in range(min(MOST_ITEMS, int.from_bytes(body[6:at], "big"))):
        item = int.from_bytes(body[at : at + wide], "big")
        at += wide
        in_file = not (version and int.from_bytes(body[at : at + 2], "big") & 15)
        at += (2 if version else 0) + 2
        base = int.from_bytes(body[at : at + base_size], "big")
        at += base_size
        count = int.from_bytes(body[at : at + 2], "big")
        at += 2 + index_size
        offset = int.from_bytes(body[at : at + offset_size], "big")
        length = int.from_bytes(body[at + offset_size : at + offset_size + length_size], "big")
        if count == 1 and in_file and at < len(body):
            found[item] = base + offset, length
        at += count * (offset_size + length_size) + (count - 1) * index_size
    return found
