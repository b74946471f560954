"""Running a function on files that may be hostile: in child processes, with limits of memory and time, a few at once.

What a child says is parsed as JSON, never unpickled: it has read what strangers wrote.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

CHILD = Path(__file__).with_name("sandbox_child.py")
MEMORY_BYTES = 3 << 30
# A child is replaced now and then, so that what a decoder leaks stays small.
REQUESTS_PER_CHILD = 1000
# A child that takes longer to load what it needs does not come up at all.
START_SECONDS = 120.0
LINE_LIMIT = 1 << 20

Request = TypeVar("Request")


def cores() -> int:
    """How many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class SandboxFailed(Exception):
    """The function gave no answer: `reason` is `time`, `died`, or the name of what it raised, with its `errno`."""

    def __init__(self, reason: str, errno: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.errno = errno


@dataclass(frozen=True)
class Ask(Generic[Request]):
    """One request: what the child gets as JSON, how many seconds it may take, and the caller's own name for it."""

    name: Request
    body: dict[str, Any]
    seconds: float


@dataclass
class Sandbox:
    """A set of children that run one function, named `module:function`; use it in `async with`.

    The children start when they are needed, and end with this process in any case. `line_limit` is the longest answer.
    """

    target: str
    size: int = field(default_factory=cores)
    memory_bytes: int = MEMORY_BYTES
    line_limit: int = LINE_LIMIT

    async def __aenter__(self) -> "Sandbox":
        self._children = [_Child(self.target, self.memory_bytes, self.line_limit) for _ in range(self.size)]
        return self

    async def __aexit__(self, *error: object) -> None:
        await asyncio.gather(*(child.stop() for child in self._children))

    async def answers(self, asks: Iterable[Ask[Request]]) -> AsyncGenerator[tuple[Request, object], None]:
        """The name of each request with its answer, or with a `SandboxFailed`, as they come; close it to stop early.

        The children go on working while the caller deals with an answer.
        """
        waiting, answered = iter(asks), asyncio.Queue[tuple[Request, object] | None]()

        async def serve(child: "_Child") -> None:
            try:
                for ask in waiting:
                    answer: object
                    try:
                        answer = await child.ask(ask.body, ask.seconds)
                    except SandboxFailed as failed:
                        answer = failed
                    answered.put_nowait((ask.name, answer))
            finally:
                answered.put_nowait(None)

        servers = [asyncio.create_task(serve(child)) for child in self._children]
        try:
            busy = len(servers)
            while busy:
                found = await answered.get()
                if found is None:
                    busy -= 1
                else:
                    yield found
            await asyncio.gather(*servers)
        finally:
            for server in servers:
                server.cancel()
            await asyncio.gather(*servers, return_exceptions=True)


class _Child:
    def __init__(self, target: str, memory_bytes: int, line_limit: int) -> None:
        self._line_limit = line_limit
        self._arguments = [sys.executable, "-P", str(CHILD), target, str(memory_bytes), str(os.getpid())]
        self._process: asyncio.subprocess.Process | None = None
        self._asked = 0

    async def ask(self, body: dict[str, Any], seconds: float) -> object:
        if self._asked >= REQUESTS_PER_CHILD:
            await self.stop()
        process = self._process or await self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        self._asked += 1
        answered = False
        try:
            with suppress(ConnectionError):
                process.stdin.write(json.dumps(body).encode() + b"\n")
                await process.stdin.drain()
            line = await asyncio.wait_for(process.stdout.readline(), seconds)
            answered = bool(line)
        except TimeoutError:
            raise SandboxFailed("time") from None
        except ValueError:
            raise SandboxFailed("too long an answer") from None
        finally:
            # Also when we are cancelled: an answer that comes later would be taken for that of the next request.
            if not answered:
                await self.stop()
        if not answered:
            raise SandboxFailed("died")
        said = json.loads(line)
        if "failed" in said:
            raise SandboxFailed(str(said["failed"]), int(said.get("errno", 0)))
        return said["answer"]

    async def stop(self) -> None:
        process, self._process, self._asked = self._process, None, 0
        if process is None:
            return
        # The whole group, since the function may have started a program of its own.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL) if hasattr(os, "killpg") else process.kill()
        await process.wait()
        assert process.stdin is not None
        process.stdin.close()

    async def _start(self) -> asyncio.subprocess.Process:
        self._process = await asyncio.create_subprocess_exec(
            *self._arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,
            limit=self._line_limit,
        )
        assert self._process.stdout is not None
        try:
            await asyncio.wait_for(self._process.stdout.readline(), START_SECONDS)
        except BaseException as error:
            await self.stop()
            if isinstance(error, TimeoutError):
                raise SandboxFailed("died") from None
            raise
        return self._process
