"""A library with a mirror: a folder, or a bucket of a real S3 server on this machine."""

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from keeping.damage import Keep
from keeping.mirroring.mirrors import Mirrored
from servers import answering
from shelves import Shelf

from sovia.account.service import local_user
from sovia.keeping import tasks as keeping_tasks
from sovia.keeping.mirroring import tasks as mirroring_tasks
from sovia.kit import settings as settings_of_process
from sovia.kit.db import Database
from sovia.kit.settings import Settings
from sovia.library import tasks as library_tasks

NUMBERS = count()


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The address of an S3 server, in a process of its own."""
    argv = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]
    environment = {**os.environ, "PYTHONWARNINGS": ""}
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
    with answering(process) as url:
        yield url


@pytest.fixture
def bucket(s3: str) -> str:
    """The address of a new bucket."""
    address = f"{s3}/media-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}-{next(NUMBERS)}"
    urllib.request.urlopen(urllib.request.Request(address, method="PUT")).read()
    return address


@pytest.fixture(params=["folder", "bucket"])
def mirror_settings(request: pytest.FixtureRequest, tmp_path: Path, settings: Settings) -> Settings:
    """Settings that name a mirror of each kind."""
    if request.param == "folder":
        (tmp_path / "other disk").mkdir()
        return settings.model_copy(update={"mirror_folder": tmp_path / "other disk", "mirror_mb_per_second": 0})
    server, _, name = request.getfixturevalue("bucket").rpartition("/")
    return with_bucket(settings, server, name)


def with_bucket(settings: Settings, server: str, name: str) -> Settings:
    """The settings with a mirror in a bucket."""
    given: dict[str, Any] = {
        "SOVIA_HOME": settings.home,
        "DATABASE_URL": settings.database_url,
        "SOVIA_MIRROR_BUCKET": name,
        "SOVIA_MIRROR_PREFIX": "my/library",
        "SOVIA_MIRROR_ENDPOINT": server,
        "SOVIA_MIRROR_ACCESS_KEY": "AKIAOPENSESAME",
        "SOVIA_MIRROR_SECRET_KEY": "very-secret-indeed",
        "SOVIA_MIRROR_MB_PER_SECOND": 0,
    }
    return Settings.model_validate(given)


@pytest.fixture
async def mirrored(database: Database, mirror_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Mirrored:
    """An empty library with an empty mirror, whose jobs run with those settings."""
    assert library_tasks.look_for_files
    assert keeping_tasks.prove_files
    assert mirroring_tasks.mirror_files
    async with database.begin() as session:
        keep = Keep(Shelf(database, mirror_settings.home, await local_user(session)))
    found = Mirrored(keep, mirror_settings)
    monkeypatch.setattr(settings_of_process, "current", lambda: found.settings)
    return found
