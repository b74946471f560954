"""Archives and folders: what is read of them, what is never opened, and traps that are refused before they unpack."""

import io
import os
import stat
import struct
import zipfile
from pathlib import Path

import orjson
import pytest
from importer.feeds import A, B, C
from importer.reading import Reading, lines, reading, reading_of, zipped
from importer.records import child, number, packed, root, written

from sovia.importer.errors import NotAnExport


@pytest.fixture(autouse=True)
def without_readers_of_media(monkeypatch: pytest.MonkeyPatch) -> None:
    """Media are only counted here."""
    monkeypatch.setattr("sovia.importer.shapes.media.READERS", "sovia.importer.nowhere")


GOOD = {"good.json": [root(1)]}
PRIVATE = ("prod-mc-auth-mgmt-api.json", "prod-mc-billing.json")


def account_members(folder: str = "ttl/30d/export_data/x/") -> dict[str, object]:
    """The members of the provider's own export, with secrets that nobody may see."""
    conversations = [{"conversation": {"title": "secret"}, "responses": [{"id": C, "mediaUrl": "https://x.example/y"}]}]
    posts = [{"id": A, "original_prompt": "dusk", "media_type": "image", "create_time": "2026-01-01T00:00:00Z"}]
    return {
        f"{folder}{PRIVATE[0]}": [root(8)],
        f"{folder}{PRIVATE[1]}": [root(9)],
        f"{folder}prod-mc-asset-server/{B}/content": b"\x89PNG",
        f"{folder}prod-mc-asset-server/{C}/content": b"%PDF",
        f"{folder}prod-grok-backend.json": {"conversations": conversations, "tasks": [], "media_posts": posts},
        f"{folder}other.json": [root(7)],
    }


def opened_names(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the members that are opened from now on."""
    names: list[str] = []
    before = zipfile.ZipFile.open

    def noting(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> object:
        names.append(info.filename)
        return before(archive, info)

    monkeypatch.setattr(zipfile.ZipFile, "open", noting)
    return names


def test_of_an_account_only_the_posts_are_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, zipped(account_members()), "upload")
    names = opened_names(monkeypatch)

    found = reading(path)

    assert found.ids == {A}
    assert [name.rpartition("/")[2] for name in names] == ["prod-grok-backend.json"]
    assert sorted(found.codes) == ["others", "private", "uploads"]
    assert "secret" not in repr(found.posts)


def test_an_unpacked_account_keeps_its_secrets_too(tmp_path: Path) -> None:
    for name, content in account_members("export/").items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        written(path.parent, content, path.name)

    found = reading(tmp_path)

    assert found.ids == {A, number(7)}
    assert sorted(found.codes) == ["private", "uploads"]


def bomb(size: int = 40_000_000) -> bytes:
    """An archive whose member is much larger than it looks."""
    return zipped({"bomb.json": b"[" + b" " * size + b"]"} | GOOD)


def with_link() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        info = zipfile.ZipInfo("link.json")
        info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
        archive.writestr("good.json", packed([root(1)]))
    return held.getvalue()


def flagged(name: str, content: bytes) -> bytes:
    """The archive with one member marked as encrypted in its list."""
    at = content.index(name.encode(), content.index(b"PK\x01\x02")) - 46
    return content[: at + 8] + b"\x01\x00" + content[at + 10 :]


TRAPS = {
    "bomb": (bomb(), "times its size"),
    "link": (with_link(), "link"),
    "climbing": (zipped({"../../evil.json": [root(2)]} | GOOD), "leads out"),
    "absolute": (zipped({"/abs.json": [root(2)]} | GOOD), "leads out"),
    "backslashes": (zipped({"a\\..\\b.json": [root(2)]} | GOOD), "leads out"),
    "drive": (zipped({"C:evil.json": [root(2)]} | GOOD), "leads out"),
    "nested": (zipped({"inner.json": zipped({"x.json": [root(2)]})} | GOOD), "archive inside"),
    "encrypted": (flagged("secret.json", zipped({"secret.json": [root(2)]} | GOOD)), "encrypted"),
    "packed oddly": (zipped({"a.json": [root(2)]}, GOOD, compression=zipfile.ZIP_BZIP2), "packed in a way"),
}


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_costs_only_itself(name: str, tmp_path: Path) -> None:
    content, said = TRAPS[name]

    found = reading_of(tmp_path, content)

    assert found.ids == {A}
    (problem,) = found.problems
    assert said in problem.reason
    assert problem.code == "refused_file"


def test_a_member_that_is_damaged_gives_what_came_before(tmp_path: Path) -> None:
    long = [root(n) for n in range(100, 1100)]
    content = bytearray(zipped({"a.json": [root(1), *long]} | {"b.json": [root(3)]}, compression=zipfile.ZIP_STORED))
    content[content.rindex(number(1099).encode())] = 0x20

    found = reading_of(tmp_path, bytes(content))

    assert {A, number(3)} <= found.ids
    assert "damaged" in found.codes


def test_the_list_of_members_is_measured_before_it_is_read(tmp_path: Path) -> None:
    content = zipped(GOOD)
    at = content.rindex(b"PK\x05\x06")
    many = content[: at + 8] + struct.pack("<HHL", 65_000, 65_000, 30_000_000) + content[at + 16 :]

    with pytest.raises(NotAnExport, match="more than 200,000 files"):
        reading_of(tmp_path, many)


@pytest.mark.parametrize("points_to", [0, 10**15])
def test_a_long_list_does_not_hide_behind_a_short_one(points_to: int, tmp_path: Path) -> None:
    content = zipped(GOOD)
    at = content.rindex(b"PK\x05\x06")
    long_end = struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 10**7, 10**7, 10**9, 0)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, points_to, 1)

    with pytest.raises(NotAnExport, match="more than 200,000 files"):
        reading_of(tmp_path, content[:at] + long_end + locator + content[at:])


@pytest.mark.slow
def test_an_archive_of_very_many_files_is_read(tmp_path: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for n in range(66_000):
            archive.writestr(f"{n}", b"")
        archive.writestr("good.json", orjson.dumps([root(1)]))

    assert reading_of(tmp_path, held.getvalue()).ids == {A}


BROKEN = {
    "cut off": zipped(GOOD)[:-30],
    "only its head": b"PK\x03\x04rest",
    "only its end": b"PK\x05\x06" + b"\xff" * 18,
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_archive_is_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(NotAnExport, match="zip archive"):
        reading_of(tmp_path, BROKEN[name])


NOTHING = {
    "nothing": ({}, "This zip is empty"),
    "a page": ({"index.html": b"<!doctype html>"}, r"only file is no export\. index.html: This is a web page"),
    "other JSON": (
        {"package.json": {"name": "x", "scripts": {}}, "b.txt": b"hello"},
        "None of its 2 files is an export",
    ),
}


@pytest.mark.parametrize("name", NOTHING)
def test_an_archive_without_exports_says_what_it_has(name: str, tmp_path: Path) -> None:
    members, said = NOTHING[name]

    with pytest.raises(NotAnExport, match=said):
        reading_of(tmp_path, zipped(members))


def test_many_unknown_files_are_summed_up(tmp_path: Path) -> None:
    found = reading_of(tmp_path, zipped({f"{n}.txt": b"hello" for n in range(100)} | GOOD))

    assert found.ids == {A}
    assert found.codes == ["unknown_file"] * 20 + ["more_unknown_files"]
    assert found.problems[-1].reason.startswith("80 more")
    assert {one.severity for one in found.problems} == {"warning"}


def test_names_are_shown_without_tricks(tmp_path: Path) -> None:
    found = reading_of(tmp_path, zipped({"\x1b[31mred\r\n\u202eevil.txt": b"hello"} | GOOD))

    assert found.problems[0].reason.startswith("[31mredevil.txt: This is text")


def test_media_are_counted(tmp_path: Path) -> None:
    members = {"images/1.png": b"\x89PNG\r\n\x1a\n", "videos/2": b"\x00\x00\x00\x18ftypmp42", "__MACOSX/._x": b"x"}

    found = reading_of(tmp_path, zipped(members | GOOD))

    assert (found.ids, found.codes) == ({A}, ["media"])


def folder_of(tmp_path: Path) -> Path:
    """A folder as tools leave it: a file for each post, pages, and what else lies about."""
    folder = tmp_path / "archive"
    posts, pages = folder / "metadata" / "posts", folder / "metadata" / "pages"
    for place in (posts, pages, folder / "media" / "images", folder / ".git"):
        place.mkdir(parents=True)
    written(posts, root(1), f"{A}.json")
    written(pages, {"posts": [root(2)], "nextCursor": ""}, "0001.json")
    written(folder, lines(root(3), child(4, of=3)), "capture.log")
    written(folder, packed([root(5)]), "old")
    written(folder, zipped({"in.json": [root(6)]}), "more.zip")
    written(folder, b"SQLite format 3\x00", "index.sqlite")
    written(folder / "media" / "images", b"\x89PNG", "x.png")
    written(folder / ".git", [root(9)], "hidden.json")
    outside = written(tmp_path, [root(8)], "outside.json")
    (folder / "link.json").symlink_to(outside)
    (folder / "linked").symlink_to(tmp_path, target_is_directory=True)
    return folder


def test_a_folder_is_read_file_by_file(tmp_path: Path) -> None:
    found = reading(folder_of(tmp_path))

    assert found.ids == {number(n) for n in range(1, 7)}
    assert found.shape == "folder"
    said = {one.reason.partition(":")[0]: one.code for one in found.problems}
    assert said == {
        "link.json": "refused_file",
        "linked": "refused_file",
        "index.sqlite": "unknown_file",
        "1 pictures, clips and sounds were counted, but not taken in.": "media",
    }


def test_a_folder_is_read_in_the_same_order_always(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_of(tmp_path)
    before = [post.id for post in reading(folder).posts]
    scandir = os.scandir

    class Backwards(list[os.DirEntry[str]]):
        def __enter__(self) -> "Backwards":
            return self

        def __exit__(self, *_: object) -> None:
            pass

    def backwards(place: Path) -> Backwards:
        with scandir(place) as entries:
            return Backwards(reversed(list(entries)))

    monkeypatch.setattr(os, "scandir", backwards)

    found: Reading = reading(folder)

    assert [post.id for post in found.posts] == before


def test_a_folder_without_exports_says_so(tmp_path: Path) -> None:
    written(tmp_path, b"hello", "notes.txt")

    with pytest.raises(NotAnExport, match="There are no posts in this folder"):
        reading(tmp_path)
