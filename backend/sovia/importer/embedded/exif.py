"""Texts in EXIF data: a TIFF of a few fields (TIFF 6.0; CIPA DC-008), read with every offset checked."""

import re
import struct
from collections.abc import Iterator

from sovia.importer.embedded.found import Found, decoded

MOST_FIELDS = 512
DATA_FOLDER = 0x8769
BYTE, ASCII, UNDEFINED, LONG = 1, 2, 7, 4
TEXTUAL = (BYTE, ASCII, UNDEFINED)
USER_COMMENT, MAKER_NOTE, TIME, TAKEN = 0x9286, 0x927C, 0x0132, 0x9003
NAMES = {
    0x010E: "ImageDescription",
    0x010F: "Make",
    0x0110: "Model",
    0x0131: "Software",
    TIME: "DateTime",
    0x013B: "Artist",
    0x8298: "Copyright",
    TAKEN: "DateTimeOriginal",
    0x9C9B: "XPTitle",
    0x9C9C: "XPComment",
    0x9C9E: "XPKeywords",
    0x9C9F: "XPSubject",
    MAKER_NOTE: "MakerNote",
    USER_COMMENT: "UserComment",
}
WINDOWS = range(0x9C9B, 0x9CA0)
# ComfyUI writes `prompt:{...}` and `workflow:{...}` into whatever fields are free.
NAMED = re.compile(r"(prompt|workflow|Prompt|Workflow)\s*:\s*(?=[{\[])")
CHARSETS = {b"ASCII\0\0\0": "ascii", b"UNICODE\0": "utf-16", b"JIS\0\0\0\0\0": "iso2022_jp", bytes(8): ""}


def read(tiff: bytes, found: Found) -> None:
    """Add the texts of EXIF data under the names `exif:...`; broken data end the reading."""
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(tiff[:4])
    if order is None:
        if tiff:
            found.leave_out("EXIF data that are broken")
        return
    (start,) = _numbers(order + "I", tiff, 4) or (0,)
    more = [start]
    for offset in more:
        for tag, kind, body in _fields(tiff, offset, order):
            if tag == DATA_FOLDER and kind == LONG and len(more) < 2:
                more.append(int.from_bytes(body[:4], "little" if order == "<" else "big"))
            elif kind in TEXTUAL:
                _take(tag, kind, body, order, found)


def _fields(tiff: bytes, offset: int, order: str) -> Iterator[tuple[int, int, bytes]]:
    """Tag, type and bytes of each field of a folder, as far as they are inside the data."""
    (count,) = _numbers(order + "H", tiff, offset) or (0,)
    for number in range(min(count, MOST_FIELDS)):
        here = offset + 2 + 12 * number
        head = _numbers(order + "HHI", tiff, here)
        if head is None:
            return
        tag, kind, length = head
        if kind in TEXTUAL:
            at = here + 8 if length <= 4 else (_numbers(order + "I", tiff, here + 8) or (len(tiff),))[0]
            yield tag, kind, tiff[at : at + length]
        elif kind == LONG and length == 1:
            yield tag, kind, tiff[here + 8 : here + 12]


def _numbers(form: str, data: bytes, offset: int) -> tuple[int, ...] | None:
    try:
        return struct.unpack_from(form, data, offset)
    except struct.error:
        return None


def _take(tag: int, kind: int, body: bytes, order: str, found: Found) -> None:
    if tag == USER_COMMENT:
        text = user_comment(body, order)
    elif tag in WINDOWS:
        text = body.decode("utf-16-le", "replace").rstrip("\x00")
    elif kind == ASCII or (tag == MAKER_NOTE and len(body) < 64):
        text = decoded(body.rstrip(b"\x00"))
    else:
        return
    named = NAMED.match(text)
    if named:
        found.add(named[1].lower(), text[named.end() :])
    elif tag in NAMES:
        found.add("exif:" + NAMES[tag], text)
    if tag in (TIME, TAKEN) and found.written_at is None:
        found.written_at = text.strip()


def user_comment(body: bytes, order: str = ">") -> str:
    """The text of a UserComment: eight bytes name its encoding, often wrongly, or are left out."""
    charset = CHARSETS.get(body[:8])
    if charset is None:
        return _unmarked(body, order)
    if charset == "utf-16":
        return _wide(body[8:], order)
    if charset == "iso2022_jp":
        return body[8:].decode(charset, "replace")
    return _unmarked(body[8:], order)


def _unmarked(body: bytes, order: str) -> str:
    # NULs between letters: UTF-16 that nobody declared.
    sample = body[:200].rstrip(b"\x00")
    if sample.count(0) > len(sample) // 4:
        return _wide(body, order)
    return decoded(body.rstrip(b"\x00"))


def _wide(body: bytes, order: str) -> str:
    """UTF-16 of either byte order; writers do not agree on which one it should be, so the zeros tell."""
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return body.decode("utf-16", "replace")
    high, low = body[0:400:2].count(0), body[1:400:2].count(0)
    big = high > low or (high == low and order == ">")
    return body.decode("utf-16-be" if big else "utf-16-le", "replace")
