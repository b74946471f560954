"""Media in archives and folders go to what reads the prompts inside them, and become posts beside the others."""

import errno
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace, TracebackType
from typing import Any, BinaryIO

import pytest
from importer.feeds import A, B
from importer.reading import reading, zipped
from importer.records import number, root, written

from sovia.importer.export import Chunk, Export
from sovia.importer.problems import Problem
from sovia.kit.errors import OutOfSpace
from sovia.kit.ids import FastUUID
from sovia.library.incoming import NewPost

PNG = b"\x89PNG\r\n\x1a\n"
ROOM = "sovia.importer.embedded"


class NotKept(OSError):
    """The copy can not be written."""


class Keeper:
    """Notes what is kept, and where."""

    kept: list[tuple[Path, str]] = []  # noqa: RUF012 (emptied by the fixture)
    full = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> "Keeper":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        pass


def take(file: BinaryIO, name: str, *, keeper: Keeper | None) -> SimpleNamespace | None:
    """A medium is one that says whose it is after its magic bytes."""
    content = file.read()
    if not content.startswith(PNG):
        return None
    if Keeper.full:
        raise NotKept(errno.ENOSPC, "full")
    if keeper is not None:
        Keeper.kept.append((keeper.folder, name))
    return SimpleNamespace(number=int(content.removeprefix(PNG)))


def new_post_of(taken: SimpleNamespace) -> NewPost:
    return NewPost(id=FastUUID(number(taken.number)), kind="image", raw={}, prompt="inside")


class Folder:
    """Some media, two of them in each chunk; the last chunk says what was no medium."""

    bytes_total = 70

    def __init__(self, path: Path) -> None:
        self.numbers = [int(one.read_bytes().removeprefix(PNG)) for one in sorted(path.glob("*.png"))]

    def chunks(self, *, after: int = 0) -> Iterator[Chunk]:
        for start in range(after, len(self.numbers), 2):
            few = self.numbers[start : start + 2]
            posts = [new_post_of(SimpleNamespace(number=one)) for one in few]
            yield Chunk(posts, records=start + len(few), bytes_done=10 * (start + len(few)))
        yield Chunk(problems=[Problem("other_files", "x", "warning")], records=len(self.numbers), bytes_done=70)

    def close(self) -> None:
        pass


@pytest.fixture(autouse=True)
def readers(monkeypatch: pytest.MonkeyPatch) -> None:
    """What reads media, made for these tests."""
    Keeper.kept, Keeper.full = [], False

    def open_media(path: Path, **_: Any) -> Folder:
        return Folder(path)

    def is_media(path: Path) -> bool:
        return path.read_bytes().startswith(PNG)

    for name, held in {
        "taking": {"take": take},
        "posts": {"new_post_of": new_post_of},
        "keeping": {"Keeper": Keeper, "NotKept": NotKept},
        "archive": {"is_zip": lambda _: False},
        "folder": {"open_media": open_media, "is_media": is_media},
    }.items():
        module = ModuleType(f"{ROOM}.{name}")
        module.__dict__.update(held)
        monkeypatch.setitem(sys.modules, module.__name__, module)


def archive_in_folder(tmp_path: Path, members: dict[str, Any]) -> Path:
    """An archive by itself is read by those who read media; inside a folder it is read among the rest."""
    folder = tmp_path / "archives"
    folder.mkdir()
    written(folder, zipped(members), "upload")
    return folder


def test_media_in_an_archive_become_posts(tmp_path: Path) -> None:
    members = {"x/1.png": PNG + b"1", "2": PNG + b"2", "x/a.json": [root(3)], "x/odd.png": b"hello"}
    export = Export(archive_in_folder(tmp_path, members), keep_in=tmp_path / "https_")

    chunks = list(export.chunks())
    export.close()

    assert [str(post.id) for chunk in chunks for post in chunk.posts] == [A, B, number(3)]
    assert chunks[0].posts[0].prompt == "inside"
    assert Keeper.kept == [(tmp_path / "https_", "x/1.png"), (tmp_path / "https_", "2")]
    assert [one.code for chunk in chunks for one in chunk.problems] == ["unknown_file"]


def test_nothing_is_kept_without_a_place(tmp_path: Path) -> None:
    found = reading(archive_in_folder(tmp_path, {"1.png": PNG + b"1"}))

    assert (found.ids, Keeper.kept) == ({A}, [])


def test_a_full_disk_is_not_blamed_on_the_file(tmp_path: Path) -> None:
    Keeper.full = True

    with pytest.raises(OutOfSpace):
        reading(archive_in_folder(tmp_path, {"1.png": PNG + b"1", "a.json": [root(3)]}))


def folder_of(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    folder.mkdir()
    for n in range(1, 6):
        written(folder, PNG + str(n).encode(), f"{n}.png")
    written(folder, [root(8), root(9)], "posts.json")
    return folder


def test_a_folders_media_come_after_its_exports(tmp_path: Path) -> None:
    found = reading(folder_of(tmp_path))

    assert [str(post.id) for post in found.posts] == [number(n) for n in (8, 9, 1, 2, 3, 4, 5)]
    assert (found.records, found.problems, found.shape) == (7, [], "folder of array")


@pytest.mark.parametrize("after", range(8))
def test_a_folder_goes_on_after_any_record(after: int, tmp_path: Path) -> None:
    export = Export(folder_of(tmp_path))
    chunks = list(export.chunks(after=after))
    export.close()

    ids = [str(post.id) for chunk in chunks for post in chunk.posts]
    assert ids == [number(n) for n in (8, 9, 1, 2, 3, 4, 5)][after:]
    assert all(after <= one.records <= 7 for one in chunks)
    assert sorted(one.bytes_done for one in chunks) == [one.bytes_done for one in chunks]
    assert chunks[-1].bytes_done <= export.bytes_total


def test_media_alone_are_enough(tmp_path: Path) -> None:
    written(tmp_path, PNG + b"1", "1.png")

    found = reading(tmp_path)

    assert (found.ids, found.problems) == ({A}, [])
