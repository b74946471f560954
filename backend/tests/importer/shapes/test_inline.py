"""Media that stand in records as text: they come home as files; what is none is said, and costs only itself."""

import base64
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx
import orjson
import pytest
from importer.embedded.made import png
from importer.embedded.test_keeping import files_below
from importer.queued import run_importer
from importer.records import child, files_here, number, posts_here, root
from samples import tiny_clip

from sovia.importer.shapes.inline_text import is_medium
from sovia.kit.db import Database

PICTURE, CLIP = png({"parameters": "a lighthouse\nSteps: 20, Seed: 7"}, size=(16, 12)), tiny_clip("clip")
A = number(1)


def coded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def data(content: bytes, mime: str = "image/png") -> str:
    return f"data:{mime};base64,{coded(content)}"


def plain(n: int, **given: Any) -> dict[str, Any]:
    """A record whose picture has no address."""
    return {name: value for name, value in root(n).items() if name not in ("mediaUrl", "mimeType")} | given


LINES = "\n".join(coded(PICTURE)[n : n + 60] for n in range(0, len(coded(PICTURE)), 60))
SHORT = base64.urlsafe_b64encode(PICTURE).decode().rstrip("=")
LARGE = png({"Comment": "x" * 1_200_000})
NEITHER = plain(2, image=coded(PICTURE), childPosts=[child(1, of=2, mediaUrl=data(CLIP))])
KEPT: dict[str, tuple[object, bytes]] = {
    "an address of data": (root(1, mediaUrl=data(PICTURE)), PICTURE),
    "a clip that is called a picture": (root(1, mediaUrl=data(CLIP, "image/png")), CLIP),
    "with line breaks": (root(1, mediaUrl="data:image/png;base64," + LINES), PICTURE),
    "escaped": (root(1, mediaUrl="data:image/png;base64," + quote(coded(PICTURE), safe="")), PICTURE),
    "for addresses, without its end": (plain(1, imageBase64=SHORT), PICTURE),
    "a bare field": (plain(1, imageData=coded(PICTURE)), PICTURE),
    "beside an address": (root(1, image_base64=coded(PICTURE)), PICTURE),
    "in a list of answers": ({"created": 1, "data": [{"b64_json": coded(PICTURE), "id": A}]}, PICTURE),
    "in a child": (root(2, child(1, of=2, mediaUrl=data(CLIP, "video/mp4"))), CLIP),
    "in a child of a record with one": (NEITHER, CLIP),
    "larger than any other text": (root(1, mediaUrl=data(LARGE)), LARGE),
}  # fmt: skip


async def taken_in(client: httpx.AsyncClient, database: Database, content: object) -> dict[str, Any]:
    sent = await client.post("/api/imports", files={"file": ("e.json", orjson.dumps(content))})
    await run_importer(database)
    report: dict[str, Any] = (await client.get(f"/api/imports/{sent.json()['id']}")).json()
    return report


@pytest.mark.parametrize("case", KEPT)
async def test_a_medium_in_a_record_becomes_a_file_of_the_archive(
    case: str, live_client: httpx.AsyncClient, database: Database, one_home: Path
) -> None:
    """Formats of other tools, A3-A5: pictures and clips as base64 inside JSON."""
    record, content = KEPT[case]

    report = await taken_in(live_client, database, [record, root(9)])
    again = await taken_in(live_client, database, [record, root(9)])

    assert (report["counts"]["problems"], report["counts"]["warnings"]) == (0, 0)
    assert (again["counts"]["new"], again["counts"]["changed"]) == (0, 0)
    async with database.begin() as session:
        post = (await posts_here(session))[A]
        [file] = [one for one in await files_here(session) if one.post_id == UUID(A) and one.role == "media"]
    assert (one_home / str(file.path)).read_bytes() == content
    assert file.path is not None
    assert file.path.startswith("https_/_local/")
    assert post.kind == ("video" if content == CLIP else "image")
    assert coded(content)[:200] not in orjson.dumps(post.raw).decode()
    if content == PICTURE:
        assert (post.width, post.height) == (16, 12)


async def test_a_picture_without_id_or_words_gets_both_from_itself(
    live_client: httpx.AsyncClient, database: Database, one_home: Path
) -> None:
    await taken_in(live_client, database, [{"b64_json": coded(PICTURE)}, {"b64_json": coded(PICTURE)}])

    async with database.begin() as session:
        [post] = (await posts_here(session)).values()
    assert post.prompt == "a lighthouse"


BAD = {
    "no base64": ("data:image/png;base64,!!!", "its base64 is damaged"),
    "cut in the middle of a sign": ("data:image/png;base64,A", "its base64 is damaged"),
    "nothing": ("data:image/png;base64,", "it is empty"),
    "no comma": ("data:image/png", "it is not written as base64"),
    "plain text": ("data:text/plain,hello", "it is not written as base64"),
    "a web page": (data(b"<html><script>alert(1)</script>"), "it is a web page, not a media file"),
    "a drawing with a script": (data(b"<svg onload=alert(1)>", "image/svg+xml"), "it is an SVG drawing"),
    "a text": (data(b'{"a": 1}'), "it is a JSON text"),
    "zeros": (data(bytes(4000)), "it holds only zeros"),
    "any bytes": (data(b"MZ" + bytes(range(256)) * 20), "it is not a picture, clip or sound"),
}


@pytest.mark.parametrize("case", BAD)
async def test_what_is_no_medium_is_said_with_its_place_and_costs_only_itself(
    case: str, live_client: httpx.AsyncClient, database: Database, one_home: Path
) -> None:
    text, reason = BAD[case]

    report = await taken_in(live_client, database, [root(2), root(1, mediaUrl=text, prompt="dusk"), root(3)])
    problems = (await live_client.get(f"/api/imports/{report['id']}/problems")).json()["problems"]
    small = await live_client.post("/api/import", json=[root(1, mediaUrl=text, prompt="dusk")])

    [said] = problems
    assert said["reason"].startswith(f"Its mediaUrl is not a medium that can be kept: {reason}")
    assert (said["code"], said["index"], said["record_id"], said["line"]) == ("bad_medium", 1, A, 1)
    assert said["position"] > 0
    assert report["counts"]["new"] == 3
    assert small.status_code == 200
    assert [one["reason"] for one in small.json()["errors"]] == [said["reason"]]
    assert files_below(one_home / "https_") == {}
    async with database.begin() as session:
        post = (await posts_here(session))[A]
    assert (post.media_url, post.media_state, post.prompt) == ("", "none", "dusk")


async def test_one_that_is_larger_than_a_record_may_be_is_said(
    live_client: httpx.AsyncClient, database: Database, one_home: Path
) -> None:
    huge = data(PICTURE + bytes(7_000_000))

    report = await taken_in(live_client, database, [root(2), root(1, mediaUrl=huge), root(3)])
    [said] = (await live_client.get(f"/api/imports/{report['id']}/problems")).json()["problems"]

    assert (report["counts"]["new"], said["reason"]) == (2, "This record can not be read: it is larger than 8 MB.")


async def test_small_bodies_bring_media_too_and_asking_writes_nothing(
    live_client: httpx.AsyncClient, one_home: Path
) -> None:
    body = [root(1, mediaUrl=data(PICTURE))]

    asked = (await live_client.post("/api/import/validate", json=body)).json()
    nothing = files_below(one_home / "https_")
    brought = (await live_client.post("/api/import", json=body)).json()

    assert (asked["new_posts"], asked["valid_files"], asked["missing_files"], nothing) == (1, 1, [], {})
    assert (brought["posts_imported"], brought["errors"]) == (1, [])
    assert list(files_below(one_home / "https_").values()) == [PICTURE]


@pytest.mark.parametrize(
    "text", ["", "a" * 10_000, "A lighthouse " * 100, "iVBOR", "x" * 64 + "é", "https://a.example/b.png" * 9]
)
def test_words_are_no_media(text: str) -> None:
    assert not is_medium(text)
