"""Files come home: whole, once, on their own, and only when asked."""

import errno
import hashlib
import io
import os
from pathlib import Path

import pytest
from importer.embedded.made import png
from importer.embedded.test_folder import posts, put

from sovia.importer.embedded import keeping, taking
from sovia.importer.embedded.keeping import Changed, Keeper
from sovia.importer.embedded.taking import Taken, take
from sovia.kit.errors import Unavailable
from sovia.library.paths import is_local, local_path


def files_below(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "import"


def test_each_file_is_kept_once_under_its_content(root: Path, home: Path) -> None:
    one, two = png({"Title": "one"}), png({"Title": "two"})
    for name, content in {"a.png": one, "b/c.png": two, "again.jpg": one}.items():
        put(root, name, content)

    found = posts(root, keep_in=home / "https_")

    assert all(is_local(post.local_path) for post in found)
    assert {(home / str(post.local_path)).read_bytes() for post in found} == {one, two}
    assert len(files_below(home)) == 2
    assert files_below(root) == {"a.png": one, "b/c.png": two, "again.jpg": one}


def test_a_dry_run_writes_nothing_and_finds_the_same(root: Path, home: Path) -> None:
    put(root, "a.png", png({"Title": "one"}))

    assert posts(root) == posts(root, keep_in=home / "https_")
    assert len(files_below(home)) == 1


def test_what_is_kept_is_not_written_again(root: Path, home: Path) -> None:
    put(root, "a.png", png())
    (post,) = posts(root, keep_in=home / "https_")
    before = (home / str(post.local_path)).stat()

    posts(root, keep_in=home / "https_")

    after = (home / str(post.local_path)).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


@pytest.mark.parametrize("small", [taking.SMALL, 10])
def test_later_edits_of_the_original_change_nothing(
    small: int, root: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "SMALL", small)
    content = png({"Title": "one"})
    path = put(root, "a.png", content)
    taken = taken_from(path, home)

    with path.open("r+b") as file:
        file.write(b"something else")

    assert (home / taken.local_path).read_bytes() == content
    assert (home / taken.local_path).stat().st_nlink == 1


def taken_from(path: Path, home: Path) -> Taken:
    with path.open("rb") as file, Keeper(home / "https_") as keeper:
        taken = take(file, path.name, keeper=keeper)
    assert taken is not None
    return taken


def test_a_half_copy_is_made_whole(root: Path, home: Path) -> None:
    content = png({"Title": "one"})
    path = put(root, "a.png", content)
    place = local_path(hashlib.sha256(content).hexdigest(), ".png")
    put(home, place, content[:50])

    taken_from(path, home)

    assert (home / place).read_bytes() == content


def test_a_file_that_changes_meanwhile_is_not_kept(root: Path, home: Path) -> None:
    path = put(root, "a.png", png())
    place = local_path("ab" * 32, ".png")

    with path.open("rb") as file, Keeper(home / "https_") as keeper, pytest.raises(Changed):
        keeper.keep(file, place, "ab" * 32, 5)

    assert files_below(home) == {}


def test_a_link_in_the_archive_is_not_followed(root: Path, home: Path, tmp_path: Path) -> None:
    (tmp_path / "away").mkdir()
    (home / "https_" / "_local").symlink_to(tmp_path / "away")
    put(root, "a.png", png())

    with pytest.raises(Unavailable):
        posts(root, keep_in=home / "https_")

    assert list((tmp_path / "away").iterdir()) == []


@pytest.mark.parametrize("fails", [None, errno.EXDEV, errno.EINVAL])
def test_a_large_file_is_copied_with_and_without_the_kernels_help(
    fails: int | None, root: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "SMALL", 10)
    if fails is not None:

        def refuse(*_: object) -> int:
            raise OSError(fails, os.strerror(fails))

        monkeypatch.setattr(keeping.os, "copy_file_range", refuse)
    content = png({"Title": "x" * 100_000})

    taken = taken_from(put(root, "a.png", content), home)

    assert (home / taken.local_path).read_bytes() == content


def test_members_of_archives_are_taken_without_a_file_of_their_own(home: Path) -> None:
    with Keeper(home / "https_") as keeper:
        taken = take(io.BytesIO(png({"Title": "one"})), "in/zip.png", keeper=keeper)
        assert take(io.BytesIO(b"{}"), "x.png", keeper=keeper) is None

    assert taken is not None
    assert (home / taken.local_path).exists()


def test_copies_that_were_not_finished_leave_nothing(home: Path) -> None:
    keeper = Keeper(home / "https_")
    take(io.BytesIO(png()), "a.png", keeper=keeper)
    assert len(files_below(home)) == 1

    keeper.__exit__(RuntimeError)

    assert files_below(home) == {}
