"""Killed at named points, a backup or a restore loses nothing, and the next one ends well."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest
from ops.backups.libraries import databases, posts, run

from sovia.kit.settings import Settings
from sovia.ops.backups import making, places, restoring, states

# Puts a function in the place of another, by name, that ends the process before or after the deed.
PROGRAM = """
import asyncio, importlib, os, signal, sys
from sovia import tables
from sovia.kit.settings import Settings
from sovia.ops.backups import making, restoring

_, url, home, name, module, deed, when = sys.argv
place = importlib.import_module(module)
real = getattr(place, deed)

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def plain(*given, **more):
    if when == "before":
        die()
    real(*given, **more)
    die()

async def waiting(*given, **more):
    if when == "before":
        die()
    await real(*given, **more)
    die()

setattr(place, deed, waiting if asyncio.iscoroutinefunction(real) else plain)
settings = Settings.model_validate({"SOVIA_HOME": home, "DATABASE_URL": url})
asyncio.run(restoring.restore(url, settings, name) if name else making.make(url, settings, "by hand"))
"""
BACKEND = Path(__file__).resolve().parents[3]
MAKING, PLACES, AFTER = ("sovia.ops.backups." + name for name in ("making", "places", "afterwards"))
RESTORING, SERVERS = "sovia.ops.backups.restoring", "sovia.ops.backups.servers"
BACKUP_POINTS = {
    "with a snapshot, before the dump": (MAKING, "dump", "before"),
    "after the dump, before its manifest": (MAKING, "dump", "after"),
    "after its manifest, before it has its name": (PLACES, "take_name", "before"),
    "with its name, before it is proven": (PLACES, "take_name", "after"),
    "while it is proven": (MAKING, "fill", "after"),
}
# Point: whether the library is the restored one afterwards.
RESTORE_POINTS = {
    "with a restore point, before it is restored": (RESTORING, "check", "before", False),
    "counted, before it is brought up to date": (RESTORING, "check", "after", False),
    "ready, before the swap": (RESTORING, "swap", "before", False),
    "swapped, before it was seen to be well": (RESTORING, "swap", "after", True),
    "well, before what was here is proven": (AFTER, "is_well", "after", True),
}


async def killed(url: str, own: Settings, name: str, *point: str) -> None:
    environment = os.environ | {"PYTHONPATH": str(BACKEND)}
    arguments = [url, str(own.home), name, *point]
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", PROGRAM, *arguments, env=environment)
    assert await process.wait() == -signal.SIGKILL


@pytest.mark.parametrize("point", BACKUP_POINTS)
async def test_killed_backup(point: str, url: str, own: Settings) -> None:
    before = await posts(url)
    first = await making.make(url, own, "by hand")

    await killed(url, own, "", *BACKUP_POINTS[point])

    there = places.backups(own.archive_root)
    assert [one.state for one in there] == [
        *(["not proven"] if "name," in point or "proven" in point else []),
        "proven",
    ]
    assert there[-1] == first
    again = await making.make(url, own, "by hand")
    assert again.state == "proven"
    assert await posts(url) == before
    assert await databases(url) == {""}
    assert not list((own.archive_root / ".parts").iterdir())


@pytest.mark.parametrize("point", RESTORE_POINTS)
async def test_killed_restore(point: str, url: str, own: Settings) -> None:
    yesterday = await posts(url)
    made = await making.make(url, own, "by hand")
    await run(url, "update posts set prompt = 'changed'")
    today = await posts(url)

    *where, swapped = RESTORE_POINTS[point]
    await killed(url, own, made.name, *map(str, where))

    assert await posts(url) == (yesterday if swapped else today)
    found = states.read(own.state_root, own.archive_root)
    assert found is not None
    assert found.state == "interrupted"
    kept = places.backups(own.archive_root)[0]
    assert (kept.state, kept.manifest and kept.manifest.kind) == ("not proven", "restore point")
    await restoring.restore(url, own, kept.name)
    assert await posts(url) == today
    assert await databases(url) == {""}


async def test_an_interrupted_swap_of_an_unwell_library_is_taken_back(url: str, own: Settings) -> None:
    made = await making.make(url, own, "by hand")
    await run(url, "update posts set prompt = 'changed'")
    today = await posts(url)
    await killed(url, own, made.name, RESTORING, "swap", "after")
    await run(url, "drop table files cascade")

    await restoring.settle(url)

    assert await posts(url) == today
    assert await databases(url) == {""}
