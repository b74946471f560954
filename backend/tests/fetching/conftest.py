"""Fixtures of tests that bring files home."""

from pathlib import Path

import pytest
from fetching.hostile_server import Server
from shelves import Shelf

from sovia.account.service import local_user
from sovia.fetching import models
from sovia.fetching import tasks as fetching_tasks
from sovia.kit import settings as settings_of_process
from sovia.kit.db import Database
from sovia.kit.settings import Settings
from sovia.library import tasks as library_tasks


@pytest.fixture
async def shelf(
    database: Database, home: Path, settings: Settings, server: Server, monkeypatch: pytest.MonkeyPatch
) -> Shelf:
    """An empty library in `home` whose files are asked of the server; jobs run with its settings, at no pace."""
    found = settings.model_copy(update={"fetch_stand_in": server.place})
    monkeypatch.setattr(settings_of_process, "current", lambda: found)
    assert fetching_tasks.fetch_files
    assert library_tasks.look_for_files
    async with database.begin() as session:
        user_id = await local_user(session)
        session.add(models.FetchSettings(user_id=user_id, per_second=0))
    return Shelf(database, home, user_id)
