"""What a filter means at one moment in one zone: a tree that can be compared, kept by, and turned into SQL; pure.

A tree is true or false of a stack. Texts that stand together must stand in one post of it.
"""

import re
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any
from uuid import UUID

from sovia.library.text import LONGEST_WORD, UNSPACED, searchable, words_in
from sovia.search.language.document import All, Any_, Comparison, Document, Node, Not, Prefix, Text
from sovia.search.language.fields import FIELDS, Scope
from sovia.search.language.imported import AGAIN, FIRST
from sovia.search.language.kinds import Moment
from sovia.search.language.marked import BEST, MARKED, TAGGED

WITHOUT_SPACES = re.compile(f"[{UNSPACED}]")


@dataclass(frozen=True)
class Asks:
    """A condition on the root of a stack, or on any post in it; SQL with places for the values.

    `asked` is the comparison that it says, where it is just one.
    """

    field: str
    scope: Scope
    sql: str
    values: tuple[Any, ...]
    asked: Comparison | None = dataclass_field(default=None, repr=False, compare=False)
    # How much each of the posts of `similar` resembles those that were named, as `search.resembling` counts it.
    likeness: tuple[int, ...] = ()


@dataclass(frozen=True)
class Holds:
    """A post's prompt has this text, or with `prefix` a word that begins so."""

    text: str
    prefix: bool = False


@dataclass(frozen=True)
class Every:
    """All of these."""

    of: tuple["Meaning", ...] = ()


@dataclass(frozen=True)
class Either:
    """At least one of these."""

    of: tuple["Meaning", ...]


@dataclass(frozen=True)
class Except:
    """Not this."""

    of: "Meaning"


@dataclass(frozen=True)
class Within:
    """In a collection of one of these names or ids; `search.resolving` puts in its place what that means now."""

    values: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """What stands for one field, and is true or false of a stack by itself: its texts join no others."""

    field: str
    of: "Meaning"


Meaning = Asks | Holds | Every | Either | Except | Within | Group
EVERYTHING = Every()
NOTHING = Either(())


def meaning_of(document: Document, moment: Moment) -> Meaning:
    """What the document wants, read at this moment."""
    return EVERYTHING if document.filter is None else _meaning(document.filter, moment)


def _meaning(node: Node, moment: Moment) -> Meaning:
    match node:
        case All():
            return Every(tuple(_meaning(part, moment) for part in node.of))
        case Any_():
            return Either(tuple(_meaning(part, moment) for part in node.of))
        case Not():
            return Except(_meaning(node.of, moment))
        case Comparison():
            return _compared(node, moment)
        case Text():
            return Holds(searchable(node.text))
        case Prefix():
            return _beginning(searchable(node.text))


def _compared(node: Comparison, moment: Moment) -> Meaning:
    match node:
        case Comparison(field="import"):
            sides = (Asks(node.field, "post", sql, (node.values,)) for sql in (FIRST, AGAIN))
            return Either(tuple(sides))
        case Comparison(field="in"):
            return Within(node.values)
        case Comparison(field="rating"):
            return _rated(node.operator, [int(value) for value in node.values])
        case Comparison(field="status" | "tag") if "none" in node.values:
            named = tuple(value for value in node.values if value != "none")
            parts = (Comparison(field=node.field, values=named),) if named else ()
            return Either((Except(_any_at_all(node.field)), *(_meaning(part, moment) for part in parts)))
        case Comparison():
            about = FIELDS[node.field]
            sql, values = about.kind.asks(node.operator, node.values, moment)
            return Asks(node.field, about.scope, sql, values, node)


def _rated(operator: str, values: list[int]) -> Meaning:
    """By the best rating in the stack; 0 when nothing in it is rated."""
    if operator == "=":
        found = tuple(_between(value, value) for value in sorted(set(values)))
        return found[0] if len(found) == 1 else Either(found)
    low, high = values[0], values[-1]
    bounds = {">": (low + 1, BEST), ">=": (low, BEST), "<": (0, high - 1), "<=": (0, high), "..": (low, high)}
    return _between(*bounds[operator])


def _between(low: int, high: int) -> Meaning:
    if low > high:
        return Group("rating", NOTHING)
    parts = [_at_least(low)] if low > 0 else []
    parts += [Except(_at_least(high + 1))] if high < BEST else []
    return Group("rating", parts[0] if len(parts) == 1 else Every(tuple(parts)))


def _at_least(rating: int) -> Meaning:
    return Asks("rating", "post", MARKED.format(condition="k.rating >= CAST({0} AS smallint)"), (rating,))


def _any_at_all(field: str) -> Meaning:
    sql = TAGGED.format(condition="true") if field == "tag" else MARKED.format(condition="k.status IS NOT NULL")
    return Asks(field, "post", sql, ())


def _beginning(text: str) -> Holds:
    # Where words have no spaces between them, or the star stands behind a phrase, any part will do.
    is_word = words_in(text) == {text} and len(text) <= LONGEST_WORD and not WITHOUT_SPACES.search(text)
    return Holds(text, prefix=is_word)


def is_text(meaning: Meaning) -> bool:
    """Whether it speaks of texts only, and of what they have, so that one post can be asked for all of it."""
    if isinstance(meaning, (Every, Either)):
        return bool(meaning.of) and all(is_text(part) for part in meaning.of)
    return isinstance(meaning, Holds)


def is_of_root(meaning: Meaning) -> bool:
    """Whether the root alone tells."""
    if isinstance(meaning, Asks):
        return meaning.scope == "root"
    if isinstance(meaning, (Except, Group)):
        return is_of_root(meaning.of)
    return isinstance(meaning, (Every, Either)) and all(is_of_root(part) for part in meaning.of)


def without(meaning: Meaning, name: str) -> Meaning:
    """The same with one field left open where it stands for itself, for counting what else that field could be."""
    kept = tuple(part for part in _parts(meaning) if _fields(part) != {name})
    return kept[0] if len(kept) == 1 else Every(kept)


def sole_collection(meaning: Meaning) -> UUID | None:
    """The one collection filled by hand in which everything must be; nothing when there are several, or none."""
    inside = [part.of for part in _parts(meaning) if isinstance(part, Group) and part.field == "in"]
    if len(inside) == 1 and isinstance(inside[0], Asks) and len(inside[0].values[0]) == 1:
        found: UUID = inside[0].values[0][0]
        return found
    return None


def collections_in(meaning: Meaning) -> set[UUID]:
    """The collections whose posts are wanted; not those that a smart collection stands for."""
    if isinstance(meaning, Asks):
        return set(meaning.values[0]) if meaning.field == "in" and meaning.values else set()
    if isinstance(meaning, Group):
        # What else is in a group may have come out of a smart collection.
        asked = meaning.of.of if isinstance(meaning.of, Either) else (meaning.of,)
        return {one for part in asked if isinstance(part, Asks) for one in collections_in(part)}
    if isinstance(meaning, (Every, Either)):
        return {one for part in meaning.of for one in collections_in(part)}
    return set()


def _parts(meaning: Meaning) -> tuple[Meaning, ...]:
    return meaning.of if isinstance(meaning, Every) else (meaning,)


def _fields(meaning: Meaning) -> set[str]:
    if isinstance(meaning, (Asks, Group)):
        return {meaning.field}
    if isinstance(meaning, Within):
        return {"in"}
    if isinstance(meaning, Except):
        return _fields(meaning.of)
    if isinstance(meaning, (Every, Either)):
        return {name for part in meaning.of for name in _fields(part)}
    return {""}
