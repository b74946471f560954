"""What statistics are divided into: shapes, sizes and stretches of time, each with the filter that finds it; pure."""

from datetime import date, timedelta
from typing import Literal

from sovia.search.language.printer import written_value

By = Literal["day", "week", "month"]
# Shapes that machines like to make, each as the language of filters knows it.
SHAPES = ("9:16", "2:3", "3:4", "1:1", "4:3", "3:2", "16:9")
SIZES = (
    ("size:<100kB", 0, 100_000),
    ("size:100kB..499999B", 100_000, 500_000),
    ("size:500kB..1999999B", 500_000, 2_000_000),
    ("size:2MB..9999999B", 2_000_000, 10_000_000),
    ("size:>=10MB", 10_000_000, None),
)
# Values that a field of the language cannot be asked for: one line is as long as a name may be.
LONGEST_NAME = 200


def last_day(first: date, by: By) -> date:
    """The last day of a stretch that begins on this day."""
    if by == "day":
        return first
    if by == "week":
        return first + timedelta(days=6)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return following - timedelta(days=1)


def filter_of_days(first: date, by: By) -> str:
    """The filter that finds what was made in a stretch."""
    if by == "month":
        return f"date:{first:%Y-%m}"
    return f"date:{first}" if by == "day" else f"date:{first}..{last_day(first, by)}"


def filter_of_name(field: str, value: str | None) -> str | None:
    """The filter that finds a value of a field, or stacks without any; nothing when no filter can ask for it."""
    if value is None or value == "":
        return f"missing:{field}" if field in ("model", "mode") else None
    return f"{field}:{written_value(value)}" if len(value) <= LONGEST_NAME else None
