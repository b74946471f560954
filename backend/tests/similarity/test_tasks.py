"""Jobs that keep the index: the first fit, appending, fitting again, in this process and in one of its own."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from makers import make_library, make_post
from sqlalchemy import update

from sovia.account.service import LOCAL_USER
from sovia.kit import clock, processes
from sovia.kit.db import Database
from sovia.kit.jobs import JobContext
from sovia.library.models import Post
from sovia.library.service.versions import touch
from sovia.similarity import tasks
from sovia.similarity.errors import RebuildFailed
from sovia.similarity.index import SHELF, Index, folder_of
from sovia.similarity.service import building

Run = Callable[..., Awaitable[dict | None]]


def index_in(home: Path) -> Index:
    found = SHELF.find(folder_of(home / ".sovia", LOCAL_USER))
    assert found is not None
    return found


async def add_posts(database: Database, count: int, seed: int = 8) -> list[Post]:
    async with database.begin() as session:
        posts = await make_library(session, LOCAL_USER, count, seed)
        await touch(session, LOCAL_USER)
    return posts


async def test_the_first_catch_up_fits_everything(database: Database, run: Run, own_home: Path) -> None:
    posts = await add_posts(database, 30)

    result = await run()

    assert result == {"fitted": len(posts)}
    assert index_in(own_home).pointer.fitted_posts == len(posts)


async def test_an_empty_library_has_an_index(run: Run, own_home: Path) -> None:
    assert await run() == {"fitted": 0}
    assert index_in(own_home).posts == 0


async def test_a_new_post_is_appended_once(database: Database, run: Run, own_home: Path) -> None:
    """S044."""
    await add_posts(database, 60)
    await run()
    async with database.begin() as session:
        await make_post(session, LOCAL_USER, prompt="red fox in a storm")

    first, second = await run(), await run()

    assert (first, second) == ({"appended": 1}, {"appended": 0})
    assert len(index_in(own_home).segments) == 2


async def test_a_like_changes_nothing_in_the_index(database: Database, run: Run) -> None:
    posts = await add_posts(database, 60)
    await run()
    async with database.begin() as session:
        liked = update(Post).where(Post.id == posts[0].id).values(liked=True, updated_at=clock.now())
        await session.execute(liked)

    assert await run() == {"appended": 0}


async def test_a_fifth_new_fits_again(database: Database, run: Run) -> None:
    await add_posts(database, 40, seed=1)
    await run()
    await add_posts(database, 40, seed=2)

    result = await run()

    assert result is not None
    assert "fitted" in result


async def test_a_day_later_anything_new_fits_again(
    database: Database, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add_posts(database, 60)
    await run()
    monkeypatch.setattr(building, "REFIT_AFTER", timedelta(0))
    nothing_new = await run()
    async with database.begin() as session:
        await make_post(session, LOCAL_USER, prompt="red fox in a storm")

    something_new = await run()

    assert (list(nothing_new or {}), list(something_new or {})) == (["appended"], ["fitted"])


async def test_a_large_library_is_fitted_by_a_process_of_its_own(
    database: Database, run: Run, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts = await add_posts(database, 30)
    await run()
    here = index_in(own_home)
    monkeypatch.setattr(tasks, "FIT_HERE", 0)

    result = await run(tasks.rebuild)

    assert result == {"fitted": len(posts)}
    assert index_in(own_home).pointer.generation != here.pointer.generation
    assert index_in(own_home).posts == here.posts


async def test_a_failing_process_fails_the_job_and_keeps_the_index(
    database: Database, run: Run, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add_posts(database, 30)
    await run()
    before = index_in(own_home).pointer
    monkeypatch.setattr(tasks, "FIT_HERE", 0)
    monkeypatch.setattr(tasks.sys, "executable", "/bin/false")

    with pytest.raises(RebuildFailed):
        await run(tasks.rebuild)

    assert index_in(own_home).pointer == before


async def test_a_cancelled_job_ends_its_process(
    database: Database, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[processes.Process] = []
    real = processes.start
    monkeypatch.setattr(tasks, "FIT_HERE", -1)
    monkeypatch.setattr(tasks, "ASK_EVERY", 1)
    monkeypatch.setattr(
        tasks.processes, "start", lambda argv, **more: started.append(real(["/bin/sleep", "60"])) or started[0]
    )

    class Cancelled(JobContext):
        async def cancelled(self) -> bool:
            return True

    result = await tasks.rebuild(Cancelled(UUID(int=1), LOCAL_USER, {}, database))

    assert result == {"cancelled": True}
    assert started[0].poll() is not None


async def test_two_writers_wait_for_each_other(database: Database, run: Run, own_home: Path) -> None:
    await add_posts(database, 30)
    folder = folder_of(own_home / ".sovia", LOCAL_USER)

    async with building.sole_writer(folder):
        import asyncio

        waiting = asyncio.create_task(run(tasks.rebuild))
        await asyncio.sleep(0.3)
        assert not waiting.done()

    result = await waiting
    assert result is not None
    assert "fitted" in result
