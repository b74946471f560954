"""Taking a change back where nobody changed the same thing since, and bringing it again: pure, for one post."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from sovia.library.merging import EARLIER

FILE, EDGE = "file/", "edge/"
# Kept as text with a change, but of another type in their column.
IDS = ("parent_id", "wanted_parent_id")
TIMES = ("created_at",)
LIKES = ("liked", "liked_here")
Values = dict[str, Any]


def plain(value: object) -> object:
    """A value as it is kept with a change."""
    return orjson.loads(orjson.dumps(value, default=str))


@dataclass(slots=True)
class Memory:
    """What a later import remembers as "before" of a post; one that is undone itself is not `live`."""

    values: Values
    live: bool


@dataclass(slots=True)
class Change:
    """What one import changed of a post, from these values to those; what later imports remember of it."""

    old: Values
    new: Values
    later: list[Memory] = field(default_factory=list)


def swapped(row: Mapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any], later: Sequence[Memory]) -> Values:
    """The columns of a post that change when `old` values give way to `new` ones, where they still stand.

    Where a later import has replaced them, what it remembers as "before" is changed instead, so that imports may be
    undone in any order: `later` are those memories, earliest first, and are written to in place.
    """
    found: Values = {}
    for name, value in old.items():
        if name.startswith((FILE, EDGE)) or name not in row:
            continue
        if _remembered(name, value, new.get(name), later):
            continue
        if isinstance(row[name], dict) or isinstance(value, dict):
            inside = swapped_inside(row[name] or {}, value or {}, new.get(name) or {})
            if inside != (row[name] or {}):
                found[name] = inside or None
        elif plain(row[name]) == value and (name not in LIKES or _like_stands(row, old)):
            found[name] = typed(name, new.get(name))
    return found


def _remembered(name: str, old: object, new: object, later: Sequence[Memory]) -> bool:
    """Change what later imports remember; whether one of them has replaced the value itself."""
    for memory in later:
        if name in memory.values and memory.values[name] == old:
            memory.values[name] = new
            if memory.live:
                return True
    return False


def swapped_inside(now: Values, old: Values, new: Values) -> Values:
    """The same within a JSON value, key by key; the list of earlier records loses or gains what differs."""
    found = dict(now)
    for key in old.keys() | new.keys():
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        if key == EARLIER:
            here = [one for one in now.get(key) or [] if one not in (before or []) or one in (after or [])]
            found[key] = [*here, *(one for one in after or [] if one not in here)]
            if not found[key]:
                del found[key]
        elif now.get(key) == before:
            if key in new:
                found[key] = after
            else:
                found.pop(key, None)
    return found


def _like_stands(row: Mapping[str, Any], old: Mapping[str, Any]) -> bool:
    """Whether nobody has given a like here since."""
    return row["liked_here"] is bool(old.get("liked_here", False))


def typed(name: str, value: object) -> object:
    """A kept value as its column takes it."""
    if value is None:
        return None
    if name in IDS:
        return UUID(str(value))
    return datetime.fromisoformat(str(value)) if name in TIMES else value


def edge_changes(change: Change) -> dict[tuple[str, int], tuple[list[Any] | None, list[Any] | None]]:
    """The edges of a change, by role and position: input and address, or nothing, before and after.

    Those that a later import has filled in are left out; what that one remembers is changed instead.
    """
    found: dict[tuple[str, int], tuple[list[Any] | None, list[Any] | None]] = {}
    for name, old in change.old.items():
        new = change.new.get(name)
        if name.startswith(EDGE) and not _remembered(name, old, new, change.later):
            _, role, position = name.split("/")
            found[role, int(position)] = old, new
    return found


def files_of(values: Mapping[str, Any]) -> dict[tuple[str, int], list[Any] | None]:
    """The files among kept values: role and position, with url, path, state and reason, or nothing."""
    found = {}
    for name, value in values.items():
        if name.startswith(FILE):
            _, role, position = name.split("/")
            found[role, int(position)] = value
    return found
