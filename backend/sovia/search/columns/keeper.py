"""The columns of the libraries that a process answers about: loaded once, brought up to date before each answer."""

import asyncio
import contextlib
from collections import OrderedDict
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit.db import Database
from sovia.kit.log import logger
from sovia.kit.memory import settle
from sovia.library.models import Post
from sovia.library.queries.posts import version
from sovia.search.columns.loading import Loaded, load, renewed

# A library of up to this size is loaded while the first request waits; a larger one while the database answers.
SOON = 20_000
MOST_BYTES = 640 * 2**20


@dataclass
class Library:
    """What is known of one user's library."""

    loaded: Loaded | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    loading: asyncio.Task[None] | None = None

    @property
    def size_bytes(self) -> int:
        """Memory held."""
        return self.loaded.columns.size_bytes + self.loaded.texts.size_bytes if self.loaded else 0


class Keeper:
    """The libraries of a process, the least recently used given up first when they grow too large.

    They are read by sessions of its own, so nothing that may yet be rolled back is ever among them.
    """

    def __init__(self, database: Database, *, most_bytes: int = MOST_BYTES, soon: int = SOON) -> None:
        self._database = database
        self._most_bytes = most_bytes
        self._soon = soon
        self._kept: OrderedDict[UUID, Library] = OrderedDict()

    async def of(self, session: AsyncSession, user_id: UUID) -> Loaded | None:
        """The user's library as it is now; nothing as long as it is still being read."""
        library = self._kept.setdefault(user_id, Library())
        self._kept.move_to_end(user_id)
        now = await version(session, user_id)
        if library.loaded is not None and library.loaded.columns.version != now:
            async with library.lock:
                if library.loaded is not None and library.loaded.columns.version != now:
                    async with self._database.begin() as own:
                        library.loaded = await renewed(own, user_id, library.loaded)
        if library.loaded is None:
            await self._begin(session, user_id, library)
        return library.loaded

    async def close(self) -> None:
        """End what is being read."""
        for library in self._kept.values():
            if library.loading is not None:
                library.loading.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await library.loading

    async def _begin(self, session: AsyncSession, user_id: UUID, library: Library) -> None:
        if library.loading is None or library.loading.done():
            library.loading = asyncio.create_task(self._load(user_id, library))
            library.loading.add_done_callback(_tell)
        if await _is_small(session, user_id, self._soon):
            await asyncio.wait([library.loading])

    async def _load(self, user_id: UUID, library: Library) -> None:
        async with self._database.moment() as session:
            library.loaded = await load(session, user_id)
        self._make_room()
        await asyncio.to_thread(settle)

    def _make_room(self) -> None:
        while len(self._kept) > 1 and sum(one.size_bytes for one in self._kept.values()) > self._most_bytes:
            self._kept.popitem(last=False)


def _tell(loading: asyncio.Task[None]) -> None:
    """Log why a library could not be read; the database answers as well, only later."""
    if not loading.cancelled() and (error := loading.exception()) is not None:
        logger("search").error("the library could not be read into memory", exc_info=error)


async def _is_small(session: AsyncSession, user_id: UUID, most: int) -> bool:
    some = select(literal(1)).select_from(Post).where(Post.user_id == user_id).offset(most).limit(1)
    return (await session.execute(some)).first() is None
