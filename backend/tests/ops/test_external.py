"""With DATABASE_URL the product uses that server, over the network and with a password, and starts none of its own."""

import asyncio
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from alembic import command
from ops_processes import BACKEND, wait_for

from sovia.kit import processes
from sovia.ops import binaries, cluster, migrate
from sovia.ops.binaries import Binaries

SYSTEM = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
SERVERS = [binaries.find(), *(Binaries(path.parent, "system") for path in SYSTEM)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(params=SERVERS, ids=lambda server: f"{server.source}-{server.major}".replace(" ", "-"))
def server_url(request: pytest.FixtureRequest, empty_home: Path) -> Iterator[str]:
    """A server that listens on the network and asks for a password, run by none of our code for the embedded one."""
    programs: Binaries = request.param
    as_nobody = cluster.account_for(programs).as_nobody
    data, secret, port = empty_home / "data", empty_home / "secret", free_port()
    secret.write_text("s3cret")
    options = ["-U", "sovia", "-E", "UTF8", "--auth=scram-sha-256", f"--pwfile={secret}", "--no-sync"]
    code, said = processes.run([programs.folder / "initdb", "-D", data, *options], as_nobody=as_nobody)
    assert code == 0, said
    settings = [f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={empty_home}", "fsync=off"]
    argv = [programs.folder / "postgres", "-D", data, *(part for one in settings for part in ("-c", one))]
    server = processes.start(argv, as_nobody=as_nobody, log=empty_home / "log")
    wait_for(lambda: "ready to accept" in (empty_home / "log").read_text())
    yield f"postgresql://sovia:s3cret@127.0.0.1:{port}/postgres"
    server.terminate()
    server.wait()


def version_of(url: str) -> str:
    async def ask() -> str:
        connection = await asyncpg.connect(url)
        try:
            return str(await connection.fetchval("show server_version"))
        finally:
            await connection.close()

    return asyncio.run(ask())


def test_models_and_migrations_agree_there_as_well(server_url: str) -> None:
    migrate.upgrade(server_url)

    command.check(migrate.configuration(server_url))
    command.downgrade(migrate.configuration(server_url), "base")


def test_commands_use_that_server_and_start_none(server_url: str, empty_home: Path) -> None:
    home = empty_home / "home"
    known = {**os.environ, "DATABASE_URL": server_url, "SOVIA_HOME": str(home), "PYTHONPATH": str(BACKEND)}
    export = empty_home / "export.json"
    export.write_text('[{"id": "7c9e6679-7425-40de-944b-e07fc1f90ae7", "prompt": "a lighthouse"}]')

    done = subprocess.run(
        [sys.executable, "-m", "sovia", "import", export], env=known, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert re.search(r"export\.json +1 ", done.stdout)
    assert not (home / ".sovia" / "postgres").exists()


def test_doctor_names_the_version_of_that_server(server_url: str, empty_home: Path) -> None:
    home = empty_home / "home"
    known = {**os.environ, "DATABASE_URL": server_url, "SOVIA_HOME": str(home), "PYTHONPATH": str(BACKEND)}

    done = subprocess.run(
        [sys.executable, "-m", "sovia", "doctor"], env=known, capture_output=True, text=True, check=False
    )

    assert f"{version_of(server_url)}, answers" in done.stdout
    assert not (home / ".sovia" / "postgres").exists()
    shutil.rmtree(home)
