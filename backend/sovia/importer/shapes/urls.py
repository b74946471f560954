"""Lists of addresses, as downloaders and userscripts keep them: a stub for each post that an address names."""

import re
from typing import Any

from sovia.importer import fields

Record = dict[str, Any]

LONGEST_LINE = 16_384
LOOKED_AT = 40
ADDRESS = re.compile(r"(?:https?://[^\s/]+/|(?:https?_/)?[a-z0-9-]+(?:\.[a-z0-9-]+)+/|users/)\S+\Z", re.IGNORECASE)
PAGE = re.compile(r"https?://(?:www\.)?grok\.com/imagine/(?:post|image|video)/", re.IGNORECASE)
# Which part of a post the last name in an address is.
SOUND = re.compile(r"\.(?:flac|mp3|wav|m4a|ogg|opus)(?:\?|\Z)", re.IGNORECASE)
# The only id may be the owner's.
OWNER_ONLY = re.compile(rf"users/{fields.UUID_TEXT.pattern}/(?!.*{fields.UUID_TEXT.pattern})")
HOST_FIRST = re.compile(r"(?!https?_/|users/)[^/:]+/")
SMALL = re.compile(r"/preview_image\.\w+(?:\?|\Z)", re.IGNORECASE)
SHARP = re.compile(r"_hd\.mp4(?:\?|\Z)", re.IGNORECASE)
# A line of curl's configuration that holds an address; other options, and aria2's, which are indented.
CURL = re.compile(r'\s*-?-?url\s*[=: ]\s*"?([^"\s]+)"?\s*\Z', re.IGNORECASE)
OPTION = re.compile(r"\s*(?:-{0,2}[a-z][a-z-]{1,30}\s*(?:=.*)?)\Z", re.IGNORECASE)


def stub(address: str) -> Record | None:
    """What an address says of its post: the id, and which part it leads to; nothing without an id."""
    text = address.strip()
    if len(text) > LONGEST_LINE or not ADDRESS.match(text):
        return None
    found = fields.id_in_url(text)
    if found is None or OWNER_ONLY.search(text):
        return None
    if HOST_FIRST.match(text):
        text = f"https://{text}"
    name = "mediaUrl"
    if PAGE.match(text):
        name = "link"
    elif SMALL.search(text):
        name = "thumbnailImageUrl"
    elif SHARP.search(text):
        name = "hdMediaUrl"
    return {"id": str(found), name: text}


def is_sound(address: str) -> bool:
    """Whether an address leads to a sound: its id is its own, not the post's."""
    return SOUND.search(address.strip()) is not None


def is_list(head: bytes) -> bool:
    """Whether a text begins like a list of addresses."""
    for line in head.decode(errors="replace").splitlines()[:LOOKED_AT]:
        address = address_in(line)
        if address:
            return True
        if address is None and line.strip():
            return False
    return False


def address_in(line: str) -> str | None:
    """The address of a line; empty for comments and options, which mean nothing here; None for anything else."""
    text = line.strip()
    if not text or text.startswith(("#", "//")):
        return ""
    curl = CURL.match(text)
    if curl:
        return curl[1]
    # aria2 takes several sources of one file in a line, with tabs between them.
    first = text.split()[0]
    if ADDRESS.match(first):
        return first
    return "" if OPTION.match(line) else None
