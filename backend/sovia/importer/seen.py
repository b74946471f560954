"""What a dry run must remember: which posts came already, and which files lie on the disk."""

import asyncio
import os
import stat
from collections.abc import Collection, Iterable
from pathlib import Path
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.importer.queries import hashed_paths
from sovia.library.arrivals import Arrival

MOST_FOLDERS = 100_000
Keys = NDArray[np.uint64]


class SeenIds:
    """Which posts a file has brought so far: eight bytes each, so that it does not matter how many there are."""

    def __init__(self) -> None:
        self._sorted: list[Keys] = []
        self.repeated = 0

    def fresh(self, posts: Iterable[Arrival]) -> list[Arrival]:
        """Those of the posts that come for the first time."""
        first: dict[UUID, Arrival] = {}
        for post in posts:
            if first.setdefault(post.id, post) is not post:
                self.repeated += 1
        several = list(first.values())
        if not several:
            return []
        joined = b"".join(post.id.bytes for post in several)
        # The second half of an id is random in all versions that are in use.
        keys = np.frombuffer(joined, dtype=">u8").reshape(-1, 2)[:, 1].astype(np.uint64)
        known = np.zeros(len(keys), dtype=bool)
        for earlier in self._sorted:
            places = np.minimum(np.searchsorted(earlier, keys), len(earlier) - 1)
            known |= earlier[places] == keys
        self.repeated += int(known.sum())
        self._remember(np.sort(keys[~known]))
        return [post for post, seen in zip(several, known.tolist(), strict=True) if not seen]

    def _remember(self, keys: Keys) -> None:
        """Keep few, long arrays: a new one swallows those that are not longer than itself."""
        while self._sorted and len(self._sorted[-1]) <= len(keys):
            keys = np.sort(np.concatenate([self._sorted.pop(), keys]))
        if len(keys):
            self._sorted.append(keys)


class OnDisk:
    """Which paths hold a file; what was seen of a folder counts for as long as it lives: seconds."""

    def __init__(self, home: Path) -> None:
        self._home = os.fspath(home)
        self._folders: dict[str, bool] = {}

    async def states(self, session: AsyncSession, user_id: UUID, paths: Collection[str]) -> dict[str, str]:
        """`present` for files that the library has looked into, `unhashed` for others that are here."""
        here = dict.fromkeys(await hashed_paths(session, user_id, paths), "present")
        left = [path for path in paths if path not in here]
        return here | dict.fromkeys(await asyncio.to_thread(self._here, left), "unhashed")

    def _here(self, paths: list[str]) -> list[str]:
        return [path for path in paths if self._is_file(path)]

    def _is_file(self, path: str) -> bool:
        if not self._is_folder(path.rpartition("/")[0]):
            return False
        try:
            found = os.lstat(f"{self._home}/{path}")
        except (OSError, ValueError):
            return False
        return stat.S_ISREG(found.st_mode) and found.st_size > 0

    def _is_folder(self, path: str) -> bool:
        """Whether it is a folder, reached through no link; a missing one is not looked for twice."""
        if not path:
            return True
        known = self._folders.get(path)
        if known is None:
            if len(self._folders) >= MOST_FOLDERS:
                self._folders.clear()
            known = self._folders[path] = self._is_folder(path.rpartition("/")[0]) and self._is_real(path)
        return known

    def _is_real(self, path: str) -> bool:
        try:
            return stat.S_ISDIR(os.lstat(f"{self._home}/{path}").st_mode)
        except (OSError, ValueError):
            return False
