"""How far a restore is, in a small file beside the database: a page can read it whatever happens to the database."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ValidationError

from sovia.kit import clock, disk
from sovia.ops import locks

FILE = "restore.json"
# How long its process may take to begin.
PATIENCE = timedelta(seconds=20)
State = Literal["running", "succeeded", "failed", "interrupted"]


class Restoring(BaseModel):
    """A restore: of which backup, at which step, and how it ended. `kept_as` is the backup made before it."""

    backup: str
    state: State
    step: str
    started_at: datetime
    finished_at: datetime | None = None
    kept_as: str | None = None
    error: str | None = None


def write(state_root: Path, found: Restoring) -> None:
    """Keep how far it is."""
    disk.write_beneath(state_root, FILE, found.model_dump_json(indent=1).encode())


def read(state_root: Path, archive: Path) -> Restoring | None:
    """The last restore; one that says it runs while nobody is at work was interrupted."""
    try:
        found = Restoring.model_validate_json((state_root / FILE).read_bytes())
    except (OSError, ValidationError):
        return None
    begins = found.step == "Starting" and abs(clock.now() - found.started_at) < PATIENCE
    if found.state == "running" and not begins and not _somebody_is_at_work(archive):
        found.state, found.finished_at = "interrupted", clock.now()
        found.error = "It was interrupted. Nothing is lost: the library is as it was, or the backup is in its place."
    return found


def _somebody_is_at_work(archive: Path) -> bool:
    lock = archive / ".lock"
    try:
        return lock.exists() and locks.is_held(lock)
    except OSError:
        return False
