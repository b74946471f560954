"""Taking turns across processes and machines: one does the work, one waits for it, the others need not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from sovia.kit.db import Database
from sovia.kit.dispatch import connect

PAUSE_SECONDS = 0.25
TAKE = "SELECT pg_try_advisory_lock(hashtextextended($1, 0))"
GIVE_BACK = "SELECT pg_advisory_unlock(hashtextextended($1, 0))"


@asynccontextmanager
async def turn(database: Database, name: str) -> AsyncIterator[bool]:
    """True when it is our turn at the work of this name: then nobody else is at it until the block ends.

    Waits while another is at it. False, at once, when one more waits already: it will find whatever we could find,
    since it has not begun. A turn ends with its process, however that ends.
    """
    connection = await connect(database.url)
    try:
        yield await _take(connection, name)
    finally:
        await connection.close()


async def _take(connection: asyncpg.Connection, name: str) -> bool:
    if await connection.fetchval(TAKE, name):
        return True
    if not await connection.fetchval(TAKE, f"{name}/next"):
        return False
    while not await connection.fetchval(TAKE, name):  # noqa: ASYNC110 - the other may be on another machine
        await asyncio.sleep(PAUSE_SECONDS)
    await connection.execute(GIVE_BACK, f"{name}/next")
    return True
