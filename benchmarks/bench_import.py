"""How fast an export becomes posts: read only, into an empty library, and again; and the memory that takes.

    python benchmarks/make_export.py posts --parents 11000 --children 8 --out export.json
    python benchmarks/bench_import.py export.json [--home FOLDER]

Uses an embedded database of its own in a folder that is removed afterwards, unless `--home` names one to keep.
Each run is a process of its own, so that its peak of resident memory is its own.
"""

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sovia import tables
from sovia.account.service import local_user
from sovia.importer.export import Export
from sovia.importer.service import import_file
from sovia.kit.db import Database
from sovia.ops import migrate
from sovia.ops.postgres import Lease

RUNS = ("read only", "empty library", "again")
EMPTY = "TRUNCATE posts, files, imports, import_problems, library_versions CASCADE"


async def one(run: str, path: Path, url: str) -> dict[str, float]:
    """One run's posts, seconds, processor seconds of this process and peak of resident memory."""
    database = Database(url)
    async with database.begin() as session:
        user_id = await local_user(session)
        if run == "empty library":
            await (await session.connection()).exec_driver_sql(EMPTY)
    started, used = time.perf_counter(), time.process_time()
    if run == "read only":
        posts = sum(len(chunk.posts) for chunk in Export(path).chunks())
    else:
        report = await import_file(database, user_id, path)
        posts = report.counts["posts"] + report.counts["children"]
    seconds = time.perf_counter() - started
    await database.dispose()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"posts": posts, "seconds": seconds, "cpu": time.process_time() - used, "peak_mb": peak}


def measure(path: Path, home: Path) -> None:
    """Run each in a process of its own and print a table."""
    lease = Lease(home)
    try:
        migrate.upgrade(lease.url)
        print(f"{path.stat().st_size / 1e6:,.0f} MB; tables: {len(tables.metadata.tables)}; load: {os.getloadavg()}")
        for run in RUNS:
            argv = [sys.executable, __file__, str(path), "--run", run, "--url", lease.url]
            found = json.loads(subprocess.run(argv, check=True, capture_output=True, text=True).stdout)
            rate = found["posts"] / found["seconds"]
            print(
                f"{run:14} {found['posts']:>9,} posts {found['seconds']:7.2f} s {rate:>9,.0f} posts/s"
                f" {found['cpu'] / found['posts'] * 1e6:5.0f} us of Python a post, {found['peak_mb']:4.0f} MB peak"
            )
    finally:
        lease.release()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export", type=Path)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--run", choices=RUNS, help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.run:
        print(json.dumps(asyncio.run(one(given.run, given.export, given.url))))
    elif given.home:
        measure(given.export, given.home)
    else:
        with tempfile.TemporaryDirectory() as folder:
            measure(given.export, Path(folder))


if __name__ == "__main__":
    main()
