"""How long a part of a clip takes from this server, beside a bare route that serves the same file.

    PYTHONPATH=backend python benchmarks/bench_serve.py

Starts both as processes of their own: `./run serve` with one clip in its library, and an app whose only route is
Starlette's FileResponse, by the same HTTP server with the same settings. Each round asks both for each part, in turn,
over one connection; medians, and how many times as long ours takes. With `--connections` several ask at once.
"""

import argparse
import asyncio
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from uuid import UUID

from sovia.ops.backups import servers
from sovia.ops.postgres import Lease

BACKEND = Path(__file__).resolve().parents[1] / "backend"
PLACE = "https_/assets.grok.com/users/u/1/generated_video.mp4"
SIZE = 24_000_000
PARTS = {"first 64 kB": (0, 65_536), "1 MB in the middle": (9_000_000, 1_048_576), "8 MB": (4_000_000, 8_388_608)}
BARE = """
import sys
from granian.constants import Interfaces
from granian.server import Server
from starlette.applications import Starlette
from starlette.responses import FileResponse
from starlette.routing import Route

app = Starlette(routes=[Route("/clip", lambda request: FileResponse(sys.argv[1], media_type="video/mp4"))])
Server("bare", address="127.0.0.1", port=int(sys.argv[2]), interface=Interfaces.ASGI, workers=1, websockets=False
       ).serve(target_loader=lambda *_: app, wrap_loader=False)
"""
POST = """
INSERT INTO posts (user_id, id, root_id, kind, media_state)
SELECT id, $1, $1, 'video', 'present' FROM users LIMIT 1
"""
FILE = """
INSERT INTO files (user_id, post_id, role, position, url, path, state, sha256, size_bytes, mtime_ns, mime_type)
SELECT id, $1, 'media', 0, 'https://x', $2, 'present', sha256('x'), $3, $4, 'video/mp4' FROM users LIMIT 1
"""


async def put_clip(url: str, size: int, mtime_ns: int) -> None:
    """A post with the clip."""
    post_id = UUID(int=1)
    async with servers.connected(url) as connection:
        await connection.execute(POST, post_id)
        await connection.execute(FILE, post_id, PLACE, size, mtime_ns)


def ask(client: HTTPConnection, path: str, first: int, length: int) -> float:
    """How long the answer takes, its body read."""
    began = time.perf_counter()
    client.request("GET", path, headers={"Range": f"bytes={first}-{first + length - 1}"})
    answer = client.getresponse()
    content = answer.read()
    took = time.perf_counter() - began
    assert (answer.status, len(content)) == (206, length), (answer.status, len(content))
    return took


def measure(ours: str, bare: str, rounds: int, connections: int) -> None:
    """Print medians."""
    asked = {"this server": (ours, f"/media/{PLACE}"), "bare route": (bare, "/clip")}
    print(f"{'':22}{'this server':>14}{'bare route':>14}{'ratio':>8}")
    for part, (first, length) in PARTS.items():
        times: dict[str, list[float]] = {name: [] for name in asked}

        def run() -> None:
            clients = {name: HTTPConnection(host, timeout=60) for name, (host, _) in asked.items()}
            for _ in range(rounds):
                for name, (_, path) in asked.items():
                    times[name].append(ask(clients[name], path, first, length))  # noqa: B023 - ended below

        threads = [threading.Thread(target=run) for _ in range(connections)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        a, b = (statistics.median(times[name]) * 1000 for name in asked)
        print(f"{part:22}{a:11.2f} ms{b:11.2f} ms{a / b:8.2f}")


def main(rounds: int, connections: int) -> None:
    """Start both, measure, end both."""
    home = Path(tempfile.mkdtemp(prefix="sovia-bench-"))
    clip = home / PLACE
    clip.parent.mkdir(parents=True)
    clip.write_bytes(b"\0\0\0\x18ftypmp42" + random.Random(5).randbytes(SIZE - 12))
    environment = {**os.environ, "SOVIA_HOME": str(home), "PYTHONPATH": str(BACKEND), "DATABASE_URL": ""}
    port = str(random.Random().randrange(20_000, 60_000))
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "sovia", "serve", "--port", "0", "--no-work"],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        ),
        subprocess.Popen([sys.executable, "-c", BARE, str(clip), port], stdout=subprocess.DEVNULL),
    ]  # fmt: skip
    try:
        lines = processes[0].stdout or []
        ours = next(found[1] for line in lines if (found := re.search(r"http://([\w.]+:\d+)", line)))
        lease = Lease(home)
        asyncio.run(put_clip(lease.url, clip.stat().st_size, clip.stat().st_mtime_ns))
        lease.release()
        measure(ours, f"127.0.0.1:{port}", 20, 1)
        print("again, warm:")
        measure(ours, f"127.0.0.1:{port}", rounds, connections)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=30)
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--connections", type=int, default=1)
    given = parser.parse_args()
    main(given.rounds, given.connections)
