"""Durable background work: a row people can see, written in the transaction that wants it, dispatched by PgQueuer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.queries import Queries
from sqlalchemy import BigInteger, Index, Text, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from sovia.kit import clock
from sovia.kit.db import Base, Database, asyncpg_connection
from sovia.kit.errors import NotFound

OPEN = ("queued", "blocked", "running", "waiting")
FINAL = ("succeeded", "partial", "failed", "rejected", "expired", "cancelled", "unknown_outcome")


class Job(Base):
    """One unit of work: what it is, whose it is, how far it got, how it ended."""

    __tablename__ = "jobs"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="queued")
    progress_done: Mapped[int] = mapped_column(BigInteger, default=0)
    progress_total: Mapped[int | None] = mapped_column(BigInteger)
    note: Mapped[str] = mapped_column(Text, default="")
    payload: Mapped[dict[str, Any]]
    result: Mapped[dict[str, Any] | None]
    error_code: Mapped[str | None] = mapped_column(Text)
    error_message: Mapped[str | None] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(default=0)
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_jobs_user_id_created_at", "user_id", "created_at"), Index("ix_jobs_state", "state"))


class Worker(Base):
    """A process that works on jobs, and when it was last heard of."""

    __tablename__ = "workers"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    seen_at: Mapped[datetime]


class JobNotFound(NotFound):
    """There is no such job, or it is somebody else's."""

    code = "job_not_found"

    def __init__(self, job_id: UUID) -> None:
        super().__init__(f"There is no job {job_id}.", job_id=str(job_id))


@dataclass(frozen=True)
class JobContext:
    """What a handler gets: whose work it is, with what, and how to tell people about it."""

    id: UUID
    user_id: UUID
    payload: dict[str, Any]
    database: Database

    async def progress(self, done: int, total: int | None = None, note: str = "") -> None:
        """Show how far the work is; one short transaction, so call it a few times a second at most."""
        async with self.database.begin() as session:
            values = {"progress_done": done, "progress_total": total, "note": note}
            await session.execute(update(Job).where(Job.id == self.id).values(values))

    async def cancelled(self) -> bool:
        """Whether a person asked for this job to stop; a handler that sees it stops at the next safe point."""
        async with self.database.begin() as session:
            return bool(await session.scalar(select(Job.cancel_requested).where(Job.id == self.id)))


Handler = Callable[[JobContext], Awaitable[dict[str, Any] | None]]
HANDLERS: dict[str, Handler] = {}


def task(kind: str) -> Callable[[Handler], Handler]:
    """Register the handler of a kind of job, named `room.verb_noun`.

    A handler may run twice after a crash, so every step of it is safe to repeat.
    """

    def register(handler: Handler) -> Handler:
        assert kind not in HANDLERS, f"two handlers for {kind}"
        HANDLERS[kind] = handler
        return handler

    return register


async def enqueue(
    session: AsyncSession,
    kind: str,
    *,
    user_id: UUID,
    title: str,
    payload: dict[str, Any] | None = None,
    priority: int = 0,
    delay: timedelta | None = None,
) -> UUID:
    """Want a job done; it exists when the session's transaction commits and never was when it rolls back."""
    job = Job(id=uuid4(), user_id=user_id, kind=kind, title=title, payload=payload or {})
    session.add(job)
    await session.flush()
    queue = Queries(AsyncpgDriver(await asyncpg_connection(session)))
    await queue.enqueue([kind], [str(job.id).encode()], [priority], [delay])
    return job.id


async def enqueue_once(session: AsyncSession, kind: str, *, user_id: UUID, title: str, priority: int = 0) -> UUID:
    """Want a job that looks for its own work: nothing new when one is still waiting to start.

    A running one does not count, since it may already have looked.
    """
    waiting = select(Job.id).where(Job.user_id == user_id, Job.kind == kind, Job.state == "queued").limit(1)
    found = await session.scalar(waiting)
    return found or await enqueue(session, kind, user_id=user_id, title=title, priority=priority)


async def job_by_id(session: AsyncSession, user_id: UUID, job_id: UUID) -> Job:
    """The user's job, or `JobNotFound`."""
    job = await session.scalar(select(Job).where(Job.user_id == user_id, Job.id == job_id))
    if job is None:
        raise JobNotFound(job_id)
    return job


async def recent_jobs(session: AsyncSession, user_id: UUID, *, only_open: bool, limit: int = 100) -> list[Job]:
    """The user's newest jobs first, at most `limit`."""
    query = select(Job).where(Job.user_id == user_id).order_by(Job.created_at.desc(), Job.id).limit(limit)
    if only_open:
        query = query.where(Job.state.in_(OPEN))
    return list(await session.scalars(query))


async def request_cancel(session: AsyncSession, user_id: UUID, job_id: UUID) -> Job:
    """Ask a job to stop; one that has not started is cancelled at once, a finished one stays as it is."""
    job = await job_by_id(session, user_id, job_id)
    if job.state == "queued":
        job.state, job.finished_at = "cancelled", clock.now()
    job.cancel_requested = job.state not in FINAL
    return job


async def open_jobs(session: AsyncSession, user_id: UUID) -> int:
    """How many of the user's jobs are not finished."""
    query = select(func.count()).where(Job.user_id == user_id, Job.state.in_(OPEN))
    return int(await session.scalar(query) or 0)


async def live_workers(
    session: AsyncSession, within: timedelta = timedelta(seconds=20), *, name: str | None = None
) -> int:
    """How many workers were heard of lately; with `name`, only those of the machine of that name."""
    query = select(func.count()).select_from(Worker).where(Worker.seen_at > clock.now() - within)
    if name is not None:
        query = query.where(Worker.name == name)
    return int(await session.scalar(query) or 0)
