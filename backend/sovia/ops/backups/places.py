"""The archive on the disk: one folder for each backup, which is there whole or not at all."""

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ValidationError

from sovia.kit import clock, disk
from sovia.kit.errors import OutOfSpace
from sovia.ops import locks
from sovia.ops.backups.errors import ArchiveIsBusy, ArchiveNotWritable, BackupDamaged, BackupNotFound

DUMP, SETTINGS, MANIFEST, PROOF = "database.dump", "settings.json", "manifest.json", "proof.json"
NAME = re.compile(r"sovia-\d{4}-\d\d-\d\dT\d{6}Z(?:-\d{1,3})?")
FORMAT = 1
BLOCK = 1 << 20
MOST_MANIFEST_BYTES = 4_000_000
Kind = Literal["scheduled", "by hand", "restore point", "upgrade"]


class Written(BaseModel):
    """A file of a backup as it was written."""

    size: int
    sha256: str


class Counted(BaseModel):
    """What was in a table: how many rows, and the sum of what their text hashes to."""

    rows: int
    checksum: str


class Manifest(BaseModel):
    """What a backup says of itself. `indexes` and `constraints` are numbers of them."""

    format: Literal[1]
    kind: Kind
    made_at: datetime
    version: str
    revision: str
    postgres: int
    tables: dict[str, Counted]
    indexes: int
    constraints: int
    files: dict[str, Written]


class Proof(BaseModel):
    """What came of restoring a backup and counting it."""

    proven: bool
    at: datetime
    seconds: float
    differences: list[str]


class Backup(BaseModel):
    """A backup in the archive; without a manifest it is `damaged` and says why."""

    name: str
    size_bytes: int
    manifest: Manifest | None
    proof: Proof | None
    damaged: str | None = None

    @property
    def state(self) -> Literal["proven", "not proven", "failed", "damaged"]:
        """Whether it is known to be good."""
        if self.manifest is None:
            return "damaged"
        if self.proof is None:
            return "not proven"
        return "proven" if self.proof.proven else "failed"


@contextmanager
def at_work(archive: Path) -> Iterator[None]:
    """Be the only one who works in the archive; `ArchiveIsBusy` when somebody else is."""
    with writing():
        archive.mkdir(parents=True, exist_ok=True)
        descriptor = locks.hold(archive / ".lock", wait=False)
    if descriptor is None:
        raise ArchiveIsBusy
    try:
        yield
    finally:
        os.close(descriptor)


@contextmanager
def writing() -> Iterator[None]:
    """Say what the disk refuses by its name."""
    try:
        yield
    except OSError as error:
        if error.errno in disk.FULL:
            raise OutOfSpace("The disk with archive/ is full. Make room, then try again.") from None
        raise ArchiveNotWritable from None


def new_folder(archive: Path) -> Path:
    """An empty folder to write a backup in, before it gets its name."""
    with writing():
        parts = archive / disk.PARTS
        shutil.rmtree(parts, ignore_errors=True)
        folder = parts / "backup"
        folder.mkdir(parents=True, mode=0o700)
        return folder


def take_name(archive: Path, folder: Path, made_at: datetime) -> str:
    """Give a written backup its name, when all of it is on the disk; the name."""
    with writing():
        for path in (*folder.iterdir(), folder):
            disk.sync(path)
        stem = f"sovia-{made_at:%Y-%m-%dT%H%M%SZ}"
        name = next(name for name in _names(stem) if not (archive / name).exists())
        folder.rename(archive / name)
        disk.sync(archive)
        return name


def backups(archive: Path) -> list[Backup]:
    """Every backup in the archive, newest first."""
    try:
        names = sorted((entry.name for entry in os.scandir(archive) if NAME.fullmatch(entry.name)), reverse=True)
    except OSError:
        return []
    return [backup(archive, name) for name in names]


def backup(archive: Path, name: str) -> Backup:
    """The backup of this name, or `BackupNotFound`."""
    if not NAME.fullmatch(name) or not (archive / name).is_dir() or (archive / name).is_symlink():
        raise BackupNotFound(name)
    size = sum(path.lstat().st_size for path in (archive / name).iterdir())
    try:
        manifest = Manifest.model_validate_json(_read(archive, f"{name}/{MANIFEST}"))
    except (OSError, ValidationError):
        return Backup(name=name, size_bytes=size, manifest=None, proof=None, damaged="its manifest can not be read")
    try:
        proof = Proof.model_validate_json(_read(archive, f"{name}/{PROOF}"))
    except (OSError, ValidationError):
        proof = None
    return Backup(name=name, size_bytes=size, manifest=manifest, proof=proof)


def intact(archive: Path, name: str) -> Manifest:
    """The manifest of a backup, every file of which was read again and is what was written; or `BackupDamaged`."""
    found = backup(archive, name)
    if found.manifest is None:
        raise BackupDamaged(f"The backup {name} is damaged: {found.damaged}.")
    for file_name, written in found.manifest.files.items():
        if file_name not in (DUMP, SETTINGS) or described(archive, f"{name}/{file_name}") != written:
            raise BackupDamaged(f"The backup {name} is damaged: {file_name} is not what was written.")
    if DUMP not in found.manifest.files:
        raise BackupDamaged(f"The backup {name} is damaged: it has no database in it.")
    return found.manifest


def described(archive: Path, relative: str) -> Written | None:
    """Size and hash of a file of the archive; nothing when it can not be read."""
    digest, size = hashlib.sha256(), 0
    try:
        with os.fdopen(disk.open_beneath(archive, relative), "rb") as file:
            while block := file.read(BLOCK):
                digest.update(block)
                size += len(block)
    except OSError:
        return None
    return Written(size=size, sha256=digest.hexdigest())


def write_proof(archive: Path, name: str, proof: Proof) -> None:
    """Keep what came of proving a backup beside it."""
    with writing():
        disk.write_beneath(archive, f"{name}/{PROOF}", proof.model_dump_json(indent=1).encode())


def remove(archive: Path, name: str) -> None:
    """Remove a backup; a reader sees it whole or not at all."""
    with writing():
        aside = archive / disk.PARTS / f"removed-{name}-{clock.now().timestamp():.0f}"
        aside.parent.mkdir(exist_ok=True)
        (archive / name).rename(aside)
        shutil.rmtree(aside, ignore_errors=True)


def _names(stem: str) -> Iterator[str]:
    yield stem
    yield from (f"{stem}-{number}" for number in range(2, 1000))


def _read(archive: Path, relative: str) -> bytes:
    with os.fdopen(disk.open_beneath(archive, relative), "rb") as file:
        return file.read(MOST_MANIFEST_BYTES)
