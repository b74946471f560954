"""The distinct texts that prompts are searched by: which have a word, a part of one, a phrase; in memory.

A post knows its text by number; 0 is no text. Texts are kept in segments, each with an index of its words.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from sys import intern

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sovia.library.text import LONGEST_WORD, words_in
from sovia.search.columns.frame import Mask, Places
from sovia.search.language.meaning import WITHOUT_SPACES, Holds
from sovia.search.words import LONGEST_PART, parts_of

# So many texts make a segment. Until those that come later are as many, theirs is made anew with each.
SEGMENT = 65_536
BETWEEN = b"\0"
# So many answers are kept, a byte a text each; and the words of so many texts.
MOST_HELD, MOST_SAID = 16, 4096


@dataclass(frozen=True)
class Segment:
    """Some texts that follow each other: `blob` has them one behind the other, each from `starts[n]` to the next.

    `texts[firsts[w] : firsts[w + 1]]` are those with the word `w`.
    """

    start: int
    blob: bytes
    starts: NDArray[np.int64]
    firsts: NDArray[np.int64]
    texts: Places

    def __len__(self) -> int:
        return len(self.starts) - 1

    def with_any(self, words: Sequence[int]) -> Mask:
        """Which texts have one of these words."""
        found = np.zeros(len(self), bool)
        for word in words:
            if word < len(self.firsts) - 1:
                found[self.texts[self.firsts[word] : self.firsts[word + 1]]] = True
        return found

    def holding(self, text: bytes, among: Mask | None) -> Mask:
        """Which texts, of those `among`, hold this."""
        found = np.zeros(len(self), bool)
        if among is None:
            at = self.blob.find(text)
            while at >= 0:
                number = int(np.searchsorted(self.starts, at, side="right")) - 1
                found[number] = True
                at = self.blob.find(text, int(self.starts[number + 1]))
            return found
        places = np.flatnonzero(among)
        find = self.blob.find
        edges = zip(self.starts[places].tolist(), self.starts[places + 1].tolist(), strict=True)
        found[places] = [find(text, start, end) >= 0 for start, end in edges]
        return found


@dataclass
class Gathering:
    """Texts on their way into a segment."""

    start: int
    blob: bytearray = field(default_factory=bytearray)
    ends: array = field(default_factory=lambda: array("q", [0]))  # type: ignore[type-arg]
    words: array = field(default_factory=lambda: array("i"))  # type: ignore[type-arg]
    counts: array = field(default_factory=lambda: array("q", [0]))  # type: ignore[type-arg]

    def add(self, text: str, vocabulary: dict[str, int]) -> None:
        """One more."""
        for word in words_in(text):
            self.words.append(vocabulary.setdefault(word, len(vocabulary)))
        self.blob += text.encode() + BETWEEN
        self.ends.append(len(self.blob))
        self.counts.append(len(self.words))

    def __len__(self) -> int:
        return len(self.ends) - 1

    def segment(self, words: int) -> Segment:
        """The texts with the index of their words; there are so many words."""
        shape = (len(self), words)
        ones = np.ones(len(self.words), bool)
        rows = sparse.csr_matrix((ones, np.array(self.words, np.int32), np.array(self.counts, np.int64)), shape)
        by_word = rows.tocsc()
        firsts, texts = by_word.indptr.astype(np.int64), by_word.indices.astype(np.int32)
        return Segment(self.start, bytes(self.blob), np.array(self.ends, np.int64), firsts, texts)


class Texts:
    """All texts of a library, numbered by fingerprint; those that were numbered first are known all at once."""

    def __init__(self) -> None:
        self._first_prints = np.zeros(0, np.int64)
        self._later: dict[int, int] = {}
        self._vocabulary: dict[str, int] = {}
        self._segments: list[Segment] = []
        self._late = Gathering(start=0)
        self.is_ready = False
        # What was asked last; while no text is added, likes and edits change nothing about it.
        self._held: dict[tuple[Holds, int], Mask] = {}
        self._held_of = self._segments
        self._said: dict[int, tuple[str, ...]] = {}

    @property
    def count(self) -> int:
        """How many numbers there are, that of no text included."""
        return 1 + len(self._first_prints) + len(self._later)

    @property
    def size_bytes(self) -> int:
        """Memory held, roughly."""
        held = sum(len(one.blob) + one.starts.nbytes + one.firsts.nbytes + one.texts.nbytes for one in self._segments)
        return held + self._first_prints.nbytes + 100 * (len(self._vocabulary) + len(self._later))

    def meet(self, prints: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give numbers to those that have none yet; answers these."""
        distinct: NDArray[np.int64] = np.unique(prints)
        distinct = distinct[distinct != 0]
        if not self.is_ready and not self._later:
            self._first_prints = distinct
            return distinct
        new: NDArray[np.int64] = distinct[self.numbered(distinct) == 0]
        for one in new.tolist():
            self._later[one] = self.count
        return new

    def numbered(self, prints: NDArray[np.int64]) -> Places:
        """The numbers of texts with these fingerprints."""
        found = np.zeros(len(prints), np.int32)
        if len(self._first_prints):
            at = np.minimum(np.searchsorted(self._first_prints, prints), len(self._first_prints) - 1)
            found = np.where(self._first_prints[at] == prints, at + 1, 0).astype(np.int32)
        if self._later:
            for place in np.flatnonzero((found == 0) & (prints != 0)).tolist():
                found[place] = self._later.get(int(prints[place]), 0)
        return found

    def gather(self, rows: Iterable[tuple[int, str]]) -> None:
        """Take in texts of the first numbers, in the order of their fingerprints; what is between them is gone."""
        for print_, text in rows:
            at = int(np.searchsorted(self._first_prints, print_))
            if at < len(self._first_prints) and self._first_prints[at] == print_:
                self._gather_to(at)
                self._gather(text)

    def finish(self) -> None:
        """All texts of the first numbers were gathered."""
        self._gather_to(len(self._first_prints))
        self._close()
        self.is_ready = True

    def _gather_to(self, count: int) -> None:
        while self._late.start + len(self._late) < count:
            self._gather("")

    def _gather(self, text: str) -> None:
        self._late.add(text, self._vocabulary)
        if len(self._late) >= SEGMENT:
            self._close()

    def _close(self) -> None:
        """What was gathered is a segment of its own."""
        if len(self._late):
            self._segments = [*self._segments, self._late.segment(len(self._vocabulary))]
            self._late = Gathering(start=self._late.start + len(self._late))

    def add(self, texts: Sequence[str]) -> None:
        """The texts of the numbers that were given last, in their order."""
        if self._segments and self._segments[-1].start == self._late.start:
            self._segments = self._segments[:-1]
        for text in texts:
            self._gather(text)
        if len(self._late):
            self._segments = [*self._segments, self._late.segment(len(self._vocabulary))]

    def holding(self, wanted: Holds) -> Mask:
        """Which texts hold what is wanted, by number; not to be changed."""
        segments, key = self._segments, (wanted, self.count)
        if self._held_of is not segments or len(self._held) >= MOST_HELD:
            self._held, self._held_of = {}, segments
        held = self._held
        if key not in held:
            found = np.zeros(self.count, bool)
            words = self._words(wanted)
            for segment in segments:
                part = self._in_segment(segment, wanted, words)
                found[segment.start + 1 : segment.start + 1 + len(segment)] = part
            held[key] = found
        return held[key]

    def words_of(self, number: int) -> tuple[str, ...]:
        """The words of a text, each once."""
        said = self._said.get(number)
        if said is None:
            said = self._read_words(number)
            if len(self._said) >= MOST_SAID:
                self._said.clear()
            if said:
                self._said[number] = said
        return said

    def _read_words(self, number: int) -> tuple[str, ...]:
        for segment in reversed(self._segments):
            at = number - 1 - segment.start
            if 0 <= at < len(segment):
                text = segment.blob[segment.starts[at] : segment.starts[at + 1] - len(BETWEEN)].decode()
                return tuple(map(intern, words_in(text)))
        return ()

    def _words(self, wanted: Holds) -> list[list[int]]:
        """For each part of what is wanted the words that have it."""
        vocabulary = list(self._vocabulary.items())
        if wanted.prefix:
            return [[number for word, number in vocabulary if word.startswith(wanted.text)]]
        return [[number for word, number in vocabulary if part in word] for part in parts_of(wanted.text)]

    @staticmethod
    def _in_segment(segment: Segment, wanted: Holds, words: list[list[int]]) -> Mask:
        text = wanted.text.encode()
        if not words:
            return segment.holding(text, None)
        among = segment.with_any(words[0])
        for more in words[1:]:
            among &= segment.with_any(more)
        if wanted.prefix or is_part_of_a_word(wanted.text):
            return among
        return segment.holding(text, among)


def is_part_of_a_word(text: str) -> bool:
    """Whether every text that holds this has a word that does, and the other way round."""
    return len(text) <= min(LONGEST_PART, LONGEST_WORD) and words_in(text) == {text} and not WITHOUT_SPACES.search(text)
