"""The keeper: parent of the embedded PostgreSQL, which it stops when the last process that uses it is gone.

Run as `python -m sovia.ops.keeper HOME PIPE`. Every user of the database holds a shared lock on one file. The keeper
waits for that lock alone: it gets it when nobody is left, no matter how they ended. Should the keeper itself be killed,
the kernel tells PostgreSQL to stop, and the next user starts another keeper.
"""

import logging
import os
import shutil
import signal
import sys
import threading
import time
from pathlib import Path

from sovia.kit import processes
from sovia.kit.errors import SoviaError
from sovia.ops import binaries, cluster, locks
from sovia.ops.errors import DatabaseDidNotStart

START_SECONDS = 60.0
STOP_SECONDS = 60.0
MAX_LOG_BYTES = 10_000_000
KEEP_BEFORE_SECONDS = 14 * 86400


class UpgradeFailed(Exception):
    """Its process has said why."""


class Keeper:
    """One PostgreSQL server and the wait for its last user."""

    def __init__(self, places: cluster.Cluster, answer: int = -1) -> None:
        self.places = places
        self.answer = answer
        self.programs = binaries.find()
        self.account = cluster.account_for(self.programs)
        self.stopping = False

    def start(self) -> None:
        """Make the database if there is none, start it, and return when it takes connections."""
        for folder in (self.places.root, self.places.sockets):
            cluster.make_private(folder)
        self._upgrade_if_older()
        self.data = cluster.make(self.places, self.programs, self.account)
        clear_leftovers(self.data, self.places.sockets)
        command = cluster.server_command(self.places, self.programs, self.data, self.account)
        self.server = processes.start(command, ends_by=signal.SIGINT, as_nobody=self.account.as_nobody)
        self._wait_until_ready()

    def stay(self) -> None:
        """Return when the last user has gone and the server is stopped; start it again should it die before."""
        threading.Thread(target=self._stop_after_last_user, daemon=True).start()
        while True:
            self.server.wait()
            if self.stopping:
                if self.places.sockets.parent != self.places.root:
                    shutil.rmtree(self.places.sockets, ignore_errors=True)
                return
            logging.warning("the server ended unasked; starting it again")
            time.sleep(0.2)
            self.start()

    def _upgrade_if_older(self) -> None:
        """Have older data brought to the version of our programs, by a process that tells people how far it is."""
        major = self.programs.major
        if (self.places.data(major) / "PG_VERSION").is_file():
            # One that was killed at its very end has left this to do.
            cluster.put_aside_older(self.places, major)
        old = cluster.older(self.places, major)
        if old is None or binaries.of_major(old, self.places.programs) is None:
            return
        argv = [sys.executable, "-m", "sovia.ops.upgrading", str(self.places.home), str(old), str(self.answer)]
        process = processes.start(argv, log=self.places.log, keep=[self.answer] if self.answer >= 0 else [])
        if process.wait() != 0:
            raise UpgradeFailed

    def tidy(self) -> None:
        """Keep a copy of the programs beside the data, and forget the data of before an upgrade after a while."""
        binaries.keep(self.programs, self.places.programs)
        for left in self.places.root.glob("*.before"):
            if time.time() - left.stat().st_mtime > KEEP_BEFORE_SECONDS:
                shutil.rmtree(left, ignore_errors=True)

    def _stop_after_last_user(self) -> None:
        # Never given back: a user who comes now waits until this process has ended, then starts another keeper.
        locks.hold(self.places.users_lock)
        self.stopping = True
        self.server.send_signal(signal.SIGINT)

    def _wait_until_ready(self) -> None:
        status, until = self.data / "postmaster.pid", time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self.server.poll() is not None:
                raise DatabaseDidNotStart(f"The database stopped while starting: {last_words(self.places.log)}")
            # The file of an earlier server may still lie there: it counts only with our own child's number in it.
            lines = status.read_text().splitlines() if status.exists() else []
            if len(lines) >= 8 and lines[0] == str(self.server.pid) and lines[7].strip() == "ready":
                return
            time.sleep(0.01)
        self.server.send_signal(signal.SIGINT)
        raise DatabaseDidNotStart("The database did not become ready in time.")


def clear_leftovers(data: Path, sockets: Path) -> None:
    """End what an earlier keeper left running, and remove its notes: they may name strangers by now."""
    note, until = data / "postmaster.pid", time.monotonic() + STOP_SECONDS
    asked = False
    while left := list(cluster.processes_in(data)):
        if time.monotonic() > until:
            raise DatabaseDidNotStart("An earlier server of this database does not stop.")
        if not asked and (pid := noted_process(note)) in left and pid is not None:
            os.kill(pid, signal.SIGINT)
            asked = True
        time.sleep(0.05)
    # After a restart of the machine the noted number may belong to any program, and PostgreSQL would refuse to start.
    # That nothing uses the data was just seen, and only the holder of the keeper's lock comes here.
    for left_behind in (note, sockets / f"{cluster.SOCKET}.lock", sockets / cluster.SOCKET):
        left_behind.unlink(missing_ok=True)


def noted_process(note: Path) -> int | None:
    """The process number in a server's note, if there is one."""
    try:
        return int(note.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def last_words(log: Path) -> str:
    """The last complaint in the log, without its time stamp."""
    lines = log.read_text(errors="replace").splitlines()[-20:]
    complaints = [line.split(":  ", 1)[1] for line in lines if ("FATAL:  " in line or "ERROR:  " in line)]
    return complaints[-1] if complaints else "see .sovia/log/postgres.log"


def main(home: str, pipe: str) -> int:
    """Start, tell the one who asked by the pipe, stay; 0 when the last user has gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.basicConfig(format="%(asctime)s keeper: %(message)s")
    places = cluster.Cluster(Path(home))
    answer = int(pipe)
    ours = locks.hold(places.keeper_lock)
    assert ours is not None
    try:
        keeper = Keeper(places, answer)
        keeper.start()
    except UpgradeFailed:
        return 1
    except SoviaError as error:
        os.write(answer, error.message.encode())
        return 1
    os.write(answer, b"ready")
    os.close(answer)
    keeper.answer = -1
    tidying = threading.Thread(target=keeper.tidy)
    tidying.start()
    keeper.stay()
    # Whoever may remove the home then finds nobody writing in it.
    tidying.join()
    # Before the users' lock, which ends with this process: whoever gets that one must not take us for alive.
    os.close(ours)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
