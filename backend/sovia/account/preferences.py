"""What preferences are made of: the defaults, and what the database can keep; pure."""

from typing import Any

from sovia.kit.errors import Invalid

MOST_LEVELS = 12
MOST_VALUES = 5000
LONGEST_TEXT = 20_000
UNSTORABLE = dict.fromkeys([0, *range(0xD800, 0xE000)], "\ufffd")
DEFAULTS: dict[str, Any] = {
    "layout": {"view_mode": "masonry", "density": "comfortable", "columns": "auto"},
    "filters": {"last_used": {}, "presets": [], "default_preset": None},
    "sorting": {"default": "date_desc"},
    "ai_generator": {},
}


class TooManyPreferences(Invalid):
    """More, or deeper, preferences than a page has use for."""

    code = "too_many_preferences"

    def __init__(self) -> None:
        super().__init__("These preferences are too large or too deep to be kept.")


def kept(given: dict[str, Any]) -> dict[str, Any]:
    """The preferences as the database takes them, or `TooManyPreferences`; nothing is gone into too deep."""
    seen = [0]
    found: dict[str, Any] = _kept(given, 0, seen)
    return found


def _kept(value: object, level: int, seen: list[int]) -> Any:  # noqa: ANN401 - any JSON
    seen[0] += 1
    if level > MOST_LEVELS or seen[0] > MOST_VALUES:
        raise TooManyPreferences
    if isinstance(value, dict):
        return {_text(name): _kept(one, level + 1, seen) for name, one in value.items()}
    if isinstance(value, list):
        return [_kept(one, level + 1, seen) for one in value]
    if isinstance(value, str):
        return _text(value)
    return _number(value)


def _text(value: object) -> str:
    text = str(value)
    if len(text) > LONGEST_TEXT:
        raise TooManyPreferences
    return text.translate(UNSTORABLE)


def _number(value: object) -> object:
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    if isinstance(value, int) and abs(value) >= 2**63:
        return float(value) if abs(value) < 2**1000 else None
    return value
