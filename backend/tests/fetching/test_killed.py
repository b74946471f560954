"""Fetching that is killed at a named point: gone on with, every file is here, and little comes twice."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest
from fetching.bringing import OPEN_HOST, downloads, fetch, states, wanted
from fetching.hostile_server import Server
from media_files import clip, picture
from shelves import Shelf

from sovia.fetching import parts, service

BACKEND = Path(__file__).resolve().parents[2]
# Puts a function in the place of another, by name, that ends the process before or after a call of it.
PROGRAM = """
import asyncio, importlib, os, signal, sys
from sovia.fetching import one, parts
from sovia.kit import dispatch, outside, settings
from sovia.kit.db import Database
from sovia import worker

_, module, owner, name, when, call = sys.argv
one.BUFFER, parts.SYNC_EVERY = 2000, 4000
whole_chunks = outside.Answer.chunks

async def chunks(answer):
    async for chunk in whole_chunks(answer):
        for at in range(0, len(chunk), 1000):
            yield chunk[at : at + 1000]

outside.Answer.chunks = chunks
place = importlib.import_module(module)
place = getattr(place, owner) if owner else place
deed, calls = getattr(place, name), 0

def killing(*given, **more):
    global calls
    calls += 1
    if calls == int(call) and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    done = deed(*given, **more)
    if calls == int(call) and when == "after":
        os.kill(os.getpid(), signal.SIGKILL)
    return done

setattr(place, name, killing)
asyncio.run(dispatch.work(Database(settings.current().database_url), drain=True))
"""
POINTS = {
    "after the headers, before the first byte is stored": ("sovia.fetching.parts", "Part", "append", "before", 1),
    "in the middle of a file": ("sovia.fetching.parts", "Part", "append", "after", 12),
    "when all is here, before it gets its name": ("sovia.fetching.parts", "Part", "_take_place", "before", 1),
    "after it got its name, before it is written down": ("sovia.fetching.service", "", "record", "before", 1),
}


@pytest.mark.parametrize("point", POINTS)
async def test_killed_and_gone_on_with(
    point: str, shelf: Shelf, server: Server, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = clip(seconds=2)
    ids = await wanted(shelf, "a.mp4", kind="video")
    ids += await wanted(shelf, "b.jpg")
    server.serve("/a.mp4", content)
    server.serve("/b.jpg", picture("JPEG", (300, 200)))
    async with shelf.database.begin() as session:
        await service.want(session, shelf.user_id, {"all": True})
        await service.set_settings(session, shelf.user_id, {"per_host": 1})

    environment = os.environ | {"PYTHONPATH": str(BACKEND), "SOVIA_HOME": str(shelf.home)}
    environment |= {"DATABASE_URL": database_url, "FETCH_STAND_IN": server.place}
    arguments = [sys.executable, "-c", PROGRAM, *map(str, POINTS[point])]
    process = await asyncio.create_subprocess_exec(*arguments, env=environment)
    assert await process.wait() == -signal.SIGKILL
    asked = len(server.asked)
    place = shelf.home / "https_" / OPEN_HOST / "a.mp4"
    assert place.exists() == ("got its name" in point)
    await fetch(shelf)

    assert await states(shelf, ids) == ["present", "present"]
    assert place.read_bytes() == content
    assert await downloads(shelf) == {}
    assert list((shelf.home / "https_" / parts.FOLDER).glob("*")) == []
    again = [one for one in server.asked[asked:] if one.path == "/a.mp4"]
    if "middle" in point:
        # Some buffers of the clip had come (others were the picture's), and were safely on the disk.
        assert again[0].first >= 8_000
    if "got its name" in point:
        assert again == []
