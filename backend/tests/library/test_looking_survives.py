"""The job that looks into files, run twice at once and killed in the middle."""

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from samples import tiny_picture
from shelves import Shelf
from sqlalchemy import select

from sovia.kit import dispatch, jobs
from sovia.kit.jobs import Job
from sovia.library.models import File
from sovia.library.service import filing


async def test_two_at_once_do_the_work_once(shelf: Shelf) -> None:
    await shelf.want(*(tiny_picture(str(number)) for number in range(12)), None)
    async with shelf.database.begin() as session:
        for _ in range(3):
            await jobs.enqueue(session, filing.LOOK, user_id=shelf.user_id, title="Looking for files")

    await asyncio.gather(*(dispatch.work(shelf.database, drain=True) for _ in range(2)))

    async with shelf.database.begin() as session:
        rows = (await session.scalars(select(Job).where(Job.kind == filing.LOOK))).all()
    assert [job.state for job in rows] == ["succeeded"] * 3
    assert sum((job.result or {}).get("present", 0) for job in rows) == 12
    assert len(shelf.derived()) == 36


WORKER = """
import asyncio
from sovia.kit import dispatch, settings
from sovia.kit.db import Database
from sovia.library import rounds, tasks
rounds.WRITTEN_AT_ONCE = 2
asyncio.run(dispatch.work(Database(settings.current().database_url), drain=True))
"""


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something outside this process has come true, a minute at most."""
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - nobody there tells us
            await asyncio.sleep(0.02)


def children_of(pid: int) -> set[int]:
    """The numbers of the sandbox children that a worker has started."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if any(part.endswith(b"sandbox_child.py") for part in command) and str(pid).encode() in command:
            found.add(int(path.parent.name))
    return found


@pytest.mark.skipif(not Path("/proc").exists(), reason="needs /proc to see processes")
async def test_killed_in_the_middle_it_goes_on_to_the_same_end(shelf: Shelf, database_url: str) -> None:
    await shelf.want(*(tiny_picture(str(number), size=(400, 600)) for number in range(40)), None)
    async with shelf.database.begin() as session:
        await filing.look_soon(session, shelf.user_id)
    environment = {**os.environ, "SOVIA_HOME": str(shelf.home), "DATABASE_URL": database_url}
    environment["PYTHONPATH"] = str(Path(filing.__file__).parents[3])
    worker = await asyncio.create_subprocess_exec(sys.executable, "-c", WORKER, env=environment)
    await until(lambda: len(shelf.derived()) >= 12)
    children = children_of(worker.pid)
    worker.send_signal(signal.SIGKILL)
    await worker.wait()

    await until(lambda: not children_of(worker.pid))
    async with shelf.database.begin() as session:
        done = len((await session.scalars(select(File).where(File.state == "present"))).all())
    await shelf.look()

    assert children
    assert done < 40
    assert [(await shelf.post(post_id)).media_state for post_id in shelf.posts] == ["present"] * 40 + ["missing"]
    rows, derived = await shelf.everything()
    assert len(derived) == 120
    shutil.rmtree(shelf.home / "https_" / "_derived")
    await shelf.look()
    assert await shelf.everything() == (rows, derived)


# What the worker runs, and where it ends: in a child, or around the write of what came of some files.
KILLED = """
import asyncio, os, signal
from sovia.kit import dispatch, settings
from sovia.kit.db import Database
from sovia.library import rounds, tasks
rounds.WRITTEN_AT_ONCE = 2
rounds.EXAMINE = "library.killing:examine"
whole = rounds.filing.record_examined

async def record_examined(*given):
    if os.environ["KILLED"] == "unwritten":
        os.kill(os.getpid(), signal.SIGKILL)
    await whole(*given)
    if os.environ["KILLED"] == "uncommitted":
        os.kill(os.getpid(), signal.SIGKILL)

rounds.filing.record_examined = record_examined
asyncio.run(dispatch.work(Database(settings.current().database_url), drain=True))
"""
POINTS = {
    "its bytes read, before a thumbnail is written": "before",
    "one size written, the others not": "between",
    "thumbnails written, before the library is told": "unwritten",
    "the library told, before that is committed": "uncommitted",
}


@pytest.mark.skipif(not Path("/proc").exists(), reason="needs children that die with their parent")
@pytest.mark.parametrize("point", POINTS)
async def test_killed_thumbnails_are_all_there_in_the_end(point: str, shelf: Shelf, database_url: str) -> None:
    await shelf.want(*(tiny_picture(str(number), size=(400, 600)) for number in range(8)))
    async with shelf.database.begin() as session:
        await filing.look_soon(session, shelf.user_id)
    backend = Path(filing.__file__).parents[3]
    environment = {**os.environ, "SOVIA_HOME": str(shelf.home), "DATABASE_URL": database_url, "KILLED": POINTS[point]}
    environment["PYTHONPATH"] = os.pathsep.join((str(backend), str(backend / "tests")))
    worker = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, env=environment)
    assert await worker.wait() == -signal.SIGKILL
    await until(lambda: not children_of(worker.pid))
    whole = shelf.derived()
    assert "wanted" in [(await shelf.post(post_id)).media_state for post_id in shelf.posts]

    await shelf.look()

    assert [(await shelf.post(post_id)).media_state for post_id in shelf.posts] == ["present"] * 8
    rows, derived = await shelf.everything()
    assert len(derived) == 24
    # What was written before stayed, and is what would have been written.
    assert whole.items() <= derived.items()
    shutil.rmtree(shelf.home / "https_" / "_derived")
    await shelf.look()
    assert await shelf.everything() == (rows, derived)
