"""A dry run: what an import would do, said before anything is written."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.importer import service
from sovia.importer.ahead import Ahead, ReadyChunk
from sovia.importer.errors import NotAnExport
from sovia.importer.models import Import, ImportPreview, ImportProblem
from sovia.importer.options import Options
from sovia.importer.problems import Problem
from sovia.importer.queries import import_by_id, known_file_counts, wanted_paths
from sovia.importer.seen import OnDisk, SeenIds
from sovia.importer.service import Asked, OnProgress, Progress
from sovia.importer.sources import Part
from sovia.importer.writing import terms_of, with_chunk
from sovia.kit import clock
from sovia.kit.db import Database
from sovia.kit.memory import fewer_collections
from sovia.library.ratios import ratio_byte
from sovia.library.service.comparing import Compared, compare_posts, hosts_of

BUCKETS = ("new", "identical", "changed", "children_added", "conflicts", "unreadable")
MOST_SHOWN = 200
MOST_HOSTS = 50
MOST_FIELDS = 100
LONGEST_VALUE = 2000


@dataclass(slots=True)
class Findings:
    """What a dry run has found so far."""

    options: Options
    disk: OnDisk
    seen: SeenIds = field(default_factory=SeenIds)
    buckets: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(BUCKETS, 0)))
    fields: Counter[str] = field(default_factory=Counter)
    files: Counter[str] = field(default_factory=Counter)
    hosts: Counter[str] = field(default_factory=Counter)
    first: datetime | None = None
    last: datetime | None = None
    posts: int = 0
    children: int = 0
    entries: list[dict[str, Any]] = field(default_factory=list)
    previews: list[ImportPreview] = field(default_factory=list)

    def as_result(self, seconds: float) -> dict[str, Any]:
        """The findings as they are kept with the import."""
        return {
            "buckets": {name: self.buckets[name] for name in BUCKETS},
            "skipped": self.buckets["skipped"],
            "repeated": self.seen.repeated,
            "changed_fields": dict(self.fields.most_common(MOST_FIELDS)),
            "files": {name: self.files[name] for name in ("present", "unhashed", "missing", "unmappable")},
            "hosts": dict(self.hosts.most_common(MOST_HOSTS)),
            "first": self.first.isoformat() if self.first else None,
            "last": self.last.isoformat() if self.last else None,
            "seconds": round(seconds, 3),
        }


async def check_import(
    database: Database,
    user_id: UUID,
    import_id: UUID,
    parts: Sequence[Part],
    home: Path,
    *,
    on_progress: OnProgress | None = None,
    cancelled: Asked | None = None,
) -> str:
    """Read everything, compare it with the library, and keep what was found; the state that it ends in.

    Nothing is written to the library. Begun again, it begins at the beginning.
    """
    started = time.monotonic()
    async with database.begin() as session:
        found = await import_by_id(session, user_id, import_id)
        found.state, found.counts, found.check_result = "checking", {}, None
        entries = [{key: value for key, value in one.items() if key not in service.UNREAD} for one in found.files]
        findings = Findings(Options.model_validate(found.options), OnDisk(home), entries=entries)
        await session.execute(delete(ImportPreview).where(ImportPreview.import_id == import_id))
        await session.execute(delete(ImportProblem).where(ImportProblem.import_id == import_id))
    source = None
    try:
        source = await asyncio.to_thread(Ahead, parts, findings.options, searched=False)
        with fewer_collections():
            stopped = await _through(database, user_id, import_id, source, findings, on_progress, cancelled)
    except (NotAnExport, OSError) as error:
        await service.note_unreadable(database, import_id, error)
        raise
    finally:
        if source is not None:
            await asyncio.to_thread(source.close)
    state = "cancelled" if stopped else "checked"
    async with database.begin() as session:
        found = await import_by_id(session, user_id, import_id)
        found.state, found.shape, found.account_id = state, source.about.shape, source.about.account
        found.finished_at = clock.now() if stopped else None
        found.check_result = findings.as_result(time.monotonic() - started)
        found.bytes_done = found.bytes_total = source.about.bytes_total
        found.files = findings.entries
    return state


async def _through(
    database: Database,
    user_id: UUID,
    import_id: UUID,
    source: Ahead,
    findings: Findings,
    on_progress: OnProgress | None,
    cancelled: Asked | None,
) -> bool:
    """Go through all chunks, reading the next one meanwhile; whether somebody stopped it."""
    chunks = source.chunks()
    started = told = time.monotonic()
    coming = asyncio.create_task(asyncio.to_thread(next, chunks, None))
    try:
        while (chunk := await coming) is not None:
            coming = asyncio.create_task(asyncio.to_thread(next, chunks, None))
            async with database.begin() as session:
                await take_note(session, user_id, import_id, chunk, findings)
            now = time.monotonic()
            if now - told < service.PROGRESS_SECONDS:
                continue
            told = now
            if cancelled is not None and await cancelled():
                return True
            counts = {"posts": findings.posts, "children": findings.children, "records": chunk.records}
            await _note(database, import_id, bytes_done=chunk.bytes_done, records_done=chunk.records, counts=counts)
            if on_progress is not None:
                rate = (findings.posts + findings.children) / (now - started)
                await on_progress(Progress(chunk.bytes_done, source.about.bytes_total, counts, rate))
    finally:
        with suppress(Exception):
            await asyncio.gather(coming, return_exceptions=True)
    return False


async def take_note(
    session: AsyncSession, user_id: UUID, import_id: UUID, chunk: ReadyChunk, findings: Findings
) -> None:
    """Sort one chunk into the buckets; only the import's own tables are written."""
    records = chunk.records - sum(one.get("records", 0) for one in findings.entries)
    findings.entries = with_chunk(findings.entries, chunk, records)
    findings.posts += len(chunk.posts) - chunk.children
    findings.children += chunk.children
    posts = findings.seen.fresh(chunk.posts)
    terms = await terms_of(session, user_id, import_id, findings.options)
    compared = await compare_posts(session, user_id, posts, terms)
    for one in compared:
        _sort(findings, import_id, one)
    for problem in chunk.problems:
        if problem.severity == "error":
            _unreadable(findings, import_id, problem)
    await _count_files(session, user_id, compared, findings)
    session.add_all(findings.previews)
    findings.previews = []


def _sort(findings: Findings, import_id: UUID, one: Compared) -> None:
    made, _, _ = one.post.head()
    if made is not None:
        findings.first = made if findings.first is None or made < findings.first else findings.first
        findings.last = made if findings.last is None or made > findings.last else findings.last
    for name in {name for name, _, _ in one.fields}:
        if len(findings.fields) < 10 * MOST_FIELDS or name in findings.fields:
            findings.fields[name] += 1
    if findings.buckets[one.bucket] < MOST_SHOWN and one.bucket != "skipped":
        _keep(findings, import_id, one.bucket, _item(one))
    findings.buckets[one.bucket] += 1


def _unreadable(findings: Findings, import_id: UUID, problem: Problem) -> None:
    if findings.buckets["unreadable"] < MOST_SHOWN:
        known = problem.index is not None and problem.line
        # People count from one, here as in the list of problems.
        place = f" (record {(problem.index or 0) + 1:,}, line {problem.line:,})" if known else ""
        item = {"id": problem.record_id, "reason": f"{problem.reason}{place}", "prompt": (problem.excerpt or "")[:400]}
        _keep(findings, import_id, "unreadable", EMPTY_ITEM | item)
    findings.buckets["unreadable"] += 1


def _keep(findings: Findings, import_id: UUID, bucket: str, item: dict[str, Any]) -> None:
    number = findings.buckets[bucket]
    findings.previews.append(ImportPreview(import_id=import_id, bucket=bucket, number=number, item=item))


EMPTY_ITEM: dict[str, Any] = {
    "id": None, "kind": None, "prompt": "", "model": None, "ratio": 0, "media_url": "", "fields": [],
    "reason": None, "thumbnail": None,
}  # fmt: skip


def _item(one: Compared) -> dict[str, Any]:
    """A post as the page shows it."""
    post = one.post.post()
    return EMPTY_ITEM | {
        "id": str(post.id),
        "kind": post.kind,
        "prompt": (post.original_prompt or post.prompt)[:LONGEST_VALUE],
        "model": post.model,
        "ratio": ratio_byte(post.width, post.height),
        "media_url": post.media_url,
        "fields": [{"name": name, "here": _value(here), "there": _value(there)} for name, here, there in one.fields],
        "thumbnail": one.thumbnail,
    }


def _value(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    return (value.isoformat() if isinstance(value, datetime) else str(value))[:LONGEST_VALUE]


async def _count_files(session: AsyncSession, user_id: UUID, compared: list[Compared], findings: Findings) -> None:
    """How the files stand: of posts that stay as they are by the library, of others by their path."""
    same = [one.post.id for one in compared if one.bucket == "identical"]
    if same:
        states, hosts = await known_file_counts(session, user_id, same)
        if states.pop("wanted", 0):
            await _look(session, user_id, await wanted_paths(session, user_id, same), findings)
        findings.files.update(states)
        findings.hosts.update(hosts)
    others = [one.post for one in compared if one.bucket not in ("identical", "skipped")]
    if not others:
        return
    files = [(url, path) for post in others for role, url, path in post.addresses() if role != "poster"]
    findings.hosts.update(hosts_of(files))
    findings.files["unmappable"] += sum(1 for _, path in files if path is None)
    paths = {path for _, path in files if path}
    await _look(session, user_id, paths, findings)


async def _look(session: AsyncSession, user_id: UUID, paths: set[str], findings: Findings) -> None:
    here = await findings.disk.states(session, user_id, paths)
    findings.files.update(here.get(path, "missing") for path in paths)


async def _note(database: Database, import_id: UUID, **values: object) -> None:
    async with database.begin() as session:
        await session.execute(update(Import).where(Import.id == import_id).values(values))
