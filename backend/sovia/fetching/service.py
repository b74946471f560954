"""Every change of what is to be fetched: wishes, ends, pauses; safe to repeat."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.fetching import queries
from sovia.fetching.causes import cause_of
from sovia.fetching.expiry import expires_at
from sovia.fetching.hosts import MOST_HOSTS, host_named
from sovia.fetching.models import Download, FetchSettings
from sovia.fetching.one import Outcome
from sovia.fetching.queries import FETCH, Lacking
from sovia.kit import clock
from sovia.kit.db import asyncpg_connection
from sovia.kit.jobs import enqueue
from sovia.library.finding import Seen
from sovia.library.service import filing

MOST_ATTEMPTS = 5
FIRST_WAIT_SECONDS = 4.0
LONGEST_WAIT_SECONDS = 900.0
WRITE_FAILURES = """
UPDATE downloads d
SET state = r.state, cause = r.cause, reason = r.reason, attempts = r.attempts, next_at = r.next_at
FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::timestamptz[])
  AS r (path, state, cause, reason, attempts, next_at)
WHERE d.user_id = $1 AND d.path = r.path
"""
TIDY = """
DELETE FROM downloads d
WHERE d.user_id = $1 AND NOT EXISTS (
  SELECT FROM files f
  WHERE f.user_id = d.user_id AND f.path = d.path AND f.state IN ('wanted', 'missing', 'corrupt', 'gone')
)
"""


async def want(session: AsyncSession, user_id: UUID, scope: dict[str, Any]) -> UUID:
    """Have files fetched; the job, which first finds out which they are."""
    title = "Fetching files" if not scope.get("ids") else f"Fetching files of {len(scope['ids'])} posts"
    return await enqueue(session, FETCH, user_id=user_id, title=title, payload=scope)


async def go_on(session: AsyncSession, user_id: UUID, *, after: timedelta | None = None) -> UUID:
    """Have what waits fetched, now or after a while."""
    title = "Fetching files" if after is None else "Fetching files, later"
    return await enqueue(session, FETCH, user_id=user_id, title=title, delay=after)


async def line_up(session: AsyncSession, user_id: UUID, files: Sequence[Lacking], *, urgency: int) -> int:
    """Put files among those that wait, also those that failed before; how many paths."""
    rows = {file.path: _row(user_id, file, urgency) for file in files}
    if not rows:
        return 0
    adding = insert(Download).values(list(rows.values()))
    again = {"state": "waiting", "cause": "", "reason": "", "attempts": 0, "next_at": clock.now()}
    larger = func.greatest(Download.urgency, adding.excluded.urgency)
    changed = adding.on_conflict_do_update(
        index_elements=["user_id", "path"],
        set_={
            **again,
            "urgency": larger,
            "replaces": adding.excluded.replaces,
            "expires_at": adding.excluded.expires_at,
        },
        where=(Download.state != "waiting") | (Download.urgency < adding.excluded.urgency),
    )
    await session.execute(changed)
    return len(rows)


def _row(user_id: UUID, file: Lacking, urgency: int) -> dict[str, Any]:
    return {
        "user_id": user_id,
        "path": file.path,
        "url": file.url,
        "host": file.path.split("/")[1],
        "kind": file.kind,
        "replaces": file.state == "corrupt",
        "urgency": urgency,
        "next_at": clock.now(),
        "expires_at": expires_at(file.url, file.made_at),
        "made_at": file.made_at,
    }


async def record(session: AsyncSession, user_id: UUID, outcomes: Sequence[tuple[Outcome, int]]) -> int:
    """Write how files went, each with the number of earlier attempts; how many came."""
    here = {one.path: one for one, _ in outcomes if not one.cause}
    gone = [one.path for one, _ in outcomes if one.cause == "gone"]
    keys = await queries.keys_of_paths(session, user_id, [*here, *gone])
    seen = [
        Seen(key.post_id, key.role, key.position, None, here[key.path].size_bytes, here[key.path].mtime_ns)
        for key in keys
        if key.path in here
    ]
    if here:
        await filing.record_seen(session, user_id, seen)
        await session.execute(delete(Download).where(Download.user_id == user_id, Download.path.in_(list(here))))
        await filing.look_into_soon(session, user_id)
    if gone:
        await filing.record_gone(session, user_id, [tuple(key)[:3] for key in keys if key.path not in here])
    await _record_failures(session, user_id, [one for one in outcomes if one[0].cause])
    return len(here)


async def _record_failures(session: AsyncSession, user_id: UUID, outcomes: Sequence[tuple[Outcome, int]]) -> None:
    if outcomes:
        rows = [_failure(outcome, attempts) for outcome, attempts in outcomes]
        connection = await asyncpg_connection(session)
        await connection.execute(WRITE_FAILURES, user_id, *map(list, zip(*rows, strict=True)))


def _failure(outcome: Outcome, attempts: int) -> tuple[Any, ...]:
    again = cause_of(outcome.cause).may_pass and attempts + 1 < MOST_ATTEMPTS
    seconds = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 4**attempts)
    next_at = clock.now() + timedelta(seconds=max(outcome.wait or 0.0, seconds))
    state = "waiting" if again else "failed"
    return outcome.path, state, outcome.cause, outcome.reason, attempts + 1, next_at


async def tidy(session: AsyncSession, user_id: UUID) -> None:
    """Forget what came by another way, and what nobody wants any more."""
    await (await asyncpg_connection(session)).execute(TIDY, user_id)


async def hold_host(session: AsyncSession, user_id: UUID, host: str, until: datetime) -> None:
    """Ask a host for nothing before this moment."""
    waiting = (Download.user_id == user_id, Download.host == host, Download.state == "waiting")
    await session.execute(update(Download).where(*waiting, Download.next_at < until).values(next_at=until))


async def give_up_host(session: AsyncSession, user_id: UUID, host: str, outcome: Outcome, *, but: Sequence[str]) -> int:
    """What waits for a host fails without being asked for, since the answer is known; how many.

    `but` are the paths that are being asked for.
    """
    waiting = (Download.user_id == user_id, Download.host == host, Download.state == "waiting")
    values = {"state": "failed", "cause": outcome.cause, "reason": outcome.reason}
    changed = update(Download).where(*waiting, Download.path.not_in(but)).values(values).returning(Download.path)
    return len((await session.execute(changed)).all())


async def forget_waiting(session: AsyncSession, user_id: UUID) -> int:
    """Want nothing more; what came stays, what failed stays known. How many."""
    waiting = (Download.user_id == user_id, Download.state == "waiting")
    return len((await session.execute(delete(Download).where(*waiting).returning(Download.path))).all())


async def retry(session: AsyncSession, user_id: UUID, *, cause: str | None, host: str | None) -> int:
    """Try what failed again: all of it, or what failed for this cause, at this host; how many."""
    failed = [Download.user_id == user_id, Download.state == "failed"]
    if cause is not None:
        failed.append(Download.cause == cause)
    if host is not None:
        failed.append(Download.host == host)
    values = {"state": "waiting", "cause": "", "reason": "", "attempts": 0, "next_at": clock.now()}
    changed = len(
        (await session.execute(update(Download).where(*failed).values(values).returning(Download.path))).all()
    )
    if changed:
        await go_on(session, user_id)
    return changed


async def set_settings(session: AsyncSession, user_id: UUID, values: dict[str, Any]) -> FetchSettings:
    """Change how files are fetched. `BadHost` for a host that is none."""
    found = await queries.settings_of(session, user_id)
    session.add(found)
    if values.get("hosts") is not None:
        values["hosts"] = sorted({host_named(host) for host in values["hosts"]})[:MOST_HOSTS]
    for name, value in values.items():
        if value is not None:
            setattr(found, name, value)
    await session.flush()
    return found
