"""The JSON form of a filter: read with care, since anybody may have written it; pure."""

from typing import Any

from pydantic import ValidationError

from sovia.search.language.document import (
    LONGEST_TEXT,
    MOST_LEVELS,
    MOST_TERMS,
    TOO_DEEP,
    TOO_MANY,
    All,
    Any_,
    Comparison,
    Document,
    Node,
    Not,
)
from sovia.search.language.printer import print_filter

# A parenthesis can hold alternatives of things that are all wanted: two levels of JSON for one of text.
MOST_NESTING = 2 * MOST_LEVELS + 2


class BadDocument(Exception):
    """JSON that is no filter: where, and why."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path
        self.message = message


def document_from(given: object) -> Document:
    """The document of its JSON form, or `BadDocument`; depth and size are looked at before anything else."""
    _measure(given)
    try:
        found = Document.model_validate(_named_inside(given))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        # Pydantic puts the kinds of parts into the path, too; only places are wanted.
        steps = (
            step for step in first["loc"] if isinstance(step, int) or step in ("version", "filter", "of", "values")
        )
        raise BadDocument(".".join(map(str, steps)), str(first["msg"]).removeprefix("Value error, ")) from None
    if len(print_filter(found)) > LONGEST_TEXT:
        raise BadDocument("filter", f"A filter has at most {LONGEST_TEXT} characters.")
    return found


def json_of(document: Document) -> dict[str, Any]:
    """The JSON form of a document."""
    return {"version": document.version, "filter": None if document.filter is None else _json(document.filter)}


def _measure(given: object) -> None:
    """Refuse what is too deep or too large, without going deeper than allowed."""
    waiting: list[tuple[object, int, str]] = [(given, 0, "")]
    seen = 0
    while waiting:
        value, level, path = waiting.pop()
        seen += 1
        if level > MOST_NESTING:
            raise BadDocument(path, TOO_DEEP)
        if seen > MOST_TERMS * MOST_NESTING or (isinstance(value, list) and len(value) > MOST_TERMS):
            raise BadDocument(path, TOO_MANY)
        if isinstance(value, dict):
            inner = ((name, value[name]) for name in ("filter", "of") if name in value)
            waiting += [(one, level + 1, f"{path}.{name}".strip(".")) for name, one in inner]
        elif isinstance(value, list):
            waiting += [(one, level, f"{path}.{at}") for at, one in enumerate(value)]


def _named_inside(given: object) -> object:
    """In JSON the kind of a part is called `is`, a word that Python keeps for itself."""
    if isinstance(given, dict):
        named = {"is_" if name == "is" else name: value for name, value in given.items() if name != "is_"}
        inner = {name: _named_inside(named[name]) for name in ("filter", "of") if name in named}
        values = named.get("values")
        return named | inner | ({"values": tuple(values)} if isinstance(values, list) else {})
    return tuple(_named_inside(value) for value in given) if isinstance(given, list) else given


def _json(node: Node) -> dict[str, Any]:
    if isinstance(node, (All, Any_)):
        return {"is": node.is_, "of": [_json(part) for part in node.of]}
    if isinstance(node, Not):
        return {"is": "not", "of": _json(node.of)}
    if isinstance(node, Comparison):
        return {"is": "field", "field": node.field, "operator": node.operator, "values": list(node.values)}
    return {"is": node.is_, "text": node.text}
