"""Starts the parts of a running installation as child processes, starts them again when they fall, stops them all."""

import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from types import FrameType
from typing import Self

from sovia.kit import processes
from sovia.kit.settings import LOOPBACK
from sovia.ops.errors import NeedsPassword, PartDidNotStart, PortTaken
from sovia.ops.postgres import PACKAGE_ROOT, Lease

STOP_SECONDS = 5.0
# One that ended is noticed at once; this is for a machine that is slow or busy.
READY_SECONDS = 300.0
LOOK_EVERY_SECONDS = 0.2
LEASE_EVERY_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 30.0
# A part that ran this long had started well; the next fall counts as the first.
WELL_AFTER_SECONDS = 60.0
ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (a table of names, nothing is bound here)


@dataclass
class Part:
    """One child process: how it is started, and how its last starts went."""

    name: str
    arguments: Sequence[str]
    log: Path | None = None
    process: processes.Process | None = None
    falls: int = 0
    started_at: float = 0.0
    again_at: float = 0.0

    def pause_seconds(self) -> float:
        """How long to wait before the next start: 1, 2, 4 ... seconds."""
        return float(min(2 ** max(self.falls - 1, 0), LONGEST_PAUSE_SECONDS))


@dataclass
class Supervisor:
    """The running parts. As a context it stops them all at its end, however it ends."""

    environment: Mapping[str, str]
    lease: Lease | None = None
    parts: list[Part] = field(default_factory=list)
    signals: int = 0
    renewed_at: float = 0.0

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def stopping(self) -> bool:
        """Whether somebody asked us to stop."""
        return self.signals > 0

    def add(self, part: Part) -> None:
        """Start a part and watch it from now on."""
        self.parts.append(part)
        self._start(part)

    def watch(self, tell: Callable[[str], None]) -> None:
        """Keep everything running until a signal asks to stop; `tell` gets a sentence about each fall."""
        while not self.stopping:
            for part in self.parts:
                self._look_after(part, tell)
            self._look_after_database(tell)
            time.sleep(LOOK_EVERY_SECONDS)

    def stop(self) -> None:
        """Ask every part to end, and end it after a few seconds, or at once on a second Ctrl-C."""
        running = [part.process for part in self.parts if part.process and part.process.poll() is None]
        for process in running:
            process.terminate()
        until, asked = time.monotonic() + STOP_SECONDS, self.signals
        while any(process.poll() is None for process in running):
            if time.monotonic() > until or self.signals > max(asked, 1):
                for process in running:
                    process.kill()
            time.sleep(0.02)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.signals += 1

    def _start(self, part: Part) -> None:
        keep = [self.lease.descriptor] if self.lease else []
        argv = [sys.executable, "-m", "sovia", *part.arguments]
        part.process = processes.start(argv, log=part.log, environment=self.environment, keep=keep)
        part.started_at = time.monotonic()

    def _look_after(self, part: Part, tell: Callable[[str], None]) -> None:
        now = time.monotonic()
        if part.process is None:
            if now >= part.again_at:
                self._start(part)
        elif part.process.poll() is not None and not self.stopping:
            part.falls = 1 if now - part.started_at > WELL_AFTER_SECONDS else part.falls + 1
            part.again_at, part.process = now + part.pause_seconds(), None
            tell(f"The {part.name} ended unexpectedly; it starts again in {part.pause_seconds():.0f} s.")

    def _look_after_database(self, tell: Callable[[str], None]) -> None:
        now = time.monotonic()
        if self.lease is None or now - self.renewed_at < LEASE_EVERY_SECONDS:
            return
        self.renewed_at = now
        if not self.lease.is_well():
            tell("The database ended unexpectedly; it starts again.")
            self.lease.renew()


def environment_for(url: str, host: str, port: int) -> dict[str, str]:
    """What a part needs to know beyond our own environment."""
    return {"DATABASE_URL": url, "HOST": host, "PORT": str(port), "PYTHONPATH": str(PACKAGE_ROOT)}


def refuse_open_door(host: str, password: str) -> None:
    """Without a password only this machine may reach the server: `NeedsPassword`."""
    if host not in LOOPBACK and not password:
        raise NeedsPassword(
            f"HOST is {host}, so other machines could reach the gallery, and there is no password. "
            "Set SOVIA_PASSWORD, or leave HOST at 127.0.0.1."
        )


def free_port(host: str, port: int) -> int:
    """The port, or a free one for port 0; `PortTaken` when another program listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(_why_not(host, port, error)) from None
        return int(probe.getsockname()[1])


def wait_until_answering(supervisor: Supervisor, part: Part, host: str, port: int) -> None:
    """Return when the server answers its first request, or when somebody asked to stop meanwhile."""
    until = time.monotonic() + READY_SECONDS
    while not supervisor.stopping:
        if part.process is None or part.process.poll() is not None:
            raise PartDidNotStart(f"The {part.name} did not start.{_where(part)}")
        if answers(ANY_ADDRESS.get(host, host), port):
            return
        if time.monotonic() > until:
            raise PartDidNotStart(f"The {part.name} does not answer.{_where(part)}")
        time.sleep(0.03)


def answers(host: str, port: int) -> bool:
    """Whether a server answers a request there, with whatever status."""
    connection = HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status > 0
    except OSError:
        return False
    finally:
        connection.close()


def _why_not(host: str, port: int, error: OSError) -> str:
    if isinstance(error, PermissionError):
        return f"Only root may use port {port}; choose one above 1023 with --port or PORT."
    if isinstance(error, socket.gaierror) or error.errno == 99:
        return f"This machine has no address {host}; choose another with --host or HOST."
    return f"Another program listens on port {port}; stop it, or choose another port with --port or PORT."


def _where(part: Part) -> str:
    return f" The file .sovia/log/{part.log.name} says why." if part.log else " It said why above."
