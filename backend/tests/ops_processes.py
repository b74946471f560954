"""Processes that use the embedded database, and looking at those that run it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sovia.ops import cluster, keeper, locks
from sovia.ops.cluster import Cluster

BACKEND = Path(__file__).resolve().parents[1]
USER = """
import sys
from pathlib import Path
from sovia.ops.postgres import Lease
lease = Lease(Path(sys.argv[1]))
print(lease.url, flush=True)
sys.stdin.read()
"""


class User:
    """Another process that uses the embedded database until it is told, or made, to end."""

    def __init__(self, home: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER, str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(BACKEND)},
        )

    def url(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().decode().strip()

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


def wait_for(fact: Callable[[], object], seconds: float = 15) -> None:
    """Wait until something has become true."""
    until = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def running(home: Path) -> bool:
    """Whether a keeper or a server of this home is there."""
    places = Cluster(home)
    if not places.keeper_lock.exists():
        return False
    return locks.is_held(places.keeper_lock) or any(cluster.processes_in(places.data(18)))


def postmaster(home: Path) -> int:
    """The process number of the server of this home."""
    found = keeper.noted_process(Cluster(home).data(18) / "postmaster.pid")
    assert found is not None
    return found


def keeper_of(home: Path) -> int:
    """The process number of the keeper of this home: the server's parent."""
    status = Path(f"/proc/{postmaster(home)}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("PPid:")))


def kill(pid: int) -> None:
    """End a process without giving it a chance to tidy up."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
