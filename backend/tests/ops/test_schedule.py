"""What is due is wanted once, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from makers import new_post

from sovia.account.service import LOCAL_USER
from sovia.kit import clock, jobs
from sovia.kit.db import Database
from sovia.kit.jobs import Job
from sovia.ops.schedule import Daily, Schedule, last_due, next_due

KIND = "ops.make_backup"


def schedule(database: Database, at: str = "02:00") -> Schedule:
    return Schedule(database, [Daily(KIND, "Backing up", at)])


async def test_due_jobs_are_wanted_once_a_day(database: Database) -> None:
    async with database.begin() as session:
        session.add(new_post(LOCAL_USER))
    calendar, now = schedule(database), clock.now()

    assert await calendar.look(now) == [KIND]
    assert await calendar.look(now + timedelta(minutes=1)) == []
    assert await calendar.look(now + timedelta(days=1)) == [KIND]


async def test_nothing_is_wanted_for_an_empty_library_or_while_an_import_runs(database: Database) -> None:
    assert await schedule(database).look() == []
    async with database.begin() as session:
        session.add(new_post(LOCAL_USER))
        await jobs.enqueue(session, "importer.run_import", user_id=LOCAL_USER, title="Importing")

    assert await schedule(database).look() == []


async def test_never_is_never(database: Database) -> None:
    async with database.begin() as session:
        session.add(new_post(LOCAL_USER))

    assert await schedule(database, "").look() == []


async def test_a_clock_that_ran_ahead_once_stops_nothing(database: Database) -> None:
    async with database.begin() as session:
        session.add(new_post(LOCAL_USER))
        wrong = await jobs.enqueue(session, KIND, user_id=LOCAL_USER, title="Backing up", payload={"scheduled": True})
        (await session.get_one(Job, wrong)).created_at = clock.now() + timedelta(days=3650)
    calendar, now = schedule(database), clock.now()

    assert await calendar.look(now) == [KIND]
    assert await calendar.look(now + timedelta(minutes=1)) == []


@pytest.mark.parametrize(("hour", "days"), [(1, -1), (3, 0)])
def test_due_by_the_clock_of_the_machine(hour: int, days: int) -> None:
    now = datetime(2025, 3, 9, tzinfo=UTC).astimezone().replace(hour=hour)

    due = last_due("02:00", now)

    assert due is not None
    assert (due.hour, due.minute, due.date()) == (2, 0, now.date() + timedelta(days=days))
    assert next_due("02:00", now) == due + timedelta(days=1)
    assert next_due("", now) is None
