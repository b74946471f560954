"""Statistics put together from counted rows, each row with the text of the filter that finds it; pure."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sovia.overview.queries.statistics import Counted
from sovia.overview.shapes import SHAPES, SIZES, By, filter_of_days, filter_of_name, last_day

KINDS = ("image", "video", "audio")


def timeline(rows: Iterable[tuple[date | None, str, int]], by: By) -> tuple[list[dict[str, Any]], int]:
    """Stretches in which something was made, oldest first, and how many stacks have no date."""
    found: dict[date, dict[str, Any]] = {}
    undated = 0
    for start, kind, count in rows:
        if start is None:
            undated += count
            continue
        stretch = found.setdefault(
            start, {"from": start, "to": last_day(start, by), "stacks": 0, **dict.fromkeys(KINDS, 0)}
        )
        stretch["stacks"] += count
        stretch[kind] += count
    for start, stretch in found.items():
        stretch["filter"] = filter_of_days(start, by)
    return list(found.values()), undated


def by_field(rows: Iterable[Counted]) -> dict[str, list[dict[str, Any]]]:
    """Rows by field, most stacks first; shapes from tall to wide and sizes from small to large."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        answer = {"value": row.value, "stacks": row.stacks, "filter": _filter(row)}
        if row.field not in ("type", "model", "mode"):
            answer["posts"] = row.posts
        found.setdefault(row.field, []).append(answer)
    for field, several in found.items():
        order = {"ratio": SHAPES, "size": tuple(text for text, _, _ in SIZES)}.get(field)
        several.sort(key=lambda row: _place(order, row) if order else (-row["stacks"], str(row["value"] or "")))
    return found


def _place(order: tuple[str, ...], row: dict[str, Any]) -> tuple[int, str]:
    return (order.index(row["value"]) if row["value"] in order else len(order) + (row["value"] is None), "")


def _filter(row: Counted) -> str | None:
    if row.field == "ratio":
        return f"ratio:{row.value}" if row.value in SHAPES else None
    if row.field == "size":
        return row.value
    return filter_of_name(row.field, row.value)
