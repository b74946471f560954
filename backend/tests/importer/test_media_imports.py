"""Media come in by the same door as exports: dropped alone, as a folder, beside exports, twice, and interrupted."""

import zipfile
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from importer.embedded.made import DESCRIPTION, jpeg, mp4, png
from importer.embedded.test_folder import ID, put
from importer.records import packed, posts_here, root, snapshot
from importer.test_uploads import run_importer, uploaded
from sqlalchemy import select, update

from sovia.importer.errors import NotAnExport
from sovia.importer.export import Export
from sovia.importer.models import Import
from sovia.importer.service import import_file, run_import
from sovia.kit import dispatch
from sovia.kit.db import Database
from sovia.kit.errors import Unavailable
from sovia.library.models import File

PROMPT = "a fox runs\nSteps: 4, Seed: 9, Model: m"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pictures and a clip, one of them twice."""
    root = tmp_path / "pictures"
    put(root, "a.png", png({"parameters": PROMPT}, size=(40, 30)))
    put(root, "b/clip.mp4", mp4({"comment": "waves roll"}, tmp_path))
    put(root, "b/copy.png", png({"parameters": PROMPT}, size=(40, 30)))
    put(root, f"{ID}.jpg", jpeg(fields={DESCRIPTION: "a lighthouse"}))
    return root


@pytest.mark.parametrize("content", [png({"parameters": PROMPT}), jpeg(fields={DESCRIPTION: "a fox runs"})])
async def test_a_dropped_picture_becomes_a_post_with_thumbnails(
    content: bytes, live_client: httpx.AsyncClient, database: Database, one_home: Path
) -> None:
    started = await uploaded(live_client, content, f"grok-{ID}.png")
    await dispatch.work(database, drain=True)

    report = (await live_client.get(f"/api/imports/{started['id']}")).json()
    assert (report["state"], report["shape"], report["counts"]["new"]) == ("succeeded", "medium", 1)
    async with database.begin() as session:
        (post,) = (await posts_here(session)).values()
    assert (post.prompt, post.media_state, post.width, post.height) == ("a fox runs", "present", 16, 12)
    assert (post.raw or {})["file"]["name"] == f"grok-{ID}.png"
    thumbnail = await live_client.get(f"/derived/{post.thumbnail}/160.webp")
    assert thumbnail.headers["content-type"] == "image/webp"
    media = (await live_client.get(f"/api/media/{post.id}")).json()["media"]
    assert (await live_client.get(media)).content == content


async def test_a_dropped_file_that_is_nothing_says_so(
    live_client: httpx.AsyncClient, database: Database, one_home: Path
) -> None:
    started = await uploaded(live_client, b"%PDF-1.7", "a.png")
    await run_importer(database)

    report = (await live_client.get(f"/api/imports/{started['id']}")).json()
    assert (report["state"], report["error_code"]) == ("failed", "not_an_export")


async def test_a_folder_comes_in_once(database: Database, me: UUID, folder: Path, one_home: Path) -> None:
    report = await import_file(database, me, folder, keep_in=one_home / "https_")
    await dispatch.work(database, drain=True)
    before = await snapshot(database)

    again = await import_file(database, me, folder, keep_in=one_home / "https_")

    assert (report.state, report.shape, report.counts["new"], report.counts["duplicates"]) == (
        "succeeded", "folder", 3, 1,
    )  # fmt: skip
    assert (again.counts["new"], again.counts["changed"]) == (0, 0)
    assert await snapshot(database) == before
    async with database.begin() as session:
        posts = (await posts_here(session)).values()
        files = list(await session.scalars(select(File)))
    assert {post.prompt for post in posts} == {"a fox runs", "waves roll", "a lighthouse"}
    assert {(file.state, (file.path or "")[:14]) for file in files} == {("present", "https_/_local/")}


async def test_an_interrupted_folder_goes_on(database: Database, me: UUID, folder: Path, one_home: Path) -> None:
    report = await import_file(database, me, folder, keep_in=one_home / "https_")
    whole = await snapshot(database)
    async with database.begin() as session:
        await session.execute(update(Import).values(records_done=2, state="running", counts={}))

    rest = await run_import(database, me, report.import_id, folder, keep_in=one_home / "https_")

    assert rest.counts["same"] == 2
    assert (await snapshot(database))["posts"] == whole["posts"]


def test_a_folder_of_nothing_is_no_export(tmp_path: Path) -> None:
    put(tmp_path, "notes.txt", "nothing to see")

    found = Export(tmp_path)
    with pytest.raises(NotAnExport):
        list(found.chunks())
    found.close()


def test_a_look_alone_writes_nothing(folder: Path, home: Path) -> None:
    found = Export(folder)
    posts = [post for chunk in found.chunks() for post in chunk.posts]
    found.close()

    assert len(posts) == 4
    assert list((home / "https_").iterdir()) == []


async def test_exports_and_media_of_one_folder_meet(database: Database, me: UUID, folder: Path, one_home: Path) -> None:
    away = {"mediaUrl": f"https://assets.grok.com/users/{ID}/{ID}/content", "mimeType": "image/jpeg"}
    put(folder, "posts/export.json", packed([root(1), root(2, id=ID, prompt="from the export", **away)]))
    put(folder, "a.txt", "a text beside a picture is no export")
    put(folder, "b/copy.png.json", '{"note": "nor is this"}')

    report = await import_file(database, me, folder, keep_in=one_home / "https_")
    await dispatch.work(database, drain=True)

    assert (report.state, report.counts["new"]) == ("succeeded", 4)
    assert (report.counts["problems"], report.counts["warnings"]) == (0, 0)
    async with database.begin() as session:
        post = (await posts_here(session))[ID]
    assert (post.media_state, post.media_url) == ("present", away["mediaUrl"])


@pytest.mark.parametrize("after", range(1, 7))
def test_a_mixed_folder_goes_on_anywhere(after: int, folder: Path) -> None:
    put(folder, "export.json", packed([root(1), root(2)]))

    def posts(after: int) -> list[str]:
        found = Export(folder)
        ids = [str(post.id) for chunk in found.chunks(after=after) for post in chunk.posts]
        found.close()
        return ids

    assert posts(after) == posts(0)[after:]


def test_media_in_an_archive_come_in(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "media.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*.*g")):
            archive.write(file, file.relative_to(folder))
        archive.writestr("export.json", packed([root(1)]))
        archive.writestr("a.txt", "beside a picture")

    found = Export(path)
    posts = [post for chunk in found.chunks() for post in chunk.posts]
    found.close()

    assert len(posts) == 4
    assert {post.source for post in posts} == {"grok", "a1111"}


async def test_an_archive_that_can_not_be_written_ends_the_import(
    database: Database, me: UUID, folder: Path, home: Path, tmp_path: Path
) -> None:
    (tmp_path / "away").mkdir()
    (home / "https_" / "_local").symlink_to(tmp_path / "away")

    with pytest.raises(Unavailable):
        await import_file(database, me, folder, keep_in=home / "https_")

    async with database.begin() as session:
        (found,) = await session.scalars(select(Import))
    assert (found.state, found.error_code) == ("failed", "unavailable")
    assert list((tmp_path / "away").iterdir()) == []
