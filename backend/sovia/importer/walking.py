"""Files and folders of this machine that a person names on the command line, as parts of one import."""

import os
from collections.abc import Iterator
from pathlib import Path

from sovia.importer.sources import Part

MOST_FILES = 100_000


def parts_below(path: Path) -> list[Part]:
    """The file, or the folder with the size of what is in it; nothing when it is empty.

    The system's own error when it can not be opened.
    """
    name = path.name or path.resolve().name
    if not path.is_dir():
        return [Part(path, name, path.stat().st_size)]
    sizes = [one.lstat().st_size for one in _files(path)]
    return [Part(path, name, sum(sizes))] if sizes else []


def _files(folder: Path) -> Iterator[Path]:
    left = MOST_FILES
    for here, folders, names in os.walk(folder, followlinks=False):
        folders.sort()
        for name in sorted(names):
            one = Path(here) / name
            if name.startswith(".") or one.is_symlink() or not one.is_file():
                continue
            yield one
            left -= 1
            if not left:
                return
