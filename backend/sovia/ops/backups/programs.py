"""pg_dump and pg_restore: where they lie, and how they are run against a database."""

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from sqlalchemy.engine import URL, make_url

from sovia.kit import processes
from sovia.kit.db import with_driver
from sovia.kit.errors import OutOfSpace, SoviaError
from sovia.kit.log import logger
from sovia.kit.sandbox import cores
from sovia.ops import binaries
from sovia.ops.backups.errors import ArchiveNotWritable, NoBackupPrograms

LONGEST_SECONDS = 6 * 3600
QUICKLY = "-c maintenance_work_mem=512MB -c max_parallel_maintenance_workers=1 -c synchronous_commit=off"
PATHS = re.compile(r'"?/[^\s"]+"?')
log = logger("backups")


@dataclass(frozen=True)
class Programs:
    """A folder with pg_dump and pg_restore."""

    folder: Path

    def dump(self, url: str, snapshot: str, target: Path) -> None:
        """Write what the snapshot sees in PostgreSQL's custom format."""
        options: list[str | Path] = ["--format=custom", "--compress=4", f"--snapshot={snapshot}", "--file", target]
        self._run("pg_dump", url, [*options, "--no-password", "--dbname", _parts(url).database or ""])

    def restore(self, url: str, source: Path, *, plain: bool = False) -> None:
        """Fill the (empty) database at the URL; any mistake ends it. `plain` leaves the server's settings as they are.

        A database that nobody uses yet may take memory for its indexes, and need not wait for the disk at each step.
        """
        options: list[str | Path] = ["--exit-on-error", "--no-owner", "--no-privileges", f"--jobs={max(1, cores())}"]
        options += ["--no-password", "--dbname", _parts(url).database or "", source]
        # Poolers in front of other servers take no settings from those who come.
        is_ours = str(_parts(url).query.get("host", "")).startswith("/")
        self._run("pg_restore", url, options, {"PGOPTIONS": QUICKLY} if is_ours and not plain else {})

    def _run(
        self, name: str, url: str, options: list[str | Path], more: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        environment = {**environment_of(url), **more}
        code, said = processes.run([self.folder / name, *options], environment=environment, seconds=LONGEST_SECONDS)
        if code != 0:
            log.error("program failed", program=name, code=code, said=said[-2000:])
            raise failure_of(said)


class ProgramFailed(SoviaError):
    """pg_dump or pg_restore ended with an error."""

    code = "backup_program_failed"


def failure_of(said: str) -> SoviaError:
    """What a program's last words mean, without paths in it."""
    if "No space left on device" in said or "Disk quota exceeded" in said:
        return OutOfSpace("The disk is full. Make room, then try again.")
    if "Read-only file system" in said or "could not open output file" in said:
        return ArchiveNotWritable()
    lines = [line for line in said.strip().splitlines() if "error:" in line] or said.strip().splitlines()[-1:]
    return ProgramFailed(PATHS.sub("…", lines[0].split("error:", 1)[-1].strip())[:300] if lines else "it said nothing")


def find(server_major: int) -> Programs:
    """Programs that can read a server of this version: ours, the system's, those on the path; the oldest that can."""
    folders = [*_of_wheels(), *sorted(binaries.DEBIAN.glob("*/bin")), *_on_path()]
    found = [(major, folder) for folder in folders if (major := _major(folder)) and major >= server_major]
    if not found:
        raise NoBackupPrograms(server_major)
    return Programs(min(found, key=lambda one: one[0])[1])


def at_database(url: str, name: str) -> str:
    """The URL of another database on the same server."""
    return _parts(url).set(database=name).render_as_string(hide_password=False)


def environment_of(url: str) -> dict[str, str]:
    """How libpq's programs reach the server; a password is never on a command line, where others could read it."""
    parts = _parts(url)
    host = parts.query.get("host", parts.host)
    known = {
        "PGHOST": host if isinstance(host, str) else None,
        "PGPORT": str(parts.port) if parts.port else None,
        "PGUSER": parts.username,
        "PGPASSWORD": parts.password,
        "LC_ALL": "C",
        "PGTZ": "UTC",
    }
    return {name: value for name, value in known.items() if value}


def _parts(url: str) -> URL:
    return make_url(with_driver(url))


def _of_wheels() -> list[Path]:
    try:
        return [binaries.find().folder]
    except SoviaError:
        return []


def _on_path() -> list[Path]:
    found = shutil.which("pg_dump")
    return [Path(found).parent] if found else []


def _major(folder: Path) -> int:
    if not all((folder / name).is_file() for name in ("pg_dump", "pg_restore")):
        return 0
    _, said = processes.run([folder / "pg_dump", "--version"])
    found = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(found[1]) if found else 0
