"""One immutable part of the index in files: texts with their words, the posts that have them, words with their texts.

Every distinct text is kept once, however many posts share it. Arrays of a folder, all little endian `.npy`:
- text_starts, text_terms, text_counts: the words of each text and how often they occur (ragged rows)
- text_norms: the length of each text's vector; text_keys: 16 bytes that stand for the text
- member_starts, member_ids, member_roots, member_recipes: the posts of each text in the order of their ids, the root of
  each one's stack, and the number of its recipe in recipes.json
- lookup_keys, lookup_members: the first halves of all ids in order, and whose they are
- terms, term_starts, term_peaks: which words occur, where their postings lie, the greatest weight of each
- posting_texts, posting_weights: the texts of each word, ascending, with the word's share in the text's unit vector
"""

import json
from dataclasses import dataclass, fields
from hashlib import blake2b
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from sovia.similarity.disk import Pieces, load
from sovia.similarity.vectors import Floats, Integers, Keys, Longs, Recipe, Singles

HALF = (1 << 64) - 1


def key_of(post_id: UUID) -> tuple[int, int]:
    """An id as two numbers of 64 bits, in the order of ids."""
    return post_id.int >> 64, post_id.int & HALF


def id_of(key: Keys) -> UUID:
    """The id that two numbers stand for."""
    high, low = key.tolist()
    return UUID(int=high << 64 | low)


def text_key(text: str) -> tuple[int, int]:
    """Two numbers that stand for a text."""
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    return int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:], "big")


@dataclass(frozen=True)
class Segment:
    """An opened segment; its arrays are read only when and where they are used."""

    text_starts: Longs
    text_terms: Integers
    text_counts: NDArray[np.uint16]
    text_norms: Floats
    text_keys: Keys
    member_starts: Longs
    member_ids: Keys
    member_roots: Keys
    member_recipes: Integers
    lookup_keys: Keys
    lookup_members: Integers
    terms: Integers
    term_starts: Longs
    term_peaks: Singles
    posting_texts: Pieces
    posting_weights: Pieces
    recipes: tuple[Recipe, ...]

    @classmethod
    def open(cls, folder: Path) -> "Segment":
        """The segment in a folder."""
        found = json.loads((folder / "recipes.json").read_bytes())
        recipes = tuple(Recipe(model, frozenset(modes)) for model, modes in found)
        names = [field.name for field in fields(cls) if field.name != "recipes"]
        arrays: dict[str, Any] = {
            name: (Pieces if name.startswith("posting_") else load)(folder / f"{name}.npy") for name in names
        }
        return cls(**arrays, recipes=recipes)

    @property
    def texts(self) -> int:
        """How many distinct texts it has."""
        return len(self.text_norms)

    @property
    def members(self) -> int:
        """How many posts it has."""
        return len(self.member_ids)

    def texts_of(self, members: Longs) -> Longs:
        """The number of the text of each of these posts."""
        return np.searchsorted(self.member_starts, members, side="right") - 1

    def find(self, ids: Keys) -> Longs:
        """Which member each id is, -1 where it is none."""
        found = np.full(len(ids), -1, dtype=np.int64)
        at = np.searchsorted(self.lookup_keys, ids[:, 0])
        # Ids share their first half only by malice, so one step further is nearly never needed.
        waiting = np.arange(len(ids))
        while waiting.size:
            waiting = waiting[at[waiting] < self.members]
            waiting = waiting[self.lookup_keys[at[waiting]] == ids[waiting, 0]]
            member = self.lookup_members[at[waiting]]
            hit = self.member_ids[member, 1] == ids[waiting, 1]
            found[waiting[hit]] = member[hit]
            waiting = waiting[~hit]
            at[waiting] += 1
        return found
