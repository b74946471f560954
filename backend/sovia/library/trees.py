"""A folder of media looked at many times in a short while: what it has seen of it holds for as long as it lives."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

# How much of the disk is remembered: files come by the folder, so more would cost room and save nothing.
MOST_FOLDERS = 30_000
MOST_NAMES = 300_000


class Tree:
    """Files below a root by relative paths with `/` between the names; no link is ever followed."""

    def __init__(self, root: Path) -> None:
        self._root = os.fspath(root)
        self._folders: dict[str, bool] = {}
        self._names: dict[str, dict[str, str]] = {}
        self._name_count = 0

    def status(self, relative: str) -> os.stat_result | None:
        """What the system knows of a regular file, or nothing when there is none."""
        if not self._is_folder(relative.rpartition("/")[0]):
            return None
        try:
            status = os.lstat(f"{self._root}/{relative}")
        except (OSError, ValueError):
            return None
        return status if stat.S_ISREG(status.st_mode) else None

    def is_listed(self, relative: str) -> bool:
        """Whether its folder has such a name; cheaper than a look at each of many names."""
        folder, _, name = relative.rpartition("/")
        return name in self._listing(folder)

    def with_any_query(self, relative: str) -> Iterator[str]:
        """The file whose name goes on with a query, if there is one."""
        folder, _, name = relative.rpartition("/")
        queried = self._listing(folder).get(name + "?")
        if queried:
            yield f"{folder}/{queried}"

    def is_empty(self, *, but: str) -> bool:
        """Whether nothing but hidden folders, and not the one named, lies there."""
        try:
            with os.scandir(self._root) as entries:
                return not any(entry.name[0] not in "._" or entry.name == but for entry in entries)
        except OSError:
            return True

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


def _names_in(folder: str) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208 - ten times as fast, and there may be 100,000
    except OSError:
        return []
