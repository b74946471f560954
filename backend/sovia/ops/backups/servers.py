"""Databases of a server by their names: connected to, made, dropped, and swapped while others want to use them."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import asyncpg
from sqlalchemy.engine import make_url

from sovia.kit.db import with_driver
from sovia.kit.dispatch import connect
from sovia.ops.backups.errors import RestoreFailed
from sovia.ops.backups.programs import at_database

MAINTENANCE = ("postgres", "template1")
LONGEST_NAME = 63
SEND_AWAY = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ANY($1::text[])"
SEND_AWAY_EVERY_SECONDS = 0.05


def name_of(url: str) -> str:
    """The name of the URL's database."""
    return make_url(with_driver(url)).database or ""


def beside(url: str, purpose: str) -> str:
    """The name of a database beside the URL's own; the same each time, so that one left behind is found again."""
    name = f"{name_of(url)}_{purpose}"
    if len(name.encode()) <= LONGEST_NAME:
        return name
    return f"{hashlib.sha256(name.encode()).hexdigest()[:20]}_{purpose}"


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection of its own to the URL's database."""
    connection = await connect(with_driver(url))
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def in_charge(url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to the server, beside the database itself."""
    for name in MAINTENANCE:
        with suppress(asyncpg.PostgresError, OSError):
            connection = await connect(with_driver(at_database(url, name)))
            break
    else:
        raise RestoreFailed("The database server lets this user neither into postgres nor into template1.")
    try:
        yield connection
    finally:
        await connection.close()


async def exists(url: str, name: str) -> bool:
    """Whether the server has a database of this name."""
    async with in_charge(url) as server:
        return bool(await server.fetchval("SELECT true FROM pg_database WHERE datname = $1", name))


async def make_empty(url: str, name: str) -> str:
    """A new, empty database in the place of one that may have been left behind; its URL."""
    async with in_charge(url) as server:
        await server.execute(f"DROP DATABASE IF EXISTS {quoted(name)} WITH (FORCE)")
        await server.execute(f"CREATE DATABASE {quoted(name)} TEMPLATE template0")
    return at_database(url, name)


async def drop(url: str, *names: str) -> None:
    """Drop databases that may be there, whoever is connected to them."""
    async with in_charge(url) as server:
        for name in names:
            await server.execute(f"DROP DATABASE IF EXISTS {quoted(name)} WITH (FORCE)")


async def rename(url: str, *pairs: tuple[str, str]) -> None:
    """Rename databases, all or none, while others use them.

    Renaming locks the database's name first, so that nobody new comes in until the end of the transaction, and then
    waits for those who are in: they are sent away meanwhile.
    """
    async with in_charge(url) as server, in_charge(url) as bouncer:
        sending = asyncio.create_task(_send_away(bouncer, [old for old, _ in pairs]))  # noqa: RUF006 - ended below
        try:
            async with server.transaction():
                for old, new in pairs:
                    await server.execute(f"ALTER DATABASE {quoted(old)} RENAME TO {quoted(new)}")
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)


async def _send_away(bouncer: asyncpg.Connection, names: list[str]) -> None:
    while True:
        await bouncer.fetch(SEND_AWAY, names)
        await asyncio.sleep(SEND_AWAY_EVERY_SECONDS)


def quoted(name: str) -> str:
    """A name as SQL has it."""
    return '"' + name.replace('"', '""') + '"'
