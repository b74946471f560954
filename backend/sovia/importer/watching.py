"""The watched import folder: what was put there and has stood still for a while is taken in, then put aside."""

import asyncio
from contextlib import suppress
from pathlib import Path

import asyncpg
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.account.service import local_user
from sovia.importer import folders, steering
from sovia.importer.errors import FolderNotFound
from sovia.importer.folders import Entry
from sovia.importer.models import Import
from sovia.kit.db import Database
from sovia.kit.log import logger

LOOK_EVERY_SECONDS = 5.0
# Several workers may watch one folder; one at a time looks at it.
TURN = text("SELECT pg_try_advisory_xact_lock(hashtextextended('sovia.watch_import_folder', 0))")
log = logger("watching")


class Watch:
    """Remembers how each entry of the folder looked the last time."""

    def __init__(self, database: Database, import_root: Path) -> None:
        self._database = database
        self._root = import_root
        self._seen: dict[str, Entry] = {}

    async def forever(self) -> None:
        """Look again and again; a look that fails is made up for by the next one."""
        while True:
            try:
                await self.look()
            except (SQLAlchemyError, asyncpg.PostgresError, OSError) as error:
                log.warning("import folder not looked at", error=type(error).__name__)
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def look(self) -> list[str]:
        """Want imports of what has not changed since the last look; their names."""
        await asyncio.to_thread(self._root.mkdir, parents=True, exist_ok=True)
        now = {one.name: one for one in await asyncio.to_thread(folders.entries, self._root)}
        still = [one for name, one in now.items() if self._seen.get(name) == one]
        self._seen = now
        async with self._database.begin() as session:
            if not await session.scalar(TURN):
                return []
            await self._put_aside(session)
            return [one.name for one in still if await self._want(session, one)]

    async def _want(self, session: AsyncSession, entry: Entry) -> bool:
        """Want an import, unless there was one of exactly this before, whatever became of it."""
        user_id = await local_user(session)
        mark = [{"watched": entry.name, "mtime_ns": entry.mtime_ns, "size_of_all": entry.size}]
        before = select(func.count()).where(Import.user_id == user_id, Import.origin == "watch")
        if await session.scalar(before.where(Import.files.contains(mark))):
            return False
        try:
            files = await asyncio.to_thread(folders.wanted, self._root, entry.name)
        except FolderNotFound:
            return False
        await steering.start_import(session, user_id, [{**one, **mark[0]} for one in files], origin="watch")
        return True

    async def _put_aside(self, session: AsyncSession) -> None:
        """Move what was imported out of the way."""
        query = select(Import).where(Import.origin == "watch", Import.state.in_(("succeeded", "partial")))
        query = query.where(~Import.files.contains([{"put_aside": True}])).limit(100)
        for found in await session.scalars(query):
            name = next((one["watched"] for one in found.files if "watched" in one), None)
            if name is not None and self._is_the_same(name, found):
                with suppress(OSError):
                    await asyncio.to_thread(folders.move_to_done, self._root, name)
                self._seen.pop(name, None)
            found.files = [{**one, "put_aside": True} for one in found.files]

    def _is_the_same(self, name: str, found: Import) -> bool:
        """Whether nobody has put something else there under this name meanwhile."""
        entry = self._seen.get(name)
        one = found.files[0]
        return entry is not None and (entry.mtime_ns, entry.size) == (one["mtime_ns"], one["size_of_all"])
