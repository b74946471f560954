"""`./run alive`: for health checks: ends with 0 when the server here, or the worker here, does its work."""

import asyncio
import socket
from http.client import HTTPConnection
from typing import Annotated

import typer

from sovia.kit import jobs, settings
from sovia.kit.db import Database
from sovia.ops.errors import InstallationUnwell

OK = 200
TIMEOUT_SECONDS = 4


def command(
    worker: Annotated[bool, typer.Option("--worker", help="Ask for the worker of this machine instead.")] = False,
) -> None:
    """End with 0 when the web server at PORT, or the worker of this machine, is at work."""
    found = settings.current()
    if not (asyncio.run(works(found.database_url)) if worker else answers(found.port)):
        raise InstallationUnwell("It does not answer.")


def answers(port: int) -> bool:
    """Whether the page is served."""
    connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("HEAD", "/")
        return connection.getresponse().status == OK
    except OSError:
        return False
    finally:
        connection.close()


async def works(url: str) -> bool:
    """Whether a worker of this machine was heard of lately."""
    database = Database(url, pool_size=1)
    try:
        async with database.begin() as session:
            return await jobs.live_workers(session, name=socket.gethostname()) > 0
    finally:
        await database.dispose()
