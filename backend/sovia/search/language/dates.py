"""Days, months, years and "last 7 days" of a filter, as stretches of time in a zone; pure."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sovia.search.language.kinds import COMPARED, Asked, Kind, Moment
from sovia.search.language.problems import BadValue

Stretch = tuple[datetime, datetime]
DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
LAST = re.compile(r"last-(\d{1,3})-(hour|day|week|month|year)s?", re.ASCII)
WORDS = ("today", "yesterday", "this-week", "this-month", "this-year")
# So that no zone, week or month around it leaves the calendar.
FIRST_YEAR, LAST_YEAR = 1000, 9000
ADVICE = "This wants a date: 2025-10-01, 2025-10, 2025, today, yesterday, this-week or last-7-days."


@dataclass(frozen=True)
class Date(Kind):
    """A stretch of time: a day, month or year, or one that is counted from now."""

    operators: tuple[str, ...] = ("=", *COMPARED)

    def normal(self, text: str) -> str:
        """In small letters."""
        lower = text.lower()
        if lower in WORDS:
            return lower
        if found := LAST.fullmatch(lower):
            if int(found[1]) > 0:
                return f"last-{int(found[1])}-{found[2]}s"
        elif DAY.fullmatch(lower):
            _day_stretch(lower)
            return lower
        raise BadValue(ADVICE)

    def asks(self, operator: str, values: tuple[str, ...], moment: Moment) -> Asked:
        """In the stretch, before its start, or from its end on; posts without a date are in none."""
        stretches = [_stretch(value, moment) for value in values]
        start, end = stretches[0]
        match operator:
            case "=":
                return " OR ".join(self._within(2 * at) for at in range(len(values))), tuple(
                    edge for stretch in stretches for edge in stretch
                )
            case "..":
                return self._within(0), (start, stretches[1][1])
            case ">":
                return self._beside(">="), (end,)
            case ">=":
                return self._beside(">="), (start,)
            case "<":
                return self._beside("<"), (start,)
            case _:
                return self._beside("<"), (end,)

    def offers(self) -> tuple[str, ...]:
        """What is counted from today."""
        return (*WORDS, "last-7-days", "last-30-days", "last-12-months")

    def _beside(self, operator: str) -> str:
        return f"{self.column} {operator} CAST({{0}} AS timestamptz)"

    def _within(self, at: int) -> str:
        low, high = (f"CAST({{{number}}} AS timestamptz)" for number in (at, at + 1))
        return f"({self.column} >= {low} AND {self.column} < {high})"


def _stretch(value: str, moment: Moment) -> Stretch:
    if LAST.fullmatch(value) and "hour" in value:
        # In steps of ten minutes, so that what is kept for a view is of use for a while.
        end = moment.now.replace(minute=moment.now.minute // 10 * 10, second=0, microsecond=0) + timedelta(minutes=10)
        return end - timedelta(hours=int(value.split("-")[1]), minutes=10), end
    first, beyond = _days(value, moment.now.astimezone(moment.zone).date())
    start, end = (datetime.combine(day, time(), moment.zone).astimezone(UTC) for day in (first, beyond))
    return start, end


def _days(value: str, today: date) -> tuple[date, date]:
    """The first day of a stretch, and the one behind its last."""
    tomorrow = today + timedelta(days=1)
    if found := LAST.fullmatch(value):
        return _back(today, int(found[1]), found[2]) + timedelta(days=1), tomorrow
    match value:
        case "today":
            return today, tomorrow
        case "yesterday":
            return today - timedelta(days=1), today
        case "this-week":
            return today - timedelta(days=today.weekday()), tomorrow
        case "this-month":
            return today.replace(day=1), tomorrow
        case "this-year":
            return today.replace(month=1, day=1), tomorrow
    return _day_stretch(value)


def _back(today: date, count: int, unit: str) -> date:
    if unit in ("day", "week"):
        return today - timedelta(days=count * (7 if unit == "week" else 1))
    months = today.year * 12 + today.month - 1 - count * (12 if unit == "year" else 1)
    first = date(months // 12, months % 12 + 1, 1)
    # The 31st of a shorter month is its last day.
    return min(first + timedelta(days=today.day - 1), _next_month(first) - timedelta(days=1))


def _day_stretch(value: str) -> tuple[date, date]:
    found = DAY.fullmatch(value)
    assert found is not None, "the value was made normal before"
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadValue(f"A year between {FIRST_YEAR} and {LAST_YEAR} is wanted.")
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        raise BadValue("There is no such day.") from None
    if day:
        return first, first + timedelta(days=1)
    return first, _next_month(first) if month else date(year + 1, 1, 1)


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)
