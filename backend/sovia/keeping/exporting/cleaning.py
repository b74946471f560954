"""A picture without what is written in it beside its pixels: prompt, place, program; the pixels stay bit for bit; pure.

JPEG (ITU-T T.81), PNG (its third edition) and WebP (RFC 9649) are cut at their own seams, nothing is decoded.
"""

from collections.abc import Iterator

from sovia.kit.errors import Conflict

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8"
PNG_KEPT = frozenset(b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs cICP acTL fcTL fdAT".split())
# Frame, tables, and what tells colours: JFIF, ICC profile, Adobe's transform.
APP0, APP15, COMMENT, END, SCAN = 0xE0, 0xEF, 0xFE, 0xD9, 0xDA
TELLS_COLOURS = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
WEBP_TOLD = (b"EXIF", b"XMP ")
WEBP_FLAGS = 0xFF & ~0x0C


class NotCleanable(Conflict):
    """What is written in files of this kind can not be taken out."""

    code = "not_cleanable"

    def __init__(self) -> None:
        super().__init__("What is written in it can only be taken out of whole PNG, JPEG and WebP pictures.")


def cleaned(content: bytes) -> bytes:
    """The picture alone, or `NotCleanable`."""
    try:
        if content.startswith(PNG):
            return PNG + b"".join(_png(content))
        if content.startswith(JPEG):
            return JPEG + b"".join(_jpeg(content))
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            body = b"WEBP" + b"".join(_webp(content))
            return b"RIFF" + len(body).to_bytes(4, "little") + body
    except (IndexError, ValueError):
        raise NotCleanable from None
    raise NotCleanable


def _png(content: bytes) -> Iterator[bytes]:
    at = len(PNG)
    while True:
        size, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        end = at + 12 + size
        if end > len(content):
            raise ValueError("cut short")
        if kind in PNG_KEPT:
            yield content[at:end]
        if kind == b"IEND":
            return
        at = end


def _jpeg(content: bytes) -> Iterator[bytes]:
    at = len(JPEG)
    while True:
        if content[at] != 0xFF:
            raise ValueError("no marker")
        marker = content[at + 1]
        if marker == END:
            yield content[at : at + 2]
            return
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if end > len(content) or end < at + 4:
            raise ValueError("cut short")
        if marker == SCAN:
            end = _end_of_scan(content, end)
        if _is_picture(marker) or content[at + 4 : end].startswith(TELLS_COLOURS.get(marker, b"\0none")):
            yield content[at:end]
        at = end


def _is_picture(marker: int) -> bool:
    return not APP0 <= marker <= APP15 and marker != COMMENT


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the next marker is that is no restart: inside a scan each 0xFF is followed by 0, or by a restart."""
    while True:
        at = content.index(b"\xff", at)
        following = content[at + 1]
        if following != 0 and not 0xD0 <= following <= 0xD7:
            return at
        at += 2


def _webp(content: bytes) -> Iterator[bytes]:
    at, end = 12, 8 + int.from_bytes(content[4:8], "little")
    if end > len(content):
        raise ValueError("cut short")
    while at + 8 <= end:
        kind, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        following = at + 8 + size + size % 2
        if at + 8 + size > end:
            raise ValueError("cut short")
        if kind == b"VP8X":
            yield content[at : at + 8] + bytes([content[at + 8] & WEBP_FLAGS]) + content[at + 9 : following]
        elif kind not in WEBP_TOLD:
            yield content[at:following]
        at = following
