"""Files below a folder: no link followed, no way out, no half file."""

import os
import threading
import time
from pathlib import Path

import pytest

from sovia.kit import disk

ODD_PATHS = ("", "/etc/passwd", "../x", "a/../../x", "a//b", "a/./b", "a\\b", "a/b\x00", ".", "..", "a/", "\udcff")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    (folder / "a").mkdir(parents=True)
    (folder / "a" / "file").write_bytes(b"inside")
    (tmp_path / "secret").write_bytes(b"outside")
    return folder


@pytest.mark.parametrize("path", ODD_PATHS)
def test_an_odd_path_leads_nowhere(root: Path, path: str) -> None:
    """SEC02."""
    with pytest.raises(FileNotFoundError):
        disk.open_beneath(root, path)


def test_a_plain_path_is_opened(root: Path) -> None:
    descriptor = disk.open_beneath(root, "a/file")

    assert os.read(descriptor, 99) == b"inside"
    os.close(descriptor)


@pytest.mark.parametrize("by_descriptor", [True, False])
@pytest.mark.parametrize(
    ("link", "target", "path"),
    [("a/link", "../../secret", "a/link"), ("up", "..", "up/secret"), ("in", "a", "in/file")],
)
def test_no_link_is_followed(
    root: Path, monkeypatch: pytest.MonkeyPatch, link: str, target: str, path: str, by_descriptor: bool
) -> None:
    """SEC03."""
    monkeypatch.setattr(disk, "BY_DESCRIPTOR", by_descriptor)
    (root / link).symlink_to(target)

    with pytest.raises(FileNotFoundError):
        disk.stat_beneath(root, path)


def test_the_root_itself_may_be_a_link(root: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").symlink_to(root)

    assert disk.stat_beneath(tmp_path / "elsewhere", "a/file").st_size == 6


@pytest.mark.parametrize("path", ["a", "a/file/more", "none/file", "n" * 300])
def test_what_is_no_file_is_not_found(root: Path, path: str) -> None:
    with pytest.raises(FileNotFoundError):
        disk.stat_beneath(root, path)


def test_a_named_pipe_does_not_hang_the_reader(root: Path) -> None:
    os.mkfifo(root / "pipe")

    with pytest.raises(disk.NotBeneath):
        disk.open_beneath(root, "pipe")


def test_a_reader_sees_the_old_file_or_the_new_one(root: Path) -> None:
    old, new, seen, done = b"o" * 300_000, b"n" * 500_000, set(), threading.Event()
    disk.write_beneath(root, "b/c/file", old)

    def read() -> None:
        while not done.is_set():
            seen.add((root / "b/c/file").read_bytes())

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(30):
        disk.write_beneath(root, "b/c/file", new if number % 2 else old, durable=False)
    done.set()
    reader.join()

    assert seen <= {old, new}


def test_nothing_is_written_through_a_link(root: Path, tmp_path: Path) -> None:
    """SEC03."""
    (root / "b").symlink_to(tmp_path)

    with pytest.raises(FileNotFoundError):
        disk.write_beneath(root, "b/new", b"content")

    assert not (tmp_path / "new").exists()


def test_a_failed_write_leaves_nothing_behind(root: Path) -> None:
    def fail() -> None:
        with disk.new_file_beneath(root, "b/file") as part:
            part.write_bytes(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert not (root / "b/file").exists()
    assert list((root / disk.PARTS).iterdir()) == []


def test_only_old_left_overs_are_removed(root: Path) -> None:
    old, young = (root / disk.PARTS / name for name in ("old.part", "young.part"))
    old.parent.mkdir()
    for part in (old, young):
        part.touch()
    os.utime(old, times=(time.time() - 5000, time.time() - 5000))

    assert disk.remove_left_overs(root) == 1
    assert (old.exists(), young.exists()) == (False, True)


def test_the_room_on_a_disk_is_known_before_its_folder_is(root: Path) -> None:
    assert disk.free_bytes(root / "not" / "yet") > 0
