"""What holds at every address of the server: who is answered, who may change things, whose things are shown."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import httpx
import pytest
from conftest import client_of
from every_route import EXAMPLES, KEY, Address, addresses, named, parameters
from makers import new_post
from media_files import picture, pixels
from shelves import PATH, shelve
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.account.models import User
from sovia.app import create_app
from sovia.collection.schemas import NewPreset
from sovia.collection.service import collections, items, presets
from sovia.collection.targets import by_ids
from sovia.importer import pieces
from sovia.importer.models import Import, ImportProblem
from sovia.kit.db import Database
from sovia.kit.jobs import Job
from sovia.kit.settings import Settings
from sovia.library import thumbnails

ALL = addresses()
CHANGING = [one for one in ALL if one.changes]
THINGS = {"post_id", "import_id", "job_id", "upload_id", "path", "key", "collection_id", "operation_id", "preset_id"}
OWNED = [one for one in ALL if set(one.parts) & THINGS]
# What the body must be for a thing of ours to be found there.
BODY_OF = {
    ("POST", "/api/collections/{collection_id}/items"): {"ids": []},
    ("POST", "/api/collections/{collection_id}/items/remove"): {"ids": []},
    ("PUT", "/api/collections/{collection_id}"): {"name": "x"},
    ("PATCH", "/api/collections/{collection_id}"): {"name": "x"},
    ("PUT", "/api/collections/{collection_id}/place"): {},
    ("POST", "/api/collections/{collection_id}/snapshot"): {},
    ("POST", "/api/collections/{collection_id}/duplicate"): {},
    ("PATCH", "/api/presets/{preset_id}"): {"name": "x"},
    ("PUT", "/api/collections/{collection_id}/order"): {"ids": ["00000000-0000-4000-8000-000000000001"]},
}
# What a stranger may see: the page, its description, whether all is well, and the way in.
OPEN = ("/", "/index.html", "/docs", "/api/docs", "/docs/{name}", "/openapi.json", "/health", "/api/me")
WAY_IN = ("/api/auth/login", "/api/auth/logout")
FOREIGN_HOSTS = (
    "evil.example",
    "127.0.0.1.evil.example",
    "127.0.0.1:8001",
    "localhost:8001",
    "",
    "[::1",
    "127.0.0.1@evil",
)
FOREIGN_ORIGINS = (
    "http://evil.example",
    "null",
    "http://127.0.0.1:8001",
    "http://localhost:8000",
    "http://127.0.0.1:8000.evil.example",
)
FORMS = ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "")


def test_the_addresses_are_found() -> None:
    assert len(ALL) > 30
    assert len(CHANGING) >= 9
    assert len(OWNED) >= 12


@pytest.mark.parametrize("address", ALL, ids=named)
async def test_no_host_but_ours_is_answered(address: Address, client: httpx.AsyncClient) -> None:
    for host in FOREIGN_HOSTS:
        answer = await client.request(address.method, address.with_parts(), headers={"Host": host})
        assert (answer.status_code, answer.headers["content-type"]) == (421, "application/json"), host
    both = [("Host", "127.0.0.1:8000"), ("Host", "evil.example")]
    for headers in (both, both[::-1]):
        answer = await client.request(address.method, address.with_parts(), headers=headers)
        assert answer.status_code == 421
    nameless = client.build_request(address.method, address.with_parts())
    del nameless.headers["Host"]
    assert (await client.send(nameless)).status_code == 421


@pytest.mark.parametrize("address", CHANGING, ids=named)
async def test_no_other_site_changes_anything(address: Address, client: httpx.AsyncClient) -> None:
    said = [{"Origin": one} for one in FOREIGN_ORIGINS]
    said += [{"Sec-Fetch-Site": one, "Sec-Fetch-Mode": "navigate"} for one in ("cross-site", "same-site")]
    for headers in said:
        for form in FORMS:
            more = {"content-type": form} if form else {}
            answer = await client.request(address.method, address.with_parts(), headers=headers | more, content=b"{}")
            assert answer.status_code == 403, (headers, form)
            assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("address", [one for one in ALL if not one.changes], ids=named)
async def test_no_other_site_reads_anything(address: Address, client: httpx.AsyncClient) -> None:
    """SEC26."""
    said = [{"Origin": one} for one in FOREIGN_ORIGINS]
    said += [{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": mode} for mode in ("cors", "no-cors", "same-origin")]
    for headers in said:
        answer = await client.request(address.method, address.with_parts(), headers=headers)
        assert answer.status_code == 403, headers
        assert "access-control-allow-origin" not in answer.headers


@pytest.fixture
async def locked(settings: Settings, database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a server with a password, which it has not given."""
    app = create_app(settings.model_copy(update={"password": "open sesame"}))
    async with app.router.lifespan_context(app), client_of(app) as client:
        yield client


@pytest.mark.parametrize("address", [one for one in ALL if one.path not in OPEN + WAY_IN], ids=named)
async def test_a_stranger_is_shown_nothing(address: Address, locked: httpx.AsyncClient) -> None:
    for cookie in (b"", b"sovia=x", b"sovia=\x80; sovia=\xff"):
        headers = {"Cookie": cookie} if cookie else {}
        answer = await locked.request(address.method, address.with_parts(), headers=headers, json={"liked": True})
        assert answer.status_code == 401, cookie


async def belongings(session: AsyncSession, home: Path, owner: UUID) -> dict[str, str]:
    """One of everything that somebody can own, by the part of an address that names it."""
    await shelve(session, home, owner, picture(), thumbnail=KEY)
    thumbnails.write(home / "https_" / "_derived", KEY, pixels(9, 9))
    post = new_post(owner)
    job = Job(id=uuid4(), user_id=owner, kind="importer.run_import", title="Theirs", payload={})
    session.add_all([post, job])
    await session.flush()
    brought = Import(id=uuid4(), user_id=owner, file_name="theirs.json", job_id=job.id)
    session.add(brought)
    coming = await pieces.create(session, owner, length=1, name="theirs", state_root=home / ".sovia")
    session.add(ImportProblem(import_id=brought.id, number=0, severity="error", code="x", reason="y"))
    await session.flush()
    gathered = await collections.make(session, owner, "Theirs")
    _, operation = await items.add(session, owner, gathered, by_ids(owner, [post.id]))
    assert operation is not None
    named = {"post_id": post.id, "job_id": job.id, "import_id": brought.id, "upload_id": coming.id}
    preset = await presets.create(session, owner, NewPreset(name="Theirs"))
    named |= {"collection_id": gathered.id, "operation_id": operation.id, "preset_id": preset.id}
    return {name: str(one) for name, one in named.items()} | {"path": PATH, "key": KEY}


@pytest.mark.parametrize("ours", [True, False], ids=["ours", "another's"])
@pytest.mark.parametrize("address", OWNED, ids=named)
async def test_what_is_another_user_s_is_not_found(
    address: Address, ours: bool, client: httpx.AsyncClient, session: AsyncSession, home: Path, user_id: UUID
) -> None:
    other = User(id=uuid4(), name="somebody else")
    session.add(other)
    await session.flush()
    theirs = await belongings(session, home, user_id if ours else other.id)

    body = BODY_OF.get(address, {"liked": True})
    query = (
        {"media_post_id": theirs["post_id"]} if address.path.endswith("/items") and address.method == "DELETE" else {}
    )
    answer = await client.request(address.method, address.with_parts(**theirs), json=body, params=query)

    # That it is found when it is ours shows that the address was right.
    assert (answer.status_code == 404) is not ours


async def test_questions_about_another_user_s_things_find_nothing(
    client: httpx.AsyncClient, session: AsyncSession, home: Path
) -> None:
    other = User(id=uuid4(), name="somebody else")
    session.add(other)
    await session.flush()
    theirs = await belongings(session, home, other.id)

    here = await client.post("/api/check-existing", json=[theirs["post_id"]])
    position = await client.get("/api/index/locate", params={"id": theirs["post_id"]})
    missing = await client.get("/api/files/missing", params={"import": theirs["import_id"]})

    assert here.json()["existing_ids"] == []
    assert (position.status_code, missing.status_code) == (404, 404)


HOSTILE = [
    "", " ", "\x00", "a\x00b", "\n", "\u202e", "\ufffd", "\U000e0041", "-1", "0", "9" * 19, "9" * 20, "-" + "9" * 30,
    "9" * 5000, "1e999", "NaN", "Infinity", "null", "true", "[]", "{}", "'", '"', "\\", "%", "%00", "..", "../..",
    "%2e%2e%2f", "a" * 9000, "\u0661", "0x10", "1_000", "00000000-0000-4000-8000-00000000000g", "{" + "0" * 32 + "}",
    "; drop table posts", "<script>", "e\u0301" * 500, "(" * 1000, '"' * 999, "-" * 500, "txt\r\nX-Bad: 1",
]  # fmt: skip
# Bytes that are no text.
RAW = ["%ff", "%ed%a0%80", "%c0%80", "%", "%zz", "%f4%90%80%80"]


@pytest.mark.parametrize(("address", "name"), parameters(), ids=named)
async def test_no_value_breaks_the_server(address: Address, name: str, client: httpx.AsyncClient) -> None:
    for value in [quote(one, safe="") for one in HOSTILE] + RAW:
        path = address.with_parts(**{name: value})
        query = "" if name in EXAMPLES else f"?{name}={value}"
        answer = await client.request(address.method, path + query, json={"liked": True})
        assert answer.status_code < 500 or answer.json()["error"] == "index_not_ready", value[:80]
        assert "x-bad" not in answer.headers


BODIES = [
    b"", b"{", b"null", b"[]", b'"x"', b"NaN", b"{}", b"\xff\xfe", b"\x00", b"[" * 50_000, b'{"a":' * 50_000,
    *(
        b'{"liked": %s, "password": %s}' % (value, value)
        for value in (
            b"NaN", b"Infinity", b"-Infinity", b"1e999", b"9" * 5000, b"[]", b"{}", b"null", b"2", b'"\\ud800"',
            b'"\\u0000"', b'"\xed\xa0\x80"', b"[" * 2000 + b"]" * 2000, b'"' + b"x" * 100_000 + b'"', b"true",
        )
    ),
    b'{"liked": 1, "liked": true, "password": "a", "password": "b"}',
]  # fmt: skip


@pytest.mark.parametrize("address", CHANGING, ids=named)
async def test_no_body_breaks_the_server(
    address: Address, client: httpx.AsyncClient, locked: httpx.AsyncClient, session: AsyncSession, user_id: UUID
) -> None:
    post = new_post(user_id)
    session.add(post)
    await session.flush()
    path = address.with_parts(post_id=str(post.id))
    for asked in (client, locked) if address.path in WAY_IN else (client,):
        for body in BODIES:
            for kind in ("application/json", "application/json; charset=utf-16", "multipart/form-data; boundary=x", ""):
                answer = await asked.request(address.method, path, content=body, headers={"content-type": kind})
                assert answer.status_code < 500, (body[:80], kind)


@pytest.mark.parametrize("address", CHANGING, ids=named)
async def test_a_sender_who_goes_away_is_no_bug(address: Address, client: httpx.AsyncClient, home: Path) -> None:
    app, statuses = client._transport.app, []  # type: ignore[attr-defined]
    coming = [{"type": "http.request", "body": b"[{", "more_body": True}, {"type": "http.disconnect"}]

    async def receive() -> dict[str, Any]:
        return coming.pop(0) if len(coming) > 1 else coming[0]

    async def send(message: dict[str, Any]) -> None:
        statuses.append(message.get("status", 0))

    kind = b"multipart/form-data; boundary=x" if address.path == "/api/imports" else b"application/json"
    path = address.with_parts()
    scope = {
        "type": "http", "http_version": "1.1", "method": address.method, "scheme": "http", "query_string": b"",
        "root_path": "", "path": path, "raw_path": path.encode(), "server": ("127.0.0.1", 8000),
        "headers": [(b"host", b"127.0.0.1:8000"), (b"content-type", kind)], "asgi": {"version": "3.0"},
    }  # fmt: skip
    await app(scope, receive, send)

    assert 0 < statuses[0] < 500
    assert list((home / ".sovia").glob("uploads/*")) == []
