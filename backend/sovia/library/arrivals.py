"""Posts made ready for the library where they are read: most of a row is packed before the library is asked.

A new post then lacks only its place in its stack; a post that is here already is unpacked again and merged.
"""

import hashlib
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, Self
from uuid import UUID

import orjson

from sovia.kit import rows
from sovia.kit.ids import fast_uuid
from sovia.library.incoming import NewPost, WantedFile, wanted_files
from sovia.library.ratios import ratio_byte
from sovia.library.text import effective_prompt, search_text, words_in

# The columns that a record decides by itself, in the order in which `Arrival.own` packs them.
OWN_COLUMNS = (
    # What a comparison looks at comes first, where it is found without a search.
    *("created_at", "liked", "raw"),
    *("kind", "model", "mode", "mime_type", "source", "source_user_id", "source_id", "media_state"),
    *("width", "height", "ratio", "duration_seconds"),
    *("prompt", "original_prompt", "search_text", "words", "media_url", "hd_media_url", "thumbnail_url"),
)
FILE_COLUMNS = ("post_id", "role", "position", "url", "path", "state", "reason", "user_id")
TEXTS = (
    *("mime_type", "source", "source_user_id", "source_id", "prompt", "original_prompt"),
    *("media_url", "hd_media_url", "thumbnail_url"),
)


# Of prompts and words that came before; a hostile file could bring any number.
MOST_REMEMBERED_BYTES = 8_000_000
MOST_WORDS = 200_000
NO_WORDS: frozenset[str] = frozenset()


class Arrival(NamedTuple):
    """One post on its way in. `words` are its own effective prompt; `files` the rows of its files without their user.

    `rest` holds what neither the fields nor the columns say.
    """

    id: UUID
    parent_id: UUID | None
    nested_in: UUID | None
    fills_only: bool
    kind: str
    model: str | None
    mode: str | None
    words: str
    prompt_hash: bytes | None
    own: bytes
    files: tuple[bytes, ...]
    files_refused: int
    rest: dict[str, Any] | None

    @classmethod
    def of(cls, new: NewPost, prompts: "Prompts | None" = None) -> Self:
        """Pack a post; its prompts may have been made ready before."""
        prompts = prompts or prompts_of(new.original_prompt, new.prompt)
        wanted = wanted_files(new)
        post_id, refused = rows.uuid(new.id.bytes), 0
        for one in wanted:
            refused += one.state == "refused"
        return cls(
            new.id,
            new.parent_id,
            new.nested_in,
            new.fills_only,
            new.kind,
            new.model,
            new.mode,
            prompts.effective,
            prompts.hash,
            _own(new, prompts.packed, main_state(wanted)),
            tuple([file_row(post_id, one) for one in wanted]),
            refused,
            _rest(new) if new.audio_urls or new.local_path else None,
        )

    def head(self) -> tuple[datetime | None, bool | None, bytes]:
        """When it was made, whether it is liked, and its record as JSON."""
        made, liked, raw = rows.first(self.own, 3)
        return rows.time_of(made), None if liked is None else liked == b"\1", (raw or b"\1{}")[1:]

    def addresses(self) -> list[tuple[str, str, str | None]]:
        """Role, URL and path of its files; the path is None when the URL was refused."""
        # Behind the number of fields and the post's id, in the order of FILE_COLUMNS.
        found = (rows.first(one[22:], 4) for one in self.files)
        return [
            ((role or b"").decode(), (url or b"").decode(), path.decode() if path is not None else None)
            for role, _, url, path in found
        ]

    def post(self) -> NewPost:
        """The post as it was read."""
        found = dict(zip(OWN_COLUMNS, rows.split(self.own), strict=True))
        texts: dict[str, Any] = {name: value.decode() for name in TEXTS if (value := found[name]) is not None}
        return NewPost(
            id=self.id,
            kind=self.kind,
            raw=orjson.loads((found["raw"] or b"\1{}")[1:]),
            parent_id=self.parent_id,
            nested_in=self.nested_in,
            fills_only=self.fills_only,
            created_at=rows.time_of(found["created_at"]),
            model=self.model,
            mode=self.mode,
            liked=None if found["liked"] is None else found["liked"] == b"\1",
            width=rows.whole_of(found["width"]),
            height=rows.whole_of(found["height"]),
            duration_seconds=rows.float_of(found["duration_seconds"]),
            **texts,
            **(self.rest or {}),
        )


def _rest(new: NewPost) -> dict[str, Any]:
    found = {"audio_urls": new.audio_urls, "local_path": new.local_path}
    return {name: value for name, value in found.items() if value}


Columns = tuple[bytes, list[bytes | None], list[bytes | None], list[tuple[Any, ...]]]


def in_columns(posts: Sequence[Arrival]) -> Columns:
    """Posts in the form in which they cross from one process to another in half the time: ids as bytes, by column."""
    if not posts:
        return (b"", [], [], [])
    ids, parents, nested, *others = zip(*posts, strict=True)
    return b"".join([one.bytes for one in ids]), _bytes_of(parents), _bytes_of(nested), others


def from_columns(columns: Columns) -> list[Arrival]:
    """The posts again."""
    joined, parents, nested, others = columns
    ids = [fast_uuid(joined[at : at + 16]) for at in range(0, len(joined), 16)]
    return list(map(Arrival._make, zip(ids, _ids_of(parents), _ids_of(nested), *others, strict=True)))


def _bytes_of(ids: Iterable[UUID | None]) -> list[bytes | None]:
    return [None if one is None else one.bytes for one in ids]


def _ids_of(found: Iterable[bytes | None]) -> list[UUID | None]:
    return [None if one is None else fast_uuid(one) for one in found]


class Prompts(NamedTuple):
    """A pair of prompts: what counts of them, what equal ones have in common, their packed columns, their words."""

    effective: str
    hash: bytes | None
    packed: bytes
    words: AbstractSet[str]


def prompts_of(original_prompt: str, prompt: str, *, searched: bool = True) -> Prompts:
    """Both prompts of a post, made ready; without what they are searched by when nothing will be stored."""
    effective = effective_prompt(original_prompt, prompt)
    if not searched:
        return Prompts(effective, None, rows.text(prompt) + rows.text(original_prompt) + rows.NULL * 2, NO_WORDS)
    found = search_text(original_prompt, prompt)
    words = words_in(found)
    packed = (rows.text(prompt), rows.text(original_prompt), rows.text(found), rows.words(words))
    return Prompts(effective, prompt_hash(effective), b"".join(packed), words)


class Packer:
    """Packs the posts of one import, in which the same prompts come again and again.

    It remembers as much as a few chunks hold, whatever the import's size. Without `searched` the posts are good for
    comparing only.
    """

    def __init__(self, *, searched: bool = True) -> None:
        self._searched = searched
        self._prompts: dict[tuple[str, str], Prompts] = {}
        self._remembered = 0
        self._said: set[str] = set()

    def packed(self, posts: Iterable[NewPost]) -> tuple[list[Arrival], set[str]]:
        """The posts, and the words in their prompts that were not said before."""
        words: set[str] = set()
        found = [Arrival.of(new, self._prompts_of(new, words)) for new in posts]
        words -= self._said
        if len(self._said) > MOST_WORDS:
            self._said.clear()
        self._said |= words
        return found, words

    def _prompts_of(self, new: NewPost, words: set[str]) -> Prompts:
        pair = (new.original_prompt, new.prompt)
        found = self._prompts.get(pair)
        if found is None:
            found = prompts_of(*pair, searched=self._searched)
            words |= found.words
            self._remembered += len(found.packed)
            if self._remembered > MOST_REMEMBERED_BYTES:
                self._prompts, self._remembered = {}, len(found.packed)
            # Its words take more memory than all the rest, and were said now.
            self._prompts[pair] = found._replace(words=NO_WORDS)
        return found


def main_state(files: list[WantedFile]) -> str:
    """The state of the main file, `none` when there is no such file."""
    for one in files:
        if one.role == "media":
            return one.state
    return "none"


def prompt_hash(words: str) -> bytes | None:
    """What equal prompts have in common; nothing for no words."""
    return hashlib.md5(words.encode(), usedforsecurity=False).digest() if words else None


def file_row(post_id: bytes, one: WantedFile) -> bytes:
    """The row of a file, without its last field, which is the user; `post_id` is packed."""
    place = _place(one.role, one.position)
    outcome = _outcome(one.state, one.reason)
    return b"".join((rows.count(len(FILE_COLUMNS)), post_id, place, rows.text(one.url), rows.text(one.path), outcome))


def _own(new: NewPost, prompts: bytes, state: str) -> bytes:
    text = rows.text
    return b"".join(
        (
            rows.moment(new.created_at),
            rows.boolean(new.liked),
            rows.json(orjson.dumps(new.raw)),
            _names(new.kind, new.model, new.mode, new.mime_type, new.source, new.source_user_id, new.source_id, state),
            _sizes(new.width, new.height, new.duration_seconds),
            prompts,
            text(new.media_url),
            text(new.hd_media_url),
            text(new.thumbnail_url),
        )
    )


# Few different ones come in any export, so each is packed once.
@lru_cache(4096)
def _names(*names: str | None) -> bytes:
    return b"".join(map(rows.text, names))


@lru_cache(4096)
def _sizes(width: int | None, height: int | None, seconds: float | None) -> bytes:
    ratio = rows.small(ratio_byte(width, height))
    return rows.integer(width) + rows.integer(height) + ratio + rows.double(seconds)


@lru_cache(4096)
def _place(role: str, position: int) -> bytes:
    return rows.text(role) + rows.small(position)


@lru_cache(4096)
def _outcome(state: str, reason: str | None) -> bytes:
    return rows.text(state) + rows.text(reason)
