"""How much slower the documented list is than fetching the same rows with bare asyncpg: first page, and a deep one.

    python benchmarks/bench_list.py --server http://127.0.0.1:8000 --database postgresql://...

Both sides take turns in one run, on one keep-alive connection each; medians and their ratio are printed. Then 32
clients at once ask for first pages, of each side for the same time; pages a second are printed.
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import asyncpg

from sovia.kit.paging import cursor_of

CLIENTS, ROUNDS_OF_MANY, SECONDS_OF_MANY = 32, 3, 4
COLUMNS = """p.id, p.root_id, p.parent_id, p.source_user_id, p.created_at, p.prompt, p.original_prompt, p.kind,
    p.media_url, coalesce(f.found_path, f.path), p.mime_type, p.model, p.liked, p.mode"""
JOINED = f"""SELECT {COLUMNS} FROM posts p LEFT JOIN files f ON (f.user_id, f.post_id, f.role, f.position, f.state)
    = (p.user_id, p.id, 'media', 0, 'present') WHERE p.user_id = $1"""
PAGE = f"""{JOINED} AND p.parent_id IS NULL AND p.deleted_at IS NULL AND (p.created_at, p.id) < ($2, $3)
    ORDER BY p.created_at DESC NULLS LAST, p.id DESC LIMIT 50"""
CHILDREN = f"{JOINED} AND p.root_id = ANY($2) AND p.parent_id IS NOT NULL AND p.deleted_at IS NULL"


async def connect(url: str) -> asyncpg.Connection:
    """A bare connection; the product's URL form with a socket folder is understood."""
    parts = urlsplit(url.replace("+asyncpg", ""))
    host = parse_qs(parts.query).get("host", [parts.hostname])[0]
    return await asyncpg.connect(
        host=host, port=parts.port, user=parts.username, password=parts.password, database=parts.path[1:]
    )


async def median_ms(rounds: int, *sides: Callable[[], Awaitable[object]]) -> list[float]:
    """The median of each side, taken in turns."""
    times: list[list[float]] = [[] for _ in sides]
    for _ in range(rounds):
        for side, kept in zip(sides, times, strict=True):
            start = time.perf_counter()
            await side()
            kept.append((time.perf_counter() - start) * 1000)
    return [statistics.median(kept) for kept in times]


async def main(server: str, database: str, rounds: int) -> None:
    """Measure and print."""
    bare = await connect(database)
    user_id = await bare.fetchval("SELECT user_id FROM posts LIMIT 1")
    # The standard library's client, because a richer one would be a third of what is measured.
    client = HTTPConnection(urlsplit(server).netloc)
    try:
        total = int(get(client, "/api/media").headers["x-total-count"])
        deep = await bare.fetchrow(
            """SELECT created_at, id FROM posts WHERE parent_id IS NULL AND created_at IS NOT NULL
               ORDER BY created_at DESC, id DESC OFFSET $1 LIMIT 1""",
            total * 9 // 10,
        )
        print(f"{total} stacks, {rounds} rounds")
        for name, edge in (("first page", None), ("page at 90 %", deep)):
            at = (datetime.fromisoformat("9999-01-01T00:00:00+00:00"), user_id) if edge is None else tuple(edge)
            query = "" if edge is None else f"?cursor={cursor(*at)}"

            async def fetch(at: tuple[object, ...] = at) -> int:
                roots = await bare.fetch(PAGE, user_id, *at)
                return len(roots) + len(await bare.fetch(CHILDREN, user_id, [row["id"] for row in roots]))

            async def ask(query: str = query) -> None:
                assert get(client, f"/api/media{query}").status == 200

            await fetch(), await ask()
            rows = await fetch()
            plain, ours = await median_ms(rounds, fetch, ask)
            print(f"{name}: {rows} rows, bare {plain:.2f} ms, ours {ours:.2f} ms, ratio {ours / plain:.2f}")
        await compare_many(server, database, user_id)
    finally:
        client.close()
        await bare.close()


async def compare_many(server: str, database: str, user_id: UUID) -> None:
    """Pages a second that 32 clients get at once, in turns; the median of the ratios."""
    pool = [await connect(database) for _ in range(CLIENTS)]
    at = datetime.fromisoformat("9999-01-01T00:00:00+00:00")

    async def fetch(connection: asyncpg.Connection, until: float) -> int:
        pages = 0
        while time.perf_counter() < until:
            roots = await connection.fetch(PAGE, user_id, at, user_id)
            await connection.fetch(CHILDREN, user_id, [row["id"] for row in roots])
            pages += 1
        return pages

    def ask(until: float) -> int:
        client, pages = HTTPConnection(urlsplit(server).netloc), 0
        while time.perf_counter() < until:
            assert get(client, "/api/media").status == 200
            pages += 1
        client.close()
        return pages

    ratios = []
    with ThreadPoolExecutor(CLIENTS) as threads:
        for _ in range(ROUNDS_OF_MANY):
            until = time.perf_counter() + SECONDS_OF_MANY
            bare = sum(await asyncio.gather(*(fetch(one, until) for one in pool)))
            until = time.perf_counter() + SECONDS_OF_MANY
            ours = sum(threads.map(ask, [until] * CLIENTS))
            ratios.append(ours / bare)
            print(f"{CLIENTS} at once: bare {bare / SECONDS_OF_MANY:.0f} pages/s, ours {ours / SECONDS_OF_MANY:.0f}")
    print(f"{CLIENTS} at once: {statistics.median(ratios):.2f} of the throughput of bare asyncpg")
    for connection in pool:
        await connection.close()


def get(client: HTTPConnection, path: str) -> HTTPResponse:
    """One request on the open connection, its body read."""
    client.request("GET", path)
    answer = client.getresponse()
    answer.read()
    return answer


def cursor(at: datetime, post_id: object) -> str:
    """A cursor as the server writes it, see docs/formats/cursor.md."""
    return cursor_of("date_desc", 0, 0, at.isoformat(), str(post_id))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", default="http://127.0.0.1:8000")
    parser.add_argument("--database", required=True)
    parser.add_argument("--rounds", type=int, default=200)
    given = parser.parse_args()
    asyncio.run(main(given.server, given.database, given.rounds))
