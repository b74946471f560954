"""`./run serve`: the web server and the worker, watched over until Ctrl-C."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from sovia.cli import console
from sovia.cli.ready import Ready, database_ready
from sovia.kit import settings as kit_settings
from sovia.kit.settings import Settings
from sovia.ops import supervisor
from sovia.ops.supervisor import Part, Supervisor


def command(
    host: Annotated[
        str, typer.Option(help="Address to listen on; any but this machine's own needs SOVIA_PASSWORD.")
    ] = "",
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 finds a free one.", min=0, max=65535)] = None,
    work: Annotated[bool, typer.Option("--work/--no-work", help="Also work on jobs.")] = True,
) -> None:
    """Start everything, print the address, and run until Ctrl-C.

    Without settings this starts a PostgreSQL of its own, brings its tables up to date, and starts the web server and
    a worker. With DATABASE_URL it uses that server instead.
    """
    settings = kit_settings.current()
    host = host or settings.host
    supervisor.refuse_open_door(host, settings.password)
    port = supervisor.free_port(host, settings.port if port is None else port)
    with database_ready(settings) as ready:
        run_parts(settings, ready, host, port, work=work)


def run_parts(settings: Settings, ready: Ready, host: str, port: int, *, work: bool) -> None:
    """Start the parts, print the address when the server answers, and watch them."""
    environment = supervisor.environment_for(ready.url, host, port) | {"SOVIA_HOME": str(settings.home)}
    with Supervisor(environment, ready.lease) as parts:
        web = Part("web server", ["web"], log_of(settings, "web"))
        parts.add(web)
        supervisor.wait_until_answering(parts, web, host, port)
        # Only now: on a small machine the two would slow each other down, and people wait for the page.
        if work and not parts.stopping:
            parts.add(Part("worker", ["work", "--no-migrate"], log_of(settings, "worker")))
        if not parts.stopping:
            shown = f"[{host}]" if ":" in host else supervisor.ANY_ADDRESS.get(host, host)
            console.out.print(f"8xSovia runs at [bold]http://{shown}:{port}/[/bold]   (Ctrl-C stops it)")
        parts.watch(console.tell)


def log_of(settings: Settings, name: str) -> Path | None:
    """At a terminal the parts write to files, so that it stays readable; in a container they write where we do."""
    if not sys.stderr.isatty():
        return None
    folder = settings.state_root / "log"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.log"
