"""Mending files that are not what they were: take them as they are, bring the right bytes back, or fetch them again.

The right bytes are looked for where they may be: in another file of the library, under a name that no post names,
when files were mixed up, under each other's names, and at last in the mirror. New copies are written first; only then
names change hands.
"""

import asyncio
import hashlib
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.keeping import queries, service
from sovia.keeping.looks import BLOCK, ROOT
from sovia.keeping.mirroring import bringing
from sovia.keeping.mirroring.bringing import Bringing
from sovia.keeping.queries import FaultyFile
from sovia.kit import disk, jobs
from sovia.kit.jobs import JobContext
from sovia.kit.settings import Settings
from sovia.library.finding import Seen
from sovia.library.models import Post
from sovia.library.service import proving, versions

AT_ONCE = 200
MOST_STRAYS = 5000
FETCH = "fetching.fetch_files"
ASIDE = "put-aside"


async def mend(job: JobContext, settings: Settings) -> dict[str, Any]:
    """Mend the faulty files that the job's payload names; how many were, and how many could not be."""
    tally: Counter[str] = Counter()
    last: tuple[UUID, str, int] | None = None
    while True:
        async with job.database.begin() as session:
            of = await _wanted(session, job)
            files = await queries.faulty_files(session, job.user_id, limit=AT_ONCE, after=last, of=of)
        if not files:
            break
        last = (files[-1].post_id, files[-1].role, files[-1].position)
        mended = await _mend(job, settings, files)
        tally["mended"] += len(mended)
        tally["not_mended"] += len(files) - len(mended)
        accept = job.payload["how"] == "accept"
        async with job.database.begin() as session:
            keys = [Seen(one.post_id, one.role, one.position) for one in mended]
            if keys:
                await proving.look_anew(session, job.user_id, keys, accept=accept)
                await versions.touch(session, job.user_id)
        await job.progress(tally.total(), None)
    if job.payload["how"] == "download" and tally["mended"]:
        tally["fetching"] = await _fetch(job)
    return dict(tally)


async def _mend(job: JobContext, settings: Settings, files: Sequence[FaultyFile]) -> Sequence[FaultyFile]:
    how = job.payload["how"]
    if how == "accept":
        return [one for one in files if one.fault not in ("lost", "unreadable")]
    if how == "download":
        return await asyncio.to_thread(_put_aside_all, settings, [one for one in files if one.url.startswith("http")])
    async with job.database.begin() as session:
        twins = await queries.intact_twins(session, job.user_id, {one.was for one in files})
        found = await queries.strays(session, job.user_id, limit=MOST_STRAYS)
        others = await queries.faulty_files(session, job.user_id, limit=MOST_STRAYS)
    maybe = [*(one.path for one in found), *(one.place for one in others)]
    mirror = await bringing.source_of(job.database, settings, job.user_id, files)
    return await asyncio.to_thread(_bring_back, settings, files, twins, maybe, mirror)


async def _wanted(session: AsyncSession, job: JobContext) -> Select[UUID] | None:
    ids = [UUID(one) for one in job.payload.get("ids") or ()]
    meaning = await service.meaning_of_text(session, job.user_id, job.payload.get("filter") or "")
    if ids:
        return select(Post.id).where(Post.user_id == job.user_id, Post.id.in_(ids))
    return None if meaning is None else queries.posts_of(job.user_id, meaning)


async def _fetch(job: JobContext) -> int:
    """Have what is missing now fetched, where something can do that; how many such jobs were wanted."""
    if FETCH not in jobs.HANDLERS:
        return 0
    async with job.database.begin() as session:
        ids, text = job.payload.get("ids") or [], job.payload.get("filter") or ""
        scope = {"ids": ids} if ids else {"filter": text or "fault:lost"}
        await jobs.enqueue(session, FETCH, user_id=job.user_id, title="Fetching files again", payload=scope)
    return 1


def _bring_back(
    settings: Settings, files: Sequence[FaultyFile], twins: dict[bytes, str], maybe: Iterable[str], mirror: Bringing
) -> list[FaultyFile]:
    """Put the right bytes where they belong; the files for which they were found."""
    root = settings.media_root
    needed = {one.was for one in files} - twins.keys()
    sources = dict(twins)
    for path in maybe:
        if needed <= sources.keys():
            break
        became = _hash_of(root, path)
        if became in needed and became not in sources:
            sources[became] = path
    # All copies first: a source may be a file that is put right itself.
    tried = [(one, _copy(settings, one, sources.get(one.was)) or mirror.copy(one)) for one in files]
    copies = [(one, copy) for one, copy in tried if copy is not None]
    done = []
    for one, copy in copies:
        _put_aside(settings, one)
        relative = one.place.removeprefix(ROOT)
        disk.make_folder_beneath(root, str(Path(relative).parent))
        copy.replace(root / relative)
        disk.sync((root / relative).parent)
        done.append(one)
    return done


def _copy(settings: Settings, file: FaultyFile, source: str | None) -> Path | None:
    """A copy of the right bytes, not yet under its name; nothing when they are not to be had."""
    if source is None:
        return None
    part = disk.new_part(settings.media_root, file.place.removeprefix(ROOT))
    digest = hashlib.sha256()
    try:
        descriptor = disk.open_beneath(settings.media_root, source.removeprefix(ROOT))
        with os.fdopen(descriptor, "rb") as old, part.open("wb") as new:
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


def _put_aside_all(settings: Settings, files: Sequence[FaultyFile]) -> Sequence[FaultyFile]:
    for one in files:
        _put_aside(settings, one)
    return files


def _put_aside(settings: Settings, file: FaultyFile) -> None:
    """Move what lies at a file's place out of the way, to `.sovia/put-aside/`; a person may look at it there."""
    source = settings.media_root / file.place.removeprefix(ROOT)
    try:
        disk.stat_beneath(settings.media_root, file.place.removeprefix(ROOT))
    except FileNotFoundError:
        return
    except PermissionError:
        # It can be moved all the same; what counts are the rights of its folder.
        pass
    folder = settings.state_root / ASIDE
    folder.mkdir(parents=True, exist_ok=True)
    number, name = 0, file.place.replace("/", "~")[-150:]
    while (target := folder / f"{name}.{number}").exists():
        number += 1
    shutil.move(source, target)


def _hash_of(root: Path, path: str) -> bytes | None:
    try:
        with os.fdopen(disk.open_beneath(root, path.removeprefix(ROOT)), "rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError:
        return None
