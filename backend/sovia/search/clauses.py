"""A filter and an order as parts of a SELECT."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    SQLColumnExpression,
    Text,
    UnaryExpression,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    text,
    tuple_,
)
from sqlalchemy.sql.roles import ExpressionElementRole
from sqlalchemy.types import NULLTYPE

from sovia.library.models import Post
from sovia.search.filters import Sort, View
from sovia.search.language.meaning import Meaning
from sovia.search.language.sql import condition

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Key:
    """One part of an order, and the kind of value a cursor holds for it."""

    expression: SQLColumnExpression[Any]
    kind: Literal["int", "text", "time", "uuid"]
    descending: bool = False


def values(user_id: UUID, wanted: Meaning) -> dict[str, Any]:
    """The values that the conditions of a filter are bound to, by name."""
    found = condition(wanted)
    return {"user": user_id, **(found.values if found else {})}


def conditions(user_id: UUID, wanted: Meaning) -> list[ExpressionElementRole[bool]]:
    """What must hold of the roots of the user's wanted stacks; the same text for filters of the same shape."""
    user = bindparam("user", user_id, Uuid())
    found: list[ExpressionElementRole[bool]] = [
        Post.user_id == user,
        Post.parent_id.is_(None),
        Post.deleted_at.is_(None),
    ]
    more = condition(wanted)
    if more is not None:
        bound = [bindparam(name, value, NULLTYPE) for name, value in more.values.items()]
        named = [user, *bound] if ":user" in more.sql else bound
        found.append(text(f"({more.sql})").bindparams(*named))
    return found


def keys(view: View) -> list[Key]:
    """What a view is ordered by, most important first; never NULL, and always ending in the id, so the order is total.

    Posts that lack the sorted value come last.
    """
    id_up, id_down = Key(Post.id, "uuid"), Key(Post.id, "uuid", descending=True)
    undated = Key(cast(Post.created_at.is_(None), Integer), "int")
    dated = func.coalesce(Post.created_at, EPOCH)
    newest = [undated, Key(dated, "time", descending=True), id_down]
    match view.sort:
        case "date_asc":
            return [undated, Key(dated, "time"), id_up]
        case "likes":
            return [Key(case((Post.liked.is_(True), 0), else_=1), "int"), *newest]
        case "model":
            unnamed = Key(cast(Post.model.is_(None), Integer), "int")
            return [unnamed, Key(func.coalesce(Post.model, "").collate("C"), "text"), *newest]
        case "type":
            return [Key(Post.kind.collate("C"), "text"), *newest]
        case "random":
            return [Key(shuffled(view.seed), "text"), id_up]
        case _:
            return newest


def order(view: View) -> list[UnaryExpression[Any]]:
    """ORDER BY of a view."""
    return [key.expression.desc() if key.descending else key.expression.asc() for key in keys(view)]


def after(view: View, values: list[Any]) -> ColumnElement[bool]:
    """What comes behind the post with these key values."""
    steps: list[ColumnElement[bool]] = []
    same: list[ColumnElement[bool]] = []
    for key, value in zip(keys(view), values, strict=True):
        beyond = key.expression < value if key.descending else key.expression > value
        steps.append(and_(*same, beyond))
        same.append(key.expression == value)
    return or_(*steps)


def dated_order(descending: bool) -> tuple[UnaryExpression[Any], ...]:
    """The order of posts that have a date, written so that the index by date serves both directions."""
    if descending:
        return Post.created_at.desc().nulls_last(), Post.id.desc()
    return Post.created_at.asc().nulls_first(), Post.id.asc()


def beyond_date(descending: bool, at: datetime, post_id: UUID) -> ColumnElement[bool]:
    """Dated posts behind this one; one comparison of rows, which the index by date can start at."""
    row = tuple_(Post.created_at, Post.id)
    edge = tuple_(bindparam("edge_at", at, Post.created_at.type), bindparam("edge_id", post_id, Post.id.type))
    return row < edge if descending else row > edge


def beyond_id(descending: bool, post_id: UUID) -> ColumnElement[bool]:
    """Undated posts behind this one."""
    edge = bindparam("edge_id", post_id, Post.id.type)
    return Post.id < edge if descending else Post.id > edge


def shuffled(seed: int) -> ColumnElement[str]:
    """A value that orders posts at random, the same way for the same seed."""
    return func.md5(func.concat(cast(Post.id, Text), literal(str(seed))))


def label(sort: Sort) -> SQLColumnExpression[str] | None:
    """What sections of an order other than by date are named by; nothing when it has none."""
    match sort:
        case "likes":
            return case((Post.liked.is_(True), "liked"), else_="other")
        case "model":
            return func.coalesce(Post.model, "")
        case "type":
            return Post.kind
        case _:
            return None
