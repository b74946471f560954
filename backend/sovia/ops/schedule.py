"""What happens once a day by itself: a job for each thing, wanted when it is due and was not wanted since."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from sovia.account.service import local_user
from sovia.kit import clock, jobs
from sovia.kit.db import Database
from sovia.kit.jobs import OPEN, Job
from sovia.kit.log import logger
from sovia.library.models import Post

# Not right after a start: then people wait for the page.
FIRST_LOOK_SECONDS = 300.0
LOOK_EVERY_SECONDS = 60.0
# Several workers keep one calendar; one at a time looks at it.
TURN = text("SELECT pg_try_advisory_xact_lock(hashtextextended('sovia.schedule', 0))")
log = logger("schedule")


@dataclass(frozen=True)
class Daily:
    """A kind of job that is due at a time of the machine's day, such as "02:00"; never, without one."""

    kind: str
    title: str
    at: str


def last_due(at: str, now: datetime | None = None) -> datetime | None:
    """When it was due last, by the machine's clock."""
    if not at:
        return None
    here = (now or clock.now()).astimezone()
    hour, minute = at.split(":")
    due = here.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
    return due if due <= here else due - timedelta(days=1)


def next_due(at: str, now: datetime | None = None) -> datetime | None:
    """When it is due next."""
    last = last_due(at, now)
    return last + timedelta(days=1) if last else None


class Schedule:
    """Looks at the calendar again and again."""

    def __init__(self, database: Database, plans: list[Daily]) -> None:
        self._database = database
        self._plans = [plan for plan in plans if plan.at]

    async def forever(self) -> None:
        """Want what is due; a look that fails is made up for by the next one."""
        await asyncio.sleep(FIRST_LOOK_SECONDS)
        while True:
            try:
                await self.look()
            except (SQLAlchemyError, asyncpg.PostgresError, OSError) as error:
                log.warning("calendar not looked at", error=type(error).__name__)
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def look(self, now: datetime | None = None) -> list[str]:
        """Want the jobs that are due and were not wanted since; their kinds. None for an empty library, or while
        an import runs.
        """
        now = now or clock.now()
        async with self._database.begin() as session:
            if not await session.scalar(TURN):
                return []
            importing = select(Job.id).where(Job.kind.startswith("importer."), Job.state.in_(OPEN)).limit(1)
            if await session.scalar(importing) or not await session.scalar(select(Post.id).limit(1)):
                return []
            kinds = [plan.kind for plan in self._plans]
            query = select(Job.kind, func.max(Job.created_at)).where(Job.kind.in_(kinds)).group_by(Job.kind)
            # What a clock that ran ahead once wrote must not keep anything from happening until then.
            query = query.where(Job.payload.contains({"scheduled": True}), Job.created_at <= now + timedelta(hours=1))
            wanted_at: dict[str, datetime] = {row[0]: row[1] for row in await session.execute(query)}
            user_id = await local_user(session)
            due = [plan for plan in self._plans if _is_due(plan, wanted_at.get(plan.kind), now)]
            for plan in due:
                await jobs.enqueue(
                    session, plan.kind, user_id=user_id, title=plan.title, payload={"scheduled": True}, priority=-2
                )
            return [plan.kind for plan in due]


def _is_due(plan: Daily, wanted_at: datetime | None, now: datetime) -> bool:
    due = last_due(plan.at, now)
    return due is not None and (wanted_at is None or wanted_at < due)
