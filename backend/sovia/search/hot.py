"""The documented list by date, the hottest query: SQL made once per shape of filter, rows straight from the driver."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy import bindparam, select

from sovia.kit.prepared import NOBODY, Prepared, prepared
from sovia.library.models import Post
from sovia.library.queries import listed
from sovia.library.queries.posts import version_of_user, with_media_path
from sovia.search import cursors
from sovia.search.clauses import EPOCH, beyond_date, beyond_id, conditions, dated_order, values
from sovia.search.filters import View
from sovia.search.language.meaning import Meaning
from sovia.search.language.sql import condition

SOMETIME = datetime(2000, 1, 1, tzinfo=UTC)
Phase = Literal["dated", "undated"]
MOST_STATEMENTS = 512
STATEMENTS: dict[tuple[str, Phase, bool, bool], Prepared] = {}


@dataclass(frozen=True)
class ListPage:
    """A page of the documented list, the cursor behind it, and the library version it shows (None when empty)."""

    items: list[orjson.Fragment]
    following: str | None
    version: int | None


async def page_by_date(
    connection: asyncpg.Connection, user_id: UUID, view: View, *, limit: int, cursor: str | None
) -> ListPage:
    """The next stacks behind the cursor with their children: two statements, three at the seam of dated and undated."""
    edge = cursors.read(view, cursor) if cursor else None
    roots = await _roots(connection, user_id, view, edge, limit + 1)
    shown = roots[:limit]
    following = None
    if len(roots) > limit:
        at, last = shown[-1]["create_time"], shown[-1]["id"]
        following = cursors.write(view, (int(at is None), at or EPOCH, last))
    version = shown[0]["version"] if shown else None
    items = await listed.with_children(connection, user_id, {row["id"]: row["item"] for row in shown})
    return ListPage([orjson.Fragment(item) for item in items.values()], following, version)


async def _roots(
    connection: asyncpg.Connection, user_id: UUID, view: View, edge: list[Any] | None, limit: int
) -> list[asyncpg.Record]:
    given = values(user_id, view.filter) | {"limit": limit}
    given |= {} if edge is None else {"edge_at": edge[1], "edge_id": edge[2]}
    down = view.sort == "date_desc"
    found: list[asyncpg.Record] = []
    if edge is None or edge[0] == 0:
        statement = page_statement(view.filter, "dated", descending=down, behind=edge is not None)
        found = await statement.rows(connection, given)
    if len(found) < limit:
        statement = page_statement(view.filter, "undated", descending=down, behind=edge is not None and edge[0] == 1)
        found += await statement.rows(connection, given | {"limit": limit - len(found)})
    return found


def page_statement(wanted: Meaning, phase: Phase, *, descending: bool, behind: bool) -> Prepared:
    """The roots of one phase of a list by date, behind an edge or from its start; made once per shape of filter."""
    found = condition(wanted)
    key = (found.sql if found else "", phase, descending, behind)
    statement = STATEMENTS.get(key)
    if statement is None:
        if len(STATEMENTS) >= MOST_STATEMENTS:
            STATEMENTS.clear()
        statement = STATEMENTS[key] = _page_statement(wanted, phase, descending=descending, behind=behind)
    return statement


def _page_statement(wanted: Meaning, phase: Phase, *, descending: bool, behind: bool) -> Prepared:
    root = (Post.id, Post.created_at.label("create_time"), listed.ROOT.label("item"), version_of_user())
    query = with_media_path(select(*root)).where(*conditions(NOBODY, wanted))
    if phase == "dated":
        query = query.where(Post.created_at.is_not(None)).order_by(*dated_order(descending))
        query = query.where(beyond_date(descending, SOMETIME, NOBODY)) if behind else query
    else:
        query = query.where(Post.created_at.is_(None)).order_by(Post.id.desc() if descending else Post.id.asc())
        query = query.where(beyond_id(descending, NOBODY)) if behind else query
    return prepared(query.limit(bindparam("limit", 1)))
