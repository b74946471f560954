"""Uploads in pieces: they go on where they stopped, one writer at a time, and nothing is left lying about."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from granian.constants import Interfaces
from granian.server.embed import Server
from importer.records import root
from sqlalchemy import select, update
from tusclient.client import TusClient

from sovia.app import create_app
from sovia.importer import pieces, service, uploads
from sovia.importer.models import Upload
from sovia.kit import clock
from sovia.kit.db import Database
from sovia.kit.settings import Settings

SPOKEN = {"Tus-Resumable": "1.0.0"}
PIECE = SPOKEN | {"Content-Type": "application/offset+octet-stream"}
CONTENT = orjson.dumps([root(n) for n in range(1, 30)])


async def begun(client: httpx.AsyncClient, length: int, **headers: str) -> str:
    """The address of a new upload."""
    answer = await client.post("/api/uploads", headers=SPOKEN | {"Upload-Length": str(length)} | headers)
    assert answer.status_code == 201, answer.text
    assert answer.headers["upload-expires"].endswith("GMT")
    return str(answer.headers["location"])


async def sent(client: httpx.AsyncClient, address: str, content: bytes, offset: int) -> httpx.Response:
    return await client.patch(address, content=content, headers=PIECE | {"Upload-Offset": str(offset)})


async def offset_of(client: httpx.AsyncClient, address: str) -> int:
    answer = await client.head(address, headers=SPOKEN)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    return int(answer.headers["upload-offset"])


@pytest.fixture
async def served(settings: Settings, database: Database) -> AsyncIterator[str]:
    """The address of a real server."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    found = settings.model_copy(update={"port": port})
    server = Server(create_app(found), address="127.0.0.1", port=port, interface=Interfaces.ASGI, websockets=False)
    running = asyncio.create_task(server.serve())
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        for _ in range(200):
            try:
                await client.get("/health")
                break
            except httpx.TransportError:
                await asyncio.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.stop()
    await running


async def test_the_protocol_s_own_client_uploads_stops_and_goes_on(served: str, home: Path) -> None:

    def half() -> str:
        uploader = TusClient(f"{served}/api/uploads").uploader(
            file_stream=BytesIO(CONTENT), chunk_size=2000, metadata={"filename": "my export.json"}
        )
        uploader.upload_chunk()
        return str(uploader.url)

    def rest(url: str) -> int:
        uploader = TusClient(f"{served}/api/uploads").uploader(file_stream=BytesIO(CONTENT), chunk_size=3000, url=url)
        begun_at = int(uploader.offset)
        uploader.upload()
        return begun_at

    url = await asyncio.to_thread(half)
    went_on_at = await asyncio.to_thread(rest, url)
    async with httpx.AsyncClient(base_url=served) as client:
        started = await client.post("/api/imports", json={"uploads": [url.rpartition("/")[2]]})
        shown = (await client.get(f"/api/imports/{started.json()['id']}")).json()

    assert went_on_at == 2000
    assert [one.read_bytes() for one in (home / ".sovia" / "uploads").iterdir()] == [CONTENT]
    assert (shown["file_name"], shown["files"][0]["size"]) == ("my export.json", len(CONTENT))


async def test_pieces_make_the_whole(client: httpx.AsyncClient, home: Path) -> None:
    address, step = await begun(client, len(CONTENT)), 1000

    for start in range(0, len(CONTENT), step):
        answer = await sent(client, address, CONTENT[start : start + step], start)
        assert answer.status_code == 204

    assert await offset_of(client, address) == len(CONTENT)
    assert [one.read_bytes() for one in (home / ".sovia" / "uploads").iterdir()] == [CONTENT]


async def test_a_piece_that_does_not_fit_is_refused(client: httpx.AsyncClient) -> None:
    address = await begun(client, 10)

    ahead = await sent(client, address, b"x", 1)
    await sent(client, address, b"abcde", 0)
    again = await sent(client, address, b"abcde", 0)
    more = await sent(client, address, b"abcdef", 5)
    untyped = await client.patch(address, content=b"x", headers=SPOKEN | {"Upload-Offset": "5"})
    unspoken = await client.patch(address, content=b"x", headers={"Upload-Offset": "5"})

    assert [(one.status_code, one.json()["error"]) for one in (ahead, again, more, untyped, unspoken)] == [
        (409, "wrong_offset"),
        (409, "wrong_offset"),
        (413, "too_large"),
        (415, "wrong_type"),
        (412, "unknown_version"),
    ]
    assert again.json()["details"]["offset"] == 5
    assert await offset_of(client, address) == 5


async def test_what_came_before_a_break_is_kept(home: Path, tmp_path: Path) -> None:
    folder = uploads.folder(home / ".sovia")
    folder.mkdir(parents=True)
    upload_id = pieces.uuid4()
    (folder / uploads.stored_name(upload_id)).touch()

    async def breaking() -> Any:
        yield b"x" * 1_500_000
        yield b"y" * 700_000
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await pieces.append(breaking(), upload_id, offset=0, length=5_000_000, state_root=home / ".sovia")

    assert pieces.offset_of(home / ".sovia", upload_id) == 2_200_000


async def test_two_writers_at_once_are_refused(client: httpx.AsyncClient, home: Path) -> None:
    address = await begun(client, 10)
    upload_id = pieces.UUID(address.rpartition("/")[2])

    with pieces.writing(home / ".sovia", upload_id):
        answer = await sent(client, address, b"x", 0)

    assert (answer.status_code, answer.json()["error"]) == (423, "upload_is_locked")
    assert (await sent(client, address, b"x", 0)).status_code == 204


async def test_an_upload_given_up_leaves_nothing(live_client: httpx.AsyncClient, home: Path) -> None:
    address = await begun(live_client, 10)
    await sent(live_client, address, b"abc", 0)

    gone = await live_client.delete(address, headers=SPOKEN)

    assert (gone.status_code, list((home / ".sovia" / "uploads").iterdir())) == (204, [])
    assert (await live_client.head(address, headers=SPOKEN)).status_code == 404


async def test_an_upload_nobody_went_on_with_is_removed(
    live_client: httpx.AsyncClient, database: Database, home: Path
) -> None:
    old, young = await begun(live_client, 10), await begun(live_client, 10)
    async with database.begin() as session:
        expired = update(Upload).where(Upload.id == pieces.UUID(old.rpartition("/")[2]))
        await session.execute(expired.values(expires_at=clock.now() - timedelta(seconds=1)))
    for one in (home / ".sovia" / "uploads").iterdir():
        os.utime(one, (1, 1))

    removed = await service.remove_left_overs(database, home / ".sovia")

    assert removed == 1
    assert [(await live_client.head(one, headers=SPOKEN)).status_code for one in (old, young)] == [404, 200]
    async with database.begin() as session:
        assert len((await session.scalars(select(Upload))).all()) == 1


async def test_an_upload_that_would_fill_the_disk_is_refused(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "free_bytes", lambda _folder: uploads.FLOOR_BYTES + 5)

    answer = await client.post("/api/uploads", headers=SPOKEN | {"Upload-Length": "10"})

    assert (answer.status_code, answer.json()["error"]) == (507, "out_of_space")


async def test_only_so_many_uploads_may_be_open(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "MOST_OPEN", 1)
    await begun(client, 1)

    answer = await client.post("/api/uploads", headers=SPOKEN | {"Upload-Length": "1"})

    assert (answer.status_code, answer.json()["error"]) == (429, "too_many_uploads")


@pytest.mark.parametrize("length", ["", "-1", "1e3", "9" * 30, "١", "0x10", " "])
async def test_an_odd_length_is_refused(length: str, client: httpx.AsyncClient) -> None:
    headers = [(b"tus-resumable", b"1.0.0"), (b"upload-length", length.encode())]

    answer = await client.post("/api/uploads", headers=headers)  # type: ignore[arg-type]

    assert answer.status_code == 422


async def test_an_incomplete_upload_is_not_imported(client: httpx.AsyncClient) -> None:
    address = await begun(client, 10)

    answer = await client.post("/api/imports", json={"uploads": [address.rpartition("/")[2]]})

    assert (answer.status_code, answer.json()["error"]) == (409, "wrong_offset")


@pytest.mark.parametrize("ids", [["nonsense"], "x", [1], [None], [["a"]], ["00000000-0000-4000-8000-000000000009"]])
async def test_unknown_uploads_are_not_imported(ids: object, client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/imports", json={"uploads": ids})

    assert answer.status_code in (404, 422)


@pytest.mark.parametrize(
    ("metadata", "name"),
    [
        ("filename Li4vLi4vYS5qc29u", "a.json"),
        ("filename YQpi,other", "ab"),
        ("filename !!!", "export"),
        ("", "export"),
        ("filename", "export"),
        ("x eA==,filename 5rW3Lmpzb24=", "海.json"),
    ],
)
def test_names_are_only_shown(metadata: str, name: str) -> None:
    assert pieces.named(metadata) == name


async def test_what_is_spoken_is_told(client: httpx.AsyncClient) -> None:
    answer = await client.options("/api/uploads")

    assert answer.status_code == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert answer.headers["tus-extension"] == "creation,termination,expiration"
