"""Libraries to back up, and how they are looked at from outside."""

from typing import Any

import asyncpg
from makers import make_library

from sovia.account.service import LOCAL_USER
from sovia.kit import jobs
from sovia.kit.db import Database
from sovia.library.service import versions
from sovia.ops.backups import servers

STACKS = 40


async def filled(url: str) -> None:
    """Put posts into a new database, and a job that never ends."""
    database = Database(url)
    async with database.begin() as session:
        await make_library(session, LOCAL_USER, STACKS)
        await versions.touch(session, LOCAL_USER)
        await jobs.enqueue(session, "library.look_for_files", user_id=LOCAL_USER, title="Waiting")
    await database.dispose()


async def run(url: str, statement: str, *given: Any) -> list[asyncpg.Record]:
    """One statement in the database at the URL."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return list(await connection.fetch(statement, *given))
    finally:
        await connection.close()


async def posts(url: str) -> list[dict[str, Any]]:
    """Every post, whole."""
    return [dict(row) for row in await run(url, "select * from posts order by id")]


async def databases(url: str) -> set[str]:
    """The names of the databases that belong to this one, without its own beginning."""
    own = servers.name_of(url)
    rows = await run(url, "select datname from pg_database where datname like $1 || '%'", own)
    return {row["datname"].removeprefix(own) for row in rows}
