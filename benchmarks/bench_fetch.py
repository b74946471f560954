"""Bringing files home from a server on this machine: files a second, bytes a second, and memory with many at once.

Run it as `.venv/bin/python benchmarks/bench_fetch.py [files] [at once]`; nothing of the library is touched.
"""

import asyncio
import resource
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "backend"))

from sovia.fetching.one import Wanted, fetch_one  # noqa: E402
from sovia.fetching.parts import sync_names  # noqa: E402
from sovia.kit.outside import Outside  # noqa: E402

HOST = "imagine-public.x.ai"
# A whole JPEG as far as its first and last bytes tell.
SMALL = b"\xff\xd8\xff\xe0" + bytes(20_000) + b"\xff\xd9"
LARGE = b"\xff\xd8\xff\xe0" + bytes(64_000_000) + b"\xff\xd9"


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """The same file for every path, over a connection that stays."""
    try:
        while True:
            request = await reader.readuntil(b"\r\n\r\n")
            content = LARGE if b"/large" in request else SMALL
            writer.write(b'HTTP/1.1 200 OK\r\nETag: "1"\r\nContent-Length: %d\r\n\r\n' % len(content))
            view = memoryview(content)
            for at in range(0, len(view), 1 << 20):
                writer.write(view[at : at + (1 << 20)])
                await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
        writer.close()


async def spend(_count: int) -> None:
    """No limit."""


async def fetch_all(place: str, root: Path, names: list[str], at_once: int) -> float:
    """The seconds that bringing all of them takes."""
    left, ended = iter(names), list[str]()
    began = time.perf_counter()

    async with Outside({HOST}, stand_in=place) as outside:

        async def work() -> None:
            for name in left:
                wanted = Wanted(f"https_/{HOST}/{name}", f"https://{HOST}/{name}", "image")
                outcome = await fetch_one(outside, root, wanted, spend)
                assert not outcome.cause, outcome
                ended.append(wanted.path.removeprefix("https_/"))
                if len(ended) >= 100:
                    batch, ended[:] = list(ended), []
                    await asyncio.to_thread(sync_names, root, batch)

        await asyncio.gather(*(work() for _ in range(at_once)))
    return time.perf_counter() - began


def megabytes() -> float:
    """The most memory this process had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def main(files: int, at_once: int) -> None:
    """Small files, then large ones, then many at once."""
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    place = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "https_"
        before = time.process_time()
        seconds = await fetch_all(place, root, [f"small/{number}.jpg" for number in range(files)], 16)
        each = (time.process_time() - before) / files * 1e3
        said = f"{files / seconds:,.0f} files a second, {each:.2f} ms of processor each with the server's"
        print(f"small: {said}, most memory {megabytes():,.0f} MB")
        seconds = await fetch_all(place, root, [f"large/{number}.jpg" for number in range(4)], 2)
        print(f"large: {4 * len(LARGE) / seconds / 1e6:,.0f} MB a second, most memory {megabytes():,.0f} MB")
        before = megabytes()
        await fetch_all(place, root, [f"many/{number}.jpg" for number in range(files * 2)], at_once)
        print(f"{at_once} at once: most memory {before:,.0f} MB before, {megabytes():,.0f} MB after")
    server.close()


if __name__ == "__main__":
    arguments = [int(one) for one in sys.argv[1:]]
    asyncio.run(main(*(arguments + [2000, 200][len(arguments) :])))
