"""`./run demo`: a library of pictures and clips made by code, in a folder of its own, ready to be looked at."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from sovia.cli import console
from sovia.kit import processes, settings
from sovia.ops.demo import making
from sovia.ops.errors import PartDidNotStart
from sovia.ops.postgres import PACKAGE_ROOT

FOLDER = "demo-library"


def command(
    folder: Annotated[Path | None, typer.Option(help="Where the library lies; ./demo-library by default.")] = None,
    pictures: Annotated[int, typer.Option(help="How many pictures.", min=1, max=5000)] = 160,
    clips: Annotated[int, typer.Option(help="How many clips.", min=0, max=2000)] = 60,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 finds a free one.", min=0, max=65535)] = None,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Start it when it is made.")] = True,
) -> None:
    """Make a library of pictures and clips by code, take it in, and start it.

    It has its own folder and its own database: your library is not touched. Remove the folder to be rid of it.
    """
    home = (folder or settings.current().home / FOLDER).expanduser().resolve()
    home.mkdir(parents=True, exist_ok=True)
    export = make(home, pictures, clips)
    # Its own database, whatever DATABASE_URL says.
    environment = {"SOVIA_HOME": str(home), "DATABASE_URL": "", "PYTHONPATH": str(PACKAGE_ROOT)}
    taking_in = processes.start([sys.executable, "-m", "sovia", "import", export], environment=environment)
    if taking_in.wait() != 0:
        raise PartDidNotStart("The demo could not be taken in; the line above says why.")
    if serve:
        options = [] if port is None else ["--port", str(port)]
        argv = [sys.executable, "-m", "sovia", "serve", *options]
        os.execve(sys.executable, argv, {**os.environ, **environment})


def make(home: Path, pictures: int, clips: int) -> Path:
    """Make the files under a bar; the path of their export."""
    with console.progress_bar() as bars:
        task = bars.add_task("Making pictures and clips", total=pictures + clips)

        def show(done: int, total: int) -> None:
            bars.update(task, completed=done, total=total)

        return making.build(home, pictures=pictures, clips=clips, progress=show)
