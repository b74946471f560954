"""Data of an earlier major version of PostgreSQL come along, by real programs of both; nothing is lost on the way."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import add_local_user
from ops.backups.libraries import filled, posts, run
from ops_processes import running, wait_for

from sovia.ops import binaries, cluster, keeper, migrate, upgrading
from sovia.ops.backups import places
from sovia.ops.binaries import Binaries
from sovia.ops.cluster import Cluster
from sovia.ops.errors import DatabaseDidNotStart
from sovia.ops.postgres import Lease
from sovia.ops.upgrading import Upgrade

BACKEND = Path(__file__).resolve().parents[2]
OLD, NEW = 17, 18


def programs(major: int) -> Binaries:
    """The programs of a major version."""
    found = binaries.of_major(major, Path("/nowhere"))
    assert found is not None, f"PostgreSQL {major} is among the packages of the tests"
    return found


@pytest.fixture(scope="session")
def old_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home whose library was made by the earlier version, and does not run."""
    home = Path(tempfile.mkdtemp(prefix="sv-old-", dir="/tmp"))
    found = Cluster(home)
    cluster.make_private(found.root)
    cluster.make(found, programs(OLD), cluster.account_for(programs(OLD)))
    upgrade = Upgrade(found, programs(OLD), programs(NEW), lambda _: None)
    with upgrade.server(programs(OLD), found.data(OLD)) as url:
        migrate.upgrade(url)
        asyncio.run(add_local_user(url))
        asyncio.run(filled(url))
    shutil.rmtree(upgrade.sockets, ignore_errors=True)
    yield home
    shutil.rmtree(home)


@pytest.fixture
def home(old_home: Path) -> Iterator[Path]:
    """A copy of it, which may be broken."""
    found = Path(tempfile.mkdtemp(prefix="sv-", dir="/tmp"))
    shutil.copytree(old_home / ".sovia", found / ".sovia", symlinks=True)
    yield found
    wait_for(lambda: not running(found), seconds=30)
    shutil.rmtree(found)


@pytest.fixture(scope="session")
def rows(old_home: Path) -> list[dict[str, object]]:
    """What is in the library."""
    upgrade = Upgrade(Cluster(old_home), programs(OLD), programs(NEW), lambda _: None)
    with upgrade.server(programs(OLD), Cluster(old_home).data(OLD)) as url:
        found = asyncio.run(posts(url))
    shutil.rmtree(upgrade.sockets, ignore_errors=True)
    return found


def started(home: Path) -> tuple[list[dict[str, object]], str, list[str]]:
    """What is in the library when it is started now, by which server, and what people were told meanwhile."""
    told: list[str] = []
    lease = Lease(home, told.append)
    try:
        version = asyncio.run(run(lease.url, "show server_version_num"))[0][0]
        return asyncio.run(posts(lease.url)), version[:2], told
    finally:
        lease.release()


def test_everything_comes_along(home: Path, rows: list[dict[str, object]], monkeypatch: pytest.MonkeyPatch) -> None:
    there, version, told = started(home)

    assert (there, version) == (rows, "18")
    assert "moves to 18" in told[0]
    assert told[1:] == [
        "A backup is written first",
        "The data are brought over",
        "Everything is counted",
        "The database is one of PostgreSQL 18 now",
    ]
    (backup,) = places.backups(home / "archive")
    assert backup.manifest is not None
    assert (backup.manifest.kind, backup.manifest.postgres) == ("upgrade", OLD)
    # What was there before stays as it was for a while, under another name.
    assert (Cluster(home).before(OLD) / "PG_VERSION").read_text().strip() == str(OLD)
    assert not Cluster(home).upgrading.exists()
    wait_for(lambda: not running(home))
    assert started(home)[1:] == ("18", [])
    monkeypatch.setattr(binaries, "all_here", lambda: iter(()))
    found = binaries.of_major(NEW, Cluster(home).programs)
    assert found is not None
    assert found.source == "kept"


KILLED = """
import os, signal, sys
from sovia.ops import cluster, upgrading
from sovia.ops.upgrading import Upgrade

home, major, name, when = sys.argv[1:]
# The other way is the quicker one for so few rows.
Upgrade.pg_upgrade = lambda self: False
place = cluster if name == "put_aside_older" else Upgrade
real = getattr(place, name)

def dying(*given):
    if when == "after":
        real(*given)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(place, name, dying)
upgrading.main(home, major, "-1")
"""
POINTS = {
    "with a backup": ("write_backup", "after"),
    "brought over, not counted": ("is_whole", "before"),
    "counted, without its name": ("switch", "before"),
    "with its name, the earlier still with its own": ("put_aside_older", "before"),
}


@pytest.mark.parametrize("point", POINTS)
def test_killed_it_begins_anew_or_is_done(
    home: Path, rows: list[dict[str, object]], point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = os.environ | {"PYTHONPATH": str(BACKEND), "SOVIA_HOME": str(home)}
    argv = [sys.executable, "-c", KILLED, str(home), str(OLD), *POINTS[point]]
    assert subprocess.run(argv, env=environment, check=False).returncode == -signal.SIGKILL
    if not Cluster(home).data(NEW).exists():
        monkeypatch.setattr(Upgrade, "pg_upgrade", lambda _self: False)
        assert upgrading.main(str(home), str(OLD), "-1") == 0

    found, version, _ = started(home)

    assert (found, version) == (rows, "18")
    assert not Cluster(home).data(OLD).exists()


def test_servers_that_were_left_behind_are_ended_first(home: Path) -> None:
    found = Cluster(home)
    left = Upgrade(found, programs(OLD), programs(NEW), lambda _: None)
    with left.server(programs(OLD), found.data(OLD)):
        # As one that pg_upgrade started: it uses the data, and its note names it.
        assert list(cluster.processes_in(found.data(OLD)))

        left.clear()

        assert not list(cluster.processes_in(found.data(OLD)))
    shutil.rmtree(left.sockets, ignore_errors=True)


def test_without_pg_upgrade_the_backup_is_restored(
    home: Path, rows: list[dict[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Upgrade, "pg_upgrade", lambda _self: False)
    told: list[str] = []
    upgrade = Upgrade(Cluster(home), programs(OLD), programs(NEW), told.append)

    upgrade.run()

    assert "The backup is restored into it instead" in told
    assert started(home)[:2] == (rows, "18")


def test_what_is_not_whole_never_takes_the_place(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Upgrade, "pg_upgrade", lambda _self: False)
    upgrade = Upgrade(Cluster(home), programs(OLD), programs(NEW), lambda _: None)
    monkeypatch.setattr(upgrade, "is_whole", lambda *_given: False)

    with pytest.raises(DatabaseDidNotStart, match="not everything was there"):
        upgrade.run()

    assert not Cluster(home).data(NEW).exists()
    assert (Cluster(home).data(OLD) / "PG_VERSION").is_file()


def test_without_room_nothing_is_begun(home: Path, monkeypatch: pytest.MonkeyPatch, capfd: object) -> None:
    monkeypatch.setattr(upgrading.disk, "free_bytes", lambda _folder: 1000)
    ours, theirs = os.pipe()

    assert upgrading.main(str(home), str(OLD), str(theirs)) == 1

    os.close(theirs)
    with os.fdopen(ours) as said:
        assert "Make room, then start again; nothing was changed." in said.read()
    assert not Cluster(home).data(NEW).exists()
    assert not (home / "archive").exists()


def test_later_data_are_never_touched(home: Path) -> None:
    Cluster(home).data(OLD).rename(Cluster(home).data(99))
    (Cluster(home).data(99) / "PG_VERSION").write_text("99\n")

    with pytest.raises(DatabaseDidNotStart, match="later than this one, 18"):
        Lease(home)

    assert not Cluster(home).data(NEW).exists()


@pytest.mark.parametrize("major", [OLD, NEW])
def test_programs_that_are_kept_run_from_there(major: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    binaries.keep(programs(major), tmp_path / "programs")
    monkeypatch.setattr(binaries, "all_here", lambda: iter(()))

    found = binaries.of_major(major, tmp_path / "programs")

    assert found is not None
    assert found.source == "kept"
    cluster.initialise(tmp_path / "fresh", found, cluster.account_for(found))
    assert (tmp_path / "fresh" / "PG_VERSION").read_text().strip() == str(major)


def test_the_data_of_before_go_after_a_while(home: Path) -> None:
    aside = Cluster(home).before(OLD)
    aside.mkdir()
    found = keeper.Keeper(Cluster(home))
    found.tidy()
    assert aside.exists()

    os.utime(aside, (0, time.time() - keeper.KEEP_BEFORE_SECONDS - 60))
    found.tidy()

    assert not aside.exists()
