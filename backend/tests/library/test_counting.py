"""The planner knows a library as soon as it came in."""

from makers import make_library
from sqlalchemy import text

from sovia.account.service import local_user
from sovia.kit.db import Database
from sovia.library.service.counting import count_anew

KNOWN = text("SELECT reltuples FROM pg_class WHERE oid = 'posts'::regclass")


async def test_tables_are_counted_once_much_came_in(database: Database) -> None:
    async with database.begin() as session:
        await session.execute(text("ANALYZE posts, files"))
    async with database.begin() as session:
        await make_library(session, await local_user(session), 600)
        assert await count_anew(session) == []
        await session.execute(text("SELECT pg_stat_force_next_flush()"))
    async with database.begin() as session:
        posts = await session.scalar(text("SELECT count(*) FROM posts"))
        assert posts is not None
        assert posts > 1000
        # Unless the database was quicker by chance.
        assert await count_anew(session) in (["posts"], [])
        assert await session.scalar(KNOWN) == posts
        await session.execute(text("SELECT pg_stat_force_next_flush()"))
    async with database.begin() as session:
        assert await count_anew(session) == []
