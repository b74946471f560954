"""What a file is instead of an export, in one sentence with what to do about it."""

import re

from sovia.library.text import storable

MAGIC = {
    b"7z\xbc\xaf": "This is a 7z archive. Unpack it, or pack it again as a zip.",
    b"Rar!": "This is a RAR archive. Unpack it, or pack it again as a zip.",
    b"%PDF": "This is a PDF document, not an export. Save the export itself, as JSON.",
    b"SQLite format 3": "This is a SQLite database, not an export. Let the tool that made it write its posts as JSON.",
    b"\x28\xb5\x2f\xfd": "This is a zstd archive. Unpack it, or pack it again with gzip or as a zip.",
    b"\xfd7zXZ": "This is an xz archive. Unpack it, or pack it again with gzip or as a zip.",
    b"BZh": "This is a bzip2 archive. Unpack it, or pack it again with gzip or as a zip.",
    b"\x7fELF": "This is a program, not an export.",
    b"MZ": "This is a program, not an export.",
    b"wOF2": "This is a font, not an export.",
}
TAR = (257, b"ustar")
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
NO_MEDIA = "It carries no prompt of its own here; bring it with the export it belongs to, or put it under https_/."
MOST_KEYS = 8
LONGEST_KEY = 40
TABLE = re.compile(rb"\s*[^\n,;\t]{1,200}(?:([,;\t])[^\n]*)\n[^\n]*\1")
BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
UNSHOWABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
WEB_PAGE = "This is a web page, not an export. Sign in there again, then save the export itself."
XML = "This is an XML file, not an export. Let the tool that made it write JSON instead."
NOT_JSON = "This is text, but no JSON and no list of addresses. An export begins with [ or {."
SCALAR = "This is JSON, but a single value. An export is a list of posts or an object with posts in it."


def media_in(head: bytes) -> str | None:
    """The kind of picture, clip or sound that begins so; nothing for anything else."""
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM")) and head[:2] != b"BM":
        return "picture"
    if head.startswith(b"RIFF"):
        return "picture" if head[8:12] == b"WEBP" else "sound" if head[8:12] == b"WAVE" else "clip"
    if head[4:8] == b"ftyp":
        return "picture" if head[8:12] in (b"avif", b"heic", b"mif1", b"heix") else "clip"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "clip"
    return "sound" if head.startswith((b"fLaC", b"ID3", b"OggS")) else None


def other_file(head: bytes) -> str | None:
    """What a file that begins so is, when it is no text; nothing when it may be text."""
    kind = media_in(head)
    if kind:
        return f"This is a {kind}, not an export. {NO_MEDIA}"
    for magic, words in MAGIC.items():
        if head.startswith(magic):
            return words
    if head.startswith(ZIP):
        return "This is a zip archive inside another archive. Import it by itself."
    if head[TAR[0] : TAR[0] + 5] == TAR[1]:
        return "This is a tar archive. Unpack it, or pack it again as a zip."
    return None


def markup(head: bytes) -> str:
    """What a text that begins with an angle bracket is."""
    if b"<svg" in head[:1000].lower():
        return "This is a drawing (SVG), not an export."
    return XML if head.lstrip()[:5].lower() == b"<?xml" and b"<html" not in head.lower() else WEB_PAGE


def other_text(head: bytes) -> str:
    """What a text that begins so is, when it is neither JSON nor a list of addresses."""
    if BINARY.search(head):
        return "This is a file of another kind, not an export. An export is JSON, or a zip or folder with JSON in it."
    if TABLE.match(head):
        return "This is a table (CSV), not an export. Let the tool that made it write JSON instead."
    if re.match(rb'"|-?\d|true\b|false\b|null\b', head.strip()):
        return SCALAR
    return NOT_JSON


def other_json(keys: list[str]) -> str:
    """What is said of an object that holds no posts."""
    names = ", ".join(shown(key)[:LONGEST_KEY] for key in keys[:MOST_KEYS])
    more = f" and {len(keys) - MOST_KEYS} more" if len(keys) > MOST_KEYS else ""
    return f"This is JSON, but not an export that is known: it has the keys {names}{more}, and no posts among them."


def shown(name: str) -> str:
    """A name from outside as it may be shown."""
    return storable(UNSHOWABLE.sub("", name))[0]
