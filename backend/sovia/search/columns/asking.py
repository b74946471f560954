"""Which posts a filter finds, told by columns: the meaning of `search.language.sql`, on numbers instead of rows; pure.

What the columns do not tell is asked of the database before; its answers are the `told` ones.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from typing import Any

import numpy as np

from sovia.search.columns.frame import LIKED, NOT_LIKED, UNKNOWN, Columns, Mask, Names, Places
from sovia.search.columns.texts import Texts
from sovia.search.language import amounts
from sovia.search.language.document import Comparison
from sovia.search.language.meaning import (
    Asks,
    Either,
    Every,
    Except,
    Group,
    Holds,
    Meaning,
    Within,
    is_of_root,
    is_text,
)
from sovia.search.language.sql import hits_of, texts_together
from sovia.search.sections import START, UNDATED

KINDS = {"image": 0, "video": 1, "audio": 2}
HAS_CHILDREN, HAS_THUMBNAIL = 16, 64
LIKES = {"yes": LIKED, "no": NOT_LIKED, "unknown": UNKNOWN}
STATES = {"present": ("present",), "missing": ("missing", "wanted"), "corrupt": ("corrupt",),
          "refused": ("refused",), "none": ("none",)}  # fmt: skip
# States that are not of the post: the database tells them, by the files and the folders.
OF_FILES = {"changed", "away"}
OF_STACK = ("type", "model", "mode")
# What so many filters found is kept for others that ask the same of the same columns; a byte a post each.
MOST_KEPT = 16
Told = Mapping[tuple[str, tuple[Any, ...]], Mask]


@dataclass(frozen=True)
class World:
    """Everything that a filter can be asked of."""

    columns: Columns
    names: Mapping[str, Names]
    texts: Texts
    told: Told

    def finds(self, wanted: Meaning, *, by_itself: bool = False) -> Mask:
        """The roots of the stacks that a filter finds; with `by_itself` the posts."""
        kept, key = self.columns.found, (wanted, by_itself)
        known = kept.get(key)
        if known is not None:
            return known
        of = self.columns.of
        asked: Mask = of["alive"] if by_itself else of["alive"] & of["is_root"]
        found = asked & (self._row(wanted, stacked=False) if by_itself else self._stacks(wanted))
        if len(kept) >= MOST_KEPT:
            kept.clear()
        # A page, its total and its facets ask the same, and ask it again while the library stays as it is.
        kept[key] = found
        return found

    def hits(self, wanted: Meaning, stacks: Mask) -> Places:
        """For each of the stacks that shows another post than its first, the row of that post.

        All of the filter in one post comes before its words alone, then the root before its descendants, then the
        oldest.
        """
        several = hits_of(wanted)
        if several is None:
            return np.zeros(0, np.int32)
        some, everything = (self._row(one, stacked=False) for one in several)
        columns, of = self.columns, self.columns.of
        asked = some & of["alive"] & stacks[columns.roots]
        rows = columns.order[asked[columns.order]]
        least = 2 * ~everything[rows] + ~of["is_root"][rows]
        created = np.where(of["created"][rows] == UNDATED, np.iinfo(np.int64).max, of["created"][rows])
        roots = columns.roots[rows]
        by_root = np.lexsort((created, roots.astype(np.int64) * 4 + least))
        firsts = by_root[np.concatenate(([True], np.diff(roots[by_root]) != 0))] if len(rows) else by_root
        found: Places = rows[firsts]
        others: Places = found[found != columns.roots[found]]
        return others

    def _stacks(self, wanted: Meaning) -> Mask:
        if isinstance(wanted, Group):
            return self._stacks(wanted.of)
        if is_of_root(wanted):
            return self._row(wanted, stacked=True)
        if is_text(wanted) or isinstance(wanted, (Asks, Within)):
            return self.columns.stacks_of(self._row(wanted, stacked=False) & self.columns.of["alive"])
        if isinstance(wanted, Except):
            return ~self._stacks(wanted.of)
        if isinstance(wanted, Either):
            return self._any([self._stacks(part) for part in wanted.of])
        assert isinstance(wanted, Every)
        return self._all([self._stacks(part) for part in texts_together(wanted)])

    def _row(self, wanted: Meaning, *, stacked: bool) -> Mask:
        match wanted:
            case Asks():
                return self._leaf(wanted, stacked=stacked)
            case Holds():
                holding: Mask = self.texts.holding(wanted)[self.columns.of["text"]]
                return holding
            case Except() | Group():
                inside = self._row(wanted.of, stacked=stacked)
                return ~inside if isinstance(wanted, Except) else inside
            case Every():
                return self._all([self._row(part, stacked=stacked) for part in wanted.of])
            case Either():
                return self._any([self._row(part, stacked=stacked) for part in wanted.of])
            case Within():
                return np.zeros(len(self.columns), bool)

    def _leaf(self, asks: Asks, *, stacked: bool) -> Mask:
        told = self.told.get((asks.sql, asks.values))
        if told is not None:
            return told
        asked = asks.asked
        assert asked is not None
        if asks.field in OF_STACK:
            posts = self.named(asked) if asks.field != "type" else self._kinds(asked.values)
            return self._of_stack(posts, stacked=stacked)
        if asks.field in ("has", "missing"):
            return self._any([self._has(asks.field, value, stacked=stacked) for value in asked.values])
        return LEAVES[asks.field](self, asked, asks.values)

    def _of_stack(self, posts: Mask, *, stacked: bool) -> Mask:
        return self.columns.stacks_of(posts & self.columns.of["alive"]) if stacked else posts

    def _kinds(self, values: Sequence[str]) -> Mask:
        return np.isin(self.columns.of["type"], [KINDS[value] for value in values])

    def named(self, asked: Comparison) -> Mask:
        """The posts that have one of the names, or one that begins so."""
        if asked.operator == "^":
            return self.by_name(asked.field, lambda name: name.startswith(asked.values[0]))
        return self.by_name(asked.field, lambda name: name in asked.values)

    def by_name(self, column: str, is_wanted: Callable[[str], bool]) -> Mask:
        """The posts whose name in a column is wanted."""
        texts = self.names[column].texts
        wanted = np.array([number > 0 and is_wanted(text) for number, text in enumerate(texts)])
        found: Mask = wanted[self.columns.of[column]]
        return found

    def _has(self, field: str, value: str, *, stacked: bool) -> Mask:
        of = self.columns.of
        if value == "file":
            return self.by_name("state", lambda name: name in (("present",) if field == "has" else STATES["missing"]))
        found: Mask
        match value:
            case "children":
                found = of["flags"] & HAS_CHILDREN > 0
            case "own-clips":
                found = self._of_stack(self.by_name("mode", lambda name: name == "custom"), stacked=stacked)
            case "model" | "mode":
                found = self._of_stack(of[value] > 0, stacked=stacked)
            case "prompt":
                found = of["prompted"]
            case "date":
                found = of["created"] != UNDATED
            case "shape":
                found = of["ratio"] > 0
            case _:
                found = of["flags"] & HAS_THUMBNAIL > 0
        return ~found if field == "missing" else found

    def _all(self, several: Sequence[Mask]) -> Mask:
        return reduce(np.logical_and, several, np.ones(len(self.columns), bool))

    def _any(self, several: Sequence[Mask]) -> Mask:
        return reduce(np.logical_or, several, np.zeros(len(self.columns), bool))


Leaf = Callable[[World, Comparison, tuple[Any, ...]], Mask]


def _liked(world: World, asked: Comparison, _values: tuple[Any, ...]) -> Mask:
    return np.isin(world.columns.of["liked"], [LIKES[value] for value in asked.values])


def _state(world: World, asked: Comparison, _values: tuple[Any, ...]) -> Mask:
    wanted = {state for value in asked.values for state in STATES[value]}
    return world.by_name("state", wanted.__contains__)


def _source(world: World, asked: Comparison, _values: tuple[Any, ...]) -> Mask:
    return world.named(asked)


def _host(world: World, asked: Comparison, _values: tuple[Any, ...]) -> Mask:
    ends = tuple("." + value for value in asked.values)
    return world.by_name("host", lambda name: name in asked.values or name.endswith(ends))


def _compared(column: str) -> Leaf:
    def leaf(world: World, asked: Comparison, values: tuple[Any, ...]) -> Mask:
        numbers = world.columns.of[column]
        bounds = [_microseconds(value) if isinstance(value, datetime) else value for value in values]
        is_time = bool(values) and isinstance(values[0], datetime)
        known: Mask = numbers != UNDATED if is_time else numbers >= 0
        if asked.operator in ("=", ".."):
            found = np.zeros(len(numbers), bool)
            for low, high in zip(bounds[::2], bounds[1::2], strict=True):
                found |= (numbers >= low) & (numbers < high if is_time else numbers <= high)
            return found & known
        if is_time:
            return (numbers >= bounds[0] if asked.operator in (">", ">=") else numbers < bounds[0]) & known
        compare = {">": np.greater, ">=": np.greater_equal, "<": np.less, "<=": np.less_equal}[asked.operator]
        compared: Mask = compare(numbers, bounds[0])
        return compared & known

    return leaf


def _ratio(world: World, asked: Comparison, _values: tuple[Any, ...]) -> Mask:
    ratios = world.columns.of["ratio"].astype(np.int16)
    found = np.zeros(len(ratios), bool)
    for low, high in amounts.steps_between(asked.operator, asked.values):
        found |= (ratios >= low) & (ratios <= high)
    return found


LEAVES: dict[str, Leaf] = {
    "liked": _liked,
    "state": _state,
    "source": _source,
    "host": _host,
    "date": _compared("created"),
    "added": _compared("added"),
    "width": _compared("width"),
    "height": _compared("height"),
    "duration": _compared("duration"),
    "ratio": _ratio,
}


def is_told_by_columns(asks: Asks) -> bool:
    """Whether the database need not be asked for this."""
    asked = asks.asked
    if asked is None or (asks.field == "state" and not OF_FILES.isdisjoint(asked.values)):
        return False
    return asks.field in LEAVES or asks.field in OF_STACK or asks.field in ("has", "missing")


def to_be_asked(wanted: Meaning) -> Iterator[Asks]:
    """The parts of a filter that the database has to tell."""
    if isinstance(wanted, Asks):
        if not is_told_by_columns(wanted):
            yield wanted
    elif isinstance(wanted, (Except, Group)):
        yield from to_be_asked(wanted.of)
    elif isinstance(wanted, (Every, Either)):
        for part in wanted.of:
            yield from to_be_asked(part)


def _microseconds(moment: datetime) -> int:
    return (moment - START) // timedelta(microseconds=1)
