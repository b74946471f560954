"""The one table of orderings: what each sorts by, and how its sections are cut; a new one is one entry here.

Keys are SQL that is never NULL. A list pages along them; an index reads them as numbers and sorts by itself: one order.
Where all keys are equal the newer post comes first, then the greater id, so an order is total.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import orjson
from sqlalchemy import BigInteger, Integer, SQLColumnExpression, Text, case, cast, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import BIT, JSONB
from sqlalchemy.orm import aliased

from sovia.library.gathered import CollectionItem, PostMark
from sovia.library.models import File, Post
from sovia.library.queries.posts import EFFECTIVE_PROMPT
from sovia.search import sections
from sovia.search.filters import WHOLE, Sort, View
from sovia.search.language.marked import BEST_RATING

# Stands before the letters by which a prompt is sorted, and is passed over.
BEFORE_LETTERS = " \t\r\n\"'`([{<*#-_~+=.,:;!?/\\|@$%&^“”‘’«»„—–…、。「『（【¡¿"
NAME_LENGTH = 80
MEGABYTE = 1_000_000
LAST_PLACE = 2**62


@dataclass(frozen=True)
class Key:
    """One part of an order, and the kind of value a cursor holds for it."""

    expression: SQLColumnExpression[Any]
    kind: Literal["int", "text", "time", "uuid"]
    descending: bool = False


@dataclass(frozen=True)
class Ordering:
    """What posts are sorted by before their date; `cut` makes the sections from the sorted values of the last key.

    `oldest_first` turns round what comes after the keys. With `of_file`, a query needs the main file beside the post.
    """

    keys: Callable[[View], tuple[Key, ...]]
    cut: sections.Cut
    oldest_first: bool = False
    of_file: bool = False


def shuffled(seed: int | str) -> SQLColumnExpression[int]:
    """A number that orders posts at random, the same way for the same seed: sixty bits of a fingerprint."""
    digits = func.substr(func.md5(func.concat(cast(Post.id, Text), literal(str(seed)))), 1, 15)
    return cast(cast(func.concat("x0", digits), BIT(64)), BigInteger)


NAME = func.left(func.ltrim(func.lower(EFFECTIVE_PROMPT), BEFORE_LETTERS), NAME_LENGTH)
MILLISECONDS = cast(func.round(Post.duration_seconds * 1000), BigInteger)


def _named(column: SQLColumnExpression[Any]) -> tuple[Key, ...]:
    """By a name; posts without one come last."""
    named = func.coalesce(column, "")
    return Key(cast(named == "", Integer), "int"), Key(named.collate("C"), "text")


def _most(number: SQLColumnExpression[Any]) -> tuple[Key, ...]:
    """The greatest first; posts where it is not known come last."""
    return (Key(func.coalesce(cast(number, BigInteger), literal_column("-1")), "int", descending=True),)


def _rated(view: View) -> tuple[Key, ...]:
    """By the best rating in the stack, or the post's own."""
    if view.stack == "parent":
        return (Key(literal_column(BEST_RATING.format(p="posts")).cast(Integer), "int", descending=True),)
    own = select(PostMark.rating).where(PostMark.user_id == Post.user_id, PostMark.post_id == Post.id)
    return (Key(func.coalesce(own.correlate(Post).scalar_subquery(), 0), "int", descending=True),)


def placed(collection: int | str) -> SQLColumnExpression[int]:
    """Where a post stands in a collection by hand; of a root that is not in it, the first post of its stack."""
    inside = select(func.min(CollectionItem.position)).where(
        CollectionItem.collection_id == UUID(str(collection)), CollectionItem.user_id == Post.user_id
    )
    own = inside.where(CollectionItem.post_id == Post.id).correlate(Post).scalar_subquery()
    below = aliased(Post)
    of_stack = inside.join(below, (below.user_id == CollectionItem.user_id) & (below.id == CollectionItem.post_id))
    of_stack = of_stack.where(below.root_id == Post.id, below.parent_id.is_not(None), below.deleted_at.is_(None))
    return func.coalesce(own, of_stack.correlate(Post).scalar_subquery(), literal_column(str(LAST_PLACE)))


def resembling(view: View) -> SQLColumnExpression[int]:
    """How much a post, or any in its stack, resembles what the filter names; less than anything where nothing does."""
    known = orjson.dumps({str(one): much for one, much in most_alike(view).items()}).decode()
    # A query of its own is worked out once, not for every post.
    once = select(cast(literal(known, Text()), JSONB)).scalar_subquery()
    return func.coalesce(
        cast(func.jsonb_extract_path_text(once, cast(Post.id, Text)), BigInteger), literal_column("-1")
    )


def most_alike(view: View) -> dict[UUID, int]:
    """The greatest likeness of what is a tile of the view, by the id of its first post."""
    found: dict[UUID, int] = {}
    for one in view.likeness:
        tile = one.root_id if view.stack == "parent" else one.post_id
        found[tile] = max(one.much, found.get(tile, one.much))
    return found


LIKED_FIRST = Key(case((Post.liked.is_(True), 0), else_=1), "int")
ORDERINGS: dict[Sort, Ordering] = {
    "date_desc": Ordering(lambda _: (), sections.days),
    "date_asc": Ordering(lambda _: (), sections.days, oldest_first=True),
    "added": Ordering(lambda _: (Key(Post.added_at, "time", descending=True),), sections.days),
    "likes": Ordering(lambda _: (LIKED_FIRST,), sections.choices("liked", "other")),
    "rating": Ordering(_rated, sections.choices("", "1", "2", "3", "4", "5")),
    "manual": Ordering(lambda view: (Key(placed(view.seed), "int"),), sections.whole),
    "model": Ordering(lambda _: _named(Post.model), sections.names),
    "mode": Ordering(lambda _: _named(Post.mode), sections.names),
    "type": Ordering(lambda _: (Key(Post.kind.collate("C"), "text"),), sections.names),
    "name": Ordering(lambda _: _named(NAME), sections.letters),
    "size": Ordering(
        lambda _: _most(File.size_bytes),
        sections.buckets(
            {100 * MEGABYTE: "100 MB and more", 20 * MEGABYTE: "20–100 MB", 5 * MEGABYTE: "5–20 MB"}
            | {2 * MEGABYTE: "2–5 MB", MEGABYTE: "1–2 MB", 500_000: "500 kB–1 MB", 200_000: "200–500 kB"}
            | {100_000: "100–200 kB", 0: "less than 100 kB"}
        ),
        of_file=True,
    ),
    "duration": Ordering(
        lambda _: _most(MILLISECONDS),
        sections.buckets(
            {600_000: "10 min and more", 60_000: "1–10 min", 30_000: "30–60 s", 15_000: "15–30 s"}
            | {10_000: "10–15 s", 6_000: "6–10 s", 3_000: "3–6 s", 0: "less than 3 s"}
        ),
    ),
    "resemblance": Ordering(
        lambda view: (Key(resembling(view), "int", descending=True),),
        sections.behind_named(
            {9 * WHOLE // 10: "Nearly the same", 6 * WHOLE // 10: "Close", 35 * WHOLE // 100: "Related"}
            | {0: "Something in common"},
            named=50 * WHOLE,
        ),
    ),
    "random": Ordering(lambda view: (Key(shuffled(view.seed), "int"),), sections.whole),
}  # fmt: skip
