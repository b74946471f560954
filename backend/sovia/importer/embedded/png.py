"""Texts in the chunks of a PNG, without a look at its pixels (PNG, third edition, sections 5 and 11)."""

import struct
from typing import BinaryIO

from sovia.importer.embedded import exif, jumbf, xmp
from sovia.importer.embedded.found import MAX_PARTS, Found, decoded, inflated

SIGNATURE_BYTES = 8
XMP_KEYWORD = "XML:com.adobe.xmp"
WITH_ALPHA = (4, 6)
TEXT_CHUNKS = (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME", b"caBX")
# A keyword is at most 79 bytes long.
KEYWORD_BYTES = 80


def read(file: BinaryIO, found: Found) -> None:
    """Add the texts of a PNG, up to its pixels; behind them only when nothing stands before them."""
    file.seek(SIGNATURE_BYTES)
    for _ in range(MAX_PARTS):
        head = file.read(8)
        if len(head) < 8:
            return
        size, kind = struct.unpack(">I4s", head)
        if kind == b"IEND" or (kind == b"IDAT" and found.texts):
            return
        if kind == b"IHDR":
            _header(file.read(min(size, 13)), found)
            file.seek(max(0, size - 13) + 4, 1)
        elif kind in TEXT_CHUNKS and found.takes(size, kind.decode()):
            _text(kind, file.read(size), found)
            file.seek(4, 1)
        else:
            file.seek(size + 4, 1)


def _header(body: bytes, found: Found) -> None:
    if len(body) == 13:
        width, height, _, colour = struct.unpack(">IIBB", body[:10])
        found.measure(width, height)
        found.has_alpha = colour in WITH_ALPHA


def _text(kind: bytes, body: bytes, found: Found) -> None:
    if kind == b"eXIf":
        exif.read(body, found)
    elif kind == b"caBX":
        jumbf.read(body, found)
    elif kind == b"tIME":
        _time(body, found)
    else:
        _keyed(kind, body, found)


def _keyed(kind: bytes, body: bytes, found: Found) -> None:
    keyword, mark, rest = body.partition(b"\x00")
    if not mark or len(keyword) > KEYWORD_BYTES:
        found.leave_out("a text without a name")
        return
    name = keyword.decode("latin-1")
    if kind == b"tEXt":
        found.add(name, decoded(rest))
    elif kind == b"zTXt":
        found.add_packed(name, rest[1:])
    else:
        _international(name, rest, found)


def _international(name: str, rest: bytes, found: Found) -> None:
    """A text in UTF-8, packed or not, behind its language and its translated name."""
    packed, words = rest[:1] == b"\x01", _three(rest[2:])[2]
    if name == XMP_KEYWORD:
        unpacked = inflated(words, found.room) if packed else words
        xmp.read(decoded(unpacked or b""), found)
    elif packed:
        found.add_packed(name, words)
    else:
        found.add(name, decoded(words))


def _three(rest: bytes) -> tuple[bytes, bytes, bytes]:
    language, _, rest = rest.partition(b"\x00")
    translated, _, words = rest.partition(b"\x00")
    return language, translated, words


def _time(body: bytes, found: Found) -> None:
    if len(body) == 7 and found.written_at is None:
        year, month, day, hour, minute, second = struct.unpack(">HBBBBB", body)
        found.written_at = f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{min(second, 59):02}Z"
