"""How long the gallery's answers take in a library of any size, beside what the machine itself costs at that moment.

    python benchmarks/bench_search.py --server http://127.0.0.1:8000 --database postgresql://...

Every round asks each question once, so all meet the same noise. A bare fetch of one page with asyncpg takes its turn,
and each median is also printed as a multiple of it. "Changed" means that a post was liked just before, so that nothing
kept counts. Words are taken from the library: of those at least three letters long, one that few posts have, one of the
middle, and the most frequent.
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Callable
from datetime import datetime
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import quote, urlsplit

from bench_list import CHILDREN, PAGE, connect

WORDS = """SELECT word, count(*) AS posts FROM (SELECT unnest(tsvector_to_array(words)) AS word FROM posts TABLESAMPLE
    SYSTEM (1)) AS several WHERE word ~ '^[a-z]{3,}$' GROUP BY word ORDER BY posts DESC, word"""
NAMES = "SELECT model, mode FROM posts WHERE model IS NOT NULL AND mode IS NOT NULL LIMIT 1"
# Each post is asked for once, so nothing is kept; the first of them bring the index into memory.
MOST_SIMILAR, WARMED = 300, 20
AT = "9999-01-01T00:00:00+00:00"


class Asker:
    """One keep-alive connection that tells how long each answer took."""

    def __init__(self, server: str) -> None:
        self.host = urlsplit(server).netloc
        self.client = HTTPConnection(self.host, timeout=120)

    def ask(self, path: str, method: str = "GET") -> HTTPResponse:
        """The answer, its body read."""
        self.client.request(method, path, headers={"Origin": f"http://{self.host}"} if method == "POST" else {})
        answer = self.client.getresponse()
        answer.body = answer.read()  # type: ignore[attr-defined]
        return answer


def questions(common: str, middle: str, rare: str, model: str, mode: str) -> dict[str, tuple[str, bool]]:
    """Name, address, and whether the library is changed before each asking."""
    fields = f"model:{quote(model)}+mode:{quote(mode)}"
    return {
        "index, warm": ("/api/index", False),
        "index, changed": ("/api/index", True),
        "index, not stacked, warm": ("/api/index?stack=none", False),
        "index by model, changed": ("/api/index?sort=model", True),
        "list, rare word + 2 fields, with total": (f"/api/media?filter={rare}+{fields}", True),
        "list, middle word + 2 fields, with total": (f"/api/media?filter={middle}+{fields}", True),
        "list, most frequent word + 2 fields, with total": (f"/api/media?filter={common}+{fields}", True),
        "list, two fields, with total": (f"/api/media?filter={fields}", True),
        "smart collection, count and preview": (f"/api/collections/smart/preview?filter={middle}+{fields}", True),
        "suggestions beside a word, changed": (f"/api/suggest?text={common}+{middle[:2]}", True),
        "suggestions, two letters": (f"/api/suggest?text={middle[:2]}", False),
        "suggestions, two letters, changed": (f"/api/suggest?text={middle[:2]}", True),
        "facets, warm": ("/api/facets", False),
        "facets, changed": ("/api/facets", True),
        "facets of a word, changed": (f"/api/facets?filter={middle}", True),
    }


async def main(server: str, database: str, rounds: int) -> None:
    """Measure and print."""
    bare = await connect(database)
    user_id = await bare.fetchval("SELECT user_id FROM posts LIMIT 1")
    words = await bare.fetch(WORDS)
    rows = [(words[0]["word"]), words[len(words) // 20]["word"], words[len(words) // 3]["word"]]
    names = await bare.fetchrow(NAMES)
    liked = await bare.fetchval("SELECT id FROM posts WHERE parent_id IS NULL AND deleted_at IS NULL LIMIT 1")
    total = await bare.fetchval("SELECT count(*) FROM posts WHERE deleted_at IS NULL")
    asker = Asker(server)
    asked = questions(*rows, names["model"], names["mode"])
    print(f"{total} posts; most frequent, middle and rare word: {', '.join(rows)}; {rounds} rounds")
    times: dict[str, list[float]] = {name: [] for name in [*asked, "one page with bare asyncpg"]}

    async def page() -> None:
        found = await bare.fetch(PAGE, user_id, datetime.fromisoformat(AT), user_id)
        await bare.fetch(CHILDREN, user_id, [row["id"] for row in found])

    posts = await bare.fetch(
        "SELECT id FROM posts TABLESAMPLE SYSTEM (0.1) WHERE search_text <> '' AND deleted_at IS NULL LIMIT $1",
        MOST_SIMILAR,
    )
    times["similar, uncached"] = [
        timed(lambda path=f"/api/media/{row['id']}/similar": asker.ask(path)) for row in posts
    ][WARMED:]
    for at in range(rounds + 1):
        for name, (path, changed) in asked.items():
            if changed:
                asker.ask(f"/api/media/{liked}/like", "POST")
            if name.endswith("warm"):
                asker.ask(path)
            spent = timed(lambda path=path: asker.ask(path))
            if at:
                times[name].append(spent)
        start = time.perf_counter()
        await page()
        times["one page with bare asyncpg"].append((time.perf_counter() - start) * 1000)
    show(times)
    index = asker.ask("/api/index").body  # type: ignore[attr-defined]
    flat = asker.ask("/api/index?stack=none").body  # type: ignore[attr-defined]
    print(f"bytes of the index: {len(index)} stacked, {len(flat)} not stacked ({len(flat) / total:.3f} a post)")
    await bare.close()


def timed(ask: Callable[[], HTTPResponse]) -> float:
    """Milliseconds of one answer, which must be good."""
    start = time.perf_counter()
    answer = ask()
    spent = (time.perf_counter() - start) * 1000
    assert answer.status == 200, answer.status
    return spent


def show(times: dict[str, list[float]]) -> None:
    """Medians, 95th percentiles, and multiples of the bare page."""
    unit = statistics.median(times["one page with bare asyncpg"])
    for name, spent in times.items():
        middle, late = statistics.median(spent), sorted(spent)[min(len(spent) - 1, int(len(spent) * 0.95))]
        print(f"{name:50} p50 {middle:9.1f} ms   p95 {late:9.1f} ms   x{middle / unit:8.1f}")


def resident(pid: int) -> float:
    """Megabytes that a process holds."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", default="http://127.0.0.1:8000")
    parser.add_argument("--database", required=True)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--pid", type=int, help="the server's process, to print its memory")
    given = parser.parse_args()
    asyncio.run(main(given.server, given.database, given.rounds))
    if given.pid:
        print(f"memory of the server: {resident(given.pid):.0f} MB")
