"""What is given out comes in again as it was: every row, every file, byte for byte."""

import asyncio
import json
import tracemalloc
import zipfile
import zlib
from pathlib import Path
from uuid import UUID, uuid4
from xml.etree import ElementTree as ET

import httpx
import pytest
from keeping.coming_back import contents, gathered, library
from keeping.damage import Keep
from media_files import picture

from sovia.keeping.exporting import naming, service
from sovia.keeping.exporting.zips import ZipWriter


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


async def test_other_programs_read_the_bag_and_the_sidecars(
    keep: Keep, tmp_path: Path, live_client: httpx.AsyncClient
) -> None:
    bagit = pytest.importorskip("bagit", reason="the Library of Congress' own reader of bags is not installed")
    pyexiv2 = pytest.importorskip("pyexiv2", reason="Exiv2, a reader of XMP, is not installed")
    await library(keep, tmp_path)
    await gathered(live_client)
    bag = tmp_path / "bag"

    await service.to_folder(keep.shelf.database, keep.shelf.user_id, keep.shelf.home / "https_", bag)

    bagit.Bag(str(bag)).validate()
    described = {}
    for path in bag.rglob("*.xmp"):
        with pyexiv2.Image(str(path)) as sidecar:
            described[path] = sidecar.read_xmp()
        known = json.loads(path.with_suffix(".json").read_text())
        said = described[path]
        prompt = known["sovia"].get("prompt") or known["prompt"] or known["originalPrompt"]
        # What no XML may hold is left out.
        assert said["Xmp.dc.description"] == {'lang="x-default"': prompt.replace("\x07", "")}
        rating = known["sovia"].get("rating") or (5 if known["sovia"].get("liked") else None)
        assert said.get("Xmp.xmp.Rating") == (str(rating) if rating else None)
        assert said.get("Xmp.dc.subject", []) == known["sovia"].get("tags", [])
    assert any("Xmp.dc.subject" in one for one in described.values())
    assert any(one.get("Xmp.xmp.Rating") == "4" for one in described.values())


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


def test_a_zip_of_very_many_takes_no_more_memory(tmp_path: Path) -> None:
    # More members than the short form of a zip's list can count.
    writer, count = ZipWriter(tmp_path / "many.zip"), 70_000
    tracemalloc.start()
    try:
        for number in range(count):
            with writer.member(f"data/é{number}") as member:
                member.write(b"x" * (number % 50))
        writer.finish()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    writer.close()

    # Blocks of a megabyte; a list of them would take forty.
    assert peak < 5_000_000
    with zipfile.ZipFile(tmp_path / "many.zip") as archive:
        assert len(archive.infolist()) == count
        assert archive.read("data/é69999") == b"x" * 49
        assert zlib.crc32(b"x" * 7) == archive.getinfo("data/é7").CRC


async def test_two_posts_may_have_one_file(keep: Keep, tmp_path: Path) -> None:
    content, path = picture(), "https_/assets.grok.com/users/u/shared/content"
    await keep.shelf.want(content, content, path=path)
    await keep.shelf.look()
    media = keep.shelf.home / "https_"

    tally = await service.to_folder(keep.shelf.database, keep.shelf.user_id, media, tmp_path / "bag")
    await service.to_zip(keep.shelf.database, keep.shelf.user_id, media, tmp_path / "bag.zip")

    # The file, what is known beside it, and the posts.
    assert (tally["posts"], tally["files"]) == (2, 4)
    checked_bag(tmp_path / "bag")
    with zipfile.ZipFile(tmp_path / "bag.zip") as archive:
        assert len(archive.namelist()) == len(set(archive.namelist())) == 7


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
