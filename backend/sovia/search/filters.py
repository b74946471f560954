"""What the gallery shows: a filter in an order; and the documented parameters as a filter; pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

from sovia.search.language.document import Comparison, Node, Not, Text
from sovia.search.language.meaning import EVERYTHING, Meaning

Sort = Literal[
    "date_desc", "date_asc", "added", "likes", "rating", "model", "mode", "type", "name", "size", "duration", "random",
    "manual", "resemblance",
]  # fmt: skip
SORTS: tuple[Sort, ...] = get_args(Sort)
# What the orders by date are also called.
ALSO: dict[str, Sort] = {"newest": "date_desc", "oldest": "date_asc"}
# What stands together as one tile: a post with its descendants, nothing, equal prompts, equal prompts within minutes.
Stack = Literal["parent", "none", "family", "batch"]
# A score of likeness is kept as so many parts of one.
WHOLE = 10**9
MOST_WORDS = 20
WORD = re.compile(r'(-?)"([^"]*)"?|(\S+)')


@dataclass(frozen=True)
class Likeness:
    """How much a post resembles those that a filter names by `similar:`, and the stack it is in.

    `much` is the score in billionths.
    """

    post_id: UUID
    root_id: UUID
    much: int


@dataclass(frozen=True)
class View:
    """A filter in an order: what the gallery shows.

    `seed` matters to random order, and is the id of the collection in its manual order; `zone` matters to day sections;
    `stack` says what is one tile. `likeness` matters to the order by resemblance.
    """

    filter: Meaning = EVERYTHING
    sort: Sort = "date_desc"
    seed: int | str = 0
    zone: str = "UTC"
    stack: Stack = "parent"
    likeness: tuple[Likeness, ...] = ()


@dataclass(frozen=True)
class Parameters:
    """The documented parameters of a list; what is None is left open."""

    type: str | None = None
    liked: str | None = None
    model: str | None = None
    mode: str | None = None
    state: str | None = None
    search: str = ""
    has_custom_videos: bool = False

    def parts(self) -> Iterator[Node]:
        """Each as a part of a filter; all must hold."""
        for name in ("type", "liked", "model", "mode", "state"):
            value = getattr(self, name)
            if value:
                yield Comparison(field=name, values=(value,))
        if self.has_custom_videos:
            yield Comparison(field="has", values=("own-clips",))
        yield from words_of(self.search)


def words_of(search: str) -> list[Node]:
    """Words, "phrases" and -exclusions of the documented search, at most twenty; the rest is ignored.

    Unlike the language of filters it knows no fields and no mistakes. The text has been normalised by
    `library.text.searchable` before.
    """
    found: list[Node] = []
    for match in WORD.finditer(search):
        minus, phrase, plain = match.groups()
        if plain is None:
            text, excluded = phrase.strip(), bool(minus)
        else:
            excluded = plain.startswith("-") and len(plain) > 1
            text = plain[1:] if excluded else plain
        if text:
            found.append(Not(of=Text(text=text)) if excluded else Text(text=text))
    return found[:MOST_WORDS]
