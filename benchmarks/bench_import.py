"""How fast an export becomes posts: read only, checked, into an empty library, and again; and the memory that takes.

    python benchmarks/make_export.py posts --parents 11000 --children 8 --out export.json
    python benchmarks/bench_import.py export.json [--rounds 3] [--home FOLDER] [--keep]

Uses an embedded database of its own in a folder that is removed afterwards, unless `--home` names one to keep.
With `--keep` the library is not emptied first: how fast an export comes into what is there.
What `orjson` alone takes is measured in the same rounds and compared with what it took where the bars were set.
Each run is a process of its own; its memory is its own peak and that of the process that reads for it, added.
"""

import argparse
import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from uuid import uuid4

import orjson

from sovia import tables
from sovia.account.service import local_user
from sovia.importer.ahead import Ahead
from sovia.importer.checking import check_import
from sovia.importer.models import Import
from sovia.importer.options import Options
from sovia.importer.service import import_file
from sovia.importer.sources import Part
from sovia.kit.db import Database
from sovia.ops import migrate
from sovia.ops.postgres import Lease

# What this took on the machine of the bars, so that this machine's speed at this moment is known.
ALONE, ALONE_THERE = "orjson alone", 112_000
RUNS = (ALONE, "read only", "check, nothing here", "take in", "check, all here", "take in again")
KEPT = (ALONE, "take in", "take in again")
FIELDS = ("createTime", "prompt", "originalPrompt", "mediaUrl", "mimeType", "modelName", "mode")
EMPTY = "TRUNCATE posts, files, words, imports, import_problems, library_versions CASCADE"


async def one(run: str, path: Path, parts: list[Part], url: str, *, empty: bool) -> dict[str, float]:
    """One run's posts, seconds, processor seconds of both processes and their peaks of resident memory."""
    database = Database(url)
    async with database.begin() as session:
        user_id = await local_user(session)
        if empty and run in ("check, nothing here", "take in"):
            await (await session.connection()).exec_driver_sql(EMPTY)
    started = time.perf_counter()
    if run == ALONE:
        # Again and again, since the first time also asks for memory.
        posts, times = len(rows_of(path)), []
        for _ in range(5):
            began = time.perf_counter()
            rows_of(path)
            times.append(time.perf_counter() - began)
        started = time.perf_counter() - statistics.median(times)
    elif run == "read only":
        posts = sum(len(chunk.posts) for chunk in Ahead(parts, Options()).chunks())
    elif run.startswith("check"):
        posts = await checked(database, user_id, parts)
    else:
        report = await import_file(database, user_id, path)
        posts = report.counts["posts"] + report.counts["children"]
    seconds = time.perf_counter() - started
    await database.dispose()
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {
        "posts": posts,
        "seconds": seconds,
        "cpu": sum(usage.ru_utime + usage.ru_stime for usage in used),
        "peak_mb": sum(usage.ru_maxrss for usage in used) / 1024,
    }


def rows_of(path: Path) -> list[tuple[object, ...]]:
    """The posts of a feed as rows, with nothing looked at: as fast as a machine can read it in one piece."""
    found, waiting = [], [(post, None) for post in orjson.loads(path.read_bytes())]
    while waiting:
        post, parent = waiting.pop()
        found.append((post["id"], parent, *(post.get(name) for name in FIELDS)))
        waiting += [(child, post["id"]) for child in post.pop("childPosts", ())]
    return found


async def checked(database: Database, user_id: object, parts: list[Part]) -> int:
    """Check an export; how many posts it has."""
    import_id = uuid4()
    async with database.begin() as session:
        session.add(Import(id=import_id, user_id=user_id, file_name="export", files=[{"name": "export"}]))
    with tempfile.TemporaryDirectory() as home:
        await check_import(database, user_id, import_id, parts, Path(home))  # type: ignore[arg-type]
    async with database.begin() as session:
        found = await session.get(Import, import_id)
        assert found is not None
        assert found.check_result is not None
        return sum(found.check_result["buckets"].values())


def measure(path: Path, home: Path, *, rounds: int, keep: bool) -> None:
    """Run each in a process of its own and print a table of medians."""
    lease = Lease(home)
    try:
        migrate.upgrade(lease.url)
        print(f"{path.stat().st_size / 1e6:,.0f} MB; tables: {len(tables.metadata.tables)}; load: {os.getloadavg()}")
        found: dict[str, list[dict[str, float]]] = {run: [] for run in (KEPT if keep else RUNS)}
        for _ in range(rounds):
            for run, results in found.items():
                argv = [sys.executable, __file__, str(path), "--run", run, "--url", lease.url, *["--keep"] * keep]
                results.append(json.loads(subprocess.run(argv, check=True, capture_output=True, text=True).stdout))
        for run, results in found.items():
            posts = results[0]["posts"]
            if run == ALONE:
                speed = posts / statistics.median(one["seconds"] for one in results) / ALONE_THERE
                print(
                    f"{run:20} {posts:>9,} posts {speed * ALONE_THERE:>9,.0f} posts/s: {speed:.2f} of the bars' machine"
                )
                continue
            rates = sorted(posts / one["seconds"] for one in results)
            cpu = statistics.median(one["cpu"] for one in results) / posts * 1e6
            print(
                f"{run:20} {posts:>9,} posts {statistics.median(rates):>9,.0f} posts/s of {[round(r) for r in rates]},"
                f" {cpu:4.0f} us of Python a post, {max(one['peak_mb'] for one in results):4.0f} MB peak,"
                f" {statistics.median(rates) / speed:,.0f} posts/s at the speed of the bars' machine"
            )
    finally:
        lease.release()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export", type=Path)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--run", choices=RUNS, help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.run:
        parts = [Part(given.export, given.export.name, given.export.stat().st_size)]
        print(json.dumps(asyncio.run(one(given.run, given.export, parts, given.url, empty=not given.keep))))
    elif given.home:
        measure(given.export, given.home, rounds=given.rounds, keep=given.keep)
    else:
        with tempfile.TemporaryDirectory() as folder:
            measure(given.export, Path(folder), rounds=given.rounds, keep=given.keep)


if __name__ == "__main__":
    main()
