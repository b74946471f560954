"""The import folder of the server: what lies in it, never through a link, and where it goes when it is done."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sovia.importer.errors import FolderNotFound
from sovia.importer.uploads import UNSHOWABLE
from sovia.kit import disk

DONE = "done"
MOST_FILES = 10_000
MOST_SHOWN = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or a folder of the import folder: how many files, how large, and when the newest of them was written."""

    name: str
    files: int
    size: int
    mtime_ns: int


def entries(root: Path) -> list[Entry]:
    """What lies directly in the import folder and could be imported, by name; nothing when there is no such folder."""
    found = []
    for name, is_folder in _listing(root):
        if name == DONE or _odd(name):
            continue
        files = list(files_of(root, name) if is_folder else _one(root, name))
        if files:
            found.append(Entry(name, len(files), sum(one[1] for one in files), max(one[2] for one in files)))
        if len(found) == MOST_SHOWN:
            break
    return found


def wanted(root: Path, name: object) -> list[dict[str, Any]]:
    """The folder or the file of this name below the import folder, to be imported, or `FolderNotFound`."""
    if not isinstance(name, str):
        raise FolderNotFound
    try:
        parts = disk.components(name.strip("/"))
    except disk.NotBeneath:
        raise FolderNotFound from None
    if parts[0] == DONE or any(_odd(part) for part in parts):
        raise FolderNotFound
    relative = "/".join(parts)
    kind = _kind(root, parts)
    files = list(files_of(root, relative) if stat.S_ISDIR(kind) else _one(root, relative))
    if not files:
        raise FolderNotFound
    return [{"name": parts[-1], "folder": relative, "size": sum(size for _, size, _ in files)}]


def refuse_links(root: Path, relative: str) -> None:
    """Raise `FileNotFoundError` when a link leads there by now, or nothing that is a file or a folder."""
    try:
        mode = _kind(root, disk.components(relative))
    except FolderNotFound:
        raise FileNotFoundError(errno.ENOENT, "not there any more") from None
    if not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
        raise FileNotFoundError(errno.ENOENT, "not a file")


def files_of(root: Path, relative: str) -> Iterator[tuple[str, int, int]]:
    """The regular files below a folder, in the order of names: path below the root, size, time of writing."""
    waiting, left = [relative], MOST_FILES
    while waiting and left:
        here = waiting.pop()
        folders = []
        for name, is_folder in _listing(root / here):
            if _odd(name):
                continue
            if is_folder:
                folders.append(f"{here}/{name}")
                continue
            for one in _one(root, f"{here}/{name}"):
                yield one
                left -= 1
            if not left:
                return
        waiting += reversed(folders)


def move_to_done(root: Path, name: str) -> None:
    """Put what was imported out of the way, under a name that is free; fine when it is gone already."""
    parts = disk.components(name)
    target = disk.make_folder_beneath(root, DONE)
    last, number = parts[-1], 1
    while os.path.lexists(target / last):
        number += 1
        stem, dot, ending = parts[-1].partition(".")
        last = f"{stem} {number}{dot}{ending}"
    with suppress(FileNotFoundError):
        root.joinpath(*parts).rename(target / last)


def _kind(root: Path, parts: tuple[str, ...]) -> int:
    """The mode of what the path leads to; `FolderNotFound` when a link or nothing is on the way."""
    here, mode = root, 0
    for part in parts:
        here = here / part
        try:
            mode = here.lstat().st_mode
        except (OSError, ValueError):
            raise FolderNotFound from None
        if stat.S_ISLNK(mode):
            raise FolderNotFound
    return mode


def _one(root: Path, relative: str) -> Iterator[tuple[str, int, int]]:
    with suppress(OSError):
        found = disk.stat_beneath(root, relative)
        yield relative, found.st_size, found.st_mtime_ns


def _listing(folder: Path) -> list[tuple[str, bool]]:
    """Names in a folder, sorted, and which are folders themselves; links are left out."""
    try:
        with os.scandir(folder) as found:
            several = [(one.name, one.is_dir(follow_symlinks=False)) for one in found if not one.is_symlink()]
    except OSError:
        return []
    return sorted(several)


def _odd(name: str) -> bool:
    """Whether a name is hidden, or can not be shown or stored."""
    return name.startswith(".") or UNSHOWABLE.search(name) is not None or not name.isprintable()
