"""How fetching stands, put together for the page and the command line."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sovia.fetching import queries
from sovia.fetching.hosts import allowed_hosts
from sovia.fetching.schemas import ExpiringOut, FetchOut, HostOut, RootOut, SettingsOut, causes_of
from sovia.kit.settings import Settings
from sovia.library.queries import disk


async def overview(session: AsyncSession, user_id: UUID, settings: Settings) -> FetchOut:
    """Everything a person wants to know at one look."""
    wanted = await queries.settings_of(session, user_id)
    standing = await queries.standing(session, user_id)
    lacking = await queries.lacking_by_host(session, user_id)
    job = await queries.running_job(session, user_id)
    allowed = allowed_hosts(settings, wanted.hosts)
    waiting = sum(row[1] for row in standing["waiting"])
    state = "paused" if wanted.paused else "idle" if job is None else "waiting" if job.state == "queued" else "running"
    return FetchOut(
        state=state,
        job_id=job.id if job else None,
        lacking=sum(count for _, count in lacking),
        waiting=waiting,
        failed=sum(row[2] for row in standing["failed"]),
        expiring=ExpiringOut(count=standing["expiring"][0], first_at=standing["expiring"][1]),
        hosts=_hosts(lacking, standing, allowed),
        causes=causes_of(standing["failed"]),
        settings=SettingsOut.of(wanted, sorted(allowed_hosts(settings, ()))),
        roots=[RootOut.of(root) for root in await disk.roots_standing(session)],
    )


def _hosts(lacking: list[tuple[str, int]], standing: dict[str, Any], allowed: frozenset[str]) -> list[HostOut]:
    found: dict[str, HostOut] = {}

    def entry(host: str) -> HostOut:
        nothing = HostOut(host=host, lacking=0, waiting=0, failed=0, allowed=host in allowed, held_until=None)
        return found.setdefault(host, nothing)

    for host, count in lacking:
        entry(host).lacking = count
    for host, count, first_at in standing["waiting"]:
        entry(host).waiting, entry(host).held_until = count, first_at
    for host, _, count, _ in standing["failed"]:
        entry(host).failed += count
    return list(found.values())
