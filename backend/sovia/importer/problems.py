"""A record, or a part of one, that could not be used: what is said about it."""

from dataclasses import dataclass
from typing import Literal

import orjson

from sovia.library.text import storable

MAX_EXCERPT = 65_536
Severity = Literal["error", "warning"]


@dataclass(slots=True)
class Problem:
    """`error`: something did not come in; `warning`: it came in, but not all of it as it was.

    `position` is the byte where the record begins, `index` counts records from 0 and `line` lines from 1.
    """

    code: str
    reason: str
    severity: Severity = "error"
    record_id: str | None = None
    excerpt: str | None = None
    index: int | None = None
    position: int | None = None
    line: int | None = None

    def at(self, index: int, position: int, line: int) -> "Problem":
        """The same problem, now knowing where its record is."""
        self.index, self.position, self.line = index, position, line
        return self


def excerpt_of(value: object) -> str:
    """The text of a record or a part of one, cut when it is very long, and storable."""
    if isinstance(value, bytes):
        text = value[:MAX_EXCERPT].decode(errors="replace")
    else:
        text = orjson.dumps(value).decode()[:MAX_EXCERPT]
    return storable(text)[0]
