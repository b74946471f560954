"""Mending files that are not what they were: take them as they are, bring the right bytes back, or fetch them again.

The right bytes are looked for where they may be: in another file of the library, under a name that no post names,
when files were mixed up, under each other's names or put aside already, and at last in the mirror. New copies are
written first; only then names change hands. What stood there before is written down first, so that all of it can be
undone.
"""

import asyncio
import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from io import BufferedReader
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.keeping import queries, remembering, service
from sovia.keeping.aside import Aside
from sovia.keeping.looks import BLOCK
from sovia.keeping.mirroring import bringing
from sovia.keeping.mirroring.bringing import Bringing
from sovia.keeping.queries import FaultyFile
from sovia.kit import disk, jobs
from sovia.kit.errors import OutOfSpace
from sovia.kit.jobs import JobContext
from sovia.kit.settings import Settings
from sovia.library import roots
from sovia.library.finding import Seen
from sovia.library.models import Post
from sovia.library.service import operating, proving, versions

AT_ONCE = 200
MOST_STRAYS = 5000
FETCH = "fetching.fetch_files"


async def mend(job: JobContext, settings: Settings) -> dict[str, Any]:
    """Mend the faulty files that the job's payload names; how many were, and how many could not be."""
    tally: Counter[str] = Counter()
    operation_id = UUID(job.payload["operation"])
    aside = Aside(settings, operation_id)
    last: tuple[UUID, str, int] | None = None
    while True:
        async with job.database.begin() as session:
            of = await _wanted(session, job)
            found = await queries.faulty_files(session, job.user_id, limit=AT_ONCE, after=last, of=of)
        if not found:
            break
        last = (found[-1].post_id, found[-1].role, found[-1].position)
        files = [one for one in found if _can_be_tried(one, job.payload["how"])]
        there = await asyncio.to_thread(_there, aside, files)
        async with job.database.begin() as session:
            await remembering.note(session, operation_id, files, there)
        mended = await _mend(job, settings, aside, files)
        tally["mended"] += len(mended)
        tally["not_mended"] += len(found) - len(mended)
        async with job.database.begin() as session:
            await remembering.forget(session, operation_id, [one for one in files if one not in mended])
            await _look(session, job.user_id, mended, accept=job.payload["how"] == "accept")
        await job.progress(tally.total(), None)
    if job.payload["how"] == "download" and tally["mended"]:
        tally["fetching"] = await _fetch(job)
    await _finish(job, operation_id)
    return dict(tally)


async def mend_back(job: JobContext, settings: Settings) -> dict[str, Any]:
    """Undo a mending: what was put aside is in its place again; how many files were, and how many could not be."""
    tally: Counter[str] = Counter()
    operation_id = UUID(job.payload["operation"])
    aside, last = Aside(settings, operation_id), None
    while True:
        async with job.database.begin() as session:
            page = await remembering.page(session, operation_id, last, AT_ONCE)
        if not page:
            break
        last = page[-1][0]
        back = await asyncio.to_thread(_bring_back_all, aside, page)
        tally["brought_back"] += len(back)
        tally["left"] += sum(len(was) for _, was in page) - len(back)
        async with job.database.begin() as session:
            await remembering.expect_as_before(session, job.user_id, operation_id)
            await proving.look_anew(session, job.user_id, back, accept=False)
            await versions.touch(session, job.user_id)
        await job.progress(tally.total(), None)
    return dict(tally)


def _bring_back_all(aside: Aside, page: Sequence[tuple[UUID, dict[str, Any]]]) -> list[Seen]:
    done = []
    for post_id, was in page:
        for name, file in was.items():
            role, _, position = name.partition("/")
            key = (post_id, role, int(position))
            try:
                if file["there"]:
                    changed = aside.bring_back(key, file["place"])
                else:
                    changed = aside.is_there(file["place"])
                    aside.put(key, file["place"], again=True)
            except OSError:
                # Its disk is away, or a folder is in the way: it stays as it is.
                continue
            if changed:
                done.append(Seen(*key))
    return done


def _can_be_tried(file: FaultyFile, how: str) -> bool:
    if how == "accept":
        return file.fault not in ("lost", "unreadable")
    return how != "download" or file.url.startswith("http")


def _there(aside: Aside, files: Sequence[FaultyFile]) -> set[str]:
    found = set()
    for one in files:
        try:
            if aside.is_there(one.place):
                found.add(one.place)
        except OSError:
            found.add(one.place)
    return found


async def _look(session: AsyncSession, user_id: UUID, mended: Sequence[FaultyFile], *, accept: bool) -> None:
    keys = [Seen(one.post_id, one.role, one.position) for one in mended]
    if keys:
        await proving.look_anew(session, user_id, keys, accept=accept)
        await versions.touch(session, user_id)


async def _finish(job: JobContext, operation_id: UUID) -> None:
    async with job.database.begin() as session:
        operation = await operating.operation_by_id(session, job.user_id, operation_id)
        if operation.state == "running":
            await operating.finish(session, operation, await remembering.count(session, operation_id))


async def _mend(job: JobContext, settings: Settings, aside: Aside, files: Sequence[FaultyFile]) -> Sequence[FaultyFile]:
    how = job.payload["how"]
    if how == "accept":
        return files
    if how == "download":
        return await asyncio.to_thread(_put_aside_all, aside, files)
    async with job.database.begin() as session:
        twins = await queries.intact_twins(session, job.user_id, {one.was for one in files})
        found = await queries.strays(session, job.user_id, limit=MOST_STRAYS)
        others = await queries.faulty_files(session, job.user_id, limit=MOST_STRAYS)
    maybe = [*(one.path for one in found), *(one.place for one in others)]
    mirror = await bringing.source_of(job.database, settings, job.user_id, files)
    return await asyncio.to_thread(_bring_back, settings, aside, files, twins, maybe, mirror)


async def _wanted(session: AsyncSession, job: JobContext) -> Select[UUID] | None:
    ids = [UUID(one) for one in job.payload.get("ids") or ()]
    meaning = await service.meaning_of_text(session, job.user_id, job.payload.get("filter") or "")
    if ids:
        return select(Post.id).where(Post.user_id == job.user_id, Post.id.in_(ids))
    return None if meaning is None else queries.posts_of(job.user_id, meaning)


async def _fetch(job: JobContext) -> int:
    """Have what was put aside fetched, where something can do that; how many such jobs were wanted."""
    if FETCH not in jobs.HANDLERS:
        return 0
    async with job.database.begin() as session:
        # Not what the filter finds: a look that comes before it may have given a file another fault.
        scope = {"operation": job.payload["operation"]}
        await jobs.enqueue(session, FETCH, user_id=job.user_id, title="Fetching files again", payload=scope)
    return 1


def _bring_back(
    settings: Settings,
    aside: Aside,
    files: Sequence[FaultyFile],
    twins: dict[bytes, str],
    maybe: Iterable[str],
    mirror: Bringing,
) -> list[FaultyFile]:
    """Put the right bytes where they belong; the files for which they were found."""
    needed = {one.was for one in files} - twins.keys()
    sources: dict[bytes, str | Path] = {**twins, **aside.find(needed)}
    for path in maybe:
        if needed <= sources.keys():
            break
        became = _hash_of(settings, path)
        if became in needed and became not in sources:
            sources[became] = path
    # All copies first: a source may be a file that is put right itself.
    tried = [(one, _copy(settings, one, sources.get(one.was)) or mirror.copy(one)) for one in files]
    copies = [(one, copy) for one, copy in tried if copy is not None]
    done = []
    for one, copy in copies:
        if not _put_aside(aside, one):
            copy.unlink()
            continue
        root, relative = roots.located(settings, one.place)
        disk.make_folder_beneath(root, str(Path(relative).parent))
        copy.replace(root / relative)
        disk.sync((root / relative).parent)
        done.append(one)
    return done


def _copy(settings: Settings, file: FaultyFile, source: str | Path | None) -> Path | None:
    """A copy of the right bytes, not yet under its name; nothing when they are not to be had."""
    if source is None:
        return None
    try:
        part = disk.new_part(*roots.located(settings, file.place))
    except OSError:
        # Its disk is away, or takes nothing.
        return None
    digest = hashlib.sha256()
    try:
        with _opened(settings, source) as old, part.open("wb") as new:
            while block := old.read(BLOCK):
                digest.update(block)
                new.write(block)
        disk.sync(part)
    except OSError:
        part.unlink(missing_ok=True)
        return None
    if digest.digest() != file.was:
        part.unlink()
        return None
    return part


def _put_aside_all(aside: Aside, files: Sequence[FaultyFile]) -> Sequence[FaultyFile]:
    return [one for one in files if _put_aside(aside, one)]


def _put_aside(aside: Aside, file: FaultyFile) -> bool:
    """Whether the place of a file is free now; one that can not be moved keeps no other from being mended."""
    try:
        aside.put((file.post_id, file.role, file.position), file.place)
    except OSError as error:
        if error.errno in disk.FULL:
            raise OutOfSpace("The disk is full. Make room, then mend again.") from None
        return False
    return True


def _opened(settings: Settings, source: str | Path) -> BufferedReader:
    """A file of the library, or one that was put aside."""
    if isinstance(source, Path):
        return source.open("rb")
    return os.fdopen(disk.open_beneath(*roots.located(settings, source)), "rb")


def _hash_of(settings: Settings, place: str) -> bytes | None:
    try:
        with _opened(settings, place) as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError:
        return None
