"""`./run import`: exports taken in here and now, with a bar; then their files, when no worker is there to do it."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.markup import escape
from rich.progress import Progress as Bars
from rich.progress import TaskID
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncSession

from sovia import worker
from sovia.account.service import local_user
from sovia.cli import console
from sovia.cli.ready import database_ready
from sovia.importer import queries, service
from sovia.importer.service import Progress, Report
from sovia.kit import jobs, settings
from sovia.kit.db import Database
from sovia.kit.errors import SoviaError

LOOK_EVERY_SECONDS = 0.4
# What the final table shows of an import's counts, in this order.
COUNTED = {
    "new": "new posts",
    "changed": "changed",
    "same": "already here",
    "children_new": "new children",
    "problems": "problems",
}


class FileNotImported(SoviaError):
    """At least one of the files could not be taken in; each was complained about by its name."""

    code = "file_not_imported"


def command(
    files: Annotated[list[Path], typer.Argument(help="Exports: JSON as it came, or packed with gzip.")],
) -> None:
    """Take in exports: posts, prompts, likes, models; then look for the files they name.

    The same file again changes nothing. The media are looked for under https_/ by their URL.
    """
    found = settings.current()
    with database_ready(found) as ready:
        failed = asyncio.run(import_all(ready.url, files))
    if failed:
        raise FileNotImported(f"{failed} of {len(files)} files could not be imported.")


async def import_all(url: str, files: list[Path]) -> int:
    """Take in one file after the other, then do the jobs that came of it; how many files failed."""
    database = Database(url)
    try:
        async with database.begin() as session:
            user_id = await local_user(session)
        reports = [(path, await import_one(database, user_id, path)) for path in files]
        done = [(path, report) for path, report in reports if report]
        if done:
            await look_for_files(database, user_id)
            console.out.print(table_of(done))
            async with database.begin() as session:
                console.out.print(await words_about_files(session, user_id))
        return len(files) - len(done)
    finally:
        await database.dispose()


async def import_one(database: Database, user_id: UUID, path: Path) -> Report | None:
    """Take in one file under a bar of its bytes; nothing, after a complaint, when that can not be."""
    with console.bytes_bar() as bars:
        task = bars.add_task(escape(path.name), total=None, note="")

        async def show(progress: Progress) -> None:
            posts = progress.counts["posts"] + progress.counts["children"]
            note = f"{posts:,} posts, {progress.posts_per_second:,.0f} a second"
            bars.update(task, completed=progress.done, total=progress.total, note=note)

        try:
            report = await service.import_file(database, user_id, path, on_progress=show)
        except (SoviaError, OSError) as error:
            bars.remove_task(task)
            console.complain(f"{escape(path.name)}: {escape(why(error))}")
            return None
        size = await asyncio.to_thread(lambda: path.stat().st_size)
        bars.update(task, completed=size, total=size, note=f"{report.seconds:.1f} s")
    return report


def why(error: SoviaError | OSError) -> str:
    """What is wrong, without a path."""
    if isinstance(error, SoviaError):
        return error.message
    return f"{error.strerror or 'it can not be read'}."


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


def table_of(done: list[tuple[Path, Report]]) -> Table:
    """What each file brought."""
    table = Table("file", *COUNTED.values(), box=None, header_style="bold", pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    for path, report in done:
        table.add_row(escape(path.name), *(f"{report.counts.get(name, 0):,}" for name in COUNTED))
    return table


async def words_about_files(session: AsyncSession, user_id: UUID) -> str:
    """How many of the library's files are in which state."""
    counts = await queries.file_counts(session, user_id)
    parts = [f"{count:,} {state}" for state, count in sorted(counts.items())]
    return f"Files: {', '.join(parts) or 'none'}."
