"""What the importer's tests share."""

from pathlib import Path
from uuid import UUID

import pytest

from sovia import worker
from sovia.account.service import LOCAL_USER
from sovia.kit.settings import Settings


@pytest.fixture
def me() -> UUID:
    """The local user, who is in every database of the tests."""
    return LOCAL_USER


@pytest.fixture
def one_home(home: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the installation, for the app and its jobs alike."""
    monkeypatch.setattr("sovia.kit.settings.current", lambda: settings)
    assert worker.ROOMS
    return home
