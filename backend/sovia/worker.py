"""The worker: the job loop with every room's tasks."""

import asyncio
import signal

from sovia import tables
from sovia.collection import tasks as collection_tasks
from sovia.importer import tasks as importer_tasks
from sovia.importer.service import remove_left_overs
from sovia.importer.watching import Watch
from sovia.kit import dispatch, log
from sovia.kit.db import Database
from sovia.kit.settings import Settings
from sovia.library import tasks as library_tasks
from sovia.similarity import tasks as similarity_tasks

# Importing a room's tasks registers its handlers; they write to each other's tables, so all must be known.
ROOMS = (collection_tasks, importer_tasks, library_tasks, similarity_tasks, tables)


async def work(settings: Settings, url: str) -> None:
    """Work on jobs until SIGINT or SIGTERM; what is then unfinished is taken up by the next worker."""
    log.configure(settings.log_level)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    database = Database(url)
    watched, watching = settings.watch_import_folder, None
    try:
        await remove_left_overs(database, settings.state_root)
        watching = asyncio.create_task(Watch(database, settings.import_root).forever()) if watched else None
        await dispatch.work(database, stop=stop)
    finally:
        if watching is not None:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
        await database.dispose()


async def drain(database: Database) -> None:
    """Work on jobs until none is left."""
    await dispatch.work(database, drain=True)
