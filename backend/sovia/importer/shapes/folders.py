"""Folders: every file below one, in the order of names; links are not followed and hidden files are not looked at."""

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from sovia.importer.embedded.naming import speaks_for_another
from sovia.importer.shapes import zips
from sovia.importer.shapes.media import MediaReader
from sovia.importer.shapes.several import Member, Several
from sovia.kit import disk

MOST_LEVELS = 32


def opened(folder: Path, read_media: MediaReader | None = None) -> Several:
    """The files below a folder, without its media; it is walked twice, first to know how much there is.

    `read_media` is for the media in archives.
    """
    total = sum(member.size for member in members(folder))
    return Several(
        members(folder), total, what="folder", close=lambda: None, archives=partial(zips.opened, read_media=read_media)
    )


def members(folder: Path) -> Iterator[Member]:
    """Every file below the folder, a folder's own files before those of the folders in it."""
    waiting = [""]
    while waiting:
        below = waiting.pop()
        found = sorted(_entries(folder, below), key=lambda entry: entry.name)
        deeper, names = [], {entry.name for entry in found}
        for entry in found:
            name = below + entry.name
            # It comes in with the medium, not by itself.
            if speaks_for_another(entry.name, names):
                continue
            if entry.is_symlink():
                yield Member(name, 0, 0, partial(_open, folder, name), "This is a link, which is not followed.")
            elif entry.is_dir(follow_symlinks=False):
                if name.count("/") < MOST_LEVELS:
                    deeper.append(name + "/")
            elif entry.is_file(follow_symlinks=False):
                size = _size(entry)
                yield Member(name, size, size, partial(_open, folder, name))
        waiting += reversed(deeper)


def _entries(folder: Path, below: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder / below) as entries:
            return [entry for entry in entries if not entry.name.startswith((".", "__MACOSX"))]
    except OSError:
        return []


def _size(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_size
    except OSError:
        return 0


def _open(folder: Path, name: str) -> BinaryIO:
    return os.fdopen(disk.open_beneath(folder, name), "rb")
