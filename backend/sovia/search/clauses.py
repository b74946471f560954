"""A filter and an order as parts of a SELECT."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    TextClause,
    UnaryExpression,
    Uuid,
    and_,
    bindparam,
    cast,
    func,
    or_,
    text,
    tuple_,
)
from sqlalchemy.sql.roles import ExpressionElementRole
from sqlalchemy.types import NULLTYPE

from sovia.library.models import Post
from sovia.search.filters import Stack, View
from sovia.search.language.meaning import Meaning
from sovia.search.language.sql import Condition, condition, condition_by_itself
from sovia.search.orderings import ORDERINGS, Key

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def values(user_id: UUID, wanted: Meaning) -> dict[str, Any]:
    """The values that the conditions of a filter are bound to, by name."""
    found = condition(wanted)
    return {"user": user_id, **(found.values if found else {})}


def conditions(user_id: UUID, wanted: Meaning, stack: Stack = "parent") -> list[ExpressionElementRole[bool]]:
    """What must hold of the roots of the user's wanted stacks; the same text for filters of the same shape.

    Unless stacks are of parents, every post is asked by itself.
    """
    user = bindparam("user", user_id, Uuid())
    found: list[ExpressionElementRole[bool]] = [Post.user_id == user, Post.deleted_at.is_(None)]
    if stack == "parent":
        found.append(Post.parent_id.is_(None))
    more = condition(wanted) if stack == "parent" else condition_by_itself(wanted)
    if more is not None:
        found.append(bound(more, user))
    return found


def bound(wanted: Condition, user: BindParameter[UUID]) -> TextClause:
    """A condition as SQLAlchemy takes it."""
    given = [bindparam(name, value, NULLTYPE) for name, value in wanted.values.items()]
    return text(f"({wanted.sql})").bindparams(*([user, *given] if ":user" in wanted.sql else given))


def keys(view: View) -> list[Key]:
    """What a view is ordered by, most important first; never NULL, and always ending in the id, so the order is total.

    Posts that lack the sorted value come last.
    """
    ordering = ORDERINGS[view.sort]
    undated = Key(cast(Post.created_at.is_(None), Integer), "int")
    dated = func.coalesce(Post.created_at, EPOCH)
    down = not ordering.oldest_first
    return [*ordering.keys(view), undated, Key(dated, "time", descending=down), Key(Post.id, "uuid", down)]


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
