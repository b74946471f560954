"""The words of one generation of the index, memory-mapped: word to number, number to word, and the weight of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sovia.similarity.disk import load, save
from sovia.similarity.vectors import Floats, Keys, Longs

UNKNOWN = -1


def word_key(word: str) -> int:
    """Eight bytes that stand for a word; words are numbered in the order of their keys."""
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


@dataclass(frozen=True)
class Vocabulary:
    """Words frozen at the last fit. Nothing is read before it is asked for."""

    keys: Keys
    starts: Longs
    letters: NDArray[np.uint8]
    idf: Floats

    @classmethod
    def open(cls, folder: Path) -> "Vocabulary":
        """The vocabulary in a generation's folder."""
        found = [load(folder / f"word_{name}.npy") for name in ("keys", "starts", "letters", "idf")]
        return cls(*found)

    def word(self, term: int) -> str:
        """The word with this number."""
        return bytes(self.letters[self.starts[term] : self.starts[term + 1]]).decode("utf-8", "surrogatepass")

    def find(self, word: str) -> int:
        """The number of a word, or `UNKNOWN`."""
        key = np.uint64(word_key(word))
        term = int(np.searchsorted(self.keys, key))
        if term < len(self.keys) and self.keys[term] == key and self.word(term) == word:
            return term
        return UNKNOWN


class GrowingWords(dict[str, int]):
    """Numbers words as they come, for a fit."""

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self)
        return number


class FrozenWords(dict[str, int]):
    """The numbers of a vocabulary's words, looked up once each; unknown ones are `UNKNOWN`."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def __missing__(self, word: str) -> int:
        self[word] = number = self._vocabulary.find(word)
        return number


def save_words(folder: Path, found: Sequence[str]) -> NDArray[np.int32]:
    """Write the words in the order of their keys; for each its final number."""
    keys = np.array([word_key(word) for word in found], dtype=np.uint64)
    order = np.argsort(keys, kind="stable")
    encoded = [found[at].encode("utf-8", "surrogatepass") for at in order.tolist()]
    save(folder / "word_keys.npy", keys[order])
    save(folder / "word_starts.npy", np.cumsum([0, *map(len, encoded)], dtype=np.int64))
    save(folder / "word_letters.npy", np.frombuffer(b"".join(encoded), dtype=np.uint8))
    final = np.empty(len(found), dtype=np.int32)
    final[order] = np.arange(len(found), dtype=np.int32)
    return final
