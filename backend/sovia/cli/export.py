"""`./run export`: the library given out whole, to a file or a folder."""

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sovia.account.service import local_user
from sovia.cli import console
from sovia.cli.ready import database_ready
from sovia.keeping.exporting import service
from sovia.kit import settings
from sovia.kit.db import Database


class Form(StrEnum):
    """In which form."""

    json = "json"
    folder = "folder"
    zip = "zip"


def command(
    form: Annotated[Form, typer.Argument(help="json: posts only; folder or zip: media too.")],
    target: Annotated[Path, typer.Argument(help="The file, or a new folder.")],
    which: Annotated[str, typer.Argument(metavar="[FILTER]", help="Only the stacks that this filter finds.")] = "",
    template: Annotated[str, typer.Option(help="Names of media, such as {year}/{month}/{prompt}.")] = service.PLAIN,
) -> None:
    """Give the library out, whole or what a filter finds.

    JSON can be imported again by ./run import. A folder is a bag (BagIt): media with what is known of each beside it,
    all posts as JSON, and a manifest with a fingerprint of every file. A zip holds the same.
    """
    with database_ready(settings.current()) as ready:
        asyncio.run(export(ready.url, form, target, which, template))


async def export(url: str, form: Form, target: Path, which: str, template: str) -> None:
    """Write it, and say what it holds."""
    database = Database(url)
    media = settings.current().media_root
    try:
        async with database.begin() as session:
            user_id = await local_user(session)
        if form is Form.json:
            await _write_json(target, service.json_of(database, user_id, which))
            console.out.print(f"Written: {target.name}", markup=False)
            return
        write = service.to_folder if form is Form.folder else service.to_zip
        tally = await write(database, user_id, media, target, text=which, template=template)
    finally:
        await database.dispose()
    left_out = f"; {tally['left_out']:,} files could not be read" if tally.get("left_out") else ""
    posts, files, size = tally.get("posts", 0), tally["files"], tally["bytes"] / 1e6
    console.out.print(f"{posts:,} posts, {files:,} files, {size:,.1f} MB{left_out}.")


async def _write_json(target: Path, pieces: service.Pieces) -> None:
    part = target.with_name(target.name + ".part")
    with await asyncio.to_thread(part.open, "wb") as file:
        async for piece in pieces:
            file.write(piece)
    await asyncio.to_thread(part.replace, target)
