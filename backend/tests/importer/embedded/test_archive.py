"""Media in zip archives become the same posts as in folders, and what is no medium stays packed."""

import json
import zipfile
from pathlib import Path

import pytest
from importer.embedded.made import png, stealth
from importer.embedded.test_folder import A1111
from importer.embedded.test_folder import posts as posts_of_folder

from sovia.importer.embedded.archive import Archive
from sovia.importer.export import Chunk
from sovia.library.incoming import NewPost

PICTURE = png({"parameters": A1111.format(7)})


def zipped(folder: Path, *members: tuple[str | zipfile.ZipInfo, bytes | str]) -> Path:
    path = folder / "made.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def chunks(path: Path, *, after: int = 0, keep_in: Path | None = None) -> list[Chunk]:
    archive = Archive(path, keep_in=keep_in)
    try:
        return list(archive.chunks(after=after))
    finally:
        archive.close()


def posts(path: Path, *, after: int = 0, keep_in: Path | None = None) -> list[NewPost]:
    return [post for chunk in chunks(path, after=after, keep_in=keep_in) for post in chunk.posts]


def test_members_are_the_same_posts_as_files(tmp_path: Path, home: Path) -> None:
    path = zipped(tmp_path, ("in/a.png", PICTURE), ("b.png", png()), ("b.txt", "beside"))
    (tmp_path / "folder" / "in").mkdir(parents=True)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "folder")

    found = posts(path, keep_in=home / "https_")

    files = {post.id: post for post in posts_of_folder(tmp_path / "folder")}
    assert [post.prompt for post in found] == ["a fox", "beside"]
    for post in found:
        assert (post.raw, post.local_path) == (files[post.id].raw, files[post.id].local_path)
        assert (home / str(post.local_path)).stat().st_size > 0


def test_a_look_alone_writes_nothing(tmp_path: Path, home: Path) -> None:
    path = zipped(tmp_path, ("a.png", PICTURE))

    assert [post.id for post in posts(path)] == [post.id for post in posts(path, keep_in=home / "https_")]
    assert len([one for one in home.rglob("*") if one.is_file()]) == 1


def test_hidden_prompts_are_found_in_the_copy(tmp_path: Path, home: Path) -> None:
    path = zipped(tmp_path, ("a.png", stealth(A1111.format(3))))

    assert posts(path, keep_in=home / "https_")[0].prompt == "a fox"


def test_what_is_no_medium_or_not_safe_is_left_alone(tmp_path: Path) -> None:
    link, locked = zipfile.ZipInfo("link.png"), zipfile.ZipInfo("locked.png")
    link.external_attr = 0o120777 << 16
    path = zipped(
        tmp_path,
        ("__MACOSX/._a.png", PICTURE),
        (".hidden/a.png", PICTURE),
        (link, "/etc/passwd"),
        ("page.png", "<html>"),
        ("bomb.png", PICTURE + bytes(60_000_000)),
        ("export.json", "[]"),
        (locked, PICTURE),
    )
    with zipfile.ZipFile(path) as archive:
        at = archive.getinfo("locked.png").header_offset
    raw = bytearray(path.read_bytes())
    raw[at + 6] |= 1
    entry = raw.rindex(b"locked.png") - 46
    raw[entry + 8] |= 1
    path.write_bytes(raw)

    assert posts(path) == []


def test_uploads_of_the_account_export_are_not_opened(tmp_path: Path) -> None:
    path = zipped(tmp_path, ("x/prod-grok-backend.json", json.dumps({})), ("x/prod-mc-asset-server/1/content", PICTURE))

    assert posts(path) == []


def test_a_damaged_member_loses_no_other(tmp_path: Path) -> None:
    path = zipped(tmp_path, ("a.png", PICTURE), ("b.png", png({"Title": "x" * 5000})))
    with zipfile.ZipFile(path) as archive:
        at = archive.getinfo("a.png").header_offset
    raw = bytearray(path.read_bytes())
    raw[at + 45 : at + 60] = bytes(15)
    path.write_bytes(raw)

    (chunk,) = chunks(path)

    assert [post.raw["file"]["name"] for post in chunk.posts] == ["b.png"]
    assert [problem.code for problem in chunk.problems] == ["unreadable_file"]


@pytest.mark.parametrize("after", [0, 1, 40, 69, 70])
def test_reading_goes_on_after_any_member(after: int, tmp_path: Path) -> None:
    members = [(f"{number:03}.png", png({"Title": str(number)})) for number in range(70)]
    path = zipped(tmp_path, *members)

    names = [post.raw["file"]["name"] for post in posts(path, after=after)]

    assert names == [name for name, _ in members[after:]]
    assert chunks(path, after=after)[-1].records == 70
