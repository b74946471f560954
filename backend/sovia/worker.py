"""The worker: the job loop with every room's tasks."""

import asyncio
import signal

from sovia import tables
from sovia.collection import tasks as collection_tasks
from sovia.fetching import tasks as fetching_tasks
from sovia.importer import tasks as importer_tasks
from sovia.importer.interrupted import note_all_lost
from sovia.importer.service import remove_left_overs
from sovia.importer.watching import Watch
from sovia.keeping import tasks as keeping_tasks
from sovia.keeping.exporting import tasks as exporting_tasks
from sovia.keeping.mirroring import tasks as mirroring_tasks
from sovia.keeping.mirroring.service import MIRROR
from sovia.keeping.service import NIGHTLY as PROVE_NIGHTLY
from sovia.kit import dispatch, log
from sovia.kit.db import Database
from sovia.kit.settings import Settings
from sovia.library import tasks as library_tasks
from sovia.library.watching import Watch as MediaWatch
from sovia.ops.backups import tasks as backup_tasks
from sovia.ops.backups.service import MAKE as MAKE_BACKUP
from sovia.ops.schedule import Daily, Schedule
from sovia.similarity import tasks as similarity_tasks

# Importing a room's tasks registers its handlers; they write to each other's tables, so all must be known.
ROOMS = (
    collection_tasks,
    fetching_tasks,
    importer_tasks,
    library_tasks,
    similarity_tasks,
    keeping_tasks,
    exporting_tasks,
    mirroring_tasks,
    backup_tasks,
    tables,
)


async def work(settings: Settings, url: str) -> None:
    """Work on jobs until SIGINT or SIGTERM; what is then unfinished is taken up by the next worker."""
    log.configure(settings.log_level)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    database = Database(url)
    beside: list[asyncio.Task[None]] = []
    try:
        await note_all_lost(database)
        await remove_left_overs(database, settings.state_root)
        beside.append(asyncio.create_task(Schedule(database, plans(settings)).forever()))
        if settings.watch_import_folder:
            beside.append(asyncio.create_task(Watch(database, settings.import_root).forever()))
        if settings.watch_media_seconds:
            beside.append(asyncio.create_task(MediaWatch(database, settings).forever()))
        await dispatch.work(database, stop=stop)
    finally:
        for one in beside:
            one.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        await database.dispose()


def plans(settings: Settings) -> list[Daily]:
    """What happens by itself, and when."""
    has_mirror = settings.mirror_folder is not None or bool(settings.mirror_bucket)
    return [
        Daily(MAKE_BACKUP, "Backing up", settings.backup_at),
        Daily(PROVE_NIGHTLY, "Proving files", settings.backup_at or "02:00"),
        *([Daily(MIRROR, "Copying to the mirror", settings.mirror_at)] if has_mirror else []),
    ]


async def drain(database: Database) -> None:
    """Work on jobs until none is left."""
    await dispatch.work(database, drain=True)
