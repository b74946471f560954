"""The posts of a library as columns: one number of each kind for each post, and where a post is found; never changed.

What changed makes new columns out of the old ones, so whoever still reads these is not disturbed.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sovia.library.changes import Horizon

# Names that posts share, kept as numbers; 0 where there is none.
NAMED = ("model", "mode", "host", "source", "state")
NUMBERS = {
    "ratio": "u1", "flags": "u1", "type": "u1", "liked": "u1", "prompted": "?", "alive": "?", "is_root": "?",
    "created": "i8", "added": "i8", "family": "i8", "text": "i4", "width": "i4", "height": "i4", "duration": "f8",
    "model": "i4", "mode": "i4", "host": "i4", "source": "i4", "state": "i4",
}  # fmt: skip
LIKED, NOT_LIKED, UNKNOWN = 1, 0, 2
Mask = NDArray[np.bool_]
Places = NDArray[np.signedinteger[Any]]
Ids = NDArray[np.void]


@dataclass
class Names:
    """Texts by number, in the order in which they were first met; 0 is none. Only ever grows."""

    codes: dict[int, int] = field(default_factory=lambda: {0: 0})
    texts: list[str] = field(default_factory=lambda: [""])

    def add(self, known: Mapping[int, str]) -> None:
        """Number the texts of these fingerprints."""
        for print_, text in known.items():
            if print_ not in self.codes:
                self.codes[print_] = len(self.texts)
                self.texts.append(text)

    def numbered(self, prints: NDArray[np.int64]) -> Places:
        """The numbers of these fingerprints."""
        distinct, which = np.unique(prints, return_inverse=True)
        return np.array([self.codes.get(one, 0) for one in distinct.tolist()], np.int32)[which]


@dataclass(frozen=True)
class Columns:
    """All posts, deleted ones included (`alive` tells), in no particular order.

    `ids` are 16 raw bytes each, `roots` the row of the first post of each stack, `of` the other columns by name;
    `order` are the rows by id, `sorted_ids` their ids.
    """

    version: int
    horizon: Horizon
    ids: Ids
    roots: Places
    of: Mapping[str, NDArray[Any]]
    order: Places
    sorted_ids: NDArray[np.bytes_]
    # What was worked out once of a column, the roots, and what is alive; by what it is, and the column.
    memo: dict[tuple[str, str], NDArray[Any]] = field(default_factory=dict, repr=False, compare=False)

    # What filters found among these columns, by filter.
    found: dict[Hashable, Mask] = field(default_factory=dict, repr=False, compare=False)

    @property
    def size_bytes(self) -> int:
        """Memory held."""
        arrays = (self.ids, self.roots, self.order, self.sorted_ids, *self.of.values())
        return sum(array.nbytes for array in arrays)

    def __len__(self) -> int:
        return len(self.ids)

    def kept(self, key: tuple[str, str], make: Callable[[], NDArray[Any]]) -> NDArray[Any]:
        """What `make` makes of these columns, made once for each key."""
        if key not in self.memo:
            self.memo[key] = make()
        return self.memo[key]

    def rows_of(self, ids: Ids) -> Places:
        """The row of each id; -1 where there is no such post."""
        return found_in(self.sorted_ids, self.order, comparable(ids))

    def mask_of(self, ids: Ids) -> Mask:
        """Which posts have one of these ids."""
        found = np.zeros(len(self), bool)
        rows = self.rows_of(ids)
        found[rows[rows >= 0]] = True
        return found

    def stacks_of(self, posts: Mask) -> Mask:
        """The first posts of the stacks in which any of these stands."""
        found = np.zeros(len(self), bool)
        found[self.roots[np.flatnonzero(posts)]] = True
        return found


@dataclass(frozen=True)
class Block:
    """Some posts as they were just read: ids of themselves and of their roots, and all columns."""

    ids: Ids
    root_ids: Ids
    of: Mapping[str, NDArray[Any]]


def first_columns(version: int, horizon: Horizon, blocks: list[Block]) -> Columns:
    """The columns of a library that was read as a whole."""
    ids = _joined([block.ids for block in blocks], np.dtype("V16"))
    root_ids = _joined([block.root_ids for block in blocks], np.dtype("V16"))
    of = {name: _joined([block.of[name] for block in blocks], np.dtype(kind)) for name, kind in NUMBERS.items()}
    order = np.argsort(comparable(ids), kind="stable").astype(np.int32)
    sorted_ids = comparable(ids)[order]
    return Columns(version, horizon, ids, _rooted(sorted_ids, order, root_ids), of, order, sorted_ids)


def with_changes(known: Columns, version: int, horizon: Horizon, block: Block, gone: Ids) -> Columns:
    """The columns with these posts as they are now, new ones behind the others, and without those that are gone."""
    rows = known.rows_of(block.ids)
    new = np.flatnonzero(rows < 0)
    ids = np.concatenate([known.ids, block.ids[new]]) if len(new) else known.ids
    order, sorted_ids = known.order, known.sorted_ids
    if len(new):
        numbers = np.arange(len(known), len(ids), dtype=np.int32)
        keys = comparable(block.ids[new])
        by_id = np.argsort(keys, kind="stable")
        at = np.searchsorted(sorted_ids, keys[by_id])
        sorted_ids, order = np.insert(sorted_ids, at, keys[by_id]), np.insert(order, at, numbers[by_id])
    rows[new] = np.arange(len(known), len(ids), dtype=np.int32)
    of = {name: _changed(column, rows, block.of[name], len(new)) for name, column in known.of.items()}
    roots = _changed(known.roots, rows, _rooted(sorted_ids, order, block.root_ids), len(new))
    lost = known.rows_of(gone)
    lost = lost[lost >= 0]
    of["alive"] = _changed(of["alive"], lost, np.zeros(len(lost), bool), 0)
    # What follows from columns that are the same still holds.
    same = roots is known.roots and of["alive"] is known.of["alive"]
    memo = {key: kept for key, kept in known.memo.items() if same and of[key[1]] is known.of[key[1]]}
    return Columns(version, horizon, ids, roots, of, order, sorted_ids, memo)


def _changed(column: NDArray[Any], rows: Places, values: NDArray[Any], more: int) -> NDArray[Any]:
    """The column with these values in these rows, `more` of which are new; the very same one when nothing differs."""
    if not more:
        here = column[rows]
        if np.array_equal(here, values, equal_nan=values.dtype.kind == "f"):
            return column
    found = np.concatenate([column, np.zeros(more, column.dtype)])
    found[rows] = values
    return found


def comparable(ids: Ids) -> NDArray[np.bytes_]:
    """The ids in a form that NumPy sorts and searches."""
    return np.ascontiguousarray(ids).view("S16")


def found_in(sorted_ids: NDArray[np.bytes_], order: Places, sought: NDArray[np.bytes_]) -> Places:
    """The rows of the ids that are sought, -1 where there is none."""
    if not len(sorted_ids):
        return np.full(len(sought), -1, np.int32)
    at = np.minimum(np.searchsorted(sorted_ids, sought), len(sorted_ids) - 1)
    return np.where(sorted_ids[at] == sought, order[at], np.int32(-1)).astype(np.int32)


def _rooted(sorted_ids: NDArray[np.bytes_], order: Places, root_ids: Ids) -> Places:
    """The rows of the roots; every post has one, itself if need be."""
    return found_in(sorted_ids, order, comparable(root_ids))


def _joined(parts: list[NDArray[Any]], kind: np.dtype[Any]) -> NDArray[Any]:
    return np.concatenate(parts) if parts else np.zeros(0, kind)
