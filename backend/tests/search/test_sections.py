"""The sections a view is cut into."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from sovia.search import sections
from sovia.search.sections import DAY_US, START, UNDATED, Sorted, local_days


def labels(cut: sections.Cut, values: list[int], names: tuple[str, ...] = ()) -> list[tuple[str, int, int]]:
    found = cut(Sorted(np.array(values, np.int64), names))
    return [(one["label"], one["start"], one["count"]) for one in found]


def test_days_are_runs_and_undated_posts_have_an_empty_label() -> None:
    found = labels(sections.days, [9403 * DAY_US + 5, 9403 * DAY_US, -1, UNDATED])

    assert found == [("2025-09-29", 0, 2), ("1999-12-31", 2, 1), ("", 3, 1)]


@pytest.mark.parametrize("zone", ["Asia/Riyadh", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"])
def test_days_are_those_of_the_zone_also_when_its_clocks_change(zone: str) -> None:
    hours = [datetime(2011, 3, 1, tzinfo=UTC) + timedelta(minutes=90 * step) for step in range(16 * 365)]

    found = local_days(np.array([(hour - START) // timedelta(microseconds=1) for hour in hours]), zone)

    first = datetime(2000, 1, 1).date()  # noqa: DTZ001
    assert found.tolist() == [(hour.astimezone(ZoneInfo(zone)).date() - first).days for hour in hours]


def test_the_ends_of_time_have_days_too() -> None:
    assert len(local_days(np.array([UNDATED + 1, 2**63 - 1]), "Asia/Tokyo")) == 2


def test_names_are_cut_by_name_and_by_letter() -> None:
    known = ("1", "2 cats", "apple", "ape", "\u6d77", "\u706f", "")

    assert labels(sections.names, [0, 0, 6], known) == [("1", 0, 2), ("", 2, 1)]
    assert labels(sections.letters, [0, 1, 2, 3, 4, 5, 6], known) == [
        ("0\u20139", 0, 2), ("A", 2, 2), ("\u6f22", 4, 2), ("", 6, 1),
    ]  # fmt: skip


def test_buckets_hold_what_lies_above_their_floor() -> None:
    cut = sections.buckets({0: "small", 10: "large"})

    assert labels(cut, [99, 10, 9, 0, -1]) == [("large", 0, 2), ("small", 2, 2), ("", 4, 1)]


def test_nothing_has_no_sections() -> None:
    assert labels(sections.days, []) == labels(sections.letters, []) == labels(sections.whole, []) == []
