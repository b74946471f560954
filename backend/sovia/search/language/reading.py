"""A filter as the page shows it: its parts as chips, and the words to be highlighted; pure."""

from collections.abc import Iterable, Iterator
from typing import Any

from sovia.search.language.document import (
    All,
    Any_,
    Document,
    Node,
    Not,
    Prefix,
    Text,
    fields_in,
    joined,
    parts_of,
)
from sovia.search.language.printer import print_filter


def chips_of(document: Document) -> list[dict[str, Any]]:
    """The things that must all hold, each with the filter that is left when it is dropped."""
    parts = parts_of(document.filter)
    return [
        {
            "text": print_filter(Document(filter=part)),
            "field": _field(part),
            "negated": isinstance(part, Not),
            "without": print_filter(Document(filter=joined(*parts[:at], *parts[at + 1 :]))),
        }
        for at, part in enumerate(parts)
    ]


def words_wanted(parts: Iterable[Node]) -> list[str]:
    """What a prompt was found by, without what it must not have."""
    return list(dict.fromkeys(_texts(parts)))


def _texts(parts: Iterable[Node]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, (Text, Prefix)):
            yield part.text
        elif isinstance(part, (All, Any_)):
            yield from _texts(part.of)


def _field(node: Node) -> str | None:
    named = fields_in(node)
    return next(iter(named)) if len(named) == 1 else None
