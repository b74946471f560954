"""Backups over HTTP: listed, made by a job, restored by a process of its own."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import client_of
from ops.backups.libraries import posts, run

from sovia.app import create_app
from sovia.kit import dispatch, processes
from sovia.kit import settings as settings_of_process
from sovia.kit.db import Database
from sovia.kit.settings import Settings
from sovia.ops.backups import making, places, tasks

GONE = "sovia-2020-01-01T000000Z"


async def test_backup_is_wanted_made_and_listed(url: str, own: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (settings_of_process, tasks):
        monkeypatch.setattr(module, "current", lambda: own)
    app, database = create_app(own), Database(url)
    async with app.router.lifespan_context(app), client_of(app) as client:
        asked = await client.post("/api/backups")
        again = await client.post("/api/backups")
        assert (asked.status_code, again.json()["id"]) == (202, asked.json()["id"])

        await run(url, "delete from pgqueuer where entrypoint <> $1", tasks.MAKE)
        await dispatch.work(database, drain=True)

        job = (await client.get(f"/api/jobs/{asked.json()['id']}")).json()
        found = (await client.get("/api/backups")).json()
    await database.dispose()
    assert job["state"] == "succeeded", job
    assert [one["name"] for one in found["backups"]] == [job["result"]["backup"]]
    assert found["backups"][0]["posts"] == len(await posts(url))
    assert (found["backups"][0]["state"], found["backups"][0]["can_restore"]) == ("proven", True)
    assert (found["keep"], found["restore"]) == (14, None)
    assert str(own.home) not in str(found)


async def test_restore_runs_apart_and_is_followed(url: str, own: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    made = await making.make(url, own, "by hand")
    yesterday = await posts(url)
    await run(url, "update posts set prompt = 'changed'")
    started: list[Any] = []

    def start_here(argv: list[str], *, log: Path, environment: dict[str, str]) -> None:
        started.append(processes.start(argv, log=log, environment=environment))

    monkeypatch.setattr(processes, "start_apart", start_here)
    app = create_app(own)
    async with app.router.lifespan_context(app), client_of(app) as client:
        begun = await client.post(f"/api/backups/{made.name}/restore")
        assert (begun.status_code, begun.json()["state"]) == (202, "running")
        assert await asyncio.to_thread(started[0].wait) == 0, (own.state_root / "log" / "restore.log").read_text()
        done = (await client.get("/api/restore")).json()["restore"]
        # The server that looked on goes on with the restored library.
        found = await client.get("/api/media", params={"limit": 1})
    assert (done["state"], done["backup"], found.status_code) == ("succeeded", made.name, 200)
    assert await posts(url) == yesterday


async def test_what_is_not_there_is_not_found(client: httpx.AsyncClient) -> None:
    for name in (GONE, "nothing", "%2e%2e%2e", ".parts"):
        for what in ("prove", "restore"):
            assert (await client.post(f"/api/backups/{name}/{what}")).status_code == 404
    assert (await client.get("/api/restore")).json() == {"restore": None}


async def test_nothing_of_the_archive_is_served(client: httpx.AsyncClient, settings: Settings) -> None:
    """SEC04."""
    (settings.archive_root / GONE).mkdir(parents=True)
    (settings.archive_root / GONE / places.MANIFEST).write_text("{}")
    asked = (f"/archive/{GONE}/manifest.json", f"/media/archive/{GONE}/manifest.json", f"/media/..%2farchive/{GONE}")
    for path in asked:
        assert (await client.get(path)).status_code == 404

    found = (await client.get("/api/backups")).json()["backups"]

    assert [(one["state"], one["can_restore"]) for one in found] == [("damaged", False)]
    assert (await client.post(f"/api/backups/{GONE}/restore")).status_code == 409
