"""A library in a database of its own, which tests may swap, drop and break."""

import asyncio
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from databases import at, copied, run_sql
from ops.backups.libraries import filled

from sovia.kit.settings import Settings

NUMBERS = count()
LEFT = ("", "_proof", "_restoring", "_before", "_unwell")


@pytest.fixture
def url(cluster_url: str, database_url: str, worker_id: str) -> Iterator[str]:
    """The URL of a database with a small library in it."""
    name = f"kept_{worker_id}_{next(NUMBERS)}"
    asyncio.run(run_sql(cluster_url, copied(name)))
    asyncio.run(filled(at(cluster_url, name)))
    yield at(cluster_url, name)
    asyncio.run(run_sql(cluster_url, *(f"drop database if exists {name}{end} with (force)" for end in LEFT)))


@pytest.fixture
def own(home: Path, url: str) -> Settings:
    """Settings of an installation with that database."""
    return Settings.model_validate({"SOVIA_HOME": home, "DATABASE_URL": url})
