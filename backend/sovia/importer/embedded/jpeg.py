"""Texts in the segments of a JPEG, up to its pixels (ITU-T T.81, annex B; CIPA DC-008; XMP part 3)."""

import struct
from typing import BinaryIO

from sovia.importer.embedded import exif, iptc, jumbf, xmp
from sovia.importer.embedded.found import MAX_PARTS, Found, decoded

EXIF = b"Exif\x00"
XMP = b"http://ns.adobe.com/xap/1.0/\x00"
IPTC = b"Photoshop 3.0\x00"
# Frames of all kinds but those of tables: C4, C8 and CC.
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
SCAN, END = 0xDA, 0xD9
WITHOUT_BODY = frozenset((0x01, *range(0xD0, 0xD9)))
APP1, APP11, APP13, COMMENT = 0xE1, 0xEB, 0xED, 0xFE
WANTED = (APP1, APP11, APP13, COMMENT)


def read(file: BinaryIO, found: Found) -> None:
    """Add the texts of a JPEG's segments."""
    file.seek(2)
    provenance: dict[bytes, list[bytes]] = {}
    for _ in range(MAX_PARTS):
        kind = _marker(file)
        if kind in (None, SCAN, END):
            break
        if kind in WITHOUT_BODY:
            continue
        length = file.read(2)
        if len(length) < 2:
            break
        size = max(0, int.from_bytes(length, "big") - 2)
        if kind in FRAMES:
            _frame(file.read(size), found)
        elif kind in WANTED and found.takes(size, "a segment"):
            _segment(kind, file.read(size), found, provenance)
        else:
            file.seek(size, 1)
    for several in provenance.values():
        jumbf.read(b"".join(several), found)


def _marker(file: BinaryIO) -> int | None:
    """The next marker; between segments there may be any number of FF."""
    if file.read(1) != b"\xff":
        return None
    for _ in range(MAX_PARTS):
        byte = file.read(1)
        if byte != b"\xff":
            return byte[0] if byte else None
    return None


def _frame(body: bytes, found: Found) -> None:
    if len(body) >= 5:
        height, width = struct.unpack(">HH", body[1:5])
        found.measure(width, height)


def _segment(kind: int, body: bytes, found: Found, provenance: dict[bytes, list[bytes]]) -> None:
    if kind == COMMENT:
        found.add("Comment", decoded(body))
    elif kind == APP1 and body.startswith(EXIF):
        exif.read(body[6:], found)
    elif kind == APP1 and body.startswith(XMP):
        xmp.read(decoded(body[len(XMP) :]), found)
    elif kind == APP13 and body.startswith(IPTC):
        iptc.read(body[len(IPTC) :], found)
    elif kind == APP11 and body[:2] == b"JP":
        _piece(body, found, provenance)


def _piece(body: bytes, found: Found, provenance: dict[bytes, list[bytes]]) -> None:
    """A piece of a box that is spread over segments: each repeats the box's own head (ISO/IEC 19566-5, annex D)."""
    box, number = body[2:4], int.from_bytes(body[4:8], "big")
    several = provenance.setdefault(box, [])
    content = body[8:] if number == 1 else body[16:]
    if len(provenance) < 8 and found.takes(len(content) + sum(map(len, several)), "C2PA"):
        several.append(content)
