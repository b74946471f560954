"""The tiles of a view: its posts put in order and into stacks, and its index as bytes; pure."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from sovia.search.rows import Rows
from sovia.search.sections import UNDATED, Numbers

MAGIC = b"8XI1"
CHUNK = 256
HAS_CHILDREN = 16
# Equal prompts made less than ten minutes apart are of one batch.
BATCH_US = 600_000_000


@dataclass(frozen=True)
class Tiles:
    """All tiles of a view in order: ids as 16 raw bytes, shape byte and flag byte of each.

    `shown` are the posts whose pictures stand for the tiles, when these are others. Where tiles are made of several
    posts that are not each other's descendants, `members` are all of these and `places` the tile of each.
    """

    ids: NDArray[np.void]
    ratios: NDArray[np.uint8]
    flags: NDArray[np.uint8]
    shown: NDArray[np.void] | None = None
    members: NDArray[np.void] | None = None
    places: Numbers | None = None

    @property
    def size_bytes(self) -> int:
        """Memory held."""
        arrays = (self.ids, self.ratios, self.flags, self.shown, self.members, self.places)
        return sum(array.nbytes for array in arrays if array is not None)

    def chunk(self, number: int) -> tuple[NDArray[np.void], NDArray[np.void]]:
        """The ids of a chunk's tiles, and of the posts that are shown for them."""
        part = slice(number * CHUNK, (number + 1) * CHUNK)
        return self.ids[part], (self.ids if self.shown is None else self.shown)[part]

    def position_of(self, post_id: bytes) -> int | None:
        """Where a post stands in the view, or nothing."""
        if self.members is None or self.places is None:
            return _found(self.ids, post_id)
        member = _found(self.members, post_id)
        return None if member is None else int(self.places[member])

    def others(self, first: int, count: int) -> list[int]:
        """How many further posts each of some tiles is made of."""
        if self.places is None:
            return [0] * count
        start, end = np.searchsorted(self.places, [first, first + count])
        sizes = np.bincount(self.places[start:end] - first, minlength=count)
        return [int(size) - 1 for size in sizes[:count]]


def by_date(rows: Rows, *, oldest_first: bool = False) -> NDArray[np.intp]:
    """The rows from newest to oldest, or the other way round; equal moments by id, those without one last."""
    ids = rows.ids.view(">u8").reshape(-1, 2).astype(np.uint64)
    moments = rows.created
    if oldest_first:
        moments = np.where(moments == UNDATED, np.iinfo(np.int64).max, moments)
    else:
        # The complement turns the order round and, unlike the negative, has no number without a partner.
        moments, ids = ~moments, ~ids
    order = np.argsort(moments, kind="stable")
    sorted_moments = moments[order]
    same = np.concatenate(([False], sorted_moments[1:] == sorted_moments[:-1]))
    tied = np.flatnonzero(same | np.concatenate((same[1:], [False])))
    some = order[tied]
    order[tied] = some[np.lexsort((ids[some, 1], ids[some, 0], moments[some]))]
    return order


def ordered(rows: Rows, descending: list[bool], *, oldest_first: bool = False) -> NDArray[np.intp]:
    """The rows by their keys, then by date."""
    order = by_date(rows, oldest_first=oldest_first)
    for key, down in reversed(list(zip(rows.keys, descending, strict=True))):
        order = order[np.argsort(~key[order] if down else key[order], kind="stable")]
    return order


def in_batches(rows: Rows) -> Numbers:
    """The number of each row's batch: equal prompts, each made within minutes of the one before."""
    moments = np.maximum(rows.created, -(2**62))
    order = np.lexsort((moments, rows.families))
    apart = (np.diff(moments[order]) > BATCH_US) | (np.diff(rows.families[order]) != 0)
    numbers = np.empty(len(order), np.int64)
    numbers[order] = np.cumsum(np.concatenate(([0], apart)))[: len(order)]
    return numbers


def alone(groups: Numbers, families: Numbers) -> Numbers:
    """The same groups, but every post without a prompt in one of its own."""
    nameless = np.flatnonzero(families == 0)
    _, found = np.unique(groups, return_inverse=True)
    found = found.astype(np.int64)
    found[nameless] = len(groups) + np.arange(len(nameless))
    return found


def gathered(tiles: Tiles, groups: Numbers) -> tuple[Tiles, NDArray[np.intp]]:
    """One tile for each group, where its first post stands; and the places of these posts among all."""
    _, firsts, which = np.unique(groups, return_index=True, return_inverse=True)
    ranks = np.empty(len(firsts), np.int64)
    ranks[np.argsort(firsts)] = np.arange(len(firsts))
    kept = np.sort(firsts)
    places = ranks[which]
    sizes = np.bincount(places, minlength=len(kept))
    by_place = np.argsort(places, kind="stable")
    flags = tiles.flags[kept] & ~np.uint8(HAS_CHILDREN) | np.where(sizes > 1, np.uint8(HAS_CHILDREN), np.uint8(0))
    found = Tiles(
        ids=tiles.ids[kept],
        ratios=tiles.ratios[kept],
        flags=flags.astype(np.uint8),
        members=tiles.ids[by_place],
        places=places[by_place],
    )
    return found, kept


def with_hits(tiles: Tiles, roots: NDArray[np.void], hits: Tiles) -> Tiles:
    """The tiles, each showing the hit in its stack; `roots` are the stacks of the hits."""
    known = np.argsort(_comparable(tiles.ids))
    sorted_ids = _comparable(tiles.ids)[known]
    at = np.searchsorted(sorted_ids, _comparable(roots))
    inside = np.flatnonzero(at < len(known))
    inside = inside[sorted_ids[at[inside]] == _comparable(roots)[inside]]
    others = np.flatnonzero(_comparable(hits.ids) != _comparable(roots))
    inside = np.intersect1d(inside, others)
    places = known[at[inside]]
    shown, ratios, flags = tiles.ids.copy(), tiles.ratios.copy(), tiles.flags.copy()
    shown[places], ratios[places] = hits.ids[inside], hits.ratios[inside]
    flags[places] = hits.flags[inside] | (flags[places] & HAS_CHILDREN)
    return replace(tiles, shown=shown, ratios=ratios, flags=flags)


def encode(tiles: Tiles, header: dict[str, Any]) -> bytes:
    """The index as the page reads it, see docs/formats/index.md."""
    text = orjson.dumps(header | {"chunk": CHUNK})
    text += b" " * (-len(text) % 4)
    lengths = np.array([len(tiles.ids), len(text)], "<u4").tobytes()
    return b"".join((MAGIC, lengths, text, tiles.ratios.tobytes(), tiles.flags.tobytes()))


def _comparable(ids: NDArray[np.void]) -> NDArray[np.bytes_]:
    return ids.view("S16")


def _found(ids: NDArray[np.void], post_id: bytes) -> int | None:
    # Compared as pairs of integers, since NumPy compares raw bytes one at a time.
    pairs = ids.view(np.uint64).reshape(-1, 2)
    low, high = np.frombuffer(post_id, np.uint64)
    hits = np.flatnonzero((pairs[:, 0] == low) & (pairs[:, 1] == high))
    return int(hits[0]) if len(hits) else None
