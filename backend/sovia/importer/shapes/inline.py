"""Media that stand in a record as text, as `data:` addresses or base64: they come home as files of their own.

What they are, their first bytes say; what a record calls them does not count.
"""

import base64
import binascii
import io
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from sovia.importer.fields import id_of
from sovia.importer.grok import Parsed, parse
from sovia.importer.shapes import media
from sovia.importer.shapes.inline_text import ADDRESSES, BARE, DATA, is_medium
from sovia.library import media_types
from sovia.library.incoming import NewPost
from sovia.library.paths import is_local

Record = dict[str, Any]
# Of what can not be used, so much stays in the raw record.
KEPT_OF_BAD = 1000
MIMES = ("mimeType", "mime_type", "mediaType", "media_type")
CODE = "bad_medium"


class Unusable(ValueError):
    """Why a text is no medium, in a person's words."""


class Inline:
    """Parses records, and takes the media in them home; without a media folder they are only looked into."""

    def __init__(self, keep_in: Path | None) -> None:
        self._read = media.reader_of(keep_in)

    def parse(self, record: object, *, second_hand: bool = False) -> Parsed:
        """The posts of one record, with their media where those came along; a bad one costs only itself."""
        # By record; nothing for one without a medium.
        lifted: dict[int, NewPost | None] = {}
        said: list[tuple[Record, str, str]] = []
        if isinstance(record, dict) and _may_hold(record):
            for one in _inside(record):
                self._lift(one, lifted, said)
        parsed = parse(record, second_hand=second_hand)
        for post in parsed.posts:
            if post.media_url.startswith(DATA) and id(post.raw) not in lifted:
                self._lift(post.raw, lifted, said)
            found = lifted.get(id(post.raw))
            if found is not None:
                _fill(post, found)
            _without_texts(post)
        for whose, name, reason in said:
            parsed.warn(CODE, f"Its {name} is not a medium that can be kept: {reason}.", whose)
        return parsed

    def _lift(self, record: Record, lifted: dict[int, NewPost | None], said: list[tuple[Record, str, str]]) -> None:
        """Take the first medium out of a record; its place in the record names the file then."""
        lifted[id(record)] = None
        for name in (*ADDRESSES, *BARE):
            text = record.get(name)
            if not isinstance(text, str) or not (text.startswith(DATA) or (name in BARE and is_medium(text))):
                continue
            try:
                found = self._taken(text)
            except Unusable as error:
                said.append((record, name, str(error)))
                record[name] = text if len(text) <= KEPT_OF_BAD else f"{text[:KEPT_OF_BAD]}…"
                continue
            record[name] = found.local_path
            lifted[id(record)] = found
            if all(id_of(record.get(one)) is None for one in ("id", "postId", "post_id", "assetId")):
                record["id"] = str(found.id)
            if not any(record.get(one) for one in MIMES):
                record["mimeType"] = found.mime_type
            return

    def _taken(self, text: str) -> NewPost:
        content = _bytes_of(text)
        if media_types.sniff(content[: media_types.HEAD_BYTES]) is None:
            raise Unusable(media_types.why_refused(content[: media_types.HEAD_BYTES]))
        found = self._read("inline", io.BytesIO(content)) if self._read is not None else None
        if found is None:
            raise Unusable("it is damaged")
        return found


def _bytes_of(text: str) -> bytes:
    payload = text
    if text.startswith(DATA):
        head, comma, payload = text.partition(",")
        if not comma or not head.rstrip().lower().endswith(";base64"):
            raise Unusable("it is not written as base64")
    if "%" in payload:
        payload = unquote(payload)
    payload = "".join(payload.split()).translate({ord("-"): "+", ord("_"): "/"}).rstrip("=")
    try:
        content = base64.b64decode(payload + "=" * (-len(payload) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise Unusable("its base64 is damaged") from None
    if not content:
        raise Unusable("it is empty")
    return content


def _may_hold(record: Record) -> bool:
    """Whether a record is worth a look: nearly every one has an ordinary address and nothing else."""
    url = record.get("mediaUrl")
    return not isinstance(url, str) or url.startswith(DATA) or not BARE.isdisjoint(record)


def _inside(record: Record) -> list[Record]:
    """The record and every object in it."""
    found, waiting = [], [record]
    while waiting:
        one = waiting.pop()
        found.append(one)
        for value in one.values():
            several = value if isinstance(value, list) else [value]
            waiting += [inner for inner in several if isinstance(inner, dict)]
    return found


def _fill(post: NewPost, found: NewPost) -> None:
    """What the file itself says of itself counts; of the rest, what the record does not say."""
    post.local_path, post.kind, post.mime_type = found.local_path, found.kind, found.mime_type
    # The name of the file, which took the place of its text, is no address either.
    if is_local(post.media_url):
        post.media_url = ""
    if is_local(post.hd_media_url):
        post.hd_media_url = None
    post.width, post.height = found.width or post.width, found.height or post.height
    post.duration_seconds = found.duration_seconds or post.duration_seconds
    if not (post.prompt or post.original_prompt):
        post.prompt = found.prompt
    post.model = post.model or found.model
    post.created_at = post.created_at or found.created_at


def _without_texts(post: NewPost) -> None:
    """No text of a medium is an address."""
    if post.media_url.startswith(DATA):
        post.media_url = ""
    if post.hd_media_url and post.hd_media_url.startswith(DATA):
        post.hd_media_url = None
    if post.thumbnail_url and post.thumbnail_url.startswith(DATA):
        post.thumbnail_url = None
    post.audio_urls = [one for one in post.audio_urls if not one.startswith(DATA)]
