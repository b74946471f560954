"""Catalogues of prompts kept ready: those of the last used libraries, each made once per library version."""

import asyncio
from collections import OrderedDict
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sovia.library.queries.posts import version
from sovia.overview.catalog import Catalog, Sort
from sovia.overview.queries import prompts

MOST_BYTES = 128 * 2**20


class Catalogs:
    """The catalogues of a process, the least recently used dropped first when they grow too large."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[UUID, tuple[int, Catalog]] = OrderedDict()
        self._lock = asyncio.Lock()

    async def of(self, session: AsyncSession, user_id: UUID, sort: Sort = "usage") -> Catalog:
        """The user's prompts as they are now, with this order ready; made by one request while others wait for it."""
        now = await version(session, user_id)
        async with self._lock:
            known = self._kept.get(user_id)
            found = known[1] if known and known[0] >= now else await prompts.catalog(session, user_id)
            self._kept[user_id] = (known[0] if known and known[0] >= now else now, found)
            self._kept.move_to_end(user_id)
            if sort == "alpha" and sort not in found.orders:
                found.orders[sort] = found.find(await prompts.by_text(session, user_id))
            elif sort not in found.orders:
                await asyncio.to_thread(found.order, sort)
            self._forget()
        return found

    def _forget(self) -> None:
        while len(self._kept) > 1 and sum(one.size_bytes for _, one in self._kept.values()) > self._most_bytes:
            self._kept.popitem(last=False)
