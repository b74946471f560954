"""The web server process: granian with one worker process, as a part of `./run serve`."""

import os
import signal
from collections.abc import Callable

from fastapi import FastAPI
from granian import loops
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from sovia.app import create_app
from sovia.kit import child, ending, log, memory, settings

STOP_SECONDS = 3
# In the server's worker process, which makes its loop before it loads the app.
loops.register("auto")(ending.build_loop)


def command() -> None:
    """Answer requests at HOST and PORT until told to stop."""
    found = settings.current()
    server = Server(
        "sovia.app",
        address=found.host,
        port=found.port,
        interface=Interfaces.ASGI,
        workers=1,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.warning,
    )
    server.serve(target_loader=load, wrap_loader=False)


def load() -> Callable[..., object]:
    """Make the app, in granian's worker process."""
    child.end_with_parent(signal.SIGTERM, os.getppid())
    memory.return_large_pieces()
    found = settings.current()
    log.configure(found.log_level)
    app: FastAPI = create_app(found)
    return app
