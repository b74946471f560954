"""Fixtures of the library's tests."""

from pathlib import Path

import pytest
from shelves import Shelf

from sovia.account.service import local_user
from sovia.kit import settings as settings_of_process
from sovia.kit.db import Database
from sovia.kit.settings import Settings
from sovia.library import tasks


@pytest.fixture
async def shelf(database: Database, home: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """An empty library in `home`; jobs run with its settings."""
    monkeypatch.setattr(settings_of_process, "current", lambda: settings)
    assert tasks.look_for_files
    async with database.begin() as session:
        return Shelf(database, home, await local_user(session))
