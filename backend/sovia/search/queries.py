"""Pages, counts and facets of a filter."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, cast, func, literal, literal_column, select, union_all
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.library.models import Post
from sovia.library.queries.posts import with_main_file
from sovia.search import cursors
from sovia.search.clauses import EPOCH, after, beyond_date, beyond_id, conditions, dated_order, keys, order
from sovia.search.filters import Stack, View
from sovia.search.language.meaning import Meaning, without
from sovia.search.orderings import ORDERINGS

# What each field counts, of the rows named `stacks`.
FACETS = {
    "type": "unnest(stacks.stack_kinds)",
    "model": "unnest(stacks.stack_models)",
    "mode": "unnest(stacks.stack_modes)",
    "liked": "stacks.liked",
    "state": "stacks.media_state",
}
OF_STACK = (Post.stack_kinds, Post.stack_models, Post.stack_modes)
BY_ITSELF = (
    array([Post.kind]).label("stack_kinds"),
    func.array_remove(array([Post.model]), None).label("stack_models"),
    func.array_remove(array([Post.mode]), None).label("stack_modes"),
)
LIKED = {"true": True, "false": False}
Page = tuple[list[UUID], str | None]


async def page_of_stacks(
    session: AsyncSession, user_id: UUID, view: View, *, limit: int, skip: int = 0, cursor: str | None = None
) -> Page:
    """The ids of the next `limit` stacks' roots behind the cursor, and the cursor behind them (nothing at the end).

    Pages by cursor cost the same anywhere; `skip` is for old clients and grows with its value.
    """
    edge = cursors.read(view, cursor) if cursor else None
    if view.sort in ("date_desc", "date_asc") and not skip:
        rows = await _page_by_date(session, user_id, view, edge, limit + 1)
    else:
        query = select(*(key.expression for key in keys(view))).where(*conditions(user_id, view.filter))
        if ORDERINGS[view.sort].of_file:
            query = with_main_file(query)
        if edge is not None:
            query = query.where(after(view, edge))
        rows = [tuple(row) for row in await session.execute(query.order_by(*order(view)).offset(skip).limit(limit + 1))]
    shown = rows[:limit]
    following = cursors.write(view, shown[-1]) if len(rows) > limit else None
    return [row[-1] for row in shown], following


async def _page_by_date(
    session: AsyncSession, user_id: UUID, view: View, edge: list[Any] | None, limit: int
) -> list[tuple[Any, ...]]:
    """Rows of (undated, date, id): first the dated posts along the index, then those without a date."""
    down = view.sort == "date_desc"
    rows: list[tuple[Any, ...]] = []
    base = select(Post.created_at, Post.id).where(*conditions(user_id, view.filter))
    if edge is None or edge[0] == 0:
        dated = base.where(Post.created_at.is_not(None)).order_by(*dated_order(down)).limit(limit)
        if edge is not None:
            dated = dated.where(beyond_date(down, edge[1], edge[2]))
        rows = [(0, row.created_at, row.id) for row in await session.execute(dated)]
    if len(rows) < limit:
        undated = base.where(Post.created_at.is_(None)).limit(limit - len(rows))
        undated = undated.order_by(Post.id.desc() if down else Post.id.asc())
        if edge is not None and edge[0] == 1:
            undated = undated.where(beyond_id(down, edge[2]))
        rows += [(1, EPOCH, row.id) for row in await session.execute(undated)]
    return rows


async def count_of_stacks(
    session: AsyncSession, user_id: UUID, wanted: Meaning, stack: Stack = "parent", *, most: int | None = None
) -> int:
    """How many stacks of parents a filter finds, else how many posts; with `most`, no more than that are counted."""
    query = select(func.count()).select_from(Post).where(*conditions(user_id, wanted, stack))
    if most is not None:
        some = select(literal(1)).select_from(Post).where(*conditions(user_id, wanted, stack)).limit(most).subquery()
        query = select(func.count()).select_from(some)
    return int(await session.scalar(query) or 0)


async def facets(
    session: AsyncSession, user_id: UUID, wanted: Meaning, stack: Stack = "parent"
) -> dict[str, list[dict[str, Any]]]:
    """For each field the values it could have and how many stacks each would find, the other fields as they are.

    Unless stacks are of parents, posts are counted.

    Fields that the filter does not speak of share a look at the stacks.
    """
    alike: dict[Meaning, list[str]] = {}
    for name in FACETS:
        alike.setdefault(without(wanted, name), []).append(name)
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in FACETS}
    for others, names in alike.items():
        for name, value, count in await session.execute(_counts(user_id, others, names, stack)):
            found[name].append({"value": LIKED.get(value, value) if name == "liked" else value, "count": count})
    for rows in found.values():
        rows.sort(key=lambda row: (-row["count"], str(row["value"])))
    return found


def _counts(user_id: UUID, wanted: Meaning, names: Sequence[str], stack: Stack) -> Select[*tuple[Any, ...]]:
    """Rows of (field, value as text, stacks): the most frequent 200 of each field."""
    columns = OF_STACK if stack == "parent" else BY_ITSELF
    stacks = (
        select(*columns, Post.liked, Post.media_state)
        .where(*conditions(user_id, wanted, stack))
        .cte("stacks")
        .prefix_with("MATERIALIZED")
    )
    several = []
    for name in names:
        value: ColumnElement[Any] = literal_column(FACETS[name])
        each = select(cast(value, Text).label("value")).select_from(stacks).subquery()
        counted = select(literal(name).label("field"), each.c.value, func.count().label("count")).group_by(each.c.value)
        several.append(select(counted.order_by(func.count().desc(), each.c.value).limit(200).subquery()))
    return several[0] if len(several) == 1 else select(union_all(*several).subquery())


async def stats(session: AsyncSession, user_id: UUID) -> dict[str, Any]:
    """Totals of the whole library, children included, by the documented names, and some more."""
    is_root = Post.parent_id.is_(None)
    query = select(
        func.count().label("totalItems"),
        func.count().filter(Post.kind == "video").label("totalVideos"),
        func.count().filter(Post.kind == "image").label("totalImages"),
        func.count().filter(Post.liked.is_(True)).label("likedItems"),
        func.count().filter(is_root).label("totalStacks"),
        func.count().filter(Post.media_state == "present").label("filesPresent"),
        func.count().filter(Post.media_state.in_(("missing", "wanted"))).label("filesMissing"),
        func.count().filter(Post.media_state == "corrupt").label("filesCorrupt"),
    ).where(Post.user_id == user_id, Post.deleted_at.is_(None))
    row = (await session.execute(query)).mappings().one()
    return {**row, "models": await models(session, user_id)}


async def models(session: AsyncSession, user_id: UUID) -> list[dict[str, Any]]:
    """The models of all posts, most used first; posts without one do not count."""
    query = (
        select(Post.model.label("name"), func.count().label("count"))
        .where(Post.user_id == user_id, Post.deleted_at.is_(None), Post.model.is_not(None))
        .group_by(Post.model)
        .order_by(func.count().desc(), Post.model)
        .limit(500)
    )
    return [dict(row) for row in (await session.execute(query)).mappings()]
