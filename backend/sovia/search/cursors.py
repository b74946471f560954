"""Cursors of a list of posts: the order's key values of the last post shown."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sovia.kit.paging import cursor_of, values_of
from sovia.search.clauses import keys
from sovia.search.errors import BadCursor
from sovia.search.filters import View

READERS = {"int": int, "text": str, "time": datetime.fromisoformat, "uuid": UUID}


def write(view: View, values: tuple[Any, ...]) -> str:
    """The cursor behind a post with these key values."""
    return cursor_of(view.sort, view.seed, *(_plain(value) for value in values))


def read(view: View, cursor: str) -> list[Any]:
    """The key values a cursor holds, or `BadCursor` when it is not one of this order."""
    found = values_of(cursor)
    kinds = [key.kind for key in keys(view)]
    if found is None or len(found) != len(kinds) + 2 or found[:2] != [view.sort, view.seed]:
        raise BadCursor
    try:
        return [READERS[kind](value) for kind, value in zip(kinds, found[2:], strict=True)]  # type: ignore[operator]
    except (TypeError, ValueError, OverflowError) as error:
        raise BadCursor from error


def _plain(value: object) -> int | str:
    return value if isinstance(value, (int, str)) else value.isoformat() if isinstance(value, datetime) else str(value)
