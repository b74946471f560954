"""Databases of tests: made from a template, put back after a test, or one transaction that is rolled back."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from sovia.account.service import local_user
from sovia.kit.db import Database

TEMPLATE = "template_of_tests"
# Nobody needs a test's data after a power cut; waiting for the disk is what making and dropping databases costs.
CARELESS = (
    "alter system set fsync = off",
    "alter system set full_page_writes = off",
    "alter system set synchronous_commit = off",
    "select pg_reload_conf()",
)
# Deletes everything and puts back what the migrations had left; cheaper than truncating, since most tables are empty.
PUT_BACK = """
do $$
declare name text;
begin
  set local session_replication_role = replica;
  for name in select tablename from pg_tables where schemaname = 'public' loop
    execute format('delete from public.%I', name);
  end loop;
  for name in select tablename from pg_tables where schemaname = 'baseline' loop
    execute format('insert into public.%I select * from baseline.%I', name, name);
  end loop;
  delete from post_changes;
end $$
"""
REMEMBER = """
do $$
declare name text; filled boolean;
begin
  create schema baseline;
  for name in select tablename from pg_tables where schemaname = 'public' loop
    execute format('select exists (select from public.%I)', name) into filled;
    if filled then execute format('create table baseline.%I as table public.%I', name, name); end if;
  end loop;
end $$
"""


async def run_sql(url: str, *statements: str) -> None:
    """Run statements outside any transaction."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def add_local_user(url: str) -> None:
    """What a server does when it starts."""
    database = Database(url)
    async with database.begin() as session:
        await local_user(session)
    await database.dispose()


def copied(name: str) -> str:
    """The statement that makes a database from the template: copying its files takes an eighth of writing a log."""
    return f"create database {name} template {TEMPLATE} strategy file_copy"


def at(url: str, name: str) -> str:
    """The same server, another database."""
    return url.replace("@/sovia?", f"@/{name}?")


def joined(connection: AsyncConnection) -> AsyncSession:
    """A session that lives inside the connection's transaction; its own commit releases a savepoint."""
    return AsyncSession(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")


class OneTransaction(Database):
    """A database whose every session lives in one connection's transaction."""

    def __init__(self, url: str, connection: AsyncConnection) -> None:
        super().__init__(url)
        self._connection = connection

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:  # type: ignore[override]
        async with joined(self._connection) as session, session.begin():
            yield session

    def lazily(self) -> AbstractAsyncContextManager[AsyncSession]:  # type: ignore[override]
        return self.begin()

    def moment(self) -> AbstractAsyncContextManager[AsyncSession]:  # type: ignore[override]
        return self.begin()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[asyncpg.Connection]:
        raw = await self._connection.get_raw_connection()
        yield raw.driver_connection  # type: ignore[misc]
