"""`./run backup`: the database written down, and proven by restoring it."""

import asyncio
from typing import Annotated

import typer

from sovia.cli import console
from sovia.cli.backups import line_of, telling
from sovia.cli.ready import database_ready
from sovia.kit import settings
from sovia.ops.backups import making, places
from sovia.ops.backups.errors import BackupFailed


def command(
    prove: Annotated[str, typer.Option(help="Only prove the backup of this name again.")] = "",
) -> None:
    """Write the database down in archive/, restore a copy of it, and count that against the original.

    Media files are not in it: they lie below https_/. Nor are the keys of this installation.
    """
    found = settings.current()
    with database_ready(found) as ready:
        if prove:
            places.backup(found.archive_root, prove)
            made = asyncio.run(making.prove(ready.url, found, prove, telling))
        else:
            made = asyncio.run(making.make(ready.url, found, "by hand", telling))
    console.out.print(line_of(made))
    if made.proof is not None and not made.proof.proven:
        raise BackupFailed(f"The copy is not what was backed up: {'; '.join(made.proof.differences[:3])}.")
