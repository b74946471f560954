"""Jobs: written with the transaction that wants them, run once, taken over when their worker dies."""

import asyncio
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select, text

from sovia.account.service import LOCAL_USER
from sovia.kit import dispatch, jobs
from sovia.kit.db import Database
from sovia.kit.errors import Conflict

KIND = "kit.try_out"


class NotToday(Conflict):
    code = "not_today"


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """A kind of job that does what its payload says, and the list of those that ran."""
    found: list[UUID] = []

    async def try_out(job: jobs.JobContext) -> dict[str, object] | None:
        found.append(job.id)
        match job.payload.get("do"):
            case "refuse":
                raise NotToday("Not today.")
            case "break":
                raise ZeroDivisionError
            case "stop":
                return {"cancelled": await job.cancelled()}
        await job.progress(2, 3, "two of three")
        return {"answer": 42}

    monkeypatch.setitem(jobs.HANDLERS, KIND, try_out)
    return found


async def want(database: Database, **payload: object) -> UUID:
    async with database.begin() as session:
        return await jobs.enqueue(session, KIND, user_id=LOCAL_USER, title="Try out", payload=payload)


async def outcome(database: Database, job_id: UUID) -> jobs.Job:
    async with database.begin() as session:
        return await jobs.job_by_id(session, LOCAL_USER, job_id)


async def test_a_job_runs_and_says_how_it_ended(database: Database, ran: list[UUID]) -> None:
    job_id = await want(database)

    await dispatch.work(database, drain=True)

    job = await outcome(database, job_id)
    assert (job.state, job.result, job.progress_done, job.progress_total) == ("succeeded", {"answer": 42}, 2, 3)
    assert (ran, job.attempts) == ([job_id], 1)
    assert job.finished_at is not None


async def test_a_job_of_a_rolled_back_transaction_never_was(database: Database, ran: list[UUID]) -> None:
    async def change_of_mind() -> None:
        async with database.begin() as session:
            await jobs.enqueue(session, KIND, user_id=LOCAL_USER, title="Never")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await change_of_mind()

    await dispatch.work(database, drain=True)

    async with database.begin() as session:
        assert (ran, list(await session.scalars(select(jobs.Job)))) == ([], [])


async def test_a_refusal_is_told_and_a_bug_is_not(database: Database, ran: list[UUID]) -> None:
    refused, broken, fine = [await want(database, do=what) for what in ("refuse", "break", "nothing")]

    await dispatch.work(database, drain=True)

    ends = [await outcome(database, job_id) for job_id in (refused, broken, fine)]
    assert [job.state for job in ends] == ["failed", "failed", "succeeded"]
    assert (ends[0].error_code, ends[0].error_message) == ("not_today", "Not today.")
    assert (ends[1].error_code, "ZeroDivision" in (ends[1].error_message or "")) == ("internal", False)


async def test_a_waiting_job_can_be_cancelled_and_then_never_runs(
    live_client: httpx.AsyncClient, database: Database, ran: list[UUID]
) -> None:
    job_id = await want(database)

    answer = await live_client.post(f"/api/jobs/{job_id}/cancel")
    await dispatch.work(database, drain=True)

    assert (answer.json()["state"], ran) == ("cancelled", [])


async def test_a_job_that_looks_for_work_waits_at_most_once(database: Database, ran: list[UUID]) -> None:
    async with database.begin() as session:
        first = await jobs.enqueue_once(session, KIND, user_id=LOCAL_USER, title="Look")
        again = await jobs.enqueue_once(session, KIND, user_id=LOCAL_USER, title="Look")

    await dispatch.work(database, drain=True)

    assert (first, ran) == (again, [first])


async def test_jobs_are_listed_for_their_owner_only(live_client: httpx.AsyncClient, database: Database) -> None:
    mine = await want(database)
    async with database.begin() as session:
        await session.execute(text("insert into users values (gen_random_uuid(), 'stranger', now())"))
        other = await session.scalar(text("select id from users where name = 'stranger'"))
        theirs = await jobs.enqueue(session, KIND, user_id=other, title="Theirs")

    listed = (await live_client.get("/api/jobs")).json()["jobs"]

    assert [job["id"] for job in listed] == [str(mine)]
    assert (await live_client.get(f"/api/jobs/{theirs}")).status_code == 404
    assert (await live_client.post(f"/api/jobs/{theirs}/cancel")).status_code == 404


WORKER = """
import asyncio, os, sys
from sovia.kit import dispatch, jobs
from sovia.kit.db import Database

@jobs.task("kit.try_out")
async def hang(job):
    print("started", flush=True)
    await asyncio.sleep(600)

asyncio.run(dispatch.work(Database(sys.argv[1])))
"""


@pytest.mark.slow
async def test_the_job_of_a_killed_worker_is_taken_over(
    database: Database, ran: list[UUID], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sovia.kit.dispatch.TAKE_OVER_AFTER", timedelta(seconds=3))
    (tmp_path / "worker.py").write_text(WORKER)
    environment = os.environ | {"PYTHONPATH": str(Path(jobs.__file__).parents[2])}
    job_id = await want(database)
    worker = await asyncio.create_subprocess_exec(
        sys.executable, str(tmp_path / "worker.py"), database.url, env=environment, stdout=asyncio.subprocess.PIPE
    )
    assert worker.stdout is not None
    assert await asyncio.wait_for(worker.stdout.readline(), 30) == b"started\n"

    worker.send_signal(signal.SIGKILL)
    await worker.wait()
    stop = asyncio.Event()
    helper = asyncio.create_task(dispatch.work(database, stop=stop))
    async with asyncio.timeout(60):
        while (await outcome(database, job_id)).state != "succeeded":  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    stop.set()
    await helper

    job = await outcome(database, job_id)
    assert (ran, job.attempts) == ([job_id], 2)
