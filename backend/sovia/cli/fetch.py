"""`./run fetch`: brings home the files that are not here; then says what came, and what did not and why."""

import asyncio
from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table

from sovia import tables
from sovia.account.service import local_user
from sovia.cli import console
from sovia.cli.following import look_for_files
from sovia.cli.ready import database_ready
from sovia.fetching import service, showing
from sovia.fetching.schemas import FetchOut
from sovia.kit import settings
from sovia.kit.db import Database


def command(
    wanted: Annotated[str, typer.Argument(help="A filter, such as model:aurora; without one, all files.")] = "",
    of_import: Annotated[UUID | None, typer.Option("--import", help="Only files of this import's posts.")] = None,
    retry: Annotated[bool, typer.Option("--retry", help="Also try again what failed before.")] = False,
    status: Annotated[bool, typer.Option("--status", help="Only say how things stand.")] = False,
) -> None:
    """Fetch the files that posts name and that are not here: from listed hosts, politely, going on where it was.

    Run twice it fetches nothing twice. What needs your signed-in browser is named at the end.
    """
    assert tables.metadata
    found = settings.current()
    scope: dict[str, object] = {"all": True}
    if of_import is not None:
        scope = {"import": str(of_import)}
    elif wanted:
        scope = {"filter": wanted}
    with database_ready(found) as ready:
        asyncio.run(fetch(ready.url, scope, retry=retry, only_say=status))


async def fetch(url: str, scope: dict[str, object], *, retry: bool, only_say: bool) -> None:
    """Want the files, do the work unless a worker does, and say how it went."""
    database = Database(url)
    try:
        async with database.begin() as session:
            user_id = await local_user(session)
            if not only_say:
                await service.set_settings(session, user_id, {"paused": False})
                await service.want(session, user_id, scope)
            if retry:
                await service.retry(session, user_id, cause=None, host=None)
        if not only_say:
            await look_for_files(database, user_id)
        async with database.begin() as session:
            console.out.print(table_of(await showing.overview(session, user_id, settings.current())))
    finally:
        await database.dispose()


def table_of(found: FetchOut) -> Table:
    """What is not here, by host, and why."""
    table = Table(title=f"{found.lacking:,} files are not here, {found.waiting:,} of them wait")
    for name in ("why", "files", "hosts", "what helps"):
        table.add_column(name, justify="right" if name == "files" else "left")
    for cause in found.causes:
        table.add_row(cause.title, f"{cause.count:,}", ", ".join(cause.hosts[:5]), cause.fix.label)
    return table
