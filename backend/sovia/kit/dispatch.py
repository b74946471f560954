"""The job loop of a worker process: PgQueuer claims, this runs the handler and writes how it ended."""

import asyncio
import socket
from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

import asyncpg
from pgqueuer import PgQueuer
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.domain.types import QueueExecutionMode
from pgqueuer.models import Job as QueuedJob
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import make_url

from sovia.kit import clock
from sovia.kit.db import Database
from sovia.kit.errors import SoviaError
from sovia.kit.jobs import FINAL, HANDLERS, Job, JobContext, Worker
from sovia.kit.log import logger

HEARTBEAT_SECONDS = 5
TAKE_OVER_AFTER = timedelta(seconds=12)
AT_ONCE = 8
log = logger("jobs")


async def work(database: Database, *, drain: bool = False, stop: asyncio.Event | None = None) -> None:
    """Run jobs until `stop` is set, or, with `drain`, until none is left.

    A job whose worker died is taken over after about `TAKE_OVER_AFTER` and runs again from its start.
    """
    connection = await connect(database.url)
    queue = PgQueuer(AsyncpgDriver(connection))
    if stop is not None:
        queue.shutdown = queue.qm.shutdown = queue.sm.shutdown = stop
    for kind in HANDLERS:
        queue.entrypoint(kind)(partial(run_one, database))
    beat = asyncio.create_task(_heartbeat(database))
    mode = QueueExecutionMode.drain if drain else QueueExecutionMode.continuous
    try:
        await queue.qm.run(
            dequeue_timeout=timedelta(seconds=0.5 if drain else 5),
            batch_size=1,
            max_concurrent_tasks=AT_ONCE,
            mode=mode,
            heartbeat_timeout=TAKE_OVER_AFTER,
        )
    finally:
        beat.cancel()
        await asyncio.gather(beat, return_exceptions=True)
        await connection.close()


async def connect(url: str) -> asyncpg.Connection:
    """A connection of its own, outside the pool, for listening."""
    parts = make_url(url)
    host = parts.query.get("host", parts.host)
    return await asyncpg.connect(
        host=host, port=parts.port, user=parts.username, password=parts.password, database=parts.database
    )


async def run_one(database: Database, queued: QueuedJob) -> None:
    """Run one claimed job and write its end; a failure is written too, and never stops the loop."""
    job_id = UUID((queued.payload or b"").decode())
    context = await _start(database, job_id)
    if context is None:
        return
    try:
        result = await HANDLERS[queued.entrypoint](context)
    except SoviaError as error:
        await _finish(database, job_id, state="failed", error_code=error.code, error_message=error.message)
    except Exception:
        # The job loop is one of the two places that may catch everything: one bad job must not stop the others.
        log.exception("job failed", job=str(job_id), kind=queued.entrypoint)
        message = "Something went wrong inside the program; the log of the worker has the details."
        await _finish(database, job_id, state="failed", error_code="internal", error_message=message)
    else:
        stopped = bool(result and result.get("cancelled"))
        await _finish(database, job_id, state="cancelled" if stopped else "succeeded", result=result)


async def _start(database: Database, job_id: UUID) -> JobContext | None:
    async with database.begin() as session:
        job = await session.get(Job, job_id, with_for_update=True)
        if job is None or job.state in FINAL:
            return None
        job.state, job.attempts, job.started_at = "running", job.attempts + 1, clock.now()
        return JobContext(job.id, job.user_id, job.payload, database)


async def _finish(database: Database, job_id: UUID, **values: object) -> None:
    async with database.begin() as session:
        job = await session.get(Job, job_id, with_for_update=True)
        if job is None:
            return
        for name, value in values.items():
            setattr(job, name, value)
        job.finished_at = clock.now()


async def _heartbeat(database: Database) -> None:
    worker_id, name = uuid4(), socket.gethostname()
    try:
        while True:
            async with database.begin() as session:
                row = insert(Worker).values(id=worker_id, name=name, seen_at=clock.now())
                await session.execute(row.on_conflict_do_update(index_elements=["id"], set_={"seen_at": clock.now()}))
                stale = clock.now() - timedelta(hours=1)
                await session.execute(delete(Worker).where(Worker.seen_at < stale))
            await asyncio.sleep(HEARTBEAT_SECONDS)
    finally:
        async with database.begin() as session:
            await session.execute(delete(Worker).where(Worker.id == worker_id))
