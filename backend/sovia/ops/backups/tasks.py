"""Background work of backups: making one, and proving one again."""

from typing import Any

from sovia.kit.jobs import JobContext, task
from sovia.kit.settings import current
from sovia.ops.backups import making
from sovia.ops.backups.errors import BackupFailed
from sovia.ops.backups.places import Backup, Kind
from sovia.ops.backups.service import MAKE, PROVE

STEPS = 4


@task(MAKE)
async def make_backup(job: JobContext) -> dict[str, Any]:
    """Write the database down and prove it by restoring a copy."""
    kind: Kind = "scheduled" if job.payload.get("scheduled") else "by hand"
    return result_of(await making.make(job.database.url, current(), kind, _telling(job)))


@task(PROVE)
async def prove_backup(job: JobContext) -> dict[str, Any]:
    """Restore a copy of a backup and count it."""
    return result_of(await making.prove(job.database.url, current(), str(job.payload["backup"]), _telling(job)))


def result_of(made: Backup) -> dict[str, Any]:
    """What the job's row says; `BackupFailed` when the copy is not what was backed up."""
    if made.proof is not None and not made.proof.proven:
        said = "; ".join(made.proof.differences[:3])
        raise BackupFailed(f"The restored copy of {made.name} is not what was backed up: {said}.")
    return {"backup": made.name, "state": made.state, "bytes": made.size_bytes}


def _telling(job: JobContext) -> making.Tell:
    done = 0

    async def tell(note: str) -> None:
        nonlocal done
        await job.progress(done, STEPS, note)
        done += 1

    return tell
