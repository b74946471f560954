"""Posts made ready for the library where they are read: most of a row is packed before the library is asked.

A new post then lacks only its place in its stack; a post that is here already is unpacked again and merged.
"""

import hashlib
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Any, NamedTuple, Self
from uuid import UUID

import orjson

from sovia.kit import rows
from sovia.library.incoming import NewPost, WantedFile, wanted_files
from sovia.library.ratios import ratio_byte
from sovia.library.text import effective_prompt, search_text, words_in

# The columns that a record decides by itself, in the order in which `Arrival.own` packs them.
OWN_COLUMNS = (
    *("kind", "model", "mode", "mime_type", "source", "source_user_id", "source_id", "media_state"),
    *("width", "height", "ratio", "duration_seconds", "created_at", "liked"),
    *("prompt", "original_prompt", "search_text", "words", "media_url", "hd_media_url", "thumbnail_url", "raw"),
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
        post_id = rows.uuid(new.id.bytes)
        return cls(
            *(new.id, new.parent_id, new.nested_in, new.fills_only, new.kind, new.model, new.mode),
            *(prompts.effective, prompts.hash, _own(new, prompts.packed, main_state(wanted))),
            tuple(file_row(post_id, one) for one in wanted) if wanted else (),
            sum(1 for one in wanted if one.state == "refused"),
            _rest(new),
        )

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


def _rest(new: NewPost) -> dict[str, Any] | None:
    found = {"audio_urls": new.audio_urls, "local_path": new.local_path}
    return {name: value for name, value in found.items() if value} or None


class Prompts(NamedTuple):
    """A pair of prompts: what counts of them, what equal ones have in common, their packed columns, their words."""

    effective: str
    hash: bytes | None
    packed: bytes
    words: AbstractSet[str]


def prompts_of(original_prompt: str, prompt: str) -> Prompts:
    """Both prompts of a post, made ready."""
    effective = effective_prompt(original_prompt, prompt)
    found = search_text(original_prompt, prompt)
    words = words_in(found)
    packed = (rows.text(prompt), rows.text(original_prompt), rows.text(found), rows.words(words))
    return Prompts(effective, prompt_hash(effective), b"".join(packed), words)


class Packer:
    """Packs the posts of one import, in which the same prompts come again and again.

    It remembers as much as a few chunks hold, whatever the import's size.
    """

    def __init__(self) -> None:
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
            found = prompts_of(*pair)
            words |= found.words
            self._remembered += len(found.packed)
            if self._remembered > MOST_REMEMBERED_BYTES:
                self._prompts, self._remembered = {}, len(found.packed)
            # Its words take more memory than all the rest, and were said now.
            self._prompts[pair] = found._replace(words=NO_WORDS)
        return found


def main_state(files: list[WantedFile]) -> str:
    """The state of the main file, `none` when there is no such file."""
    return next((one.state for one in files if one.role == "media"), "none")


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
            _names(new.kind, new.model, new.mode, new.mime_type, new.source, new.source_user_id, new.source_id, state),
            _sizes(new.width, new.height, new.duration_seconds),
            rows.moment(new.created_at),
            rows.boolean(new.liked),
            prompts,
            text(new.media_url),
            text(new.hd_media_url),
            text(new.thumbnail_url),
            rows.json(orjson.dumps(new.raw)),
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
