"""The database: engine, base class, and the only place that commits."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

import asyncpg
import orjson
from fastapi import Depends, Request
from sqlalchemy import DateTime, MetaData, Uuid, event, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import AdaptedConnection, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import UserDefinedType

from sovia.kit.wordsets import pack_words, unpack_words

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

ONE_MOMENT = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


READERS_SETTINGS = {
    "jit": "off",
    "application_name": "sovia reading",
    "timezone": "UTC",
    # Each of their statements has one good plan, and making it anew takes half as long as running it.
    "plan_cache_mode": "force_generic_plan",
}


class WordSet(UserDefinedType[list[str]]):
    """A set of words as PostgreSQL's `tsvector` without positions: searched by whole words, whatever their script."""

    cache_ok = True

    def get_col_spec(self, **_options: object) -> str:
        """The column's type."""
        return "TSVECTOR"


class Base(DeclarativeBase):
    """Every table's base: aware times, native UUIDs, JSONB, predictable constraint names."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        UUID: Uuid(),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
    }


class Database:
    """One engine and its sessions, for a process.

    `url` is any PostgreSQL URL; `postgresql://` is read as `postgresql+asyncpg://`.
    """

    def __init__(self, url: str, *, pool_size: int = 20, max_overflow: int = 40) -> None:
        self.url = with_driver(url)
        self.engine: AsyncEngine = create_async_engine(
            self.url,
            pool_size=pool_size,
            max_overflow=max_overflow,
            pool_pre_ping=True,
            # Errors are logged, and what was sent may be a prompt.
            hide_parameters=True,
            json_serializer=lambda value: orjson.dumps(value).decode(),
            json_deserializer=orjson.loads,
            connect_args={"server_settings": {"jit": "off", "application_name": "sovia", "timezone": "UTC"}},
        )
        event.listen(self.engine.sync_engine, "connect", _teach_words)
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)
        self._readers: asyncpg.Pool | None = None
        self._opening = asyncio.Lock()

    def begin(self) -> AbstractAsyncContextManager[AsyncSession]:
        """A session whose transaction commits at the end of the block and rolls back on any error."""
        return self._sessions.begin()

    @asynccontextmanager
    async def lazily(self) -> AsyncIterator[AsyncSession]:
        """As `begin`, but nothing begins before the first statement, so that one that is not used costs nothing."""
        session = self._sessions()
        try:
            yield session
            if session.in_transaction():
                await session.commit()
        finally:
            if session.in_transaction():
                # Whoever breaks off the request must not break off the rollback.
                await asyncio.shield(session.close())

    @asynccontextmanager
    async def moment(self) -> AsyncIterator[AsyncSession]:
        """A session that sees the database as it was at one moment, however many SELECTs it makes."""
        async with self._sessions.begin() as session:
            await session.execute(ONE_MOMENT)
            yield session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[asyncpg.Connection]:
        """A driver's connection for hot lists: no session, no transaction, so each statement sees what is committed.

        Only for SELECTs; where several must agree, use `begin`.
        """
        if self._readers is None:
            async with self._opening:
                self._readers = self._readers or await open_readers(self.url)
        async with self._readers.acquire() as connection:
            yield connection

    async def dispose(self) -> None:
        """Close every connection."""
        if self._readers is not None:
            await self._readers.close()
            self._readers = None
        await self.engine.dispose()


def _teach_words(connection: AdaptedConnection, _record: object) -> None:
    codec = {"encoder": pack_words, "decoder": unpack_words, "schema": "pg_catalog", "format": "binary"}
    connection.run_async(lambda driver: driver.set_type_codec("tsvector", **codec))


async def open_readers(url: str) -> asyncpg.Pool:
    """A small pool of bare connections that are not reset after use, since they only read."""
    parts = make_url(url)

    async def keep(_connection: asyncpg.Connection) -> None:
        return None

    return await asyncpg.create_pool(
        host=parts.query.get("host", parts.host),
        port=parts.port,
        user=parts.username,
        password=parts.password,
        database=parts.database,
        min_size=1,
        max_size=10,
        reset=keep,
        server_settings=READERS_SETTINGS,
    )


def with_driver(url: str) -> str:
    """The same URL, naming asyncpg as the driver."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+asyncpg://" + url[len(prefix) :]
    return url


async def unit_of_work(request: Request) -> AsyncIterator[AsyncSession]:
    """One request, one transaction: committed before the answer leaves."""
    database: Database = request.app.state.database
    async with database.lazily() as session:
        yield session


# Without scope="function" FastAPI would commit after the answer has left, so that a client could miss its own write.
Session = Annotated[AsyncSession, Depends(unit_of_work, scope="function")]


async def asyncpg_connection(session: AsyncSession) -> asyncpg.Connection:
    """The driver's own connection, inside the session's open transaction, for COPY and hot queries.

    Nothing may be committed or rolled back through it.
    """
    connection = await session.connection()
    raw = await connection.get_raw_connection()
    driver = raw.driver_connection
    assert isinstance(driver, asyncpg.Connection)
    if not driver.is_in_transaction():
        # SQLAlchemy's adapter opens the transaction with the first statement only.
        await connection.exec_driver_sql("SELECT 1")
    return driver
