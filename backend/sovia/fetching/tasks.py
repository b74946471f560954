"""Background work: fetching what is meant, and what still waits."""

from typing import Any

from sovia.fetching.queries import FETCH
from sovia.fetching.rounds import Fetching
from sovia.kit import settings
from sovia.kit.jobs import JobContext, task
from sovia.kit.turns import turn


@task(FETCH)
async def fetch_files(job: JobContext) -> dict[str, Any]:
    """Line up the files that are meant, then fetch all that wait.

    Killed at any point and run again, it goes on where it was: what is whole is in its place, what is not is gone on
    with from the last byte that is safely on the disk.
    """
    fetching = Fetching(job, settings.current())
    if job.payload:
        await fetching.line_up(job.payload)
    async with turn(job.database, f"{FETCH}/{job.user_id}") as ours:
        if not ours:
            return {"left_to": "the next one"}
        return await fetching.run()
