"""The filter that gallery, list and facets share: one validated document; pure."""

import re
from dataclasses import dataclass, field, fields
from typing import Literal

Sort = Literal["date_desc", "date_asc", "likes", "model", "type", "random"]
SORTS: tuple[Sort, ...] = ("date_desc", "date_asc", "likes", "model", "type", "random")
TYPES = ("image", "video", "audio")
STATES = ("present", "missing", "corrupt", "refused", "none")
LIKED = {"true": "yes", "liked": "yes", "false": "no", "unliked": "no", "unknown": "unknown"}
MOST_WORDS = 20
WORD = re.compile(r'(-?)"([^"]*)"?|(\S+)')


@dataclass(frozen=True)
class Word:
    """One thing that the text must contain, or with `excluded` must not."""

    text: str
    excluded: bool = False
    # Which whole words a text with it must have, as a `tsquery`; None when that narrows nothing. It follows from the
    # text and the library's version, so it is no part of what makes two filters equal.
    lexemes: str | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class PostFilter:
    """Which stacks are wanted; every field that is set must hold (AND).

    `liked` and `state` speak of the stack's root; `type`, `model`, `mode` and `words` of any post in it;
    all words must stand in the same post.
    """

    type: str | None = None
    liked: str | None = None
    model: str | None = None
    mode: str | None = None
    state: str | None = None
    words: tuple[Word, ...] = ()
    has_custom_videos: bool = False

    def without(self, name: str) -> "PostFilter":
        """The same filter with one field left open, for counting what else that field could be."""
        kept = {one.name: getattr(self, one.name) for one in fields(self) if one.name != name}
        return PostFilter(**kept)


@dataclass(frozen=True)
class View:
    """A filter in an order: what the gallery shows. `seed` matters to random order, `zone` to day sections."""

    filter: PostFilter = PostFilter()
    sort: Sort = "date_desc"
    seed: int = 0
    zone: str = "UTC"


def words_of(search: str) -> tuple[Word, ...]:
    """Words, "phrases" and -exclusions of a search box, at most twenty; the rest is ignored.

    The text has been normalised by `library.text.searchable` before.
    """
    found = []
    for match in WORD.finditer(search):
        minus, phrase, plain = match.groups()
        if plain is None:
            text, excluded = phrase.strip(), bool(minus)
        else:
            excluded = plain.startswith("-") and len(plain) > 1
            text = plain[1:] if excluded else plain
        if text:
            found.append(Word(text, excluded))
    return tuple(found[:MOST_WORDS])


def like_pattern(text: str) -> str:
    """A LIKE pattern that finds the text anywhere, with its own wildcards taken literally."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
