"""Fixtures of the index: an installation whose jobs and app share one home, and jobs run on the spot."""

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from sovia.account.service import LOCAL_USER
from sovia.kit.db import Database
from sovia.kit.jobs import Handler, JobContext
from sovia.kit.settings import Settings, current
from sovia.similarity import tasks

Run = Callable[..., Awaitable[dict | None]]


@pytest.fixture
def own_home(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The app's home is also that of the jobs in this process."""
    monkeypatch.setenv("SOVIA_HOME", str(settings.home))
    current.cache_clear()
    yield settings.home
    monkeypatch.undo()
    current.cache_clear()


@pytest.fixture
def run(database: Database, own_home: Path) -> Run:
    """Run a job's handler here and now."""

    async def run_job(handler: Handler = tasks.catch_up, user_id: UUID = LOCAL_USER) -> dict | None:
        return await handler(JobContext(uuid4(), user_id, {}, database))

    return run_job
