"""Where the bytes of a URL lie on the disk: at their path, or under one of the names that other downloaders give them.

The order is fixed: the exact path; the name as the URL spells it, decoded or not; the name with the URL's query behind
`?` (wget) or `@` (wget on Windows); the name with an extension added; for a clip, its better version beside it.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import UUID

from sovia.kit import disk
from sovia.library.derived import has_thumbnails
from sovia.library.paths import LOCAL, PUT_AWAY, ROOT
from sovia.library.trees import Tree

LOCAL_FOLDER, AWAY_FOLDER = LOCAL.removeprefix(ROOT), PUT_AWAY.removeprefix(ROOT)
EXTENSIONS = (".jpg", ".jpeg", ".png", ".mp4", ".webp")
SD, HD = "/generated_video.mp4", "/generated_video_hd.mp4"
# How `library.paths` marks that the query is a part of the name; without it the name could be another file's.
QUERY_MARK = "~q"
# Where below a root the folders of hosts may lie: wget can name them by protocol.
TOPS = ("", "https/", "https_/")


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
    """Looks for many files in one go; what it has seen of a folder holds for as long as it lives: seconds.

    `others` are further roots as pairs of what their places begin with and their folder. What lies below the places in
    `away` can not be looked at, so nothing is said of it. `lost` collects the files that were not found.
    """

    def __init__(
        self,
        media_root: Path,
        derived_root: Path,
        others: Sequence[tuple[str, Path]] = (),
        away: tuple[str, ...] = (),
    ) -> None:
        self._derived_root = derived_root
        self._trees = [(ROOT, Tree(media_root)), *((begins, Tree(path)) for begins, path in others)]
        self._away = away
        self.lost: list[Known] = []

    def look(self, files: Sequence[Known]) -> list[Seen]:
        """What is new of those that were found, in the same order; what was not found is in `lost`."""
        self.lost.clear()
        return [seen for seen in map(self._change, files) if seen is not None]

    def root_is_empty(self) -> bool:
        """Whether there is no medium at all: then the disk is rather not mounted than every file deleted."""
        return self._trees[0][1].is_empty(but=LOCAL_FOLDER)

    def _change(self, file: Known) -> Seen | None:
        place = self._find(file)
        if place is not None:
            return self.seen(file, *place)
        if self._is_away(file):
            return None
        self.lost.append(file)
        return None

    def seen(self, file: Known, path: str, status: os.stat_result) -> Seen | None:
        """What is new about a file that lies at this place."""
        found_path = None if path == file.path else path
        now = (found_path, status.st_size, status.st_mtime_ns)
        unchanged = file.state in ("present", "corrupt") and now == (file.found_path, file.size_bytes, file.mtime_ns)
        # Somebody may have emptied the folder of derived files.
        if unchanged and (not file.thumbnail or has_thumbnails(self._derived_root, file.thumbnail)):
            return None
        return Seen(file.post_id, file.role, file.position, *now)

    def status_of(self, place: str) -> os.stat_result | None:
        """What lies at a place that was named before."""
        for begins, tree in self._trees:
            if place.startswith(begins):
                return tree.status(place.removeprefix(begins))
        return None

    def _is_away(self, file: Known) -> bool:
        # While the main root is away, nothing can be said of any file that should be there.
        return (file.found_path or file.path).startswith(self._away) if self._away else False

    def _find(self, file: Known) -> tuple[str, os.stat_result] | None:
        if not file.path.startswith(ROOT):
            return None
        exact = file.path.removeprefix(ROOT)
        for begins, tree in self._trees:
            found = _find_in(tree, exact, file.url)
            if found is not None:
                return begins + found[0], found[1]
        status = self.status_of(file.found_path) if file.found_path else None
        return (file.found_path or "", status) if status is not None else None


def _find_in(tree: Tree, exact: str, url: str) -> tuple[str, os.stat_result] | None:
    """Where it lies below one root, in the order of preference."""
    for top in TOPS:
        status = tree.status(top + exact)
        if status is not None:
            return top + exact, status
    others = other_names(exact, url)
    for top in TOPS:
        any_query = () if QUERY_MARK in exact.rpartition("/")[2] else tree.with_any_query(top + exact)
        for other in (*(top + name for name in others), *any_query):
            status = tree.status(other) if tree.is_listed(other) else None
            if status is not None:
                return other, status
    return None


def not_here(file: Known) -> Seen | None:
    """That a file is nowhere, unless that was known."""
    return None if file.state in ("missing", "gone") else Seen(file.post_id, file.role, file.position)


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
