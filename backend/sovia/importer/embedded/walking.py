"""The files below a folder in the order of names, without links and hidden ones; memory grows with one folder only."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sovia.importer.embedded.naming import beside, is_poster

MOST_LEVELS = 32
# What other programs leave beside pictures: resource forks, thumbnails of a file server, our own derived files.
NOT_ENTERED = ("__MACOSX", "@eaDir", "_derived", "_trash", "$RECYCLE.BIN", "System Volume Information", "lost+found")
# Never media, and often many; texts beside media are read with them.
TEXTS = (
    ".txt",
    ".json",
    ".jsonl",
    ".csv",
    ".html",
    ".htm",
    ".md",
    ".log",
    ".xmp",
    ".har",
    ".zip",
    ".gz",
    ".ini",
    ".db",
)


class Entry(NamedTuple):
    """One file that may be a medium: its path below the root, its size, and the names of texts beside it."""

    name: str
    size: int
    beside: list[str]


class Tally:
    """What a walk met that is no medium, counted while it goes."""

    def __init__(self) -> None:
        self.others = 0
        self.links = 0
        self.posters = 0
        self.unreadable = 0
        self.put = 0


def walk(root: Path, tally: Tally) -> Iterator[Entry]:
    """Every file below the root that may be a medium; a folder's own files before those of the folders in it."""
    waiting = [""]
    while waiting:
        below = waiting.pop()
        files, folders = _listed(root, below, tally)
        names = {name for name, _ in files}
        for name, size in files:
            if name.lower().endswith(TEXTS):
                tally.others += 1
            elif is_poster(name, names):
                tally.posters += 1
            else:
                yield Entry(below + name, size, beside(name, names))
        if below.count("/") < MOST_LEVELS:
            waiting += [f"{below}{name}/" for name in reversed(folders)]


def _listed(root: Path, below: str, tally: Tally) -> tuple[list[tuple[str, int]], list[str]]:
    """The names and sizes of a folder's files, and the names of its folders, both sorted."""
    files: list[tuple[str, int]] = []
    folders: list[str] = []
    try:
        with os.scandir(root / below) as entries:
            for entry in entries:
                if entry.name.startswith(".") or entry.name in NOT_ENTERED:
                    continue
                if entry.is_symlink():
                    tally.links += 1
                elif entry.is_dir(follow_symlinks=False):
                    folders.append(entry.name)
                elif entry.is_file(follow_symlinks=False):
                    files.append((entry.name, _size(entry)))
    except OSError:
        tally.unreadable += 1
    return sorted(files), sorted(folders)


def _size(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_size
    except OSError:
        return 0
