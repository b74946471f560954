"""How fast files are known and proven, each beside what bounds it, in one run; medians of rounds that take turns.

    python benchmarks/bench_files.py [large] [verify] [thumbnails] [--rounds 3] [--files 100000] [--sharp FOLDER]

large       hash and probe of clips of 300 MB by two children, against reading the same files from first to last byte
verify      a full proof of small files, in an embedded database of its own, with everything it writes
thumbnails  three thumbnails of usual pictures, against `sharp` (npm) from FOLDER/node_modules on the same cores
"""

import argparse
import asyncio
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "backend"), str(ROOT / "benchmarks")]

from media import write_pictures  # noqa: E402

from sovia.account.service import local_user  # noqa: E402
from sovia.keeping import service  # noqa: E402
from sovia.keeping import tasks as keeping_tasks  # noqa: E402
from sovia.kit import dispatch, ffmpeg, settings  # noqa: E402
from sovia.kit.db import Database  # noqa: E402
from sovia.kit.jobs import Job  # noqa: E402
from sovia.kit.sandbox import Ask, Sandbox, cores  # noqa: E402
from sovia.library.models import File, Post  # noqa: E402
from sovia.ops import migrate  # noqa: E402
from sovia.ops.postgres import Lease  # noqa: E402

BLOCK = 1 << 20
EXAMINE = "sovia.library.looking:examine"
SHARP = ROOT / "benchmarks" / "bench_sharp.mjs"
AT_ONCE = 2000


def forget(folder: Path) -> None:
    """Have files come from the disk again, where the system lets us."""
    for path in folder.rglob("*"):
        if path.is_file() and hasattr(os, "posix_fadvise"):
            descriptor = os.open(path, os.O_RDONLY)
            os.fsync(descriptor)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)


def read_all(folder: Path) -> float:
    """The seconds that reading every byte takes, one file after the other."""
    forget(folder)
    began = time.perf_counter()
    for path in sorted(folder.glob("*")):
        with path.open("rb", buffering=0) as file:
            while file.read(BLOCK):
                pass
    return time.perf_counter() - began


async def examined(folder: Path, names: list[str], derived: Path, *, thumbnails: bool) -> float:
    """The seconds that looking into every file takes, in children as in real runs."""
    async with Sandbox(EXAMINE) as sandbox:
        body = {"root": str(folder), "derived": str(derived), "thumbnails": thumbnails}
        # Children load decoders when they are first asked.
        first = [
            Ask(number, {**body, "path": names[0], "derived": str(derived / "warm")}, 300.0) for number in range(4)
        ]
        async for _ in sandbox.answers(first):
            pass
        await asyncio.to_thread(forget, folder)
        began = time.perf_counter()
        async for name, answer in sandbox.answers([Ask(name, {**body, "path": name}, 300.0) for name in names]):
            assert isinstance(answer, dict), (name, answer)
            assert answer["state"] == "present", (name, answer)
        return time.perf_counter() - began


def make_large(folder: Path, count: int) -> None:
    """Real clips with a large box behind that players pass over, as one with much of everything would have."""
    clip = folder / "clip.mp4"
    source = ["-f", "lavfi", "-i", "testsrc2=duration=4:size=1280x720:rate=24", "-pix_fmt", "yuv420p"]
    ffmpeg.run([*source, "-movflags", "+faststart", str(clip)], seconds=300)
    content = clip.read_bytes()
    clip.unlink()
    size = 300 * BLOCK
    for number in range(count):
        with (folder / f"{number}.mp4").open("wb") as file:
            file.write(content + (size + 8).to_bytes(4, "big") + b"free")
            for _ in range(300):
                file.write(os.urandom(BLOCK))


def large(rounds: int, folder: Path) -> None:
    """Hash and probe against sequential reading."""
    source = folder / "large"
    source.mkdir()
    make_large(source, 4)
    names, size = [f"{number}.mp4" for number in range(4)], 4 * 300 * BLOCK / 1e6
    ours = lambda: asyncio.run(examined(source, names, folder / "derived", thumbnails=False))  # noqa: E731
    show("large files", "hash and probe", "MB", size, turns(rounds, ours, lambda: read_all(source)), "reading them")


async def fill(database: Database, home: Path, count: int) -> UUID:
    """So many posts with small files of their own bytes, as after the look into each."""
    async with database.begin() as session:
        user_id = await local_user(session)
    for begin in range(0, count, AT_ONCE):
        posts, files = [], []
        for number in range(begin, min(count, begin + AT_ONCE)):
            post_id, content = UUID(int=number + 1), hashlib.sha256(str(number).encode()).digest() * 100
            path = home / "https_" / "assets.grok.com" / f"{number // 1000}" / f"{post_id}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            about, place = path.stat(), f"https_/assets.grok.com/{number // 1000}/{post_id}.png"
            at = datetime(2025, 1, 1, tzinfo=UTC)
            known = {"user_id": user_id, "media_state": "present", "kind": "image", "created_at": at}
            posts.append(Post(id=post_id, root_id=post_id, **known))
            row = File(
                user_id=user_id, post_id=post_id, role="media", position=0, url="https://" + place[7:], path=place
            )
            row.state, row.sha256, row.size_bytes = "present", hashlib.sha256(content).digest(), about.st_size
            row.mtime_ns = about.st_mtime_ns
            files.append(row)
        async with database.begin() as session:
            session.add_all(posts)
            await session.flush()
            session.add_all(files)
    return user_id


async def proof(url: str, user_id: UUID, count: int) -> float:
    """The seconds that the job takes."""
    assert keeping_tasks.prove_files
    database = Database(url)
    async with database.begin() as session:
        job_id = await service.prove_soon(session, user_id)
    began = time.perf_counter()
    await dispatch.work(database, drain=True)
    seconds = time.perf_counter() - began
    async with database.begin() as session:
        result = (await session.get_one(Job, job_id)).result or {}
    assert (result.get("looked_at"), result.get("faults")) == (count, {}), result
    await database.dispose()
    return seconds


def verify(rounds: int, folder: Path, count: int) -> None:
    """A full proof of many small files."""
    os.environ["SOVIA_HOME"] = str(folder)
    lease = Lease(folder)
    try:
        migrate.upgrade(lease.url)
        user_id = asyncio.run(fill(Database(lease.url), folder, count))
        found = settings.Settings(home=folder, database_url=lease.url)
        settings.current = lambda: found  # type: ignore[assignment]
        times = [asyncio.run(proof(lease.url, user_id, count)) for _ in range(rounds)]
        middle = statistics.median(times)
        said = (
            f"{middle:.1f} s, {count / middle:,.0f} files/s; 100,000 take {middle * 100_000 / count:.0f} s (bar: 180)"
        )
        print(f"full proof of {count:,} small files: {said}; all rounds {[round(one, 1) for one in times]}")
    finally:
        lease.release()


def thumbnails(rounds: int, folder: Path, sharp: Path | None) -> None:
    """Three thumbnails each, with the look and the hash that come with them, against sharp."""
    source = folder / "pictures"
    source.mkdir()
    write_pictures(source, 60, seed=8, small=False)
    names = [path.relative_to(source).as_posix() for path in sorted(source.rglob("*.*"))]
    number = 0

    def ours() -> float:
        nonlocal number
        number += 1
        return asyncio.run(examined(source, names, folder / f"derived{number}", thumbnails=True))

    def theirs() -> float:
        done = subprocess.run(["node", str(SHARP), str(source)], cwd=sharp, check=True, capture_output=True, text=True)
        return float(json.loads(done.stdout)["seconds"])

    both = turns(rounds, ours, theirs if sharp else None)
    show("thumbnails", "three, the look and the hash", "pictures", len(names), both, "sharp, three thumbnails")


def turns(rounds: int, ours: Callable[[], float], bound: Callable[[], float] | None) -> tuple[list[float], list[float]]:
    """Both in turns, so that a busy moment meets both."""
    mine, other = [], []
    for _ in range(rounds):
        if bound:
            other.append(bound())
        mine.append(ours())
    return mine, other


def show(what: str, ours: str, unit: str, size: float, both: tuple[list[float], list[float]], bound: str) -> None:
    """Medians, and the median of the ratios of each round."""
    mine, other = both
    print(f"{what} on {cores()} cores: {ours} {size / statistics.median(mine):,.1f} {unit}/s")
    if other:
        ratios = sorted(there / here for here, there in zip(mine, other, strict=True))
        middle, each = statistics.median(ratios), [round(one, 2) for one in ratios]
        print(f"  {bound} {size / statistics.median(other):,.1f} {unit}/s; ratio {middle:.2f} (bar: 0.8) of {each}")


def main() -> None:
    """Whatever is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("which", nargs="*", default=["large", "verify", "thumbnails"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--sharp", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if "large" in given.which:
            large(given.rounds, folder)
        if "thumbnails" in given.which:
            thumbnails(given.rounds, folder, given.sharp)
        if "verify" in given.which:
            verify(given.rounds, folder, given.files)


if __name__ == "__main__":
    main()
