"""Texts in the chunks of a WebP (RFC 9649)."""

import struct
from typing import BinaryIO

from sovia.importer.embedded import exif, jumbf, xmp
from sovia.importer.embedded.found import MAX_PARTS, Found, decoded

HEADER_BYTES = 12
MEASURES = (b"VP8X", b"VP8 ", b"VP8L")
TEXTS = (b"EXIF", b"XMP ", b"C2PA")


def read(file: BinaryIO, found: Found) -> None:
    """Add the texts of a WebP, which stand behind its pixels."""
    file.seek(HEADER_BYTES)
    for _ in range(MAX_PARTS):
        head = file.read(8)
        if len(head) < 8:
            return
        kind, size = struct.unpack("<4sI", head)
        used = 0
        if kind in MEASURES:
            body = file.read(min(size, 10))
            used = len(body)
            _measure(kind, body, found)
        elif kind in TEXTS and found.takes(size, kind.decode()):
            body = file.read(size)
            used = len(body)
            _text(kind, body, found)
        file.seek(size - used + size % 2, 1)


def _measure(kind: bytes, body: bytes, found: Found) -> None:
    if len(body) < 10:
        return
    if kind == b"VP8X":
        found.measure(1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little"))
    elif kind == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", body[6:10])
        found.measure(width & 0x3FFF, height & 0x3FFF)
    elif kind == b"VP8L" and body[0] == 0x2F:
        bits = int.from_bytes(body[1:5], "little")
        found.measure((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)


def _text(kind: bytes, body: bytes, found: Found) -> None:
    if kind == b"EXIF":
        # The standard has no name before the data; some writers put that of JPEG there.
        exif.read(body[6:] if body.startswith(b"Exif\x00\x00") else body, found)
    elif kind == b"XMP ":
        xmp.read(decoded(body), found)
    else:
        jumbf.read(body, found)
