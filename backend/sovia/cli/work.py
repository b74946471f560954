"""`./run work`: a worker by itself; any number of them may run, on any number of machines."""

import asyncio
from typing import Annotated

import typer

from sovia import worker
from sovia.cli import console
from sovia.cli.ready import database_ready
from sovia.kit import settings as kit_settings


def command(
    migrate: Annotated[bool, typer.Option(hidden=True, help="Bring the tables up to date first.")] = True,
) -> None:
    """Work on jobs until Ctrl-C: probe and hash files, make thumbnails, run imports.

    Several workers share the work; the work of one that dies is taken over by the others.
    """
    settings = kit_settings.current()
    if not migrate:
        asyncio.run(worker.work(settings, settings.database_url))
        return
    with database_ready(settings) as ready:
        console.tell("Working on jobs (Ctrl-C stops it).")
        asyncio.run(worker.work(settings, ready.url))
