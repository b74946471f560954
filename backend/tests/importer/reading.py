"""Reading an export without a database: what comes out of a path, and files of every shape to read."""

import io
import zipfile
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from importer.records import written

from sovia.importer.export import Export
from sovia.importer.problems import Problem
from sovia.library.incoming import Edge, NewPost


@dataclass
class Reading:
    """Everything that an export gave."""

    shape: str
    posts: list[NewPost]
    problems: list[Problem]
    edges: list[Edge]
    records: int

    @property
    def ids(self) -> set[str]:
        """The ids of all posts."""
        return {str(post.id) for post in self.posts}

    @property
    def codes(self) -> list[str]:
        """What was said, by code."""
        return [one.code for one in self.problems]

    def post(self, post_id: str) -> NewPost:
        """The first record of a post."""
        return next(post for post in self.posts if str(post.id) == post_id)


def reading(path: Path, *, after: int = 0) -> Reading:
    """What importing this path would take in."""
    export = Export(path)
    try:
        chunks = list(export.chunks(after=after))
    finally:
        export.close()
    return Reading(
        export.shape,
        [post for chunk in chunks for post in chunk.posts],
        [one for chunk in chunks for one in chunk.problems],
        [edge for chunk in chunks for edge in chunk.edges],
        chunks[-1].records,
    )


def reading_of(folder: Path, content: object) -> Reading:
    """What this content would give, under a name that says nothing."""
    return reading(written(folder, content, "upload"))


def as_bytes(content: object) -> bytes:
    """Bytes as they are, anything else as JSON."""
    return content if isinstance(content, bytes) else orjson.dumps(content)


def lines(*several: object) -> bytes:
    """JSON Lines."""
    return b"\n".join(as_bytes(one) for one in several) + b"\n"


def zipped(members: Mapping[str, object], more: Mapping[str, object] = {}, *, compression: int = 8) -> bytes:
    """A zip archive with these members, packed in this way, and more, packed as usual."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for number, (name, content) in enumerate([*members.items(), *more.items()]):
            way = compression if number < len(members) else zipfile.ZIP_DEFLATED
            archive.writestr(name, as_bytes(content), way)
    return held.getvalue()


def har(*answers: object, base64: bool = False) -> dict[str, Any]:
    """A browser's capture with these answers."""
    return {
        "log": {"version": "1.2", "creator": {"name": "x"}, "entries": [entry(one, base64=base64) for one in answers]}
    }


def entry(answer: object, *, base64: bool = False) -> dict[str, Any]:
    """One request with its answer."""
    raw = as_bytes(answer)
    text = b64encode(raw).decode() if base64 else raw.decode()
    content = {"mimeType": "application/json", "text": text} | ({"encoding": "base64"} if base64 else {})
    request = {"url": "https://grok.com/rest/media/post/list", "headers": [{"name": "cookie", "value": "sso=x"}]}
    return {"request": request, "response": {"status": 200, "content": content}}
