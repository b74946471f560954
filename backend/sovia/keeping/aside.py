"""Bytes taken out of the way before others take their place, each where it is found again; nothing is deleted."""

import hashlib
import os
import shutil
from collections.abc import Collection
from pathlib import Path
from uuid import UUID

from sovia.kit import disk
from sovia.kit.settings import Settings
from sovia.library import roots

FOLDER = "put-aside"
LONGEST_NAME = 150
Key = tuple[UUID, str, int]


class Aside:
    """What one operation puts aside, in a folder of its own: `.sovia/put-aside/<operation>/`.

    The same file has the same name whenever it is asked for, so that a run that was killed can be gone on with.
    """

    def __init__(self, settings: Settings, operation_id: UUID) -> None:
        self._settings = settings
        self._folder = settings.state_root / FOLDER / str(operation_id)
        self._hashes: dict[Path, bytes] = {}

    def is_there(self, place: str) -> bool:
        """Whether anything lies at a place, readable or not."""
        try:
            os.close(disk.open_beneath(*roots.located(self._settings, place)))
        except FileNotFoundError:
            return False
        except PermissionError:
            # It can be moved all the same; what counts are the rights of its folder.
            return True
        return True

    def put(self, key: Key, place: str, *, again: bool = False) -> None:
        """Move what lies at a place out of the way, unless that was done before; with `again` as often as asked."""
        target, number = self._name(key, place, ""), 0
        while again and (target := self._name(key, place, f"later.{number}.")).exists():
            number += 1
        if target.exists() or not self.is_there(place):
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        root, relative = roots.located(self._settings, place)
        shutil.move(root / relative, target)

    def bring_back(self, key: Key, place: str) -> bool:
        """Exchange what was put aside and what lies in its place now; whether there was anything."""
        kept = self._name(key, place, "")
        if not kept.exists():
            return False
        root, relative = roots.located(self._settings, place)
        self.put(key, place, again=True)
        folder = disk.make_folder_beneath(root, str(Path(relative).parent))
        shutil.move(kept, root / relative)
        disk.sync(folder)
        return True

    def find(self, wanted: Collection[bytes]) -> dict[bytes, Path]:
        """What was put aside has these bytes: what stood in one file's place may be what belongs in another's."""
        paths = [path for path in sorted(self._folder.iterdir()) if path.is_file()] if self._folder.is_dir() else []
        for path in paths:
            if path not in self._hashes:
                try:
                    with path.open("rb") as file:
                        self._hashes[path] = hashlib.file_digest(file, "sha256").digest()
                except OSError:
                    self._hashes[path] = b""
        return {self._hashes[path]: path for path in paths if self._hashes[path] in wanted}

    def _name(self, key: Key, place: str, before: str) -> Path:
        post_id, role, position = key
        named = f"{post_id}.{role}.{position}~{place.rpartition('/')[2]}"[:LONGEST_NAME]
        return self._folder / f"{before}{named}"
