"""What is logged of a failure: where it happened, and never the values that were in play."""

import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from sovia.account.service import LOCAL_USER
from sovia.kit import dispatch, jobs, log
from sovia.kit.db import Database

BACKEND = Path(log.__file__).parents[2]
KIND = "kit.fail_with_a_secret"
# Written in two parts, so that the line of source in a traceback does not hold it.
SECRET = "xai-" + "hunter2"


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """Other tests log as before."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


class Terminal(io.StringIO):
    """An error stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


async def fail_with_a_secret(job: jobs.JobContext) -> None:
    key = job.payload["key"]
    assert key
    raise ZeroDivisionError


async def run_failing_job(database: Database, monkeypatch: pytest.MonkeyPatch) -> UUID:
    monkeypatch.setitem(jobs.HANDLERS, KIND, fail_with_a_secret)
    async with database.begin() as session:
        job_id = await jobs.enqueue(session, KIND, user_id=LOCAL_USER, title="Fail", payload={"key": SECRET})
    await dispatch.work(database, drain=True)
    return job_id


@pytest.mark.parametrize("configured", [True, False])
@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
async def test_the_log_of_a_failing_job_shows_no_values(
    configured: bool, stream: type[io.StringIO], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = stream()
    monkeypatch.setattr(sys, "stderr", said)
    if configured:
        log.configure("DEBUG")

    job_id = await run_failing_job(database, monkeypatch)

    assert str(job_id) in said.getvalue()
    assert "fail_with_a_secret" in said.getvalue()
    assert "ZeroDivisionError" in said.getvalue()
    assert SECRET not in said.getvalue()


FAILING = """
from sovia.kit.log import logger

def fail():
    key = "xai-" + "hunter2"
    raise ZeroDivisionError

try:
    fail()
except ZeroDivisionError:
    logger("commands").exception("failed")
"""


def test_a_process_that_set_nothing_up_shows_no_values() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FAILING], env={"PYTHONPATH": str(BACKEND)}, capture_output=True, text=True, check=True
    )

    assert "ZeroDivisionError" in done.stderr
    assert SECRET not in done.stdout + done.stderr


def test_the_library_alone_would_show_them(capsys: pytest.CaptureFixture[str]) -> None:
    """Why the tests above are worth their time; when this fails, the library has changed its ways."""

    def fail() -> None:
        key = SECRET
        assert key
        raise ZeroDivisionError

    structlog.reset_defaults()
    try:
        fail()
    except ZeroDivisionError:
        structlog.get_logger().exception("failed")

    assert SECRET in capsys.readouterr().out


async def test_a_failing_statement_names_no_parameters(database: Database) -> None:
    async def fail() -> None:
        async with database.begin() as session:
            await session.execute(text("select 1 / (length(:key) - length(:key))"), {"key": SECRET})

    with pytest.raises(DBAPIError) as caught:
        await fail()

    assert SECRET not in str(caught.value)
