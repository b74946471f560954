"""The one table of orderings: what each sorts by, and how its sections are cut; a new one is one entry here.

Keys are SQL that is never NULL. A list pages along them; an index reads them as numbers and sorts by itself: one order.
Where all keys are equal the newer post comes first, then the greater id, so an order is total.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import BigInteger, Integer, SQLColumnExpression, Text, case, cast, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import BIT

from sovia.library.models import File, Post
from sovia.library.queries.posts import EFFECTIVE_PROMPT, MAIN_FILE
from sovia.search import sections
from sovia.search.filters import Sort

# Stands before the letters by which a prompt is sorted, and is passed over.
BEFORE_LETTERS = " \t\r\n\"'`([{<*#-_~+=.,:;!?/\\|@$%&^“”‘’«»„—–…、。「『（【¡¿"
NAME_LENGTH = 80
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Key:
    """One part of an order, and the kind of value a cursor holds for it."""

    expression: SQLColumnExpression[Any]
    kind: Literal["int", "text", "time", "uuid"]
    descending: bool = False


@dataclass(frozen=True)
class Ordering:
    """What posts are sorted by before their date; `cut` makes the sections from the sorted values of the last key.

    `oldest_first` turns round what comes after the keys. `keys` takes the seed, which only random order looks at.
    """

    keys: Callable[[int], tuple[Key, ...]]
    cut: sections.Cut
    oldest_first: bool = False


def shuffled(seed: int) -> SQLColumnExpression[int]:
    """A number that orders posts at random, the same way for the same seed: sixty bits of a fingerprint."""
    digits = func.substr(func.md5(func.concat(cast(Post.id, Text), literal(str(seed)))), 1, 15)
    return cast(cast(func.concat("x0", digits), BIT(64)), BigInteger)


NAME = func.left(func.ltrim(func.lower(EFFECTIVE_PROMPT), BEFORE_LETTERS), NAME_LENGTH)
SIZE = select(File.size_bytes).where(MAIN_FILE).correlate(Post).scalar_subquery()
MILLISECONDS = cast(func.round(Post.duration_seconds * 1000), BigInteger)


def _named(column: SQLColumnExpression[Any]) -> tuple[Key, ...]:
    """By a name; posts without one come last."""
    named = func.coalesce(column, "")
    return Key(cast(named == "", Integer), "int"), Key(named.collate("C"), "text")


def _most(number: SQLColumnExpression[Any]) -> tuple[Key, ...]:
    """The greatest first; posts where it is not known come last."""
    return (Key(func.coalesce(cast(number, BigInteger), literal_column("-1")), "int", descending=True),)


LIKED_FIRST = Key(case((Post.liked.is_(True), 0), else_=1), "int")
ORDERINGS: dict[Sort, Ordering] = {
    "date_desc": Ordering(lambda _: (), sections.days),
    "date_asc": Ordering(lambda _: (), sections.days, oldest_first=True),
    "added": Ordering(lambda _: (Key(Post.added_at, "time", descending=True),), sections.days),
    "likes": Ordering(lambda _: (LIKED_FIRST,), sections.choices("liked", "other")),
    "model": Ordering(lambda _: _named(Post.model), sections.names),
    "mode": Ordering(lambda _: _named(Post.mode), sections.names),
    "type": Ordering(lambda _: (Key(Post.kind.collate("C"), "text"),), sections.names),
    "name": Ordering(lambda _: _named(NAME), sections.letters),
    "size": Ordering(
        lambda _: _most(SIZE),
        sections.buckets(
            {100 * MEGABYTE: "100 MB and more", 20 * MEGABYTE: "20–100 MB", 5 * MEGABYTE: "5–20 MB"}
            | {2 * MEGABYTE: "2–5 MB", MEGABYTE: "1–2 MB", 500_000: "500 kB–1 MB", 200_000: "200–500 kB"}
            | {100_000: "100–200 kB", 0: "less than 100 kB"}
        ),
    ),
    "duration": Ordering(
        lambda _: _most(MILLISECONDS),
        sections.buckets(
            {600_000: "10 min and more", 60_000: "1–10 min", 30_000: "30–60 s", 15_000: "15–30 s"}
            | {10_000: "10–15 s", 6_000: "6–10 s", 3_000: "3–6 s", 0: "less than 3 s"}
        ),
    ),
    "random": Ordering(lambda seed: (Key(shuffled(seed), "int"),), sections.whole),
}  # fmt: skip
