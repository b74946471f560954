"""A filter as a document: what is kept, sent and combined. Its JSON form is described in docs/formats/filter.md."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Discriminator, StringConstraints, model_validator

from sovia.library.text import searchable, storable
from sovia.search.language.fields import NAMES, checked

LONGEST_TEXT = 10_000
MOST_LEVELS = 64
MOST_TERMS = 200
SHORTEST_PREFIX = 2
TOO_DEEP = f"A filter has at most {MOST_LEVELS} levels."
TOO_MANY = f"A filter has at most {MOST_TERMS} terms."
Written = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEXT)]


class Part(BaseModel):
    """What all parts of a filter have in common: they are strict, and never change."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Text(Part):
    """Some post's prompt has this in it: a word, a part of one, or several words in this order."""

    is_: Literal["text"] = "text"
    text: Written

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, given: object) -> object:
        return _with_storable_text(given)


class Prefix(Part):
    """Some post's prompt has a word that begins so."""

    is_: Literal["prefix"] = "prefix"
    text: Annotated[str, StringConstraints(min_length=SHORTEST_PREFIX, max_length=LONGEST_TEXT)]

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, given: object) -> object:
        return _with_storable_text(given)


class Comparison(Part):
    """A field compared with a value, one of several values (`=`), a beginning (`^`), or a range (`..`)."""

    is_: Literal["field"] = "field"
    field: str
    operator: Literal["=", "^", ">", ">=", "<", "<=", ".."] = "="
    values: tuple[Written, ...]

    @model_validator(mode="before")
    @classmethod
    def _known(cls, given: object) -> object:
        if not isinstance(given, dict) or not isinstance(given.get("values"), (list, tuple)):
            return given
        field = NAMES.get(str(given.get("field")))
        if field is None:
            raise ValueError("There is no such field.")
        values = tuple(given["values"])
        if not 1 <= len(values) <= MOST_TERMS or not all(isinstance(value, str) for value in values):
            raise ValueError(f"One to {MOST_TERMS} texts are wanted as values.")
        return given | {"field": field.name, "values": checked(field, given.get("operator", "="), values)}


class All(Part):
    """All of these hold; texts that stand here together must stand in one post."""

    is_: Literal["all"] = "all"
    of: tuple["Node", ...]


class Any_(Part):  # noqa: N801 - "Any" is a word of Python's own
    """At least one of these holds."""

    is_: Literal["any"] = "any"
    of: tuple["Node", ...]


class Not(Part):
    """It does not hold; of texts: no post of the stack has them."""

    is_: Literal["not"] = "not"
    of: "Node"


Node = Annotated[All | Any_ | Not | Text | Prefix | Comparison, Discriminator("is_")]
LEAVES = (Text, Prefix, Comparison)


class Document(Part):
    """A whole filter in its plainest form; without one, everything is wanted."""

    version: Literal[1] = 1
    filter: Node | None = None

    @model_validator(mode="after")
    def _tidy(self) -> Self:
        node = None if self.filter is None else tidy(self.filter)
        if node is not None and levels(node) > MOST_LEVELS:
            raise ValueError(TOO_DEEP)
        if node is not None and terms(node) > MOST_TERMS:
            raise ValueError(TOO_MANY)
        # Frozen means that nobody outside changes it; here it is still being made.
        object.__setattr__(self, "filter", node)
        return self


def tidy(node: Node) -> Node | None:
    """The same meaning in its plainest form: nothing empty, no group of one, no group in a group of its kind."""
    if isinstance(node, (Text, Prefix)):
        return node if searchable(node.text) else None
    if isinstance(node, Not):
        inner = tidy(node.of)
        return None if inner is None else Not(of=inner)
    if isinstance(node, Comparison):
        return node
    kept = list(_flat(type(node), (tidy(part) for part in node.of)))
    if len(kept) < 2:
        return kept[0] if kept else None
    return type(node)(of=tuple(kept))


def joined(*several: Node | None) -> Node | None:
    """What wants all of these."""
    return tidy(All(of=tuple(one for one in several if one is not None)))


def parts_of(node: Node | None) -> tuple[Node, ...]:
    """What must all hold."""
    if node is None:
        return ()
    return node.of if isinstance(node, All) else (node,)


def fields_in(node: Node) -> set[str | None]:
    """The fields it speaks of; None for words."""
    if isinstance(node, Comparison):
        return {node.field}
    return {None} if isinstance(node, LEAVES) else {name for part in inside(node) for name in fields_in(part)}


def inside(node: Node) -> tuple[Node, ...]:
    """The parts of a part."""
    if isinstance(node, Not):
        return (node.of,)
    return node.of if isinstance(node, (All, Any_)) else ()


def levels(node: Node) -> int:
    """How deep its text goes: each dash and each parenthesis is a level, and so is what stands in them."""
    below = max((levels(part) + _parenthesised(node, part) for part in inside(node)), default=1)
    return below + isinstance(node, Not)


def terms(node: Node) -> int:
    """How many words and values it has."""
    if isinstance(node, Comparison):
        return len(node.values)
    return 1 if isinstance(node, LEAVES) else sum(terms(part) for part in inside(node))


def _parenthesised(outer: Node, inner: Node) -> bool:
    return isinstance(inner, Any_) or (isinstance(outer, Not) and isinstance(inner, All))


def _flat(kind: type[All] | type[Any_], parts: Iterable[Node | None]) -> Iterator[Node]:
    for part in parts:
        if isinstance(part, kind):
            yield from part.of
        elif part is not None:
            yield part


def _with_storable_text(given: object) -> object:
    if isinstance(given, dict) and isinstance(given.get("text"), str):
        text = given["text"] and (" ".join(storable(given["text"])[0].split()) or " ")
        return given | {"text": text}
    return given
