"""`./run restore`: a backup takes the place of what is here, which is backed up first."""

import asyncio
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from sovia.cli import console
from sovia.cli.backups import line_of, telling
from sovia.kit import settings as kit_settings
from sovia.kit.errors import Refused
from sovia.ops.backups import places, restoring
from sovia.ops.postgres import Lease


def command(
    backup: Annotated[str, typer.Argument(help="A backup in archive/, by its name or its path.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Put a backup in the place of the library that is here now.

    What is here now is backed up first. The backup is restored beside it and checked; only then the two change places,
    and change back should the restored library not be well. The server may keep running.
    """
    settings = kit_settings.current()
    name = Path(backup).name if Path(backup).is_dir() else Path(backup).parent.name if "/" in backup else backup
    found = places.backup(settings.archive_root, name)
    console.tell(line_of(found))
    if not yes and not typer.confirm("Put it in the place of the library that is here now?", err=True):
        raise Refused("Nothing was changed.")
    # Not brought up to date first: what is here may be broken, which can be why.
    with ExitStack() as stack:
        url = settings.database_url
        if not url:
            lease = Lease(settings.home, console.tell)
            stack.callback(lease.release)
            url = lease.url
        done = asyncio.run(restoring.restore(url, settings, name, telling))
    kept = f" What was here before is in {done.kept_as}." if done.kept_as else ""
    console.out.print(f"The library is now that of {name}.{kept}")
