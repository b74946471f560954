"""Comments and XMP of a GIF (GIF89a, sections 24 and 26)."""

import struct
from typing import BinaryIO

from sovia.importer.embedded import xmp
from sovia.importer.embedded.found import MAX_PARTS, Found, decoded

HEADER_BYTES = 13
HAS_TABLE, TABLE_SIZE = 0x80, 0x07
EXTENSION, PICTURE = 0x21, 0x2C
COMMENT, APPLICATION = 0xFE, 0xFF
XMP_NAME = b"XMP DataXMP"


def read(file: BinaryIO, found: Found) -> None:
    """Add the texts of a GIF, as far as they stand before very many pictures."""
    file.seek(0)
    header = file.read(HEADER_BYTES)
    if len(header) < HEADER_BYTES:
        return
    found.measure(*struct.unpack("<HH", header[6:10]))
    _pass_table(file, header[10])
    blocks = [MAX_PARTS]
    while blocks[0] > 0:
        kind = file.read(1)
        if kind == bytes((EXTENSION,)):
            _extension(file, found, blocks)
        elif kind == bytes((PICTURE,)):
            about = file.read(9)
            if len(about) < 9:
                return
            _pass_table(file, about[8])
            file.seek(1, 1)
            _blocks(file, blocks)
        else:
            return


def _pass_table(file: BinaryIO, flags: int) -> None:
    if flags & HAS_TABLE:
        file.seek(3 << ((flags & TABLE_SIZE) + 1), 1)


def _extension(file: BinaryIO, found: Found, blocks: list[int]) -> None:
    label = file.read(1)
    if label == bytes((COMMENT,)):
        found.add("comment", decoded(_blocks(file, blocks, room=found.room)))
    elif label == bytes((APPLICATION,)):
        name = file.read((file.read(1) or b"\x00")[0])
        # XMP stands there as it is: what should be the sizes of its blocks are letters of it.
        text = _blocks(file, blocks, room=found.room if name == XMP_NAME else 0, raw=True)
        if name == XMP_NAME:
            xmp.read(decoded(text.partition(b"\x01\xff\xfe")[0]), found)
    else:
        _blocks(file, blocks)


def _blocks(file: BinaryIO, left: list[int], *, room: int = 0, raw: bool = False) -> bytes:
    """The blocks up to the empty one, as far as there is room; with `raw` with the bytes of their sizes."""
    kept = bytearray()
    while left[0] > 0:
        left[0] -= 1
        size = file.read(1)
        if size in (b"", b"\x00"):
            break
        if len(kept) >= room:
            file.seek(size[0], 1)
            continue
        kept += (size if raw else b"") + file.read(size[0])
    return bytes(kept[:room])
