"""Kinds of values a field of a filter can have: how they are written, and what they ask of a post, as SQL; pure.

The SQL speaks of the post as `{p}` and of the values it is bound to as `{0}`, `{1}`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sovia.library.text import storable, tag_of
from sovia.search.language.problems import BadValue
from sovia.search.patterns import escaped

Asked = tuple[str, tuple[Any, ...]]
COMPARED = (">", ">=", "<", "<=", "..")
LONGEST_VALUE = 200


@dataclass(frozen=True)
class Moment:
    """When and where a filter is read: `date:today` depends on both."""

    now: datetime
    zone: ZoneInfo


@dataclass(frozen=True)
class Kind:
    """A kind of value. `column` is the SQL of what is compared."""

    column: str = ""
    operators: tuple[str, ...] = ("=",)

    def normal(self, text: str) -> str:
        """The one way to write this value, or `BadValue`."""
        raise NotImplementedError

    def asks(self, operator: str, values: tuple[str, ...], moment: Moment) -> Asked:
        """The condition that these values (each normal) put on a post."""
        raise NotImplementedError

    def offers(self) -> tuple[str, ...]:
        """Values that can be offered without looking at the library."""
        return ()


@dataclass(frozen=True)
class Choice(Kind):
    """One of a few words, each with its own condition; `same` holds what else people type for them."""

    choices: Mapping[str, str] = field(default_factory=dict)
    same: Mapping[str, str] = field(default_factory=dict)

    def normal(self, text: str) -> str:
        """The word, whatever its case."""
        word = text.casefold()
        word = self.same.get(word, word)
        if word not in self.choices:
            close = get_close_matches(word, [*self.choices, *self.same], 1)
            raise BadValue(f"This can be {', '.join(self.choices)}.", close[0] if close else None)
        return word

    def asks(self, _operator: str, values: tuple[str, ...], _moment: Moment) -> Asked:
        """Any of the words' conditions."""
        return " OR ".join(f"({self.choices[value]})" for value in values), ()

    def offers(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(self.choices)


@dataclass(frozen=True)
class Name(Kind):
    """A name as it stands in the library, or its beginning. With `several`, the column is a list of names."""

    operators: tuple[str, ...] = ("=", "^")
    several: bool = False

    def normal(self, text: str) -> str:
        """The name as it was written."""
        if not text:
            raise BadValue("A name is missing.")
        if len(text) > LONGEST_VALUE:
            raise BadValue(f"No name is longer than {LONGEST_VALUE} characters.")
        return storable(text)[0]

    def asks(self, operator: str, values: tuple[str, ...], _moment: Moment) -> Asked:
        """One of the names, or a name that begins so."""
        if operator == "^":
            pattern = escaped(values[0]) + "%"
            if self.several:
                beginning = "EXISTS (SELECT 1 FROM unnest({names}) n WHERE n LIKE CAST({{0}} AS text))"
                return beginning.format(names=self.column), (pattern,)
            return f"{self.column} LIKE CAST({{0}} AS text)", (pattern,)
        if self.several:
            return f"{self.column} && CAST({{0}} AS text[])", (values,)
        return f"{self.column} = ANY(CAST({{0}} AS text[]))", (values,)


@dataclass(frozen=True)
class Tag(Name):
    """A word given to posts, whatever its case. `within` is SQL around the condition."""

    within: str = "{condition}"

    def normal(self, text: str) -> str:
        """As tags are kept."""
        found = tag_of(super().normal(text))
        if not found:
            raise BadValue("A tag is missing.")
        return found

    def asks(self, operator: str, values: tuple[str, ...], moment: Moment) -> Asked:
        """One of the tags, or one that begins so."""
        sql, bound = super().asks(operator, values, moment)
        return self.within.format(condition=sql), bound


@dataclass(frozen=True)
class CollectionName(Name):
    """The name of a collection, its id, or `none`. What it means is looked up, so it asks nothing by itself."""

    operators: tuple[str, ...] = ("=",)

    def asks(self, _operator: str, _values: tuple[str, ...], _moment: Moment) -> Asked:
        """Nothing is found by a name that nobody looked up."""
        return "false", ()


@dataclass(frozen=True)
class Rating(Kind):
    """Nought to five stars; `search.language.meaning` makes of it what it means for a stack."""

    operators: tuple[str, ...] = ("=", *COMPARED)

    def normal(self, text: str) -> str:
        """One digit."""
        if text == "none":
            return "0"
        if len(text) != 1 or text not in "012345":
            raise BadValue("This wants a rating from 0 to 5.")
        return text

    def asks(self, _operator: str, _values: tuple[str, ...], _moment: Moment) -> Asked:
        """A stack is asked, not a post."""
        return "false", ()

    def offers(self) -> tuple[str, ...]:
        """All of them."""
        return tuple("543210")


@dataclass(frozen=True)
class Host(Name):
    """A host that files come from, or the domain above it."""

    operators: tuple[str, ...] = ("=",)

    def normal(self, text: str) -> str:
        """Hosts have no case."""
        return super().normal(text).lower()

    def asks(self, _operator: str, values: tuple[str, ...], _moment: Moment) -> Asked:
        """The host itself, or one below it."""
        patterns = tuple(pattern for value in values for pattern in (escaped(value), "%." + escaped(value)))
        return f"{self.column} LIKE ANY(CAST({{0}} AS text[]))", (patterns,)


@dataclass(frozen=True)
class Identifier(Kind):
    """An id of a post."""

    def normal(self, text: str) -> str:
        """In lower case with its four dashes."""
        try:
            return str(UUID(text))
        except ValueError:
            raise BadValue("This is no id of a post: 36 characters such as 0f8a...-....") from None

    def asks(self, _operator: str, values: tuple[str, ...], _moment: Moment) -> Asked:
        """One of the ids."""
        return f"{self.column} = ANY(CAST({{0}} AS uuid[]))", (tuple(UUID(value) for value in values),)


@dataclass(frozen=True)
class SamePrompt(Identifier):
    """An id of a post whose prompt is meant."""

    def asks(self, _operator: str, values: tuple[str, ...], _moment: Moment) -> Asked:
        """The prompt of one of these posts; a post without a prompt shares it with none."""
        theirs = "SELECT f.prompt_hash FROM posts f WHERE f.user_id = :user AND f.id = ANY(CAST({0} AS uuid[]))"
        return f"{{p}}.prompt_hash = ANY(ARRAY({theirs}))", (tuple(UUID(value) for value in values),)


Bounds = tuple[float, float]


@dataclass(frozen=True)
class Number(Kind):
    """A number with or without a unit. `around` says between which numbers one counts as equal to another.

    `within` is SQL around the condition, for a number that stands in another table.
    """

    operators: tuple[str, ...] = ("=", *COMPARED)
    read: Callable[[str], float] = float
    write: Callable[[float], str] = str
    around: Callable[[float], Bounds] = lambda number: (number, number)
    within: str = "{condition}"

    def normal(self, text: str) -> str:
        """The number in its own unit."""
        return self.write(self.read(text))

    def asks(self, operator: str, values: tuple[str, ...], _moment: Moment) -> Asked:
        """A comparison; posts where the number is not known are in none."""
        numbers = [float(self.read(value)) for value in values]
        if operator == "=":
            numbers = [edge for number in numbers for edge in self.around(number)]
            condition = " OR ".join(self._between(at) for at in range(0, len(numbers), 2))
        elif operator == "..":
            condition = self._between(0)
        else:
            condition = f"{self.column} {operator} CAST({{0}} AS double precision)"
        return self.within.replace("{condition}", condition), tuple(numbers)

    def _between(self, at: int) -> str:
        low, high = (f"CAST({{{number}}} AS double precision)" for number in (at, at + 1))
        return f"{self.column} BETWEEN {low} AND {high}"
