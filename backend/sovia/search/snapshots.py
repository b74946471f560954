"""Views kept ready: the tiles of the last used views, each made once per library version."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sovia.library.queries.posts import version
from sovia.search import queries
from sovia.search.columns import viewing
from sovia.search.columns.keeper import Keeper
from sovia.search.filters import View
from sovia.search.finding import world_for
from sovia.search.language.meaning import EVERYTHING
from sovia.search.making import tiles_and_sections
from sovia.search.tiles import Tiles, encode

MOST_BYTES = 64 * 2**20


@dataclass(frozen=True)
class Snapshot:
    """A view at one library version: its tiles, and the bytes of its index."""

    version: int
    tiles: Tiles
    body: bytes

    @property
    def size_bytes(self) -> int:
        """Memory held."""
        return len(self.body) + self.tiles.size_bytes


class Snapshots:
    """The snapshots of a process, the least recently used dropped first when they grow too large."""

    def __init__(self, most_bytes: int = MOST_BYTES, columns: Keeper | None = None) -> None:
        self._columns = columns
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
                found = await make_snapshot(session, user_id, view, now, self._columns)
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


async def make_snapshot(
    session: AsyncSession, user_id: UUID, view: View, at_version: int, columns: Keeper | None = None
) -> Snapshot:
    """Read a view from the database. It may already hold changes later than `at_version`, never fewer."""
    world = await world_for(columns, session, user_id, view.filter)
    found, sections = await tiles_and_sections(session, user_id, view, world)
    total = len(found.ids)
    if world is not None and view.filter != EVERYTHING:
        total = viewing.total(world.columns, view.stack)
    elif view.filter != EVERYTHING:
        total = await queries.count_of_stacks(session, user_id, EVERYTHING, view.stack)
    header: dict[str, Any] = {"version": at_version, "total": total, "sort": view.sort, "sections": sections}
    return Snapshot(at_version, found, encode(found, header))
