"""Whether a file of nested boxes is all here, from the sizes that it states itself; it reads a few bytes per box."""

import os
from typing import BinaryIO

from sovia.library import media_types
from sovia.library.media_types import MediaType

MOST_BOXES = 20_000
BOXED = (media_types.MP4, media_types.QUICKTIME, media_types.M4A, media_types.AVIF)
RIFF = (media_types.WEBP, media_types.WAV)
UNKNOWN_SIZE_32 = 0xFFFFFFFF
SEGMENT = 0x18538067


def is_cut_short(file: BinaryIO, media_type: MediaType) -> bool:
    """Whether the file ends before it says it does. False where its kind states no size; the position is lost."""
    size = file.seek(0, os.SEEK_END)
    if media_type in BOXED:
        return _boxes_end(file, size) > size
    if media_type in RIFF:
        file.seek(4)
        stated = int.from_bytes(file.read(4), "little")
        return stated != UNKNOWN_SIZE_32 and 8 + stated > size
    if media_type is media_types.WEBM:
        return _segment_end(file) > size
    return False


def _boxes_end(file: BinaryIO, size: int) -> int:
    """Where the last top-level box ends (ISO/IEC 14496-12, 4.2)."""
    at = 0
    for _ in range(MOST_BOXES):
        file.seek(at)
        head = file.read(16)
        if len(head) < 8:
            # Fewer than eight bytes after the last box are padding, not a box.
            return size
        stated = int.from_bytes(head[:4], "big")
        if stated == 0:
            return size
        length = int.from_bytes(head[8:16], "big") if stated == 1 else stated
        if length < 8:
            return size
        at += length
        if at >= size:
            return at
    return size


def _segment_end(file: BinaryIO) -> int:
    """Where the segment after the head ends, or 0 when it states no size (RFC 8794, 4 and 6)."""
    at = 0
    for _ in range(8):
        file.seek(at)
        head = file.read(12)
        id_length = _length_of(head[:1], 4)
        if not id_length:
            return 0
        size_length = _length_of(head[id_length : id_length + 1], 8)
        if not size_length:
            return 0
        stated = int.from_bytes(head[id_length : id_length + size_length], "big") & ((1 << 7 * size_length) - 1)
        at += id_length + size_length
        if stated == (1 << 7 * size_length) - 1:
            return 0
        at += stated
        if int.from_bytes(head[:id_length], "big") == SEGMENT:
            return at
    return 0


def _length_of(first: bytes, most: int) -> int:
    """How many bytes a number of variable length has, told by the leading zeros of its first byte; 0 for none."""
    if not first or not first[0]:
        return 0
    length = 9 - first[0].bit_length()
    return length if length <= most else 0
