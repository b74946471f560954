"""A web server of our own that does whatever a server can do wrong, byte by byte; each path has its own behaviour."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Asked:
    """A request as it came."""

    host: str
    path: str
    headers: dict[str, str]

    @property
    def first(self) -> int:
        """Where the part begins that is asked for."""
        return int(self.headers["range"].removeprefix("bytes=").split("-")[0]) if "range" in self.headers else 0


Behaviour = Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Server:
    """Where it listens, what it does at which path, and what it was asked."""

    place: str = ""
    paths: dict[str, Behaviour] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    at_once: Counter[str] = field(default_factory=Counter)
    most_at_once: Counter[str] = field(default_factory=Counter)

    def serve(self, path: str, content: bytes, **more: str) -> None:
        """A file as any good server gives it, with ranges."""
        self.paths[path] = good(content, **more)

    def says(self, path: str, answer: bytes) -> None:
        """Exactly these bytes, then the end of the connection."""
        self.paths[path] = raw(answer)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                asked = _parsed(await reader.readuntil(b"\r\n\r\n"))
                self.asked.append(asked)
                self.at_once[asked.host] += 1
                self.most_at_once[asked.host] = max(self.most_at_once[asked.host], self.at_once[asked.host])
                try:
                    await self.paths.get(asked.path, NOT_FOUND)(asked, writer)
                    await writer.drain()
                finally:
                    self.at_once[asked.host] -= 1
                if writer.is_closing():
                    break
        writer.close()


@asynccontextmanager
async def serving() -> AsyncIterator[Server]:
    """A server for as long as the block lasts."""
    found = Server()
    tasks: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        tasks.add(task)
        try:
            with suppress(asyncio.CancelledError):
                await found._talk(reader, writer)
        finally:
            tasks.discard(task)
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    found.place = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield found
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def head(status: int = 200, **headers: object) -> bytes:
    """The first lines of an answer; `_` in a name stands for `-`."""
    lines = [f"HTTP/1.1 {status} Whatever", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def raw(answer: bytes) -> Behaviour:
    """Exactly these bytes, then the end."""

    async def behave(_asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()
        writer.close()

    return behave


def good(content: bytes, etag: str = '"one"', **more: str) -> Behaviour:
    """A file with ranges; `If-Range` is understood."""

    async def behave(asked: Asked, writer: asyncio.StreamWriter) -> None:
        first = asked.first if asked.headers.get("if-range", etag) == etag else 0
        headers = {"ETag": etag, "Content_Length": len(content) - first, **more}
        if first:
            headers["Content_Range"] = f"bytes {first}-{len(content) - 1}/{len(content)}"
        writer.write(head(206 if first else 200, **headers) + content[first:])

    return behave


def broken_off(content: bytes, after: int, etag: str = '"one"') -> Behaviour:
    """The first request gets a part and no more; what follows is answered well."""
    times = 0

    async def behave(asked: Asked, writer: asyncio.StreamWriter) -> None:
        nonlocal times
        times += 1
        if times > 1:
            await good(content, etag)(asked, writer)
            return
        writer.write(head(ETag=etag, Content_Length=len(content)) + content[:after])
        await writer.drain()
        writer.close()

    return behave


def _parsed(request: bytes) -> Asked:
    first, *rest = request.decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in rest if line)
    named = {name.lower(): value for name, value in headers.items()}
    return Asked(named["host"], first.split(" ")[1], named)


NOT_FOUND = raw(head(404, Content_Length=0))
