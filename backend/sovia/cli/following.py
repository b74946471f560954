"""What follows an import: its jobs watched under bars, or worked on here when no worker is there to do it."""

import asyncio
from contextlib import suppress
from uuid import UUID

from rich.markup import escape
from rich.progress import Progress as Bars
from rich.progress import TaskID

from sovia import worker
from sovia.cli import console
from sovia.kit import jobs
from sovia.kit.db import Database

LOOK_EVERY_SECONDS = 0.4


async def look_for_files(database: Database, user_id: UUID) -> None:
    """Watch the jobs until none is open; work on them ourselves when no worker is alive."""
    async with database.begin() as session:
        helped = await jobs.live_workers(session) > 0
    if helped:
        console.tell("The running worker now looks for the files; the page shows how far it is.")
        return
    with console.progress_bar() as bars:
        showing = asyncio.create_task(show_jobs(database, user_id, bars))
        try:
            await worker.drain(database)
        finally:
            showing.cancel()
            with suppress(asyncio.CancelledError):
                await showing


async def show_jobs(database: Database, user_id: UUID, bars: Bars) -> None:
    """One bar for each open job, brought up to date until cancelled."""
    shown: dict[UUID, TaskID] = {}
    while True:
        async with database.begin() as session:
            found = await jobs.recent_jobs(session, user_id, only_open=True)
        for job in found:
            if job.id not in shown:
                shown[job.id] = bars.add_task(escape(job.title), total=None)
            task = shown[job.id]
            bars.update(task, completed=job.progress_done, total=job.progress_total)
        for job_id in shown.keys() - {job.id for job in found}:
            bars.update(shown[job_id], visible=False)
        await asyncio.sleep(LOOK_EVERY_SECONDS)
