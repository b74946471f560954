"""Gathering posts into texts and members, on the disk, before they are written as a segment."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from sovia.similarity.disk import Spool
from sovia.similarity.segment import Segment, key_of, text_key
from sovia.similarity.vectors import Integers, Keys, Longs, Recipe
from sovia.similarity.vocabulary import FrozenWords, GrowingWords
from sovia.similarity.words import words

MOST_REPEATS = (1 << 16) - 1
SPOOLS = {
    "lengths": "i",
    "terms": "i",
    "counts": "H",
    "keys": "Q",
    "sizes": "i",
    "ids": "Q",
    "roots": "Q",
    "recipes": "i",
}


@dataclass(frozen=True)
class Document:
    """A post as the index sees it: its stack, its recipe, its effective prompt."""

    id: UUID
    root_id: UUID
    recipe: Recipe
    text: str


@dataclass(frozen=True)
class Collected:
    """Everything gathered: ragged rows of terms by text, ragged rows of posts by text, and the recipes by number."""

    text_starts: Longs
    text_terms: Integers
    text_counts: NDArray[np.uint16]
    text_keys: Keys
    member_starts: Longs
    member_ids: Keys
    member_roots: Keys
    member_recipes: Integers
    recipes: Sequence[Recipe]


class Collector:
    """Takes documents, equal texts one after the other, each text's posts in the order of their ids.

    Equal texts that do not come together are kept twice, which costs room and changes no score. Texts without any
    known word are left out: they have no relatives. A word counts at most 65,535 times in a text.
    """

    def __init__(self, folder: Path, numbers: GrowingWords | FrozenWords) -> None:
        self._numbers = numbers
        self._spools = {name: Spool(folder / f"spool_{name}", code) for name, code in SPOOLS.items()}
        self._recipes: dict[Recipe, int] = {}
        self._text: str | None = None
        self._worded = False
        self._size = 0
        self.documents = 0

    @property
    def members(self) -> int:
        """How many posts with words were taken."""
        return self._spools["recipes"].length

    def add(self, document: Document) -> None:
        """Take one post."""
        self.documents += 1
        if document.text != self._text:
            self._begin(document.text)
        if not self._worded:
            return
        for name, post_id in (("ids", document.id), ("roots", document.root_id)):
            for half in key_of(post_id):
                self._spools[name].add(half)
        self._spools["recipes"].add(self._recipes.setdefault(document.recipe, len(self._recipes)))
        self._size += 1

    def take(self, segment: Segment) -> None:
        """Take everything of a segment with the same vocabulary."""
        self._end()
        self._text = None
        renumbered = [self._recipes.setdefault(recipe, len(self._recipes)) for recipe in segment.recipes]
        for name, values in (
            ("lengths", np.diff(segment.text_starts)),
            ("terms", segment.text_terms),
            ("counts", segment.text_counts),
            ("keys", segment.text_keys),
            ("sizes", np.diff(segment.member_starts)),
            ("ids", segment.member_ids),
            ("roots", segment.member_roots),
            ("recipes", np.array(renumbered, dtype=np.int32)[segment.member_recipes]),
        ):
            self._spools[name].extend(values)

    def collected(self) -> Collected:
        """Everything taken so far; take no more afterwards."""
        self._end()
        found = {name: spool.values() for name, spool in self._spools.items()}
        return Collected(
            text_starts=starts_of(found["lengths"]),
            text_terms=found["terms"],
            text_counts=found["counts"],
            text_keys=found["keys"].reshape(-1, 2),
            member_starts=starts_of(found["sizes"]),
            member_ids=found["ids"].reshape(-1, 2),
            member_roots=found["roots"].reshape(-1, 2),
            member_recipes=found["recipes"],
            recipes=tuple(self._recipes),
        )

    def close(self) -> None:
        """Remove what lies on the disk; what `collected` returned stays readable."""
        for spool in self._spools.values():
            spool.remove()

    def _begin(self, text: str) -> None:
        self._end()
        self._text = text
        numbers, counts = self._numbers, Counter(words(text))
        known = [(numbers[word], count) for word, count in counts.items()]
        known = [(term, count) for term, count in known if term >= 0]
        self._worded = bool(known)
        if not known:
            return
        self._spools["lengths"].add(len(known))
        for term, count in known:
            self._spools["terms"].add(term)
            self._spools["counts"].add(min(count, MOST_REPEATS))
        for half in text_key(text):
            self._spools["keys"].add(half)

    def _end(self) -> None:
        if self._worded:
            self._spools["sizes"].add(self._size)
        self._worded, self._size = False, 0


def starts_of(lengths: Integers) -> Longs:
    """Where the rows of a ragged array start, and where the last one ends."""
    found = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=found[1:])
    return found
