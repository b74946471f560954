"""Runs migrations on the database that the settings name, one process at a time."""

import asyncio

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from sovia import tables
from sovia.kit import db, settings
from sovia.ops import postgres

# Any number, the same in every process of the product.
ADVISORY_LOCK = 88_001


def wanted_url() -> str:
    """The URL the caller gave, else the settings' one, else the embedded database, started if need be."""
    given = context.config.attributes.get("url") or settings.current().database_url
    return db.with_driver(str(given)) if given else postgres.ensure(settings.current().home)


def ours(_object: object, name: str | None, kind: str, reflected: bool, _compared: object) -> bool:
    """Leave the job dispatcher's own tables out of comparisons."""
    return not (kind == "table" and reflected and (name or "").startswith("pgqueuer"))


def migrate(connection: Connection) -> None:
    """Run what was asked for in one transaction; a second process waits, then finds nothing to do."""
    context.configure(connection=connection, target_metadata=tables.Base.metadata, include_object=ours)
    with context.begin_transaction():
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        context.run_migrations()


async def main() -> None:
    """Connect and migrate."""
    engine = create_async_engine(wanted_url(), poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


if context.is_offline_mode():
    context.configure(url=wanted_url(), target_metadata=tables.Base.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    asyncio.run(main())
