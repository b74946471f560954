"""Views, pages and counts made of columns, as `search.rows` and `search.queries` make them of the database; pure."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from sovia.search.clauses import EPOCH
from sovia.search.columns.asking import HAS_THUMBNAIL, KINDS, World
from sovia.search.columns.frame import LIKED, NOT_LIKED, UNKNOWN, Columns, Mask, Places
from sovia.search.filters import Sort, Stack, View
from sovia.search.language.meaning import EVERYTHING, Asks, Meaning, without
from sovia.search.orderings import most_alike
from sovia.search.rows import Rows
from sovia.search.sections import START, UNDATED, Numbers
from sovia.search.tiles import Tiles, by_date

FACETS = ("type", "model", "mode", "liked", "state")
MOST_VALUES = 200
# Beyond, a look at every row costs less than naming those that are meant.
MOST_NAMED = 20_000
PICTURES = 4
# As many names as a number has bits.
FEW_NAMES = 64
LIKES = {LIKED: True, NOT_LIKED: False, UNKNOWN: None}
Counts = dict[str, list[dict[str, Any]]]
Page = tuple[list[UUID], str | None]


def rows_of(world: World, view: View) -> Rows | None:
    """The posts of a view with what it is sorted by; None where the columns do not have that."""
    if view.sort != "resemblance" and view.sort not in KEYS:
        return None
    columns, of = world.columns, world.columns.of
    rows = np.flatnonzero(world.finds(view.filter, by_itself=view.stack != "parent"))
    keys, texts = ([_likeness(columns, view)[rows]], {}) if view.sort == "resemblance" else KEYS[view.sort](world, rows)
    return Rows(
        ids=columns.ids[rows],
        ratios=of["ratio"][rows],
        flags=of["flags"][rows],
        created=of["created"][rows],
        keys=keys,
        families=of["family"][rows] if view.stack in ("family", "batch") else np.zeros(0, np.int64),
        texts=texts,
    )


def named(world: World, view: View) -> View:
    """The same view with what its filter finds instead of the filter, when that is not too much to name.

    The database knows what the columns do not, but need not find again what they have found.
    """
    if view.filter == EVERYTHING or view.sort == "resemblance":
        return view
    rows = np.flatnonzero(world.finds(view.filter, by_itself=view.stack != "parent"))
    if len(rows) > MOST_NAMED:
        return view
    ids = tuple(UUID(bytes=bytes(one)) for one in world.columns.ids[rows])
    return replace(view, filter=Asks("id", "root", "{p}.id = ANY(CAST({0} AS uuid[]))", (ids,)))


def _likeness(columns: Columns, view: View) -> Numbers:
    """How much each post, or any in its stack, resembles what the filter names."""
    known = most_alike(view)
    found = np.full(len(columns), -1, np.int64)
    rows = columns.rows_of(np.frombuffer(b"".join(one.bytes for one in known), "V16"))
    found[rows[rows >= 0]] = np.array(list(known.values()), np.int64)[rows >= 0]
    return found


def hits_of(world: World, wanted: Meaning) -> tuple[np.ndarray[Any, Any], Tiles]:
    """The roots of the stacks that show another post, and these posts."""
    columns, of = world.columns, world.columns.of
    rows = world.hits(wanted, world.finds(wanted))
    tiles = Tiles(columns.ids[rows], of["ratio"][rows], of["flags"][rows])
    return columns.ids[columns.roots[rows]], tiles


def total(columns: Columns, stack: Stack) -> int:
    """How many stacks of parents there are, else how many posts."""
    alive = columns.of["alive"]
    return int(np.count_nonzero(alive & columns.of["is_root"] if stack == "parent" else alive))


def page_by_date(
    world: World, found: Mask, *, limit: int, descending: bool, edge: Sequence[Any] | None
) -> list[tuple[int, datetime, UUID]]:
    """The next of the posts found behind an edge, each as whether it lacks a date, its date, and its id."""
    shown = rows_by_date(world, found, limit=limit, descending=descending, edge=edge)
    columns, created = world.columns, world.columns.of["created"]
    return [
        (int(at == UNDATED), EPOCH if at == UNDATED else START + timedelta(microseconds=at), UUID(bytes=bytes(post_id)))
        for at, post_id in zip(created[shown].tolist(), columns.ids[shown], strict=True)
    ]


def rows_by_date(
    world: World, found: Mask, *, limit: int, descending: bool = True, edge: Sequence[Any] | None = None
) -> Places:
    """The rows of the next of the posts found."""
    columns, created = world.columns, world.columns.of["created"]
    rows = np.flatnonzero(found)
    if edge is not None:
        rows = rows[_is_behind(columns, rows, edge, descending=descending)]
    if len(rows) > limit:
        # Only those that could be on the page are put in order.
        moments = np.where(created[rows] == UNDATED, UNDATED if descending else np.iinfo(np.int64).max, created[rows])
        moments = ~moments if descending else moments
        rows = rows[moments <= np.partition(moments, limit - 1)[limit - 1]]
    nothing = np.zeros(0, np.int64)
    some = Rows(columns.ids[rows], nothing, nothing, created[rows], [], nothing)  # type: ignore[arg-type]
    return rows[by_date(some, oldest_first=not descending)[:limit]]


def words(world: World, wanted: Meaning, stacks: int) -> list[tuple[str, int]]:
    """The words of the first posts of the newest stacks found, and how many of these have each."""
    rows = rows_by_date(world, world.finds(wanted), limit=stacks)
    counted = Counter(
        word for number in world.columns.of["text"][rows].tolist() for word in world.texts.words_of(number)
    )
    return sorted(counted.items(), key=lambda one: (-one[1], one[0]))


def values(world: World, wanted: Meaning, fields: Sequence[str]) -> list[tuple[str, str, int]]:
    """The values of some fields (all of `FACETS`) in what a filter finds: (field, value, stacks)."""
    tiles = world.finds(wanted)
    found = [
        (name, str(value), count) for name in fields for value, count in COUNTS[name](world, tiles, "parent") if count
    ]
    return sorted(found, key=lambda one: (-one[2], one[1]))


def told(world: World, wanted: Meaning, since: datetime | None) -> tuple[int, int, list[UUID]]:
    """How many stacks a filter finds, how many of them came after a moment, and the newest few with a picture."""
    found, of = world.finds(wanted), world.columns.of
    after = np.iinfo(np.int64).max if since is None else (since - START) // timedelta(microseconds=1)
    seen = found & (of["flags"] & HAS_THUMBNAIL > 0)
    newest = page_by_date(world, seen, limit=PICTURES, descending=True, edge=None)
    return int(found.sum()), int((found & (of["added"] > after)).sum()), [row[-1] for row in newest]


def facets(world: World, wanted: Meaning, stack: Stack) -> Counts:
    """For each field the values it could have and how many stacks, or posts, each would find."""
    alike: dict[Meaning, list[str]] = {}
    for name in FACETS:
        alike.setdefault(without(wanted, name), []).append(name)
    found: Counts = {name: [] for name in FACETS}
    for others, names in alike.items():
        tiles = world.finds(others, by_itself=stack != "parent")
        for name in names:
            counted = COUNTS[name](world, tiles, stack)
            rows = [{"value": value, "count": count} for value, count in counted if count]
            found[name] = sorted(rows, key=lambda row: (-row["count"], str(row["value"])))[:MOST_VALUES]
    return found


def _is_behind(columns: Columns, rows: Places, edge: Sequence[Any], *, descending: bool) -> Mask:
    created = columns.of["created"][rows]
    ids = columns.ids[rows].view("S16")
    edge_id = np.frombuffer(edge[2].bytes, "S16")[0]
    beyond: Mask = ids < edge_id if descending else ids > edge_id
    undated: Mask = created == UNDATED
    if edge[0]:
        return undated & beyond
    at = (edge[1] - START) // timedelta(microseconds=1)
    later: Mask = created < at if descending else created > at
    same: Mask = created == at
    return undated | ~undated & (later | same & beyond)


Found = tuple[list[Numbers], dict[int, Sequence[str]]]


def _number(name: str) -> Callable[[World, Places], Found]:
    return lambda world, rows: ([world.columns.of[name][rows].astype(np.int64)], {})


def _liked_first(world: World, rows: Places) -> Found:
    return [np.where(world.columns.of["liked"][rows] == LIKED, 0, 1)], {}


def _named(name: str) -> Callable[[World, Places], Found]:
    def keys(world: World, rows: Places) -> Found:
        numbers = world.columns.of[name][rows]
        ranks, texts = _ranked(world.names[name].texts)
        return [(numbers == 0).astype(np.int64), ranks[numbers]], {1: texts}

    return keys


def _kind(world: World, rows: Places) -> Found:
    ranks, texts = _ranked(list(KINDS))
    return [ranks[world.columns.of["type"][rows]]], {0: texts}


def _milliseconds(world: World, rows: Places) -> Found:
    duration = world.columns.of["duration"][rows]
    return [np.where(np.isnan(duration), -1, np.rint(np.nan_to_num(duration) * 1000)).astype(np.int64)], {}


def _ranked(names: list[str]) -> tuple[Numbers, list[str]]:
    """The place of each name among all, and the names in their order."""
    order = sorted(range(len(names)), key=names.__getitem__)
    places = np.empty(len(names), np.int64)
    places[order] = np.arange(len(names))
    return places, [names[number] for number in order]


KEYS: dict[Sort, Callable[[World, Places], Found]] = {
    "date_desc": lambda _world, _rows: ([], {}),
    "date_asc": lambda _world, _rows: ([], {}),
    "added": _number("added"),
    "likes": _liked_first,
    "model": _named("model"),
    "mode": _named("mode"),
    "type": _kind,
    "duration": _milliseconds,
}
Counted = list[tuple[Any, int]]


def _numbers(world: World, name: str) -> tuple[NDArray[Any], list[str]]:
    """The number of each post's name in a field, and the names; 0 is none."""
    if name == "type":
        return world.columns.of["type"] + 1, ["", *KINDS]
    return world.columns.of[name], world.names[name].texts


def _count_names(name: str) -> Callable[[World, Mask, Stack], Counted]:
    def count(world: World, tiles: Mask, stack: Stack) -> Counted:
        """How many tiles have each name, on any of their posts."""
        numbers, names = _numbers(world, name)
        if stack != "parent":
            sums = np.bincount(numbers[tiles], minlength=len(names))
        elif len(names) <= FEW_NAMES:
            sums = _bits_counted(_bits_of_stacks(world.columns, name, numbers)[tiles], len(names))
        else:
            rows = np.flatnonzero(world.columns.of["alive"] & (numbers > 0) & tiles[world.columns.roots])
            pairs = world.columns.roots[rows].astype(np.int64) * len(names) + numbers[rows]
            sums = np.bincount(np.unique(pairs) % len(names), minlength=len(names))
        return [(text, int(count)) for text, count in zip(names[1:], sums[1:], strict=False)]

    return count


def _bits_of_stacks(columns: Columns, name: str, numbers: NDArray[Any]) -> NDArray[Any]:
    """A bit for each name that any post of a stack has, at the stack's root."""

    def make() -> NDArray[Any]:
        found = np.zeros(len(columns), np.uint64)
        own = np.where(columns.of["alive"], np.uint64(1) << numbers.astype(np.uint64), np.uint64(0))
        np.bitwise_or.at(found, columns.roots, own)
        return found

    return columns.kept(("bits", name), make)


def _bits_counted(bits: NDArray[Any], names: int) -> NDArray[Any]:
    """How often each bit is set; few different sets occur."""
    sets, counts = np.unique(bits, return_counts=True)
    return np.array([counts[(sets >> np.uint64(name)) & np.uint64(1) > 0].sum() for name in range(names)], np.int64)


def _count_likes(world: World, tiles: Mask, _stack: Stack) -> Counted:
    sums = np.bincount(world.columns.of["liked"][tiles], minlength=3)
    return [(LIKES[number], int(count)) for number, count in enumerate(sums)]


def _count_states(world: World, tiles: Mask, _stack: Stack) -> Counted:
    names = world.names["state"].texts
    sums = np.bincount(world.columns.of["state"][tiles], minlength=len(names))
    return [(name, int(count)) for name, count in zip(names[1:], sums[1:], strict=False)]


COUNTS: dict[str, Callable[[World, Mask, Stack], Counted]] = {
    "type": _count_names("type"),
    "model": _count_names("model"),
    "mode": _count_names("mode"),
    "liked": _count_likes,
    "state": _count_states,
}
