"""Fixtures for what runs as processes of its own."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ops_processes import User, running, wait_for

from sovia.ops.cluster import Cluster
from sovia.ops.postgres import Lease


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a database that was made and stopped: copying it costs less than making one."""
    home = tmp_path_factory.mktemp("made")
    lease = Lease(home)
    lease.release()
    wait_for(lambda: not running(home))
    return Cluster(home).data(18)


@pytest.fixture
def empty_home() -> Iterator[Path]:
    """A home whose path is short enough for a socket; what runs in it ends before it is removed."""
    home = Path(tempfile.mkdtemp(prefix="sv-", dir="/tmp"))
    yield home
    wait_for(lambda: not running(home), seconds=20)
    shutil.rmtree(Cluster(home).sockets, ignore_errors=True)
    shutil.rmtree(home)


@pytest.fixture
def short_home(empty_home: Path, made_once: Path) -> Path:
    """A home with a database that does not run."""
    Cluster(empty_home).root.mkdir(parents=True, mode=0o700)
    shutil.copytree(made_once, Cluster(empty_home).data(18), symlinks=True)
    return empty_home


@pytest.fixture
def user_of(short_home: Path) -> Iterator[Callable[[], User]]:
    """Start processes that use the database of `short_home`."""
    users: list[User] = []

    def start() -> User:
        users.append(User(short_home))
        return users[-1]

    yield start
    for user in users:
        user.end()
