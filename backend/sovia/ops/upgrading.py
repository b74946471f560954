"""Brings the data of an earlier major version of PostgreSQL to this one; the earlier data stay as they were.

Run as `python -m sovia.ops.upgrading HOME MAJOR PIPE` by the keeper, before it starts the server. First a backup, then
pg_upgrade into a new folder; should that not work, the backup is restored there. Everything is counted; only then the
new folder takes its name. Killed at any moment, the next start finds the earlier data, or the new ones, whole.
"""

import asyncio
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from sovia.kit import disk, processes, settings
from sovia.kit.errors import OutOfSpace, SoviaError
from sovia.kit.log import logger
from sovia.kit.sandbox import cores
from sovia.ops import binaries, cluster
from sovia.ops.backups import afterwards, counting, making, places, servers
from sovia.ops.backups.places import Manifest
from sovia.ops.binaries import Binaries
from sovia.ops.cluster import Cluster
from sovia.ops.errors import DatabaseDidNotStart
from sovia.ops.keeper import clear_leftovers
from sovia.ops.postgres import STEP, takes_connections

START_SECONDS, STOP_SECONDS, LONGEST_SECONDS = 120.0, 120.0, 6 * 3600
ROOM_TO_LEAVE = 200_000_000
log = logger("upgrade")
Tell = Callable[[str], None]


class Upgrade:
    """One upgrade: from which data, by which programs."""

    def __init__(self, home: Cluster, old: Binaries, new: Binaries, tell: Tell) -> None:
        self.places, self.old, self.new, self.tell = home, old, new, tell
        self.account = cluster.account_for(new)
        self.from_data, self.to_data = home.data(old.major), home.upgrading / "data"
        # Nobody else finds the servers here.
        self.sockets = Path(tempfile.mkdtemp(prefix="sovia-up-"))

    def run(self) -> None:
        """Do all of it; `SoviaError` when it can not be done, and everything is as it was."""
        self.tell(
            f"The database was made by PostgreSQL {self.old.major} and moves to {self.new.major}. "
            f"This takes a while, once; what is there now is kept"
        )
        self.clear()
        self.check_room()
        manifest = self.write_backup()
        if not self.moved_by_pg_upgrade(manifest):
            self.restore(manifest)
        self.switch()
        self.tell(f"The database is one of PostgreSQL {self.new.major} now")

    def clear(self) -> None:
        """End what an interrupted upgrade left running, and remove what it had prepared."""
        for data in (self.from_data, self.to_data):
            clear_leftovers(data, self.sockets)
        shutil.rmtree(self.places.upgrading, ignore_errors=True)
        self.places.upgrading.mkdir(mode=0o700)

    def check_room(self) -> None:
        """`OutOfSpace` unless there is room for everything once more."""
        size = sum(path.lstat().st_size for path in self.from_data.rglob("*") if path.is_file())
        if disk.free_bytes(self.places.root) < size + size // 3 + ROOM_TO_LEAVE:
            needed = (size + size // 3 + ROOM_TO_LEAVE) / 1e9
            raise OutOfSpace(
                f"The database moves to PostgreSQL {self.new.major}, for which {needed:,.1f} GB must be free on the "
                f"disk with .sovia/. Make room, then start again; nothing was changed."
            )

    def write_backup(self) -> Manifest | None:
        """A backup of what is there, which says what must be there afterwards; none of a database without tables."""
        with self.server(self.old, self.from_data) as url:
            if not asyncio.run(afterwards.has_tables(url)):
                return None
            self.tell("A backup is written first")
            found = settings.current().model_copy(update={"home": self.places.home})
            with places.at_work(found.archive_root):
                manifest, self.backup = asyncio.run(making.write_at_work(url, found, "upgrade"))
            self.archive = found.archive_root
            return manifest

    def moved_by_pg_upgrade(self, manifest: Manifest | None) -> bool:
        """Whether pg_upgrade could do it and everything is there afterwards."""
        self.tell("The data are brought over")
        cluster.initialise(self.to_data, self.new, self.account)
        cluster.server_command(self.places, self.new, self.to_data, self.account)
        if not self.pg_upgrade():
            return False
        with self.server(self.new, self.to_data) as url:
            return self.is_whole(url, manifest)

    def pg_upgrade(self) -> bool:
        """Run it; whether it ended well."""
        argv: list[str | Path] = [self.new.folder / "pg_upgrade", "--copy", f"--jobs={max(1, cores())}"]
        argv += ["--old-bindir", self.old.folder, "--new-bindir", self.new.folder, "--username", cluster.OWNER]
        argv += ["--old-datadir", self.from_data, "--new-datadir", self.to_data, "--socketdir", self.sockets]
        code, said = processes.run(
            argv,
            as_nobody=self.account.as_nobody,
            environment={"LC_ALL": "C"},
            seconds=LONGEST_SECONDS,
            folder=self.places.upgrading,
        )
        if code != 0:
            log.error("pg_upgrade failed", code=code, said=said[-2000:])
        return code == 0

    def restore(self, manifest: Manifest | None) -> None:
        """The other way: the backup restored into new data; `DatabaseDidNotStart` when that does not work either."""
        clear_leftovers(self.from_data, self.sockets)
        clear_leftovers(self.to_data, self.sockets)
        shutil.rmtree(self.to_data, ignore_errors=True)
        if manifest is None:
            raise self.failed("an empty database could not be brought over")
        self.tell("The backup is restored into it instead")
        cluster.initialise(self.to_data, self.new, self.account)
        cluster.create_database(self.to_data, self.new, self.account)
        with self.server(self.new, self.to_data) as url:
            asyncio.run(making.fill(url, self.archive, self.backup))
            if not self.is_whole(url, manifest):
                raise self.failed("not everything was there afterwards")

    def is_whole(self, url: str, manifest: Manifest | None) -> bool:
        """Whether every table has the rows that the backup counted."""
        if manifest is None:
            return True
        self.tell("Everything is counted")
        differences = asyncio.run(self._differences(url, manifest))
        if differences:
            log.error("not the same", differences=differences[:10])
        return not differences

    async def _differences(self, url: str, manifest: Manifest) -> list[str]:
        found = await making.counts_of(url)
        async with servers.connected(url) as connection:
            await connection.execute("ANALYZE")
        return counting.differences(manifest, found)

    def switch(self) -> None:
        """Give the new data their name, and the earlier ones another; the first of the two decides."""
        shutil.rmtree(self.to_data / "pg_upgrade_output.d", ignore_errors=True)
        disk.sync(self.to_data)
        self.to_data.rename(self.places.data(self.new.major))
        disk.sync(self.places.root)
        cluster.put_aside_older(self.places, self.new.major)
        shutil.rmtree(self.places.upgrading, ignore_errors=True)

    def failed(self, why: str) -> DatabaseDidNotStart:
        """What people are told."""
        return DatabaseDidNotStart(
            f"The database of PostgreSQL {self.old.major} could not be brought to {self.new.major}: {why}. It is as it "
            f"was, and a backup of it is in archive/. See .sovia/log/postgres.log, or go back to the version before."
        )

    @contextmanager
    def server(self, programs: Binaries, data: Path) -> Iterator[str]:
        """A server of these data, for us alone; its URL."""
        command = cluster.server_command(self.places, programs, data, self.account)
        command += ["-c", f"unix_socket_directories={self.sockets}"]
        process = processes.start(command, ends_by=signal.SIGINT, as_nobody=self.account.as_nobody)
        try:
            until = time.monotonic() + START_SECONDS
            while not takes_connections(self.sockets / cluster.SOCKET):
                if process.poll() is not None or time.monotonic() > until:
                    raise self.failed(f"the server of PostgreSQL {programs.major} did not start")
                time.sleep(0.02)
            yield f"postgresql+asyncpg://{cluster.OWNER}@/{cluster.DATABASE}?host={self.sockets}"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(STOP_SECONDS)


def main(home: str, major: str, pipe: str) -> int:
    """Upgrade, and tell the one who waits at the pipe; 0 when it is done."""
    found, answer = Cluster(Path(home)), int(pipe)
    old = binaries.of_major(int(major), found.programs)
    assert old is not None
    upgrade = Upgrade(found, old, binaries.find(), lambda step: _say(answer, f"{STEP}{step}\n"))
    try:
        upgrade.run()
    except SoviaError as error:
        _say(answer, error.message)
        return 1
    except (OSError, asyncpg.PostgresError) as error:
        log.exception("upgrade failed", exc_info=error)
        _say(answer, upgrade.failed(type(error).__name__).message)
        return 1
    finally:
        shutil.rmtree(upgrade.sockets, ignore_errors=True)
    return 0


def _say(answer: int, text: str) -> None:
    if answer >= 0:
        os.write(answer, text.encode())


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
