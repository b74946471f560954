"""Migrations lead to the tables that the models describe, go back one step, and can run from many sides at once."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import asyncpg
import pytest
from alembic import command

from sovia.ops import migrate, revisions

NUMBERS = count()


async def run_sql(url: str, statement: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return await connection.fetch(statement)
    finally:
        await connection.close()


@pytest.fixture
def empty_database(cluster_url: str, worker_id: str) -> Iterator[str]:
    """A database without any table."""
    name = f"empty_{worker_id}_{next(NUMBERS)}"
    asyncio.run(run_sql(cluster_url, f"create database {name}"))
    yield cluster_url.replace("@/sovia?", f"@/{name}?")
    asyncio.run(run_sql(cluster_url, f"drop database {name} with (force)"))


def tables(url: str) -> set[str]:
    found = asyncio.run(run_sql(url, "select tablename from pg_tables where schemaname = 'public'"))
    return {row["tablename"] for row in found}


def indexes(url: str) -> set[str]:
    found = asyncio.run(run_sql(url, "select indexdef from pg_indexes where schemaname = 'public'"))
    return {row["indexdef"] for row in found}


def test_migrations_lead_to_the_tables_of_the_models(empty_database: str) -> None:
    migrate.upgrade(empty_database)

    # Raises when autogenerate would write anything.
    command.check(migrate.configuration(empty_database))


def test_newest_migration_goes_back_and_forth(empty_database: str) -> None:
    migrate.upgrade(empty_database)
    before = tables(empty_database) | indexes(empty_database)

    command.downgrade(migrate.configuration(empty_database), "-1")
    between = tables(empty_database) | indexes(empty_database)
    migrate.upgrade(empty_database)

    assert between != before
    assert tables(empty_database) | indexes(empty_database) == before
    command.check(migrate.configuration(empty_database))


def test_going_all_the_way_back_leaves_nothing(empty_database: str) -> None:
    migrate.upgrade(empty_database)

    command.downgrade(migrate.configuration(empty_database), "base")

    assert tables(empty_database) == {"alembic_version"}


def test_many_processes_may_migrate_at_once(empty_database: str, processes_of: Callable[[str], int]) -> None:
    with ThreadPoolExecutor() as pool:
        codes = set(pool.map(processes_of, [empty_database] * 3))

    assert codes == {0}
    assert "posts" in tables(empty_database)


@pytest.fixture
def processes_of() -> Callable[[str], int]:
    """Migrate a database in a process of its own; its exit code."""

    def start(url: str) -> int:
        program = [sys.executable, "-m", "sovia.ops.migrate"]
        known = {**os.environ, "PYTHONPATH": str(migrate.ROOT / "backend"), "DATABASE_URL": url}
        return subprocess.run(program, env=known, check=False).returncode

    return start


async def test_database_is_known_to_be_the_newest_only_when_it_is(cluster_url: str, database_url: str) -> None:
    assert await revisions.is_newest(database_url)
    # The cluster's own database was never migrated; the last one is not there at all.
    assert not await revisions.is_newest(cluster_url)
    assert not await revisions.is_newest(cluster_url.replace("@/sovia?", "@/nothing_here?"))
