"""Times in the spellings of exports."""

from datetime import UTC, datetime

import pytest

from sovia.importer.times import NoTime, time_of

MOMENT = datetime(2025, 10, 1, 1, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "microsecond", "zoned"),
    [
        ("2025-10-01T01:15:30Z", 0, True),
        ("2025-10-01T01:15:30.083Z", 83_000, True),
        ("2025-10-01T01:15:30.083016Z", 83_016, True),
        ("2025-10-01T01:15:30.231948757Z", 231_948, True),
        ("2025-10-01T03:15:30+02:00", 0, True),
        ("2025-10-01T01:15:30", 0, False),
        ("2025-10-01 01:15:30", 0, False),
        (1759281330, 0, True),
        (1759281330.5, 500_000, True),
        ("1759281330", 0, True),
        (1759281330123, 123_000, True),
        ("1759281330123", 123_000, True),
        ({"$date": {"$numberLong": "1759281330000"}}, 0, True),
        ({"$date": "2025-10-01T01:15:30Z"}, 0, True),
    ],
)
def test_every_spelling_is_the_same_moment(value: object, microsecond: int, zoned: bool) -> None:
    assert time_of(value) == (MOMENT.replace(microsecond=microsecond), zoned)


@pytest.mark.parametrize(
    "value",
    [
        "not a date", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "24:00:00", "2025-10-01T01:15:60Z",
        "2025-13-01T00:00:00Z", "", " ", 0, -1, 1e300, float("inf"), float("nan"), True, None, [], {}, {"$date": {}},
        {"$date": {"$numberLong": []}}, "9" * 400, 10**40,
    ],
)  # fmt: skip
def test_what_is_no_time_is_refused(value: object) -> None:
    with pytest.raises(NoTime):
        time_of(value)


def test_deep_boxes_are_refused() -> None:
    value: object = 1
    for _ in range(150):
        value = {"$date": value}
    with pytest.raises(NoTime):
        time_of(value)
