"""What a restored database needs before it is the library, and whether the library is well."""

import asyncio
import sys

import asyncpg
from sqlalchemy import select

from sovia.account.models import User
from sovia.kit import processes
from sovia.kit.db import Database
from sovia.library.service import filing
from sovia.ops import revisions
from sovia.ops.backups import servers
from sovia.ops.backups.errors import RestoreFailed
from sovia.ops.postgres import PACKAGE_ROOT

MIGRATE_SECONDS = 3600
# What was under way when the backup was made is not gone on with: the files and the world have changed since.
QUIETEN = """
UPDATE jobs SET state = 'cancelled', finished_at = now(), note = 'It was under way when the backup was made.'
WHERE state IN ('queued', 'blocked', 'running', 'waiting')
"""
STOP_IMPORTS = (
    "UPDATE imports SET state = 'cancelled', finished_at = now() WHERE state IN ('queued', 'checking', 'running')"
)
EMPTY_QUEUE = "DELETE FROM pgqueuer"
VERSIONS = "SELECT user_id, version FROM library_versions"
# Galleries and caches know a library by its version: no version may ever mean two things. What was changed between
# this look and the swap is far less than this.
AHEAD = 1_000_000
LATER = "UPDATE library_versions SET version = greatest(version, $1) + $2"


async def has_tables(url: str) -> bool:
    """Whether the database at the URL has a library in it at all."""
    async with servers.connected(url) as connection:
        return bool(await connection.fetchval("SELECT to_regclass('public.alembic_version') IS NOT NULL"))


async def prepare(filled: str, url: str) -> None:
    """Bring a restored database to the tables of this version, end its jobs, and have its files looked for."""
    if not await revisions.is_newest(filled):
        await asyncio.to_thread(_migrate, filled)
    newest = 0
    if await has_tables(url):
        async with servers.connected(url) as connection:
            newest = max((row["version"] for row in await connection.fetch(VERSIONS)), default=0)
    async with servers.connected(filled) as connection, connection.transaction():
        await connection.execute(QUIETEN)
        await connection.execute(STOP_IMPORTS)
        await connection.execute(EMPTY_QUEUE)
        await connection.execute("DELETE FROM workers")
        await connection.execute(LATER, newest, AHEAD)
    database = Database(filled, pool_size=1)
    try:
        async with database.begin() as session:
            users = list(await session.scalars(select(User.id)))
            for user_id in users:
                await filing.look_soon(session, user_id)
    finally:
        await database.dispose()


async def is_well(url: str) -> bool:
    """Whether the database at the URL answers, has the tables of this version, and its library can be read."""
    if not await revisions.is_newest(url):
        return False
    try:
        async with servers.connected(url) as connection:
            await connection.fetch("SELECT id, prompt, raw FROM posts ORDER BY created_at DESC NULLS LAST LIMIT 10")
            await connection.fetch("SELECT post_id, state FROM files LIMIT 10")
            return bool(await connection.fetchval("SELECT count(*) > 0 FROM users"))
    except (asyncpg.PostgresError, OSError):
        return False


def _migrate(url: str) -> None:
    """In a process of its own: migrations have a loop, and need memory that is then given back."""
    environment = {"DATABASE_URL": url, "PYTHONPATH": str(PACKAGE_ROOT)}
    argv = [sys.executable, "-m", "sovia.ops.migrate"]
    code, said = processes.run(argv, environment=environment, seconds=MIGRATE_SECONDS)
    if code != 0:
        last = said.strip().splitlines()[-1:] or ["no reason given"]
        raise RestoreFailed(f"The backup could not be brought up to this version: {last[0][:200]}")
