"""Wanting backups: jobs that make and prove them, and the process of its own that restores one."""

import asyncio
import sys
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit import clock, jobs, processes
from sovia.kit.settings import Settings
from sovia.ops import locks
from sovia.ops.backups import places, states
from sovia.ops.backups.errors import ArchiveIsBusy, BackupDamaged
from sovia.ops.backups.restoring import refuse_newer
from sovia.ops.backups.states import Restoring
from sovia.ops.cluster import Cluster
from sovia.ops.postgres import PACKAGE_ROOT

MAKE, PROVE = "ops.make_backup", "ops.prove_backup"


async def make_soon(session: AsyncSession, user_id: UUID) -> UUID:
    """Have a backup made; the job, which may be one that already waits."""
    return await jobs.enqueue_once(session, MAKE, user_id=user_id, title="Backing up")


async def prove_soon(session: AsyncSession, user_id: UUID, settings: Settings, name: str) -> UUID:
    """Have a backup proven again."""
    await asyncio.to_thread(places.backup, settings.archive_root, name)
    return await jobs.enqueue(session, PROVE, user_id=user_id, title="Proving a backup", payload={"backup": name})


async def start_restore(settings: Settings, url: str, name: str) -> Restoring:
    """Begin to restore a backup in a process that neither the web server's end nor the worker's touches."""
    return await asyncio.to_thread(_start_restore, settings, url, name)


def _start_restore(settings: Settings, url: str, name: str) -> Restoring:
    found = places.backup(settings.archive_root, name)
    if found.manifest is None:
        raise BackupDamaged(f"The backup {name} is damaged: {found.damaged}.")
    refuse_newer(found.manifest)
    if locks.is_held(settings.archive_root / ".lock"):
        raise ArchiveIsBusy
    begun = Restoring(backup=name, state="running", step="Starting", started_at=clock.now())
    states.write(settings.state_root, begun)
    log = settings.state_root / "log" / "restore.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    # Of the embedded database the process takes a lease of its own, so that it runs until the end.
    embedded = url == Cluster(settings.home).url
    environment = {
        "SOVIA_HOME": str(settings.home),
        "DATABASE_URL": "" if embedded else url,
        "PYTHONPATH": str(PACKAGE_ROOT),
    }
    processes.start_apart([sys.executable, "-m", "sovia", "restore", name, "--yes"], log=log, environment=environment)
    return begun
