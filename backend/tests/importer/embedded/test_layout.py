"""Folders and archives that hold `https_/`, as an earlier archive does: their files go where they belong, once."""

import zipfile
from pathlib import Path
from uuid import UUID

import pytest
from importer.embedded.made import jpeg, png
from importer.embedded.test_folder import put
from importer.records import OWNER, child, number, posts_here, root, written
from sqlalchemy import select

from sovia.importer.embedded.layout import is_own_copy, mapped
from sovia.importer.models import ImportProblem
from sovia.importer.service import Report, import_file
from sovia.kit import dispatch
from sovia.kit.db import Database
from sovia.library.models import File

PICTURE, CLIP_PICTURE = png({"parameters": "a fox runs\nSteps: 4"}), jpeg()
MEDIA = f"https_/assets.grok.com/users/{OWNER}/{number(1)}/content"
POSTER = f"https_/assets.grok.com/users/{OWNER}/generated/{number(2)}/preview_image.jpg"
OTHER = "https_/cdn.example.com/pictures/dusk.png"
LOCAL = "https_/_local/ab/" + "ab" * 32 + ".png"


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (f"old/{MEDIA}", MEDIA),
        (MEDIA, MEDIA),
        (MEDIA.replace("https_/", "http_/"), MEDIA),
        (f"{MEDIA}?cache=1", MEDIA),
        (f"{MEDIA}.jpg", f"{MEDIA}.jpg"),
        ("a/https_/b/https_/c.example/d.png", None),
        ("pictures/fox.png", None),
        ("https_", None),
        ("https_/fox.png", None),
        ("https_/localhost/fox.png", None),
        ("https_/127.0.0.1/fox.png", None),
        ("https_/a.example/../../fox.png", None),
        ("https_/a.example/.hidden.png", None),
        (LOCAL, None),
    ],
)
def test_a_place_says_an_address_or_nothing(name: str, path: str | None) -> None:
    found = mapped(name)

    assert (found.path if found else None) == path
    assert found is None or found.url.startswith("https://")


def test_own_copies_are_known_by_their_place() -> None:
    assert [is_own_copy(one) for one in (LOCAL, f"old/{LOCAL}", LOCAL.replace("/ab/", "/cd/"), MEDIA)] == [
        *(True, True, False, False),
    ]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """What an earlier archive holds: media by their address, one of them known by an export beside them."""
    folder = tmp_path / "old"
    for name, content in ((MEDIA, PICTURE), (POSTER, CLIP_PICTURE), (OTHER, png(size=(9, 9)))):
        put(folder, name, content)
    put(folder, "https_/_derived/ab/cd.png", png(size=(8, 8)))
    put(folder, "https_/_trash/_local/ab/cd.png", png(size=(7, 7)))
    written(folder, [root(1, child(2, of=1, thumbnailImageUrl=POSTER))], "export.json")
    return folder


def zipped(folder: Path) -> Path:
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w") as archive:
        for one in sorted(folder.rglob("*")):
            if one.is_file():
                archive.write(one, one.relative_to(folder))
    return path


async def codes(database: Database, report: Report) -> list[str]:
    async with database.begin() as session:
        query = select(ImportProblem.code).where(ImportProblem.import_id == report.import_id)
        return list(await session.scalars(query))


def copies(home: Path) -> set[str]:
    return {one.relative_to(home).as_posix() for one in (home / "https_").rglob("*") if one.is_file()}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("below", [False, True])
async def test_an_earlier_archive_comes_in_once(
    packed: bool, below: bool, database: Database, me: UUID, old: Path, one_home: Path
) -> None:
    if below:
        # The folder itself is called so, and the export lies elsewhere.
        await import_file(database, me, old / "export.json")
        (old / "export.json").unlink()
    path = zipped(old) if packed else old / "https_" if below else old

    report = await import_file(database, me, path, keep_in=one_home / "https_")
    kept = copies(one_home)
    await dispatch.work(database, drain=True)
    again = await import_file(database, me, path, keep_in=one_home / "https_")

    assert kept == {MEDIA, POSTER, OTHER}
    assert (one_home / MEDIA).read_bytes() == PICTURE
    assert await codes(database, report) == ["files_put"]
    assert (again.counts["new"], again.counts["changed"]) == (0, 0)
    async with database.begin() as session:
        posts = await posts_here(session)
        states = {(f.post_id, f.role): (f.state, f.path) for f in await session.scalars(select(File))}
    assert set(posts) == {number(1), number(2)}
    assert posts[number(1)].prompt == "a lighthouse at dusk"
    assert states[UUID(number(1)), "media"] == ("present", MEDIA)
    assert states[UUID(number(2)), "poster"] == ("present", POSTER)


async def test_without_an_export_the_addresses_bring_stubs(
    database: Database, me: UUID, old: Path, one_home: Path
) -> None:
    (old / "export.json").unlink()
    await import_file(database, me, old, keep_in=one_home / "https_")
    async with database.begin() as session:
        stub = (await posts_here(session))[number(1)]
    await import_file(database, me, written(old.parent, [root(1)]))
    async with database.begin() as session:
        whole = (await posts_here(session))[number(1)]

    assert (stub.prompt, stub.kind, stub.width, stub.media_url[:8]) == ("a fox runs", "image", 16, "https://")
    assert (whole.prompt, whole.media_url) == ("a lighthouse at dusk", stub.media_url)


async def test_what_lies_there_already_is_not_overwritten(
    database: Database, me: UUID, old: Path, one_home: Path
) -> None:
    put(one_home, MEDIA, b"mine")

    await import_file(database, me, old, keep_in=one_home / "https_")

    assert (one_home / MEDIA).read_bytes() == b"mine"


async def test_a_dry_look_writes_nothing(old: Path, database: Database, me: UUID, one_home: Path) -> None:
    await import_file(database, me, old)

    assert copies(one_home) == set()


async def test_a_place_that_is_taken_costs_nobody_else(
    database: Database, me: UUID, old: Path, one_home: Path, tmp_path: Path
) -> None:
    (one_home / MEDIA).mkdir(parents=True)
    away = tmp_path / "away"
    away.mkdir()
    (one_home / "https_" / "cdn.example.com").symlink_to(away)

    report = await import_file(database, me, old, keep_in=one_home / "https_")

    assert sorted(await codes(database, report)) == ["files_put", "unreadable_file", "unreadable_file"]
    assert copies(one_home) == {POSTER}
    assert list(away.iterdir()) == []
    assert report.counts["new"] == 2


async def test_an_archive_in_which_a_file_lies_where_a_folder_belongs_loses_nobody_else(
    database: Database, me: UUID, one_home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "odd.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("https_/a.example/one", "https_/a.example/one/two.png", "https_/a.example/three.png"):
            archive.writestr(name, PICTURE)
        archive.writestr("https_/a.example/../../../evil.png", PICTURE)

    report = await import_file(database, me, path, keep_in=one_home / "https_")

    assert copies(one_home) - {one for one in copies(one_home) if "_local" in one} == {
        *("https_/a.example/one", "https_/a.example/three.png"),
    }
    assert report.state in ("succeeded", "partial")
    assert not (tmp_path / "evil.png").exists()


async def test_own_copies_of_an_earlier_archive_keep_their_place_and_replace_nothing(
    database: Database, me: UUID, tmp_path: Path, one_home: Path
) -> None:
    first = tmp_path / "first"
    put(first, "fox.png", PICTURE)
    await import_file(database, me, first, keep_in=one_home / "https_")
    async with database.begin() as session:
        (before,) = (await posts_here(session)).values()
    old = tmp_path / "old"
    (path,) = copies(one_home)
    put(old, path, PICTURE)

    report = await import_file(database, me, old, keep_in=one_home / "https_")

    async with database.begin() as session:
        (after,) = (await posts_here(session)).values()
    assert (report.counts["new"], report.counts["changed"], report.counts["same"]) == (0, 0, 1)
    assert (after.id, after.raw) == (before.id, before.raw)
    assert copies(one_home) == {path}
