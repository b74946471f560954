"""The door to the embedded PostgreSQL: take a lease, get its URL; the last lease that ends stops it."""

import os
import socket
import struct
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from sovia.kit import processes
from sovia.ops import locks
from sovia.ops.cluster import DATABASE, OWNER, SOCKET, Cluster, make_private
from sovia.ops.errors import DatabaseDidNotStart
from sovia.ops.keeper import MAX_LOG_BYTES

PACKAGE_ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 60.0
LOOK_EVERY_SECONDS = 0.05
# How a line begins that only tells how far it is.
STEP = "> "


class Lease:
    """The right to use the embedded database; it runs at least until `release`, or until this process ends.

    `descriptor` holds the right: a child that inherits it keeps the database running as well.
    """

    def __init__(self, home: Path, tell: Callable[[str], None] = lambda _: None) -> None:
        self.tell = tell
        self.places = Cluster(home.resolve())
        for folder in (self.places.root.parent, self.places.root):
            make_private(folder)
        # Whoever has this lock keeps the keeper from stopping; while a keeper stops, we wait here.
        descriptor = locks.hold(self.places.users_lock, shared=True)
        assert descriptor is not None
        self.descriptor = descriptor
        try:
            self.renew()
        except BaseException:
            self.release()
            raise

    @property
    def url(self) -> str:
        """The database's URL."""
        return self.places.url

    def renew(self) -> None:
        """Return when the server takes connections, with a keeper at work: the first one, or one after it was killed.

        Of many processes that come at once, one starts the keeper and the others wait for it.
        """
        until = time.monotonic() + READY_SECONDS
        while True:
            # Asked each time: a keeper that was about to end when we came leaves us without one.
            with locks.holding(self.places.start_lock):
                if not locks.is_held(self.places.keeper_lock):
                    start_keeper(self.places, self.tell)
            if takes_connections(self.places.sockets / SOCKET):
                return
            if time.monotonic() > until:
                raise DatabaseDidNotStart("The database does not answer on its socket.")
            time.sleep(LOOK_EVERY_SECONDS)

    def is_well(self) -> bool:
        """Whether a keeper is at work; only a killed one is not, since it never leaves while it has users."""
        return locks.is_held(self.places.keeper_lock)

    def release(self) -> None:
        """Give the right back."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
        self.descriptor = -1


def start_keeper(places: Cluster, tell: Callable[[str], None]) -> None:
    """Start the keeper and wait for its word; `DatabaseDidNotStart` carries its complaint.

    While it brings older data to this version, it says how far it is, a line for each step.
    """
    places.log.parent.mkdir(parents=True, exist_ok=True)
    if places.log.exists() and places.log.stat().st_size > MAX_LOG_BYTES:
        places.log.replace(places.log.with_suffix(".log.1"))
    ours, theirs = os.pipe()
    argv = [sys.executable, "-m", "sovia.ops.keeper", str(places.home), str(theirs)]
    try:
        # Messages in English whatever the machine speaks: `last_words` reads them.
        environment = {"PYTHONPATH": str(PACKAGE_ROOT), "LC_ALL": "C"}
        processes.start_apart(argv, log=places.log, environment=environment, keep=[theirs])
    finally:
        os.close(theirs)
    answer = ""
    with os.fdopen(ours, encoding="utf-8") as answers:
        for line in answers:
            if line.startswith(STEP):
                tell(line.removeprefix(STEP).strip())
            else:
                answer += line
    if answer != "ready":
        raise DatabaseDidNotStart(answer or "The database's keeper ended unexpectedly; see .sovia/log/postgres.log.")


def takes_connections(path: Path) -> bool:
    """Whether the server lets us in; not so while it starts, recovers or stops.

    Speaks the first message of PostgreSQL's protocol (version 3.0), so that no driver has to be loaded for it.
    """
    names = f"user\0{OWNER}\0database\0{DATABASE}\0\0".encode()
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(5)
        try:
            client.connect(str(path))
            client.sendall(struct.pack("!ii", 8 + len(names), 3 << 16) + names)
            # "R" opens the answer to one who may enter, "E" an error.
            return client.recv(1) == b"R"
        except OSError:
            return False


@cache
def lease_for_life(home: Path) -> Lease:
    """A lease that ends with this process; the same one for every caller."""
    return Lease(home)


def ensure(home: Path) -> str:
    """Have the embedded database of this home run as long as this process lives; its URL."""
    return lease_for_life(home).url
