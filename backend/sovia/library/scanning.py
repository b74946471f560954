"""Reading what lies below a media root into the table of files on the disk: only folders that changed, in small steps.

The table of folders is the list of what is still to be read, so that neither the number of files nor of folders counts
in memory, and a killed scan goes on with what it had not read.
"""

import asyncio
import os
import stat
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from sovia.kit.db import Database, asyncpg_connection
from sovia.library.layouts import could_be_media, ids_in
from sovia.library.roots import Root

FOLDERS_AT_ONCE = 500
ENTRIES_AT_ONCE = 4000
OUR_OWN = ("_derived", "_local", "_trash")
# The clock of a file system is coarse: what was changed this shortly before may change again unseen.
RACY_NS = 2_000_000_000
BEGIN = """
UPDATE media_roots SET scan = scan + 1 WHERE id = $1 RETURNING scan
"""
FIRST_FOLDER = "INSERT INTO disk_folders (root_id, path) VALUES ($1, '') ON CONFLICT DO NOTHING"
NEXT = "SELECT path, mtime_ns, inode FROM disk_folders WHERE root_id = $1 AND scan < $2 ORDER BY scan, path LIMIT $3"
READ = """
UPDATE disk_folders d SET scan = $2, mtime_ns = r.mtime_ns, inode = r.inode
FROM unnest($3::text[], $4::bigint[], $5::bigint[]) AS r (path, mtime_ns, inode)
WHERE d.root_id = $1 AND d.path = r.path
"""
ADD_FOLDERS = """
INSERT INTO disk_folders (root_id, path) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING
"""
ADD_FILES = """
INSERT INTO disk_files AS d (root_id, folder, name, size_bytes, mtime_ns, ids, scan)
SELECT $1, r.folder, r.name, r.size, r.mtime, CASE WHEN r.id IS NULL THEN '{}' ELSE ARRAY[r.id] END, $2
FROM unnest($3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::uuid[]) AS r (folder, name, size, mtime, id)
ON CONFLICT (root_id, folder, name) DO UPDATE SET scan = excluded.scan, size_bytes = excluded.size_bytes,
  mtime_ns = excluded.mtime_ns,
  sha256 = CASE WHEN (d.size_bytes, d.mtime_ns) = (excluded.size_bytes, excluded.mtime_ns) THEN d.sha256 END
"""
FORGET_FILES = "DELETE FROM disk_files WHERE root_id = $1 AND folder = any($2::text[]) AND scan < $3"
FORGET_FOLDERS = "DELETE FROM disk_folders WHERE root_id = $1 AND path = any($2::text[])"
FORGET_BELOW = "DELETE FROM disk_files WHERE root_id = $1 AND folder = any($2::text[])"
END = """
UPDATE media_roots SET scanned_at = now(), file_count = (SELECT count(*) FROM disk_files WHERE root_id = $1)
WHERE id = $1
"""


class Folder(NamedTuple):
    """A folder as the table has it."""

    path: str
    mtime_ns: int
    inode: int


class Entry(NamedTuple):
    """A name in a folder: a folder, or a file with its size and time."""

    folder: str
    name: str
    is_folder: bool
    size: int = 0
    mtime_ns: int = 0


class Scan:
    """One look at everything below a root; `changed` counts the folders that were read."""

    def __init__(self, database: Database, root: Root) -> None:
        self._database = database
        self._root = root
        self.changed = 0

    async def run(self) -> None:
        """Until each folder was looked at once. Two at once do the work twice and no harm."""
        number = await self._run(BEGIN, value=True)
        await self._run(FIRST_FOLDER)
        while True:
            async with self._database.reading() as connection:
                rows = await connection.fetch(NEXT, self._root.id, number, FOLDERS_AT_ONCE)
            if not rows:
                break
            await self._step(number, [Folder(*row) for row in rows])
        if self.changed:
            await self._run(END)

    async def _step(self, number: int, folders: Sequence[Folder]) -> None:
        """Look at some folders, and read those that are not what they were."""
        states = await asyncio.to_thread(_states, self._root.path, folders)
        lost = [folder.path for folder, now in zip(folders, states, strict=True) if now is None]
        fresh = [now.path for folder, now in zip(folders, states, strict=True) if now and now[1:] != folder[1:]]
        entries = _entries(self._root.path, fresh)
        while batch := await asyncio.to_thread(_some, entries):
            await self._add(number, batch)
        self.changed += len(fresh) + len(lost)
        if fresh:
            await self._run(FORGET_FILES, fresh, number)
        if lost:
            await self._run(FORGET_BELOW, lost)
            await self._run(FORGET_FOLDERS, lost)
        # Last, so that a scan which is killed before reads these folders again.
        seen = [_settled(now) for now in states if now is not None]
        if seen:
            await self._run(READ, number, *map(list, zip(*seen, strict=True)))

    async def _add(self, number: int, batch: Sequence[Entry]) -> None:
        below = [_joined(entry.folder, entry.name) for entry in batch if entry.is_folder]
        if below:
            await self._run(ADD_FOLDERS, below)
        files = [entry for entry in batch if not entry.is_folder]
        if not files:
            return
        ids = [next(iter(ids_in(_joined(entry.folder, entry.name))), None) for entry in files]
        folders, names = [entry.folder for entry in files], [entry.name for entry in files]
        sizes, times = [entry.size for entry in files], [entry.mtime_ns for entry in files]
        await self._run(ADD_FILES, number, folders, names, sizes, times, ids)

    async def _run(self, statement: str, *values: object, value: bool = False) -> int:
        async with self._database.begin() as session:
            connection = await asyncpg_connection(session)
            if value:
                return int(await connection.fetchval(statement, self._root.id, *values) or 0)
            await connection.execute(statement, self._root.id, *values)
            return 0


def _states(root: Path, folders: Sequence[Folder]) -> list[Folder | None]:
    return [_state(root, folder.path) for folder in folders]


def _state(root: Path, path: str) -> Folder | None:
    try:
        status = (root / path).lstat() if path else root.stat()
    except (OSError, ValueError):
        return None
    return Folder(path, status.st_mtime_ns, status.st_ino) if stat.S_ISDIR(status.st_mode) else None


def _settled(now: Folder) -> Folder:
    return now._replace(mtime_ns=0) if time.time_ns() - now.mtime_ns < RACY_NS else now


def _some(entries: Iterator[Entry]) -> list[Entry]:
    return list(islice(entries, ENTRIES_AT_ONCE))


def _entries(root: Path, folders: Sequence[str]) -> Iterator[Entry]:
    """What lies in these folders, that could be media or hold them; links are not followed."""
    for folder in folders:
        try:
            with os.scandir(root / folder) as found:
                for entry in found:
                    kept = _entry(folder, entry)
                    if kept is not None:
                        yield kept
        except OSError:
            # It went away just now, or may not be read: the next scan sees.
            continue


def _entry(folder: str, entry: "os.DirEntry[str]") -> Entry | None:
    if not _is_text(entry.name) or entry.name.startswith(".") or (not folder and entry.name in OUR_OWN):
        return None
    try:
        if entry.is_dir(follow_symlinks=False):
            return Entry(folder, entry.name, is_folder=True)
        if not could_be_media(entry.name) or not entry.is_file(follow_symlinks=False):
            return None
        status = entry.stat(follow_symlinks=False)
    except OSError:
        return None
    return Entry(folder, entry.name, is_folder=False, size=status.st_size, mtime_ns=status.st_mtime_ns)


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
