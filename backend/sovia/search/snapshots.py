"""Views kept ready: the tiles of the last used views, each made once per library version."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Integer, SmallInteger, Text, cast, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit.db import asyncpg_connection
from sovia.library.models import Post
from sovia.library.queries.posts import FLAGS, version
from sovia.search import queries, tiles
from sovia.search.clauses import conditions, dated_order, label, order
from sovia.search.filters import View
from sovia.search.hot import prepared
from sovia.search.language.meaning import EVERYTHING

MOST_BYTES = 256 * 2**20


@dataclass(frozen=True)
class Snapshot:
    """A view at one library version: its tiles, and the bytes of its index."""

    version: int
    tiles: tiles.Tiles
    body: bytes

    @property
    def size_bytes(self) -> int:
        """Memory held."""
        return len(self.body) + self.tiles.ids.nbytes + self.tiles.sections.nbytes + 2 * self.tiles.ratios.nbytes


class Snapshots:
    """The snapshots of a process, the least recently used dropped first when they grow too large."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[tuple[UUID, View], Snapshot] = OrderedDict()
        self._locks: dict[tuple[UUID, View], asyncio.Lock] = {}

    async def of(self, session: AsyncSession, user_id: UUID, view: View) -> Snapshot:
        """The view as it is now; made when it is not kept, by one request while others wait for it."""
        key = (user_id, view)
        now = await version(session, user_id)
        if (found := self._find(key, now)) is not None:
            return found
        async with self._locks.setdefault(key, asyncio.Lock()):
            if (found := self._find(key, now)) is None:
                found = await make_snapshot(session, user_id, view, now)
                self._keep(key, found)
        self._locks.pop(key, None)
        return found

    def _find(self, key: tuple[UUID, View], wanted: int) -> Snapshot | None:
        found = self._kept.get(key)
        if found is None or found.version < wanted:
            return None
        self._kept.move_to_end(key)
        return found

    def _keep(self, key: tuple[UUID, View], snapshot: Snapshot) -> None:
        self._kept[key] = snapshot
        self._kept.move_to_end(key)
        while len(self._kept) > 1 and sum(kept.size_bytes for kept in self._kept.values()) > self._most_bytes:
            self._kept.popitem(last=False)


async def make_snapshot(session: AsyncSession, user_id: UUID, view: View, at_version: int) -> Snapshot:
    """Read a view from the database. It may already hold changes later than `at_version`, never fewer."""
    by_day = view.sort in ("date_desc", "date_asc")
    found = tiles.tiles_from_copy(await _copy(session, user_id, view))
    sections = tiles.day_sections(found) if by_day else await _named(session, user_id, view, len(found.ids))
    total = len(found.ids)
    if view.filter != EVERYTHING:
        total = await queries.count_of_stacks(session, user_id, EVERYTHING)
    header: dict[str, Any] = {"version": at_version, "total": total, "sort": view.sort, "sections": sections}
    return Snapshot(at_version, found, tiles.encode(found, header))


async def _copy(session: AsyncSession, user_id: UUID, view: View) -> bytes:
    if view.sort in ("date_desc", "date_asc"):
        local_day = cast(func.timezone(view.zone, Post.created_at), Date)
        section = cast(func.coalesce(local_day - func.date("2000-01-01"), tiles.UNDATED), Integer)
    else:
        section = cast(literal_column("0"), Integer)
    query = (
        select(Post.id, section, Post.ratio, cast(FLAGS, SmallInteger))
        .where(*conditions(user_id, view.filter))
        .order_by(*(dated_order(descending=True) if view.sort == "date_desc" else order(view)))
    )
    statement = prepared(query)
    values = [statement.constants[name] for name in statement.names]
    connection = await asyncpg_connection(session)
    data = BytesIO()
    await connection.copy_from_query(statement.sql, *values, output=data, format="binary")
    return data.getvalue()


async def _named(session: AsyncSession, user_id: UUID, view: View, total: int) -> list[dict[str, Any]]:
    name = label(view.sort)
    if name is None:
        return [{"label": "", "start": 0, "count": total}] if total else []
    named = select(cast(name, Text).label("name")).where(*conditions(user_id, view.filter)).subquery()
    counted = select(named.c.name, func.count()).group_by(named.c.name)
    sizes = {row[0]: row[1] for row in await session.execute(counted)}
    # The keys of an order collate as "C", which is how Python compares text too; posts without a name come last.
    first = [key for key in sorted(sizes) if key] + ([""] if "" in sizes else [])
    return tiles.named_sections([(key, sizes[key]) for key in first])
