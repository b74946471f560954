"""Files that do not lie where their address says: found by the id in their path, or, after a move, by their content."""

import asyncio
import hashlib
import os
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sovia.kit import disk
from sovia.kit.db import Database
from sovia.library import layouts
from sovia.library.finding import Finder, Known, Seen
from sovia.library.queries import disk as queries
from sovia.library.queries.disk import Lying, Moved
from sovia.library.roots import Root

MOVED_AT_ONCE = 500


async def by_ids(
    database: Database, user_id: UUID, finder: Finder, roots: Sequence[Root], lost: Sequence[Known]
) -> dict[Known, Seen | None]:
    """Where lost files lie by the ids in paths, each with what is new about it; those that lie nowhere are left out."""
    wanted = [file for file in lost if file.role != "poster"]
    if not wanted:
        return {}
    async with database.begin() as session:
        posts = await queries.posts_of(session, user_id, [file.post_id for file in wanted])
        ids = {
            file: layouts.wanted_ids(file.post_id, posts.get(file.post_id, (None, ""))[0], file.url) for file in wanted
        }
        lying = await queries.lying_by_id(session, list({one for several in ids.values() for one in several}))
    by_id: dict[UUID, list[Lying]] = defaultdict(list)
    for one in lying:
        by_id[UUID(int=one.id.int)].append(one)
    here = {root.id: root for root in roots if not root.is_away}
    return await asyncio.to_thread(
        _chosen,
        finder,
        here,
        by_id,
        {file: (ids[file], _kind(file, posts.get(file.post_id, (None, "image"))[1])) for file in wanted},
    )


def _chosen(
    finder: Finder,
    roots: dict[str, Root],
    by_id: dict[UUID, list[Lying]],
    wanted: dict[Known, tuple[list[UUID], str]],
) -> dict[Known, Seen | None]:
    found: dict[Known, Seen | None] = {}
    for file, (ids, kind) in wanted.items():
        for one in (one for each in ids for one in _best_first(by_id[each], kind, file.role)):
            place = roots[one.root_id].place(one.path) if one.root_id in roots else ""
            status = finder.status_of(place) if place else None
            if status is not None:
                found[file] = finder.seen(file, place, status)
                break
    return found


def _best_first(several: Sequence[Lying], kind: str, role: str) -> list[Lying]:
    ranks = [(layouts.rank(one.path, one.size_bytes, kind=kind, role=role), one) for one in several]
    fitting = [(rank, one) for rank, one in ranks if rank is not None]
    return [one for _, one in sorted(fitting, key=lambda pair: (pair[0], pair[1].path), reverse=True)]


def _kind(file: Known, kind: str) -> str:
    return "audio" if file.role == "audio" else kind


class Relinking:
    """Finds files again that were moved or renamed, by size and then by content."""

    def __init__(self, database: Database, user_id: UUID, roots: Sequence[Root]) -> None:
        self._database = database
        self._user_id = user_id
        self._roots = {root.id: root for root in roots if not root.is_away}
        self._last: Moved | None = None

    async def next(self) -> list[Seen] | None:
        """What the next missing files were found to be, or nothing when there are no more."""
        async with self._database.begin() as session:
            rows = await queries.moved_files(session, self._user_id, after=self._last, limit=MOVED_AT_ONCE)
        if not rows:
            return None
        self._last = rows[-1]
        seen, hashed = await asyncio.to_thread(self._look, rows)
        if hashed:
            async with self._database.begin() as session:
                await queries.note_hashes(session, hashed)
        return seen

    def _look(self, rows: Sequence[Moved]) -> tuple[list[Seen], list[tuple[Moved, bytes]]]:
        found: dict[tuple[UUID, str, int], Seen] = {}
        hashed: dict[tuple[str | None, str], tuple[Moved, bytes]] = {}
        for row in rows:
            key, root = (row.post_id, row.role, row.position), self._roots.get(row.root_id or "")
            if root is None or key in found:
                continue
            status, sha256 = _content(root, row, hashed)
            if status is not None and sha256 == row.sha256:
                found[key] = Seen(*key, root.place(row.path), status.st_size, status.st_mtime_ns)
        return list(found.values()), list(hashed.values())


def _content(
    root: Root, row: Moved, hashed: dict[tuple[str | None, str], tuple[Moved, bytes]]
) -> tuple[os.stat_result | None, bytes | None]:
    """What lies there, and its hash, which is only computed when it is not known of this very file."""
    try:
        descriptor = disk.open_beneath(root.path, row.path)
    except OSError:
        return None, None
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if (status.st_size, status.st_mtime_ns) != (row.size_bytes, row.mtime_ns):
            return None, None
        before = hashed.get((row.root_id, row.path))
        if before is not None or row.known is not None:
            return status, before[1] if before else row.known
        try:
            sha256 = hashlib.file_digest(file, "sha256").digest()
        except OSError:
            return None, None
        hashed[row.root_id, row.path] = (row, sha256)
        return status, sha256
