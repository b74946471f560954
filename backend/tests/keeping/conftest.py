"""Fixtures of the keeping tests: a library with files that were looked into."""

import pytest
from keeping.damage import Keep
from shelves import Shelf

from sovia.account.service import local_user
from sovia.keeping import tasks as keeping_tasks
from sovia.keeping.exporting import tasks as exporting_tasks
from sovia.kit import settings as settings_of_process
from sovia.kit.db import Database
from sovia.kit.settings import Settings
from sovia.library import tasks as library_tasks


@pytest.fixture
async def keep(database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Keep:
    """An empty library whose jobs run with its settings."""
    monkeypatch.setattr(settings_of_process, "current", lambda: settings)
    assert library_tasks.look_for_files
    assert keeping_tasks.prove_files
    assert exporting_tasks.export_zip
    async with database.begin() as session:
        return Keep(Shelf(database, settings.home, await local_user(session)))
