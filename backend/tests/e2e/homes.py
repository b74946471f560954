"""Installations for tests in the browser: made once for a run, and copied for each test that wants one of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import orjson
from ops_processes import running, wait_for
from samples import Record, write_library
from servers import answering

from sovia.ops import locks
from sovia.ops.cluster import Cluster

BACKEND = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 300
# As for the other tests' database: nobody needs its data after a power cut.
CARELESS = "fsync = off\nfull_page_writes = off\nsynchronous_commit = off\n"


@dataclass(frozen=True)
class Homes:
    """The folder where a run's installations are made ready; all test processes share it."""

    root: Path

    def empty(self, home: Path) -> Path:
        """Give a folder an empty database with the tables of today; what else is in it stays."""
        return copy(self._once("empty", _prepare), home)

    def filled(self, home: Path, *, posts: int, children: int, seed: int) -> list[Record]:
        """Make a folder an installation with this sample library, looked into; returns the export."""

        def fill(made: Path) -> None:
            self.empty(made)
            import_into(made, write_library(made, posts=posts, children=children, seed=seed))

        copy(self._once(f"{posts}-{children}-{seed}", fill), home)
        records: list[Record] = orjson.loads((home / "export.json").read_bytes())
        return records

    def _once(self, name: str, make: Callable[[Path], None]) -> Path:
        """The installation of this name, at rest; the first process that asks makes it, the others wait."""
        made, home = self.root / f"{name}.made", self.root / name
        with locks.holding(self.root / f"{name}.lock"):
            if not made.exists():
                shutil.rmtree(home, ignore_errors=True)
                home.mkdir()
                make(home)
                wait_for(lambda: not running(home), seconds=PATIENCE_SECONDS)
                made.touch()
        return home


def copy(source: Path, home: Path) -> Path:
    """Copy an installation; PostgreSQL's programs, which nobody changes, are the same files where that is possible."""
    programs = Cluster(source).programs

    def linked(file: str, target: str) -> str:
        if programs in Path(file).parents:
            with suppress(OSError):
                os.link(file, target)
                return target
        return shutil.copy2(file, target)

    shutil.copytree(source, home, symlinks=True, copy_function=linked, dirs_exist_ok=True)
    return home


def import_into(home: Path, records: object, name: str = "export.json") -> Path:
    """Take an export in with the command and wait until its files are looked into; returns the export."""
    export = home / name
    export.write_bytes(records if isinstance(records, bytes) else orjson.dumps(records))
    end_well(command(home, "import", str(export)))
    return export


def command(home: Path, *words: str) -> subprocess.Popen[str]:
    """Start one of the product's commands for an installation in `home`."""
    environment = {
        **os.environ,
        "SOVIA_HOME": str(home),
        "PYTHONPATH": str(BACKEND),
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "PYTHONWARNINGS": "",
    }
    line = [sys.executable, "-m", "sovia", *words]
    return subprocess.Popen(line, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def end_well(process: subprocess.Popen[str]) -> None:
    """Wait for a command, which must do what it is for."""
    said, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0, said


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """The address of a server with a worker, until the block ends."""
    with answering(command(home, "serve", "--port", "0")) as url:
        yield url


def _prepare(home: Path) -> None:
    end_well(command(home, "migrate"))
    wait_for(lambda: not running(home), seconds=PATIENCE_SECONDS)
    with (Cluster(home).data(18) / "postgresql.auto.conf").open("a") as settings:
        settings.write(CARELESS)
