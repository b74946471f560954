"""SEC16, SEC20: files that are made to exhaust cost only themselves, by both doors; their good neighbours come in."""

import asyncio
import os
import sys
from collections.abc import Iterable
from pathlib import Path

import httpx
import pytest
from importer.exhausting import CASES, GOOD, PACKED
from importer.queued import run_importer

from sovia.kit.db import Database

TESTS = Path(__file__).resolve().parents[1]
KIND = {"content-type": "application/json"}
# Reading stops where a file unpacks to very much more than it is.
STOPPED = ("spaces packed a thousand times", "a text packed a thousand times")
# What any file may add to what reading a small one takes.
MORE_KB = 150_000
LONG_TO_READ = ("100,000 members", "100,000 times nothing", "100,000 children")


def named(cases: Iterable[str]) -> list[object]:
    """The names of cases; those that take long are run once before a merge."""
    return [pytest.param(one, marks=pytest.mark.slow) if one in LONG_TO_READ else one for one in cases]


async def here(client: httpx.AsyncClient) -> list[str]:
    answer = await client.post("/api/check-existing", json=GOOD)
    found: list[str] = answer.json()["existing_ids"]
    return found


@pytest.mark.parametrize("name", named(CASES))
async def test_in_a_small_request(name: str, live_client: httpx.AsyncClient) -> None:
    """SEC16 through /api/import."""
    content = CASES[name]()
    asked = await live_client.post("/api/import/validate", content=content, headers=KIND)
    answer = await live_client.post("/api/import", content=content, headers=KIND)

    assert (asked.status_code, answer.status_code) == (200, 200), answer.text
    assert len(answer.content) < 1_000_000
    assert await here(live_client) == GOOD


async def test_very_much_that_is_no_record_is_for_a_file(live_client: httpx.AsyncClient) -> None:
    """SEC16: one request does not work for minutes."""
    answer = await live_client.post("/api/import", content=b"[" + b"0," * 101_000 + b"0]", headers=KIND)

    assert (answer.status_code, answer.json()["error"]) == (422, "invalid_input")


@pytest.mark.parametrize("name", named(CASES | PACKED))
async def test_in_an_upload(name: str, live_client: httpx.AsyncClient, database: Database, one_home: Path) -> None:
    """SEC16, SEC20 through /api/imports."""
    body = (CASES | PACKED)[name]()

    sent = await live_client.post("/api/imports", files={"file": ("hostile.json", body)})
    await run_importer(database)
    report = (await live_client.get(f"/api/imports/{sent.json()['id']}")).json()
    problems = await live_client.get(f"/api/imports/{report['id']}/problems")

    assert sent.status_code == 202
    assert report["state"] in ("succeeded", "partial")
    assert (problems.status_code, len(problems.content) < 1_000_000) == (200, True)
    assert await here(live_client) == (GOOD[:2] if name in STOPPED else GOOD)
    assert [path.name for path in one_home.iterdir() if path.name not in ("https_", ".sovia", "import")] == []


@pytest.mark.slow
async def test_none_of_them_takes_much_memory(tmp_path: Path) -> None:
    """SEC16: one process reads all of them, one after the other."""
    small, paths = tmp_path / "small.json", []
    small.write_bytes(b"[]")
    for name, make in (CASES | PACKED).items():
        if name != "100,000 members":
            paths.append(tmp_path / f"{len(paths)}.json")
            paths[-1].write_bytes(make())

    async def peak(*files: Path) -> int:
        program = str(TESTS / "importer" / "exhausting_reader.py")
        environment = os.environ | {"PYTHONPATH": str(TESTS.parent)}
        process = await asyncio.create_subprocess_exec(
            sys.executable, program, *map(str, files), stdout=asyncio.subprocess.PIPE, env=environment
        )
        said, _ = await process.communicate()
        assert process.returncode == 0
        return int(said)

    assert await peak(*paths) < await peak(small) + MORE_KB
