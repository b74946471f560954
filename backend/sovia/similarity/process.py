"""Fits an index in a process of its own, with low priority: `python -m sovia.similarity.process USER JOB`."""

import asyncio
import os
import sys
from uuid import UUID

from sovia.kit.db import Database
from sovia.kit.jobs import JobContext
from sovia.kit.settings import Settings, current
from sovia.similarity.index import folder_of
from sovia.similarity.service import building

NICENESS = 10


async def fit(settings: Settings, user_id: UUID, job_id: UUID) -> None:
    """Fit the user's library and tell the job how far it is."""
    database = Database(settings.database_url)
    try:
        job = JobContext(job_id, user_id, {}, database)
        await building.rebuild(database, user_id, folder_of(settings.state_root, user_id), job.progress)
    finally:
        await database.dispose()


if __name__ == "__main__":
    os.nice(NICENESS)
    asyncio.run(fit(current(), UUID(sys.argv[1]), UUID(sys.argv[2])))
