"""What every command that uses the database does first: have one, with the tables of this version."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sovia.cli import console
from sovia.kit import processes
from sovia.kit.errors import Unavailable
from sovia.kit.settings import Settings
from sovia.ops import revisions
from sovia.ops.postgres import PACKAGE_ROOT, Lease


@dataclass(frozen=True)
class Ready:
    """A migrated database: its URL, and our lease when it is the embedded one."""

    url: str
    lease: Lease | None


@contextmanager
def database_ready(settings: Settings) -> Iterator[Ready]:
    """The settings' database, or the embedded one, for as long as the block lasts; its tables brought up to date."""
    lease = None if settings.database_url else Lease(settings.home, console.tell)
    url = settings.database_url or lease.url if lease else settings.database_url
    try:
        migrate(url)
        yield Ready(url, lease)
    finally:
        if lease:
            lease.release()


def migrate(url: str) -> None:
    """Run the missing migrations, if any, in a process of its own, whose memory is then given back."""
    if asyncio.run(revisions.is_newest(url)):
        return
    argv = [sys.executable, "-m", "sovia.ops.migrate"]
    code, said = processes.run(argv, environment={"DATABASE_URL": url, "PYTHONPATH": str(PACKAGE_ROOT)}, seconds=3600)
    if code != 0:
        last = said.strip().splitlines()[-1:] or ["no reason given"]
        raise Unavailable(f"The database can not be used: {last[0]}", said=said)
