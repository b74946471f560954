"""What tests of fetching do over and over: want files of a host, fetch them, see how they stand."""

from typing import Any
from uuid import UUID

from shelves import Shelf
from sqlalchemy import select

from sovia.fetching import service
from sovia.fetching.models import Download
from sovia.kit import dispatch
from sovia.kit.jobs import Job

OPEN_HOST, OWN_HOST = "imagine-public.x.ai", "assets.grok.com"


async def wanted(shelf: Shelf, *names: str, host: str = OPEN_HOST, kind: str = "image") -> list[UUID]:
    """Posts that want the files of these names, which nobody has looked for."""
    return [(await shelf.want(None, path=f"https_/{host}/{name}", kind=kind))[0] for name in names]


async def fetch(shelf: Shelf, **scope: Any) -> dict[str, Any]:
    """Run the job, and all that come of it, to their end; the result."""
    async with shelf.database.begin() as session:
        job_id = await service.want(session, shelf.user_id, scope or {"all": True})
    await dispatch.work(shelf.database, drain=True)
    async with shelf.database.begin() as session:
        job = await session.get_one(Job, job_id)
        assert job.state in ("succeeded", "cancelled"), job.error_message
        return job.result or {}


async def downloads(shelf: Shelf) -> dict[str, tuple[str, str]]:
    """State and cause of what is to be fetched or failed, by the last part of the path."""
    async with shelf.database.begin() as session:
        rows = await session.scalars(select(Download))
        return {row.path.rpartition("/")[2]: (row.state, row.cause) for row in rows}


async def states(shelf: Shelf, ids: list[UUID]) -> list[str]:
    """How the posts' media stand."""
    return [(await shelf.post(one)).media_state for one in ids]
