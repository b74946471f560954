"""Cursors: where a page ended, as opaque text that is checked when it comes back."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from typing import Any

import orjson


def cursor_of(*values: object) -> str:
    """An opaque cursor holding these JSON values (times and UUIDs as text)."""
    return urlsafe_b64encode(orjson.dumps(values)).rstrip(b"=").decode()


def values_of(cursor: str) -> list[Any] | None:
    """The values a cursor holds, or nothing when it was tampered with beyond reading."""
    try:
        found = orjson.loads(urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
    except (Error, ValueError):
        return None
    return found if isinstance(found, list) else None
