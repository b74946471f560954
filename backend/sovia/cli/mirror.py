"""`./run mirror`: the media copied to a second place, proven there, or brought back from there."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from sovia import tables
from sovia.account.service import local_user
from sovia.cli import console
from sovia.cli.following import look_for_files
from sovia.cli.ready import database_ready
from sovia.keeping import service as keeping
from sovia.keeping.mirroring import service, showing
from sovia.keeping.mirroring.errors import MirrorNotSet
from sovia.kit import settings as kit_settings
from sovia.kit.db import Database
from sovia.kit.errors import SoviaError
from sovia.kit.jobs import OPEN, job_by_id

WORDS = {
    "new": "was never copied to",
    "well": "is whole and up to date",
    "behind": "is not up to date",
    "faulty": "has files in it that are not right; ./run mirror copies them again",
    "away": "is away",
    "refuses": "does not let us in",
    "full": "is full",
    "failed": "could not be brought up to date",
}
Want = Callable[[AsyncSession, UUID], Awaitable[UUID]]


class MirrorNotWell(SoviaError):
    """The mirror does not hold everything, or not as it should."""

    code = "mirror_not_well"


def command(
    check: Annotated[bool, typer.Option("--check", help="Look whether what lies there is right.")] = False,
    read: Annotated[bool, typer.Option("--read", help="With --check: read every byte, also of a bucket.")] = False,
    bring_back: Annotated[
        bool, typer.Option("--bring-back", help="Bring back what is lost or not as it was here.")
    ] = False,
    status: Annotated[bool, typer.Option("--status", help="Only say how it stands.")] = False,
) -> None:
    """Copy to the mirror what is not there yet: the folder or bucket that SOVIA_MIRROR_... names.

    It can be ended at any time and goes on where it was. Nothing is ever deleted there.
    """
    assert tables.metadata
    found = kit_settings.current()

    async def want(session: AsyncSession, user_id: UUID) -> UUID:
        if bring_back:
            job_id, _ = await keeping.mend_soon(session, user_id, "relink", ids=[], text="")
            return job_id
        if check or read:
            return await service.check_soon(session, user_id, found, read=read)
        return await service.mirror_soon(session, user_id, found)

    with database_ready(found) as ready:
        asyncio.run(run(ready.url, None if status else want))


async def run(url: str, want: Want | None) -> None:
    """Do what is wanted, here or by a worker that runs, and say how the mirror stands then."""
    database, found = Database(url), kit_settings.current()
    try:
        async with database.begin() as session:
            user_id = await local_user(session)
            job_id = await want(session, user_id) if want else None
        if job_id is not None:
            await look_for_files(database, user_id)
        async with database.begin() as session:
            job = await job_by_id(session, user_id, job_id) if job_id else None
            stands = await showing.overview(session, user_id, found)
    finally:
        await database.dispose()
    if job is not None and job.state in OPEN:
        return
    if job is not None and job.kind == keeping.MEND and job.result:
        brought = job.result
        console.out.print(f"{brought.get('mended', 0):,} put right; {brought.get('not_mended', 0):,} could not be.")
    if job is not None and job.state == "failed":
        raise MirrorNotWell(job.error_message or "It was not finished.")
    say(stands)


def say(found: dict[str, Any]) -> None:
    """How the mirror stands, in a line or two; `MirrorNotWell` when it is not well."""
    if found["state"] == "none":
        raise MirrorNotSet
    line = f"{found['files']:,} files ({found['bytes'] / 1e6:,.1f} MB) lie in the mirror; {found['waiting']:,} wait"
    console.out.print(f"{line}; {found['faulty']:,} are not right there.")
    words = f"The mirror {WORDS[found['state']]}."
    if found["state"] in ("well", "behind", "new"):
        console.out.print(words)
        return
    problem = found["problem"]
    raise MirrorNotWell(f"{problem['message'] if problem else words}")
