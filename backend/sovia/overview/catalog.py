"""The distinct prompts of a library in memory: how often each is used, in which mode, from when to when; pure.

A prompt is known by the 16 bytes that equal prompts have in common (`posts.prompt_hash`), kept as two numbers. About 50
bytes a prompt; its text is read when it is shown.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Sort = Literal["usage", "recent", "alpha"]
Longs = NDArray[np.int64]
Halves = NDArray[np.uint64]
COPY_HEADER_BYTES = 19
COPY_TRAILER_BYTES = 2
# PostgreSQL counts microseconds from here; the smallest number is -infinity, which stands for "never dated".
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
NEVER = -(1 << 63)
HASH_ROW = np.dtype([("fields", ">i2"), ("hash_length", ">i4"), ("high", ">u8"), ("low", ">u8")])
NUMBERS = ("uses", "custom", "first", "last")
ROW = np.dtype([*HASH_ROW.descr, *(part for name in NUMBERS for part in ((f"{name}_length", ">i4"), (name, ">i8")))])


@dataclass(frozen=True)
class Catalog:
    """All distinct prompts in the order of their hashes. `custom` counts uses in that mode."""

    high: Halves
    low: Halves
    uses: Longs
    custom: Longs
    first: Longs
    last: Longs
    orders: dict[Sort, Longs] = field(default_factory=dict, compare=False)

    @property
    def size(self) -> int:
        """How many distinct prompts there are."""
        return len(self.uses)

    @property
    def size_bytes(self) -> int:
        """Memory held."""
        return 8 * self.size * (6 + len(self.orders))

    def hash_of(self, at: int) -> bytes:
        """The hash of a prompt."""
        return int(self.high[at]).to_bytes(8, "big") + int(self.low[at]).to_bytes(8, "big")

    def find(self, hashes: "Hashes") -> Longs:
        """Where these prompts stand; those that are not here are left out."""
        at = np.minimum(np.searchsorted(self.high, hashes.high), max(self.size - 1, 0))
        if not self.size:
            return at[:0]
        found: Longs = at[(self.high[at] == hashes.high) & (self.low[at] == hashes.low)]
        return found

    def order(self, sort: Sort) -> Longs:
        """All prompts in an order; `alpha` must have been put into `orders` before."""
        if sort not in self.orders:
            # ~x turns an order round without overflowing.
            turned: list[NDArray[Any]] = [self.low, self.high, ~self.last]
            self.orders[sort] = np.lexsort([*turned, ~self.uses] if sort == "usage" else turned)
        return self.orders[sort]

    def most_used(self, some: Longs, count: int) -> Longs:
        """The most used ones of some prompts, in the order of `usage`."""
        order = np.lexsort((self.low[some], self.high[some], ~self.last[some], ~self.uses[some]))
        return some[order[:count]]

    def edge(self, sort: Sort, at: int, place: int) -> list[object]:
        """What a cursor holds of a prompt at a place of an order."""
        number = int(self.uses[at]) if sort == "usage" else place
        return [sort, number, int(self.last[at]), self.hash_of(at).hex()]

    def behind(self, sort: Sort, edge: list[Any]) -> int:
        """The place in an order where the prompts behind a cursor begin; ValueError when it is none."""
        number, last, key = _edge(sort, edge)
        order = self.order(sort)
        if sort == "alpha":
            here = self.find(Hashes.of([key]))
            if len(here):
                return int(np.flatnonzero(order == here[0])[0]) + 1
            return min(max(number, 0) + 1, self.size)
        high, low = int.from_bytes(key[:8], "big"), int.from_bytes(key[8:], "big")
        wanted = (-number if sort == "usage" else 0, -last, high, low)

        def rank(place: int) -> tuple[int, int, int, int]:
            at = order[place]
            uses = -int(self.uses[at]) if sort == "usage" else 0
            return uses, -int(self.last[at]), int(self.high[at]), int(self.low[at])

        return bisect_right(range(self.size), wanted, key=rank)

    def mode_type(self, at: int) -> str:
        """Whether a prompt is used in custom mode, otherwise, or both."""
        if not self.custom[at]:
            return "parent"
        return "custom" if self.custom[at] == self.uses[at] else "both"


def _edge(sort: Sort, edge: list[Any]) -> tuple[int, int, bytes]:
    if len(edge) != 4 or edge[0] != sort or not all(type(part) is int for part in edge[1:3]):
        raise ValueError(edge)
    key = bytes.fromhex(edge[3]) if isinstance(edge[3], str) else b""
    if len(key) != 16:
        raise ValueError(edge)
    return edge[1], edge[2], key


@dataclass(frozen=True)
class Hashes:
    """Hashes of prompts as two columns of numbers."""

    high: Halves
    low: Halves

    @classmethod
    def of(cls, keys: list[bytes]) -> "Hashes":
        """These hashes."""
        found = np.frombuffer(b"".join(keys), ">u8").reshape(-1, 2).astype(np.uint64)
        return cls(found[:, 0], found[:, 1])


def catalog_from_copy(data: bytes) -> Catalog:
    """Read PostgreSQL's binary COPY of (bytea, int8, int8, timestamptz, timestamptz) rows in the order of hashes."""
    rows = _rows(data, ROW)
    uses, custom, first, last = (rows[name].astype(np.int64) for name in NUMBERS)
    return Catalog(rows["high"].astype(np.uint64), rows["low"].astype(np.uint64), uses, custom, first, last)


def hashes_from_copy(data: bytes) -> Hashes:
    """Read PostgreSQL's binary COPY of one column of hashes."""
    rows = _rows(data, HASH_ROW)
    return Hashes(rows["high"].astype(np.uint64), rows["low"].astype(np.uint64))


def _rows(data: bytes, kind: np.dtype[Any]) -> NDArray[Any]:
    count, rest = divmod(len(data) - COPY_HEADER_BYTES - COPY_TRAILER_BYTES, kind.itemsize)
    assert rest == 0, "a row of prompts has an unexpected length"
    return np.frombuffer(data, kind, offset=COPY_HEADER_BYTES, count=count)


def time_of(number: int) -> datetime | None:
    """A time as PostgreSQL sends it."""
    return None if number == NEVER else EPOCH + timedelta(microseconds=number)
