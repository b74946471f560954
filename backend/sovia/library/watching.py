"""The watched media folders: now and then a look whether something new lies there, cheap where nothing changed."""

import asyncio
import time

import asyncpg
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from sovia.kit.db import Database
from sovia.kit.log import logger
from sovia.kit.settings import Settings
from sovia.library.models import LibraryVersion
from sovia.library.scanning import Scan
from sovia.library.service import filing, rooting

# The next look waits so many times as long as the last one took, so that large libraries are mostly left alone.
REST = 40.0
# Several workers may watch; one at a time looks.
TURN = text("SELECT pg_try_advisory_xact_lock(hashtextextended('sovia.watch_media_folders', 0))")
log = logger("watching")


class Watch:
    """Looks at the media folders and wants files looked for when something changed."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings

    async def forever(self) -> None:
        """Look again and again; a look that fails is made up for by the next one."""
        while True:
            began = time.monotonic()
            await asyncio.sleep(self._settings.watch_media_seconds)
            try:
                began = time.monotonic()
                await self.look()
            except (SQLAlchemyError, asyncpg.PostgresError, OSError) as error:
                log.warning("media folders not looked at", error=type(error).__name__)
            await asyncio.sleep(REST * (time.monotonic() - began))

    async def look(self) -> bool:
        """Scan once; whether something changed, which is then looked for."""
        async with self._database.begin() as turn:
            if not await turn.scalar(TURN):
                return False
            async with self._database.begin() as session:
                roots = await rooting.take_stock(session, self._settings)
            scans = [Scan(self._database, root) for root in roots if not root.is_away]
            for scan in scans:
                await scan.run()
        if not any(scan.changed for scan in scans):
            return False
        async with self._database.begin() as session:
            # Who has no library has no files to look for.
            for user_id in await session.scalars(select(LibraryVersion.user_id)):
                await filing.look_soon(session, user_id)
        return True
