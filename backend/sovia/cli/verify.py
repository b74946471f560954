"""`./run verify`: every file read and compared with what it was; nothing is changed or deleted."""

import asyncio
from typing import Annotated

import typer

from sovia import worker
from sovia.account.service import local_user
from sovia.cli import console
from sovia.cli.ready import database_ready
from sovia.keeping import queries, service
from sovia.kit import settings
from sovia.kit.db import Database
from sovia.kit.errors import SoviaError
from sovia.kit.jobs import job_by_id

SHOWN = 20
WORDS = {
    "lost": "not there any more",
    "changed": "not the bytes it had",
    "truncated": "shorter than it was",
    "swapped": "the bytes of another file",
    "unreadable": "can not be read",
}


class NotIntact(SoviaError):
    """At least one file is not what it was."""

    code = "not_intact"


def command(
    which: Annotated[str, typer.Argument(metavar="[FILTER]", help="Only files of posts that this filter finds.")] = "",
    quick: Annotated[bool, typer.Option("--quick", help="Only sizes and times; bytes where those differ.")] = False,
) -> None:
    """Read every file and compare it with its fingerprint.

    Ends with 1 when a file is not what it was. The page offers to mend those; here nothing is changed.
    """
    with database_ready(settings.current()) as ready:
        asyncio.run(verify(ready.url, which, quick=quick))


async def verify(url: str, which: str, *, quick: bool) -> None:
    """Prove files here and now, and say which are not what they were."""
    database = Database(url)
    try:
        async with database.begin() as session:
            user_id = await local_user(session)
            job_id = await service.prove_soon(session, user_id, text=which, full=not quick)
        console.tell("Reading files ...")
        await worker.drain(database)
        async with database.begin() as session:
            job = await job_by_id(session, user_id, job_id)
            wrong = await queries.faulty_files(session, user_id, limit=SHOWN)
            found = await queries.health(session, user_id)
        if job.state != "succeeded":
            raise NotIntact(job.error_message or "It was not finished.")
        for one in wrong:
            console.out.print(f"{one.place}: {WORDS[one.fault]}", markup=False)
        looked = (job.result or {}).get("looked_at", 0)
        console.out.print(
            f"{looked:,} files looked at; {found['faulty']:,} not as they were; {found['strays']:,} extra."
        )
        if found["faulty"]:
            raise NotIntact("Not every file is what it was. The page shows them under Keeping, and how to mend them.")
    finally:
        await database.dispose()
