"""The meaning of a filter as one SQL condition on the roots of stacks, with its values by name; pure.

Written as text, since a filter may be deep and wide, and the same text means the same prepared statement.

What must all hold becomes joins with sets of stacks. Whatever lies deeper is put together by UNION, INTERSECT and
EXCEPT, which read each set once, however badly the database may guess its size; joins within joins would not.
"""

from dataclasses import dataclass, field
from typing import Any

from sovia.search.language.meaning import (
    Asks,
    Either,
    Every,
    Except,
    Group,
    Holds,
    Meaning,
    Within,
    is_of_root,
    is_text,
)
from sovia.search.patterns import like_pattern
from sovia.search.words import beginning

MOST_JOINS = 6
# S608 below: no part of the text comes from outside; every value is bound.


@dataclass(frozen=True)
class Condition:
    """SQL about the row `posts`, which takes `:user` and the values."""

    sql: str
    values: dict[str, Any]


def condition(meaning: Meaning) -> Condition | None:
    """What must hold of a root; nothing when everything is wanted."""
    if meaning == Every():
        return None
    writer = _Writer()
    return Condition(writer.holds(meaning, "posts"), writer.values)


def condition_by_itself(meaning: Meaning) -> Condition | None:
    """What must hold of a post that is asked by itself, whatever else is in its stack."""
    if meaning == Every():
        return None
    writer = _Writer(by_itself=True)
    return Condition(writer.row(meaning, "posts"), writer.values)


def conditions_of_hits(meaning: Meaning) -> tuple[Condition, Condition] | None:
    """Which posts of the wanted stacks may be shown for them, and which of these all of the filter holds of.

    Where texts are wanted, only posts with these come into question. None when the roots alone tell.
    """
    wanted = hits_of(meaning)
    if wanted is None:
        return None
    everything, some = _Writer(by_itself=True, letter="e"), _Writer(by_itself=True)
    found = some.row(wanted[0], "posts")
    return Condition(found, some.values), Condition(everything.row(wanted[1], "posts"), everything.values)


def hits_of(meaning: Meaning) -> tuple[Meaning, Meaning] | None:
    """What must hold of a post that is shown for its stack, and what should; None when the roots alone tell."""
    if is_of_root(meaning):
        return None
    texts = tuple(part for part in (meaning.of if isinstance(meaning, Every) else (meaning,)) if is_text(part))
    return Every(texts) if texts else meaning, meaning


# What a root says of its stack, as a post says it of itself.
OWN = {
    "{p}.stack_kinds": "ARRAY[{p}.kind]",
    "{p}.stack_models": "array_remove(ARRAY[{p}.model], NULL)",
    "{p}.stack_modes": "array_remove(ARRAY[{p}.mode], NULL)",
}


@dataclass
class _Writer:
    values: dict[str, Any] = field(default_factory=dict)
    aliases: int = 0
    by_itself: bool = False
    letter: str = "v"

    def holds(self, meaning: Meaning, root: str) -> str:
        """The condition on the row named `root`."""
        if isinstance(meaning, Group):
            return self.holds(meaning.of, root)
        if is_of_root(meaning):
            return self.row(meaning, root)
        if isinstance(meaning, Every) and not is_text(meaning):
            return " AND ".join(self.holds(part, root) for part in self._few(texts_together(meaning)))
        if isinstance(meaning, Except):
            inner = self._alias("n")
            stacks = self._set(meaning.of)
            return f"NOT EXISTS (SELECT 1 FROM ({stacks}) {inner}(id) WHERE {inner}.id = {root}.id)"  # noqa: S608
        return f"{root}.id IN ({self._set(meaning)})"

    def row(self, meaning: Meaning, row: str) -> str:
        """A condition that one row tells, never NULL under a NOT."""
        match meaning:
            case Asks():
                return f"({self._bound(meaning, row)})"
            case Holds():
                return f"({self._text(meaning, row)})"
            case Except():
                return f"({self.row(meaning.of, row)} IS NOT TRUE)"
            case Every():
                return "(" + (" AND ".join(self.row(part, row) for part in meaning.of) or "true") + ")"
            case Either():
                return "(" + (" OR ".join(self.row(part, row) for part in meaning.of) or "false") + ")"
            case Group():
                return self.row(meaning.of, row)
            case Within():
                # A collection that nobody looked up holds nothing.
                return "(false)"

    def _few(self, parts: list[Meaning]) -> list[Meaning]:
        """The parts, made one intersection where planning that many joins would take longer than reading them."""
        sets = tuple(part for part in parts if not is_of_root(part))
        if len(sets) <= MOST_JOINS:
            return parts
        # An alternative of one is asked for as a set.
        return [*(part for part in parts if is_of_root(part)), Either((Every(sets),))]

    def _set(self, meaning: Meaning) -> str:
        """A query of the ids of roots, perhaps several times the same."""
        if isinstance(meaning, Group):
            return self._set(meaning.of)
        if is_of_root(meaning):
            return self._roots(meaning)
        if is_text(meaning) or isinstance(meaning, (Asks, Within)):
            post = self._alias("p")
            return (
                f"SELECT {post}.root_id FROM posts {post}"  # noqa: S608
                f" WHERE {post}.user_id = :user AND {post}.deleted_at IS NULL AND {self.row(meaning, post)}"
            )
        if isinstance(meaning, Either):
            return " UNION ALL ".join(f"({self._set(part)})" for part in _told_together(meaning))
        return self._intersection(texts_together(meaning) if isinstance(meaning, Every) else [meaning])

    def _intersection(self, parts: list[Meaning]) -> str:
        roots = tuple(part for part in parts if is_of_root(part))
        sets = [part for part in parts if not is_of_root(part)]
        wanted = [part for part in sets if not isinstance(part, Except)]
        left_out = [part.of for part in sets if isinstance(part, Except)]
        first = [self._roots(Every(roots))] if roots or not wanted else []
        query = " INTERSECT ".join(f"({one})" for one in [*first, *(self._set(part) for part in wanted)])
        return " EXCEPT ".join([query, *(f"({self._set(part)})" for part in left_out)])

    def _roots(self, meaning: Meaning) -> str:
        root = self._alias("r")
        return (
            f"SELECT {root}.id FROM posts {root} WHERE {root}.user_id = :user AND {root}.parent_id IS NULL"  # noqa: S608
            f" AND {root}.deleted_at IS NULL AND {self.row(meaning, root)}"
        )

    def _text(self, wanted: Holds, row: str) -> str:
        if wanted.prefix:
            return f"{row}.words @@ CAST(CAST({self._bind(beginning(wanted.text))} AS text) AS tsquery)"
        return f"{row}.search_text LIKE CAST({self._bind(like_pattern(wanted.text))} AS text)"

    def _bound(self, asked: Asks, row: str) -> str:
        sql = asked.sql
        if self.by_itself:
            for of_stack, own in OWN.items():
                sql = sql.replace(of_stack, own)
        return sql.format(*(self._bind(value) for value in asked.values), p=row)

    def _bind(self, value: object) -> str:
        name = f"{self.letter}{len(self.values)}"
        self.values[name] = list(value) if isinstance(value, tuple) else value
        return ":" + name

    def _alias(self, kind: str) -> str:
        self.aliases += 1
        return f"{kind}{self.aliases}"


def texts_together(meaning: Every) -> list[Meaning]:
    """The parts, fewer of them: texts must stand in one post, and neither of several is not any of them."""
    texts = tuple(part for part in meaning.of if is_text(part))
    left_out = tuple(part.of for part in meaning.of if isinstance(part, Except) and not is_of_root(part))
    others = [part for part in meaning.of if is_of_root(part) or not (is_text(part) or isinstance(part, Except))]
    return [*([Every(texts)] if texts else []), *others, *([Except(Either(left_out))] if left_out else [])]


def _told_together(meaning: Either) -> list[Meaning]:
    """The alternatives, made fewer where one look at a post, or at a root, tells several."""
    texts = tuple(part for part in meaning.of if is_text(part))
    roots = tuple(part for part in meaning.of if is_of_root(part))
    others = [part for part in meaning.of if not is_text(part) and not is_of_root(part)]
    return [*([Either(texts)] if texts else []), *([Either(roots)] if roots else []), *others]
