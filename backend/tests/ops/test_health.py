"""What the server says of itself and its neighbours, and how soon."""

import asyncio
from datetime import datetime, timedelta
from uuid import uuid4

import httpx
from conftest import client_of

from sovia.app import create_app
from sovia.kit import clock
from sovia.kit.db import Database
from sovia.kit.jobs import Worker
from sovia.kit.settings import Settings

NOBODY_THERE = "127.0.0.1:1"
# Three seconds are promised; a busy machine may add some.
SOON = 12


async def asked(client: httpx.AsyncClient) -> tuple[int, dict[str, str]]:
    async with asyncio.timeout(SOON):
        answer = await client.get("/health")
    return answer.status_code, answer.json()


async def test_a_cache_that_is_away_only_slows_the_library(settings: Settings, database: Database) -> None:
    """S053."""
    async with database.begin() as session:
        session.add(Worker(id=uuid4(), name="here", seen_at=clock.now()))
    app = create_app(settings.model_copy(update={"redis_url": f"redis://{NOBODY_THERE}"}))
    async with app.router.lifespan_context(app), client_of(app) as client:
        status, said = await asked(client)

    assert (status, said["status"], said["database"], said["redis"]) == (200, "degraded", "ok", "away")
    assert abs(datetime.fromisoformat(said["timestamp"]) - clock.now()) < timedelta(minutes=5)


async def test_a_database_that_is_away_is_said_soon(settings: Settings, database: Database) -> None:
    """S053."""
    app = create_app(settings)
    async with app.router.lifespan_context(app), client_of(app) as client:
        app.state.database = Database(f"postgresql://nobody@{NOBODY_THERE}/nothing")
        status, said = await asked(client)
        await app.state.database.dispose()

    assert (status, said["status"], said["database"]) == (503, "unwell", "away")
