"""What is given out comes in again as it was: every row, every file, byte for byte."""

import asyncio
import hashlib
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from xml.etree import ElementTree as ET

import httpx
import pytest
from importer.records import child, root
from keeping.damage import Keep
from media_files import picture
from sqlalchemy import text

from sovia.importer.models import Import
from sovia.importer.service import run_import
from sovia.importer.sources import Part
from sovia.keeping.exporting import naming, service
from sovia.kit.db import Database

NOT_COMPARED = (
    *("added_at", "updated_at", "import_id", "checked_at", "verified_at", "mtime_ns", "liked_here"),
    # These are the same, and known by their text.
    "words",
)
ODD = {
    "prompt": '=HYPERLINK("http://x") \u202e <script> \u0007 & "quoted" 日本語',
    "unknown": {"kept": [1, 2, {"a": None}]},
    "childPosts": None,
}


async def import_file(database: Database, me: UUID, path: Path) -> dict[str, int]:
    import_id = uuid4()
    async with database.begin() as session:
        files = [{"name": path.name, "size": path.stat().st_size}]
        session.add(Import(id=import_id, user_id=me, file_name=path.name, files=files))
    report = await run_import(database, me, import_id, [Part(path, path.name, path.stat().st_size)])
    assert report.counts.get("errors", 0) == 0
    return report.counts


async def everything(database: Database) -> dict[str, list[dict[str, Any]]]:
    found = {}
    async with database.begin() as session:
        for table, order in {"posts": "id", "files": "post_id, role, position", "post_edges": "post_id, role"}.items():
            rows = (await session.execute(text(f"select * from {table} order by {order}"))).mappings()
            found[table] = [{k: v for k, v in row.items() if k not in NOT_COMPARED} for row in rows]
    return found


async def library(keep: Keep, tmp_path: Path) -> None:
    """Stacks of three levels, odd records, a like given here, and media for some of them."""
    shelf = keep.shelf
    records = [root(n, *(child(n * 1000 + k, of=n) for k in range(n % 4))) for n in range(1, 40)]
    records[3] |= ODD
    records[5]["childPosts"] = [child(5555, of=6) | {"childPosts": [child(5556, of=5555)]}]
    path = tmp_path / "first.json"
    path.write_text(json.dumps(records))
    await import_file(shelf.database, shelf.user_id, path)
    async with shelf.database.begin() as session:
        rows = (
            await session.execute(text("select post_id, path from files where path is not null order by path limit 9"))
        ).all()
        like = text("update posts set liked = true, liked_here = true where id = :id")
        await session.execute(like, {"id": rows[0].post_id})
    for number, row in enumerate(rows):
        shelf.put(row.path, picture(size=(30 + number, 20)))
    await shelf.look()


async def emptied(keep: Keep) -> None:
    async with keep.shelf.database.begin() as session:
        # The folder goes with its marker, so the library must not wait for it to come back.
        roots = ("disk_files", "disk_folders", "media_roots")
        for table in ("files", "post_edges", "posts", "import_changes", "imports", "words", *roots):
            await session.execute(text(f"delete from {table}"))
    shutil.rmtree(keep.shelf.home / "https_")
    (keep.shelf.home / "https_").mkdir()


async def test_a_bag_comes_in_again_as_it_was(keep: Keep, tmp_path: Path) -> None:
    await library(keep, tmp_path)
    before, media = await everything(keep.shelf.database), contents(keep.shelf.home / "https_")
    bag = tmp_path / "bag"

    tally = await service.to_folder(keep.shelf.database, keep.shelf.user_id, keep.shelf.home / "https_", bag)

    assert (tally["posts"], tally.get("left_out", 0)) == (len(before["posts"]), 0)
    checked_bag(bag)
    await emptied(keep)
    shutil.copytree(bag / "data" / "https_", keep.shelf.home / "https_", dirs_exist_ok=True)
    for extra in (*keep.shelf.home.rglob("*.xmp"), *keep.shelf.home.rglob("*.json")):
        extra.unlink()
    assert contents(keep.shelf.home / "https_") == media
    await import_file(keep.shelf.database, keep.shelf.user_id, bag / "data" / "posts.json")
    await keep.shelf.look()
    after = await everything(keep.shelf.database)
    for table, rows in before.items():
        assert after[table] == rows, table


def contents(root_folder: Path) -> dict[str, str]:
    found = (path for path in root_folder.rglob("*") if path.is_file() and "_derived" not in path.parts)
    # The marker of a mounted folder is no medium.
    found = (path for path in found if not path.name.startswith("."))
    return {str(path.relative_to(root_folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def checked_bag(bag: Path) -> None:
    listed = dict(reversed(line.split("  ", 1)) for line in (bag / "manifest-sha256.txt").read_text().splitlines())
    payload = {f"data/{name}": digest for name, digest in contents(bag / "data").items()}
    assert listed == payload
    assert (bag / "bagit.txt").read_text().startswith("BagIt-Version: 1.0\n")
    size = sum((bag / name).stat().st_size for name in payload)
    assert f"Payload-Oxum: {size}.{len(payload)}" in (bag / "bag-info.txt").read_text()


async def test_sidecars_can_be_read_whatever_a_prompt_holds(keep: Keep, tmp_path: Path) -> None:
    await library(keep, tmp_path)
    bag = tmp_path / "bag"

    await service.to_folder(
        keep.shelf.database, keep.shelf.user_id, keep.shelf.home / "https_", bag, template="{year}/{model}/{prompt}"
    )

    checked_bag(bag)
    described = list(bag.rglob("*.xmp"))
    assert len(described) == 9
    for path in described:
        ET.fromstring(path.read_bytes())
        json.loads(path.with_suffix(".json").read_bytes())
        assert path.with_suffix("").is_file()


async def test_a_zip_holds_the_same_and_is_the_same_each_time(keep: Keep, tmp_path: Path) -> None:
    await library(keep, tmp_path)
    bag, first, second = tmp_path / "bag", tmp_path / "first.zip", tmp_path / "second.zip"
    media = keep.shelf.home / "https_"
    await service.to_folder(keep.shelf.database, keep.shelf.user_id, media, bag)

    for path in (first, second):
        await service.to_zip(keep.shelf.database, keep.shelf.user_id, media, path)

    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == {
            str(path.relative_to(bag)): path.read_bytes() for path in bag.rglob("*") if path.is_file()
        }


async def test_only_what_a_filter_finds(keep: Keep, tmp_path: Path) -> None:
    await library(keep, tmp_path)

    pieces = [piece async for piece in service.json_of(keep.shelf.database, keep.shelf.user_id, "liked:yes")]

    found = json.loads(b"".join(pieces))["posts"]
    assert len(found) >= 1
    assert all(one["sovia"].get("liked") for one in found)


@pytest.mark.parametrize(
    "template", ["", "/x", "a//b", "../{id}", "{nonsense}", "{id", "a\\b", "x/..", "{id.__class__}"]
)
def test_templates_that_lead_elsewhere_are_refused(template: str) -> None:
    with pytest.raises(naming.BadTemplate):
        naming.checked(template)


@pytest.mark.parametrize(
    "prompt", ["../../etc/passwd", "=cmd|' /C calc'!A0", "CON", "a/b\\c", "\u0000\n", "x" * 5000, ".hidden"]
)
def test_prompts_make_safe_names(prompt: str) -> None:
    post = {
        "id": UUID(int=1),
        "created_at": None,
        "model": None,
        "kind": "image",
        "prompt": prompt,
        "original_prompt": "",
    }

    name = naming.name_of("{prompt}/{prompt}", post, "https_/a/b.png", "media")

    folder, last = name.split("/")
    assert folder not in ("", ".", "..", "CON")
    assert not set(name) & set('\\:*?"<>|\x00\n')
    assert folder[0] not in "=.-"
    assert len(last) < 200


async def test_memory_does_not_grow_with_what_is_given_out(keep: Keep, tmp_path: Path) -> None:
    await library(keep, tmp_path)
    pieces = service.json_of(keep.shelf.database, keep.shelf.user_id, "")

    # The first is there before anything was read.
    assert (await anext(pieces)).startswith(b'{"exporter"')
    await pieces.aclose()
    await asyncio.sleep(0)


async def test_a_zip_is_prepared_by_a_job_and_fetched_in_pieces(
    keep: Keep, tmp_path: Path, live_client: httpx.AsyncClient
) -> None:
    await library(keep, tmp_path)
    asked = await live_client.post("/api/exports", json={"filter": "has:file"})
    assert asked.status_code == 202
    place = f"/api/exports/{asked.json()['id']}/file"
    assert (await live_client.get(place)).status_code == 404

    result = await keep.done(UUID(asked.json()["id"]))

    whole = await live_client.get(place)
    assert (whole.status_code, len(whole.content)) == (200, result["size_bytes"])
    rest = await live_client.get(place, headers={"Range": "bytes=1000-", "If-Range": whole.headers["etag"]})
    assert (rest.status_code, rest.content) == (206, whole.content[1000:])
    foreign = await live_client.get(f"/api/exports/{uuid4()}/file")
    assert (foreign.status_code, foreign.json()["error"]) == (404, "export_not_found")


async def test_one_clean_picture(keep: Keep, live_client: httpx.AsyncClient) -> None:
    content = picture()
    (post_id, without) = await keep.shelf.want(content, None)
    await keep.shelf.look()

    answer = await live_client.get(f"/api/exports/clean/{post_id}")
    refused = await live_client.get(f"/api/exports/clean/{without}")
    unknown = await live_client.get(f"/api/exports/clean/{uuid4()}")

    assert (answer.status_code, answer.headers["content-disposition"].split("=")[1][:9]) == (200, '"picture.')
    assert len(answer.content) <= len(content)
    assert (refused.status_code, unknown.status_code) == (409, 404)


async def test_posts_are_streamed_and_bad_filters_named(
    keep: Keep, tmp_path: Path, live_client: httpx.AsyncClient
) -> None:
    await library(keep, tmp_path)

    answer = await live_client.get("/api/export.json")
    bad = await live_client.get("/api/export.json", params={"filter": "(("})

    assert len(answer.json()["posts"]) == 39
    assert "attachment" in answer.headers["content-disposition"]
    assert (bad.status_code, bad.json()["error"]) == (422, "bad_filter")
    wrong = await live_client.post("/api/exports", json={"template": "../{id}"})
    assert (wrong.status_code, wrong.json()["error"]) == (422, "bad_template")
