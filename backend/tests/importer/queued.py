"""Running the importer's jobs in a test, and only those: the files are another room's."""

from sqlalchemy import select

from sovia import worker
from sovia.kit.db import Database
from sovia.kit.dispatch import run_one
from sovia.kit.jobs import Job


class Queued:
    """A job as the dispatcher hands it over."""

    def __init__(self, job: Job) -> None:
        self.entrypoint = job.kind
        self.payload = str(job.id).encode()


async def run_importer(database: Database) -> None:
    """Run what waits."""
    assert worker.ROOMS
    async with database.begin() as session:
        waiting = select(Job).where(Job.kind.startswith("importer."), Job.state == "queued").order_by(Job.created_at)
        found = (await session.scalars(waiting)).all()
    for job in found:
        await run_one(database, Queued(job))  # type: ignore[arg-type]
