"""Uploads: streamed to disk, imported by a job, and never left lying about."""

import asyncio
import errno
import os
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from importer.records import OWNER, child, packed, root
from sqlalchemy import select, update

from sovia import worker
from sovia.importer import uploads
from sovia.importer.errors import NoRoomForUpload
from sovia.importer.models import Import
from sovia.kit.db import Database
from sovia.kit.dispatch import run_one
from sovia.kit.jobs import Job
from sovia.kit.settings import Settings
from sovia.library.models import Post


async def uploaded(client: httpx.AsyncClient, content: bytes, name: str = "my export.json") -> dict[str, Any]:
    answer = await client.post("/api/imports", files={"note": ("", b"x"), "file": (name, content)})
    assert answer.status_code == 202, answer.text
    started: dict[str, Any] = answer.json()
    return started


async def test_an_upload_is_imported_by_a_job(
    live_client: httpx.AsyncClient, database: Database, one_home: Path
) -> None:
    content = packed([root(1, child(2, of=1)), None, root(3)])

    started = await uploaded(live_client, content, "../..\\weird name.json.gz")
    waiting = (await live_client.get(f"/api/imports/{started['id']}")).json()
    async with database.begin() as session:
        kinds = set(await session.scalars(select(Job.kind)))
    await run_importer(database)

    report = (await live_client.get(f"/api/imports/{started['id']}")).json()
    assert (waiting["state"], waiting["file_name"], kinds) == ("queued", "weird name.json.gz", {"importer.run_import"})
    assert (report["state"], report["shape"], report["account_id"]) == ("partial", "array", OWNER)
    assert report["progress"]["done"] == report["progress"]["total"] == len(content)
    assert (report["counts"]["new"], report["counts"]["children_new"], report["counts"]["problems"]) == (3, 1, 1)
    assert report["counts"]["files_wanted"] == 3
    assert list((one_home / ".sovia" / "uploads").iterdir()) == []

    problems = (await live_client.get(f"/api/imports/{started['id']}/problems")).json()["problems"]
    assert [(one["index"], one["severity"], one["excerpt"]) for one in problems] == [(1, "error", "null")]
    listed = (await live_client.get("/api/imports")).json()["imports"]
    assert [one["id"] for one in listed] == [started["id"]]


async def run_importer(database: Database) -> None:
    """Run the queued imports, and only those: the files are another room's."""
    async with database.begin() as session:
        found = (await session.scalars(select(Job).where(Job.kind == "importer.run_import"))).all()

    class Queued:
        entrypoint = "importer.run_import"

        def __init__(self, job: Job) -> None:
            self.payload = str(job.id).encode()

    assert worker.ROOMS
    for job in found:
        await run_one(database, Queued(job))  # type: ignore[arg-type]


async def test_a_web_page_is_explained_in_the_report(
    live_client: httpx.AsyncClient, database: Database, one_home: Path
) -> None:
    started = await uploaded(live_client, b"<!doctype html>")
    await run_importer(database)

    report = (await live_client.get(f"/api/imports/{started['id']}")).json()

    assert (report["state"], report["error_code"]) == ("failed", "not_an_export")
    assert "web page" in report["error"]


async def test_an_import_whose_job_broke_off_says_so(
    live_client: httpx.AsyncClient, database: Database, one_home: Path
) -> None:
    started = await uploaded(live_client, b"[]")
    async with database.begin() as session:
        await session.execute(update(Job).values(state="failed", error_code="internal", error_message="words"))

    report = (await live_client.get(f"/api/imports/{started['id']}")).json()

    assert (report["state"], report["error"], report["error_code"]) == ("failed", "words", "internal")


async def test_an_import_that_waits_can_be_cancelled(
    live_client: httpx.AsyncClient, database: Database, one_home: Path
) -> None:
    started = await uploaded(live_client, orjson.dumps([root(1)]))

    first = await live_client.post(f"/api/imports/{started['id']}/cancel")
    await run_importer(database)
    second = await live_client.post(f"/api/imports/{started['id']}/cancel")

    assert [one.json()["state"] for one in (first, second)] == ["cancelled", "cancelled"]
    async with database.begin() as session:
        assert (await session.scalars(select(Post))).all() == []


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "multipart/form-data; boundary=x"),
        (b"rubbish", "multipart/form-data; boundary=x"),
        (b"[]", "application/json"),
        (b"[]", ""),
        (
            b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\n[]\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
    ],
)
async def test_an_upload_without_a_file_is_refused(content: bytes, kind: str, client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/imports", content=content, headers={"content-type": kind})

    assert (answer.status_code, answer.json()["error"]) == (422, "no_file_sent")


async def test_an_upload_stops_before_the_disk_is_full(
    client: httpx.AsyncClient, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SEC39: room is left for the database."""
    monkeypatch.setattr(uploads, "free_bytes", lambda _folder: 1_000_000)

    answer = await client.post("/api/imports", files={"file": ("x.json", b"[]")})

    assert (answer.status_code, answer.json()["error"]) == (507, "out_of_space")
    assert list((home / ".sovia" / "uploads").iterdir()) == []


@pytest.mark.parametrize(
    ("broken", "said"), [(ConnectionResetError(), ConnectionResetError), (OSError(errno.ENOSPC, ""), NoRoomForUpload)]
)
async def test_an_upload_that_breaks_off_leaves_nothing(broken: OSError, said: type[Exception], tmp_path: Path) -> None:
    async def blocks() -> Any:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + b"y" * 2_000_000
        await asyncio.sleep(0)
        raise broken

    with pytest.raises(said):
        await uploads.receive(blocks(), tmp_path / "here", content_type="multipart/form-data; boundary=x")

    assert list((tmp_path / "here").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a.json", "a.json"),
        ("../../a.json", "a.json"),
        ("C:\\x\\a.json", "a.json"),
        ("a\r\nb\x1b[31m\u202e.json", "ab[31m.json"),
        ("\x00", "export"),
        ("", "export"),
        ("x" * 4000, "x" * 200),
    ],
)
def test_file_names_are_only_shown(name: str, shown: str) -> None:
    assert uploads.shown_name(name) == shown


EVIL_NAMES = [
    "../../index.html",
    "..\\..\\x.png",
    "a/../../b",
    "/etc/passwd",
    "C:\\windows\\x.json",
    "x" * 4096,
    "a\r\nX-Bad: 1.json",
    'a"; filename="b.json',
    "nul\x00.json",
    "\ud800.json",
    "CON.json",
    "<img src=x onerror=alert(1)>.json",
    "-rf",
    "",
]


def form(name: str, content: bytes) -> bytes:
    """A form as a hostile client writes it, with nothing made safe."""
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="' + name.encode("utf-8", "surrogatepass")
    return head + b'"\r\n\r\n' + content + b"\r\n--x--\r\n"


@pytest.mark.parametrize("name", EVIL_NAMES)
async def test_a_hostile_name_is_never_a_path(name: str, client: httpx.AsyncClient, home: Path) -> None:
    before = {path for path in home.parent.rglob("*") if path.is_file()}

    answer = await client.post(
        "/api/imports", content=form(name, b"[]"), headers={"content-type": "multipart/form-data; boundary=x"}
    )

    made = {path for path in home.parent.rglob("*") if path.is_file()} - before
    if answer.status_code == 202:
        shown = (await client.get(f"/api/imports/{answer.json()['id']}")).json()["file_name"]
        assert not set("/\\\r\n\0") & set(shown)
        assert 0 < len(shown) <= uploads.LONGEST_NAME
        assert [(path.parent, path.suffix) for path in made] == [(home / ".sovia" / "uploads", ".upload")]
    else:
        assert (answer.status_code, made) == (422, set())
    assert "x-bad" not in answer.headers


async def test_an_upload_whose_job_can_not_be_wanted_leaves_nothing(
    client: httpx.AsyncClient, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_given: object, **_more: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("sovia.kit.jobs.enqueue", away)

    answer = await client.post("/api/imports", files={"file": ("x.json", b"[]")})

    assert (answer.status_code, answer.json()["error"]) == (503, "database_away")
    assert list((home / ".sovia" / "uploads").iterdir()) == []


async def test_a_cancelled_import_keeps_no_file(live_client: httpx.AsyncClient, home: Path) -> None:
    started = await uploaded(live_client, b"[]")

    await live_client.post(f"/api/imports/{started['id']}/cancel")

    assert list((home / ".sovia" / "uploads").iterdir()) == []


async def test_a_worker_that_starts_removes_what_nothing_will_read(
    live_client: httpx.AsyncClient, database: Database, settings: Settings, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = home / ".sovia" / "uploads"
    await uploaded(live_client, b"[]")
    awaited = {path.name for path in folder.iterdir()}
    await uploaded(live_client, b"[1]")
    async with database.begin() as session:
        broken = (await session.scalars(select(Import).where(Import.stored_path.not_in(awaited)))).one()
        await session.execute(update(Job).where(Job.id == broken.job_id).values(state="failed"))
    for name in ("lost.upload", "somebody's.json"):
        (folder / name).write_bytes(b"x")
    for path in folder.iterdir():
        os.utime(path, (1, 1))
    (folder / "coming.upload").write_bytes(b"x")

    async def no_work(*_given: object, **_more: object) -> None:
        return None

    monkeypatch.setattr("sovia.kit.dispatch.work", no_work)
    await worker.work(settings, settings.database_url)

    assert {path.name for path in folder.iterdir()} == awaited | {"somebody's.json", "coming.upload"}
