"""Sections of a view: runs of tiles that share a day, a name, a letter or a bucket, with their labels; pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Section = dict[str, Any]
Numbers = NDArray[np.int64]
DAY_US = 86_400_000_000
# Times are microseconds since 2000, as PostgreSQL keeps them.
START = datetime(2000, 1, 1, tzinfo=UTC)
DAYS_FROM_1970 = 10_957
# So that no zone leaves the calendar.
FIRST, LAST = -1990 * 365 * DAY_US, 7990 * 365 * DAY_US
UNDATED = np.iinfo(np.int64).min
# Han, kana and hangul have too many first letters for a section each.
MANY_LETTERED = ((0x3400, 0x9FFF, "漢"), (0x3040, 0x30FF, "あ"), (0xAC00, 0xD7A3, "가"), (0x30, 0x39, "0–9"))


@dataclass(frozen=True)
class Sorted:
    """The values that an ordering cuts its sections by, one per tile in order; of texts, `names[value]` is the text."""

    values: Numbers
    names: Sequence[str] = ()
    zone: str = "UTC"


Cut = Callable[[Sorted], list[Section]]


def whole(found: Sorted) -> list[Section]:
    """One section without a label."""
    return _runs(np.zeros(len(found.values), np.int64), lambda _: "")


def days(found: Sorted) -> list[Section]:
    """Local days as YYYY-MM-DD; those without a date have an empty label."""

    def label(day: int) -> str:
        return "" if day == UNDATED else str(np.datetime64(day + DAYS_FROM_1970, "D"))

    return _runs(local_days(found.values, found.zone), label)


def names(found: Sorted) -> list[Section]:
    """The names themselves."""
    return _runs(found.values, lambda value: found.names[value])


def letters(found: Sorted) -> list[Section]:
    """What the names begin with."""
    marks = [initial(name) for name in found.names]
    known = {mark: number for number, mark in enumerate(dict.fromkeys(marks))}
    numbers = np.array([known[mark] for mark in marks], np.int64)
    labels = list(known)
    return _runs(numbers[found.values] if len(found.values) else found.values, lambda value: labels[value])


def choices(*labels: str) -> Cut:
    """A label for each of the values 0, 1, ..."""
    return lambda found: _runs(found.values, lambda value: labels[value])


def buckets(floors: Mapping[int, str]) -> Cut:
    """A label for all values from a floor up to the next; an empty one for what is not known."""
    edges = np.array(sorted(floors), np.int64)

    def cut(found: Sorted) -> list[Section]:
        numbers = np.searchsorted(edges, found.values, side="right").astype(np.int64) - 1
        return _runs(numbers, lambda number: "" if number < 0 else floors[int(edges[number])])

    return cut


def behind_named(floors: Mapping[int, str], named: int) -> Cut:
    """The same; what is above all and was named stands with what follows it, since few are no section."""
    several = buckets(floors)

    def cut(found: Sorted) -> list[Section]:
        others = found.values[found.values < named]
        following = max(int(others[0]), 0) if len(others) else max(floors)
        values = np.where(found.values < named, found.values, following)
        return several(Sorted(values.astype(np.int64), found.names, found.zone))

    return cut


def initial(name: str) -> str:
    """The letter a name is found under."""
    first = name[:1]
    for low, high, mark in MANY_LETTERED:
        if first and low <= ord(first) <= high:
            return mark
    return first.upper()


def local_days(times: Numbers, zone: str) -> Numbers:
    """The day, counted from 2000, in which each time lies in the zone.

    The zone is asked once for each quarter of an hour that occurs on a day in which its clocks change, else once a day.
    """
    found = np.full(len(times), UNDATED, np.int64)
    dated = times != UNDATED
    if not dated.any():
        return found
    here = times[dated]
    utc_days, which = np.unique(here // DAY_US, return_inverse=True)
    offsets = {int(day): _offset(int(day) * DAY_US, zone) for day in {*utc_days, *(utc_days + 1)}}
    steady = np.array([offsets[int(day)] == offsets[int(day) + 1] for day in utc_days])
    shifts = np.array([offsets[int(day)] for day in utc_days], np.int64)[which]
    changing = ~steady[which]
    if changing.any():
        quarters, at = np.unique(here[changing] // (DAY_US // 96), return_inverse=True)
        shifts[changing] = np.array([_offset(int(one) * (DAY_US // 96), zone) for one in quarters], np.int64)[at]
    found[dated] = (here + shifts) // DAY_US
    return found


def _offset(microseconds: int, zone: str) -> int:
    moment = (START + timedelta(microseconds=min(max(microseconds, FIRST), LAST))).astimezone(ZoneInfo(zone))
    offset = moment.utcoffset() or timedelta()
    return round(offset.total_seconds() * 1_000_000)


def _runs(values: Numbers, label: Callable[[int], str]) -> list[Section]:
    if not len(values):
        return []
    starts = np.concatenate(([0], np.flatnonzero(values[1:] != values[:-1]) + 1))
    counts = np.diff(np.append(starts, len(values)))
    found = zip(values[starts].tolist(), starts.tolist(), counts.tolist(), strict=True)
    return [{"label": label(value), "start": start, "count": count} for value, start, count in found]
