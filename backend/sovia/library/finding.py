"""Where the bytes of a URL lie on the disk: at their path, or under one of the names that other downloaders give them.

The order is fixed: the exact path; the name as the URL spells it, decoded or not; the name with the URL's query behind
`?` (wget) or `@` (wget on Windows); the name with an extension added; for a clip, its better version beside it.
"""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import UUID

from sovia.kit import disk
from sovia.library.derived import has_thumbnails
from sovia.library.paths import LOCAL, PUT_AWAY, ROOT

LOCAL_FOLDER, AWAY_FOLDER = LOCAL.removeprefix(ROOT), PUT_AWAY.removeprefix(ROOT)
EXTENSIONS = (".jpg", ".jpeg", ".png", ".mp4", ".webp")
SD, HD = "/generated_video.mp4", "/generated_video_hd.mp4"
# How `library.paths` marks that the query is a part of the name; without it the name could be another file's.
QUERY_MARK = "~q"
# How much of the disk is remembered: files come by the folder, so more would cost room and save nothing.
MOST_FOLDERS = 30_000
MOST_NAMES = 300_000


@dataclass(frozen=True)
class Known:
    """A file as the library knows it; `state` and `found_path` as in the table.

    `thumbnail` is the key of the thumbnails that were made of it.
    """

    post_id: UUID
    role: str
    position: int
    path: str
    url: str
    state: str
    found_path: str | None
    size_bytes: int | None
    mtime_ns: int | None
    thumbnail: str | None = None


@dataclass(frozen=True)
class Seen:
    """What a look at the disk changed: the file is there and new to us, or, without a size, no longer there."""

    post_id: UUID
    role: str
    position: int
    found_path: str | None = None
    size_bytes: int | None = None
    mtime_ns: int | None = None

    @property
    def is_here(self) -> bool:
        """Whether there is a file to look into."""
        return self.size_bytes is not None


class Finder:
    """Looks for many files in one go; what it has seen of a folder holds for as long as it lives: seconds."""

    def __init__(self, media_root: Path, derived_root: Path) -> None:
        self._derived_root = derived_root
        self._root = os.fspath(media_root)
        self._folders: dict[str, bool] = {}
        self._names: dict[str, dict[str, str]] = {}
        self._name_count = 0

    def changes(self, files: Sequence[Known]) -> list[Seen]:
        """What is not as it was known, in the same order; nothing for the others."""
        return [seen for seen in map(self._change, files) if seen is not None]

    def root_is_empty(self) -> bool:
        """Whether there is no medium at all: then the disk is rather not mounted than every file deleted."""
        try:
            with os.scandir(self._root) as entries:
                return not any(entry.name[0] not in "._" or entry.name == LOCAL_FOLDER for entry in entries)
        except OSError:
            return True

    def _change(self, file: Known) -> Seen | None:
        place = self._find(file)
        if place is None:
            return None if file.state in ("missing", "gone") else Seen(file.post_id, file.role, file.position)
        path, status = place
        found_path = None if path == file.path else path
        now = (found_path, status.st_size, status.st_mtime_ns)
        unchanged = file.state in ("present", "corrupt") and now == (file.found_path, file.size_bytes, file.mtime_ns)
        # Somebody may have emptied the folder of derived files.
        if unchanged and (not file.thumbnail or has_thumbnails(self._derived_root, file.thumbnail)):
            return None
        return Seen(file.post_id, file.role, file.position, *now)

    def _find(self, file: Known) -> tuple[str, os.stat_result] | None:
        if not file.path.startswith(ROOT):
            return None
        exact = file.path.removeprefix(ROOT)
        status = self._status(exact)
        if status is not None:
            return file.path, status
        for other in (*other_names(exact, file.url), *self._with_any_query(exact)):
            status = self._status(other) if self._is_listed(other) else None
            if status is not None:
                return ROOT + other, status
        return None

    def _status(self, relative: str) -> os.stat_result | None:
        if not self._is_folder(relative.rpartition("/")[0]):
            return None
        try:
            status = os.lstat(f"{self._root}/{relative}")
        except (OSError, ValueError):
            return None
        return status if stat.S_ISREG(status.st_mode) else None

    def _is_folder(self, relative: str) -> bool:
        """Whether it is a real folder, reached through no link."""
        if not relative:
            return True
        known = self._folders.get(relative)
        if known is None:
            if len(self._folders) >= MOST_FOLDERS:
                self._folders.clear()
            known = self._folders[relative] = self._is_folder(relative.rpartition("/")[0]) and self._is_real(relative)
        return known

    def _is_real(self, relative: str) -> bool:
        try:
            return stat.S_ISDIR(os.lstat(f"{self._root}/{relative}").st_mode)
        except (OSError, ValueError):
            return False

    def _is_listed(self, relative: str) -> bool:
        folder, _, name = relative.rpartition("/")
        return name in self._listing(folder)

    def _with_any_query(self, relative: str) -> Iterator[str]:
        folder, _, name = relative.rpartition("/")
        queried = self._listing(folder).get(name + "?")
        if queried and QUERY_MARK not in name:
            yield f"{folder}/{queried}"

    def _listing(self, folder: str) -> dict[str, str]:
        """The names in a folder; for `a?b` and `a@b` also the key `a?`, leading to one such name."""
        known = self._names.get(folder)
        if known is not None:
            return known
        if self._name_count >= MOST_NAMES or len(self._names) >= MOST_FOLDERS:
            self._names.clear()
            self._name_count = 0
        names: dict[str, str] = {}
        if self._is_folder(folder):
            for name in sorted(_names_in(f"{self._root}/{folder}")):
                names[name] = name
                for mark in "?@":
                    if mark in name:
                        names.setdefault(name.split(mark)[0] + "?", name)
        self._names[folder] = names
        self._name_count += len(names)
        return names


def other_names(exact: str, url: str) -> list[str]:
    """Where else a downloader may have put the file, below the media folder, in the order of preference."""
    if exact.startswith(f"{LOCAL_FOLDER}/"):
        # Put away with an import that was undone, and wanted again by a post that came back another way.
        return [f"{AWAY_FOLDER}/{exact}"]
    spelled, query = _spellings(url, exact)
    names = [exact] if QUERY_MARK in exact.rpartition("/")[2] else [exact, *spelled]
    found = names[1:]
    if query and "/" not in query and _is_plain(query):
        found += [f"{name}{mark}{query}" for name in (exact, *spelled) for mark in "?@"]
    found += [name + extension for name in names for extension in EXTENSIONS]
    found += [name.removesuffix(SD) + HD for name in names if name.endswith(SD)]
    return found


def _spellings(url: str, exact: str) -> tuple[list[str], str]:
    """How other downloaders spell the path of a URL below the media folder, where they differ from us; its query."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return [], ""
    path = parts.path.lstrip("/")
    if not host or not path:
        return [], parts.query
    spelled = dict.fromkeys((f"{host}/{unquote(path)}", f"{host}/{path}"))
    return [name for name in spelled if name != exact and _is_plain(name)], parts.query


def _is_plain(relative: str) -> bool:
    try:
        disk.components(relative)
    except disk.NotBeneath:
        return False
    return True


def _names_in(folder: str) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208 - ten times as fast, and there may be 100,000
    except OSError:
        return []
