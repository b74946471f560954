"""How fetching stands, put together for the page and the command line."""

import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.fetching import queries
from sovia.fetching.expiry import expires_at
from sovia.fetching.hosts import allowed_hosts
from sovia.fetching.queries import LackingAtHost
from sovia.fetching.schemas import ExpiringOut, FetchOut, HostOut, RootOut, SettingsOut, causes_of
from sovia.kit import clock
from sovia.kit.cache import AnswerCache
from sovia.kit.settings import Settings
from sovia.library.queries import disk, posts

# Where nothing of a kind is here yet to go by: a picture, and a clip of some seconds.
USUAL = {False: 250_000, True: 3_000_000}
End = tuple[datetime, str]
COUNTED = "fetching/lacking"
# Counting a million files takes longer than this; while a run brings them, the numbers may be a little old.
CALM_SECONDS, DEAR_SECONDS = 15.0, 0.25


async def overview(
    session: AsyncSession, user_id: UUID, settings: Settings, cache: AnswerCache | None = None
) -> FetchOut:
    """Everything a person wants to know at one look."""
    wanted = await queries.settings_of(session, user_id)
    standing = await queries.standing(session, user_id)
    job = await queries.running_job(session, user_id)
    lacking, size, ends = await _lacking(session, user_id, cache, busy=job is not None and job.state == "running")
    allowed = allowed_hosts(settings, wanted.hosts)
    waiting = sum(row[1] for row in standing["waiting"])
    state = "paused" if wanted.paused else "idle" if job is None else "waiting" if job.state == "queued" else "running"
    return FetchOut(
        state=state,
        job_id=job.id if job else None,
        lacking=sum(one.files for one in lacking),
        estimated_bytes=size,
        waiting=waiting,
        failed=sum(row[2] for row in standing["failed"]),
        expiring=ExpiringOut(count=len(ends), first_at=ends[0][0] if ends else None),
        hosts=_hosts(lacking, standing, ends, allowed),
        causes=causes_of(standing["failed"]),
        settings=SettingsOut.of(wanted, sorted(allowed_hosts(settings, ()))),
        roots=[RootOut.of(root) for root in await disk.roots_standing(session)],
    )


async def _lacking(
    session: AsyncSession, user_id: UUID, cache: AnswerCache | None, *, busy: bool
) -> tuple[list[LackingAtHost], int, list[End]]:
    """What is not here, about how large it is, and what of it ends when; kept for each version of the library."""
    version = await posts.version(session, user_id)
    kept = await _kept(cache, user_id, version, busy=busy)
    if kept is not None:
        return [LackingAtHost(*one) for one in kept["rows"]], kept["size"], _to_come(kept.get("ends", ()))
    began = time.monotonic()
    rows = await queries.lacking_by_host(session, user_id)
    usual = USUAL | await queries.usual_sizes(session, user_id)
    ends = sorted(
        (moment.timestamp(), host)
        for url, made_at, host in await queries.addresses_that_end(session, user_id)
        if (moment := expires_at(url, made_at)) is not None
    )
    size = sum(one.files * usual[one.clips] for one in rows)
    if cache is not None:
        fresh = {
            "rows": [list(one) for one in rows],
            "size": size,
            "ends": ends,
            "dear": time.monotonic() - began > DEAR_SECONDS,
            "version": version,
        }
        await cache.put(user_id, COUNTED, version, orjson.dumps(fresh | {"at": time.time()}))
    return rows, size, _to_come(ends)


def _to_come(ends: Iterable[Sequence[Any]]) -> list[End]:
    """Those that have not ended yet, the first one first."""
    now = clock.now()
    found = ((datetime.fromtimestamp(at, UTC), str(host)) for at, host in ends)
    return [one for one in found if one[0] > now]


async def _kept(cache: AnswerCache | None, user_id: UUID, version: int, *, busy: bool) -> dict[str, Any] | None:
    found = await cache.latest(user_id, COUNTED) if cache is not None else None
    kept: dict[str, Any] = orjson.loads(found) if found else {}
    old = busy and kept.get("dear") and 0 <= time.time() - kept["at"] < CALM_SECONDS
    return kept if kept and (kept["version"] == version or old) else None


def _hosts(
    lacking: list[LackingAtHost], standing: dict[str, Any], ends: Sequence[End], allowed: frozenset[str]
) -> list[HostOut]:
    found: dict[str, HostOut] = {}
    first: dict[str, datetime] = {}
    for moment, host in ends:
        first.setdefault(host, moment)

    def entry(host: str) -> HostOut:
        counts = {"lacking": 0, "waiting": 0, "failed": 0}
        nothing = HostOut(host=host, **counts, allowed=host in allowed, held_until=None, expires_at=first.get(host))
        return found.setdefault(host, nothing)

    for one in lacking:
        entry(one.host).lacking += one.files
    for host, count, first_at in standing["waiting"]:
        entry(host).waiting, entry(host).held_until = count, first_at
    for host, _, count, _ in standing["failed"]:
        entry(host).failed += count
    return list(found.values())
