"""Times as exports write them: ISO 8601 in many spellings, epochs in any unit, and MongoDB's boxes."""

import re
from datetime import UTC, datetime

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
NUMBER = re.compile(r"-?\d{1,20}(?:\.\d{1,20})?\Z")
SECONDS_LIMIT = 1e11
NANOSECONDS_LIMIT = 1e20


class NoTime(ValueError):
    """The value is no time that could be meant."""


def time_of(value: object) -> tuple[datetime, bool]:
    """The moment in UTC, and whether the value named its zone (without one it is UTC).

    Takes ISO 8601 with any number of decimals, epoch seconds, milli-, micro- or nanoseconds as number or text,
    and {"$date": ...}. `NoTime` for anything else, and for years that no picture was made in.
    """
    try:
        found, zoned = _read(value)
        moment = found if found.tzinfo is UTC else found.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise NoTime from None
    if not EARLIEST <= moment < LATEST:
        raise NoTime
    return moment, zoned


def _read(value: object) -> tuple[datetime, bool]:
    if isinstance(value, str):
        # Nearly all are written 2025-10-01T..., which no number is.
        if value[4:5] != "-" and NUMBER.match(value):
            return _from_epoch(float(value)), True
        found = datetime.fromisoformat(value.strip())
        return (found, True) if found.tzinfo else (found.replace(tzinfo=UTC), False)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_epoch(float(value)), True
    if isinstance(value, dict) and "$date" in value:
        boxed = value["$date"]
        return _read(boxed.get("$numberLong") if isinstance(boxed, dict) else boxed)
    raise NoTime


def _from_epoch(number: float) -> datetime:
    """Seconds up to the year 5138; a bigger number is of a finer unit."""
    # Not "more than": this refuses what is no number at all, too.
    if not abs(number) < NANOSECONDS_LIMIT:
        raise NoTime
    while abs(number) >= SECONDS_LIMIT:
        number /= 1000
    return datetime.fromtimestamp(number, UTC)
