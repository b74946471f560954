"""The folders that media lie in: each known by a marker, so that a disk that is not mounted is not taken for empty.

A place is a path as the database has it: `https_/...` below the main root, `roots/<id>/...` below another.
"""

import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sovia.kit import disk
from sovia.kit.settings import Settings, current
from sovia.library.paths import ROOT

MARKER = ".sovia-root"
OTHERS = "roots/"
MARKED = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class Root:
    """A media folder. `id` is empty for one that was never taken up; `is_away` when its marker is not there."""

    id: str
    path: Path
    is_main: bool
    is_away: bool = False

    def place(self, relative: str) -> str:
        """The place of a file below it."""
        return f"{ROOT}{relative}" if self.is_main else f"{OTHERS}{self.id}/{relative}"

    def holds(self, place: str) -> bool:
        """Whether the place is below it."""
        return place.startswith(self.place(""))


def configured(settings: Settings) -> list[Path]:
    """The folders of the settings, the main one first."""
    return list(dict.fromkeys((settings.media_root, *settings.media_roots)))


def read_marker(path: Path) -> str:
    """The id in a folder's marker, or nothing when it has none."""
    with suppress(OSError, ValueError):
        with (path / MARKER).open(encoding="ascii") as file:
            found = MARKED.match(file.read(64))
        return found[0] if found else ""
    return ""


def write_marker(path: Path, known_id: str = "") -> str:
    """Mark a folder, as the one of this id or as a new one; its id, or nothing where nothing can be written."""
    new = known_id or secrets.token_hex(8)
    try:
        with (path / MARKER).open("x", encoding="ascii") as file:
            file.write(f"{new}\nThis folder holds media of an 8xSovia library. Please leave this file here.\n")
    except FileExistsError:
        return read_marker(path)
    except OSError:
        return ""
    return new


def located(settings: Settings, place: str) -> tuple[Path, str]:
    """The folder and the relative path of a place; `FileNotFoundError` when its folder is not here."""
    if place.startswith(ROOT):
        return settings.media_root, place.removeprefix(ROOT)
    root_id, _, relative = place.removeprefix(OTHERS).partition("/")
    if place.startswith(OTHERS) and MARKED.fullmatch(root_id):
        for path in settings.media_roots:
            if read_marker(path) == root_id:
                return path, relative
    raise FileNotFoundError(place)


def open_place(media_root: Path, place: str) -> int:
    """A descriptor for reading the file at a place, or the errors of `disk.open_beneath`."""
    if place.startswith(ROOT):
        return disk.open_beneath(media_root, place.removeprefix(ROOT))
    return disk.open_beneath(*located(current(), place))
