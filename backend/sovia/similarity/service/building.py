"""Building and keeping the index: a fit of everything, and appending what changed, each by one writer at a time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit import clock, jobs
from sovia.kit.db import Database
from sovia.library.queries import posts
from sovia.similarity import queries
from sovia.similarity.errors import IndexIsBusy
from sovia.similarity.generation import Addition, Fit, scratch
from sovia.similarity.index import Index, Shelf, sweep, writing

CATCH_UP, REBUILD = "similarity.catch_up", "similarity.rebuild"
TITLE = "Index of similar posts"
# A fit is due when so much of the library is new, or so long after the last one if anything is.
REFIT_SHARE, REFIT_AFTER = 0.2, timedelta(hours=24)
# A transaction that was open when we looked may commit posts with an earlier time.
OVERLAP = timedelta(seconds=60)
WAIT_SECONDS = 0.2
Tell = Callable[[int, int | None, str], Awaitable[None]]


@dataclass(frozen=True)
class Work:
    """What a library needs now: a fit of so many posts, or only appending."""

    posts: int
    fit: bool


async def work_to_do(database: Database, user_id: UUID, shelf: Shelf, folder: Path) -> Work:
    """Whether the index must be fitted again or for the first time."""
    index = shelf.find(folder)
    async with database.begin() as session:
        total = await queries.count_posts(session, user_id)
        if index is None:
            return Work(total, fit=True)
        changed = await queries.count_changed_posts(session, user_id, index.pointer.seen_until)
    pointer = index.pointer
    new = pointer.appended_posts + changed
    is_old = clock.now() - pointer.fitted_at > REFIT_AFTER
    return Work(total, fit=new > REFIT_SHARE * pointer.fitted_posts or (is_old and new > 0))


async def rebuild(database: Database, user_id: UUID, folder: Path, tell: Tell) -> int:
    """Fit the whole library and switch to the new index; how many posts it has. The old one serves meanwhile."""
    async with sole_writer(folder):
        await asyncio.to_thread(sweep, folder)
        seen_until, done = clock.now(), 0
        with scratch(folder) as spools, closing(Fit(spools)) as fit:
            async with database.begin() as session:
                version = await posts.version(session, user_id)
                total = await queries.count_posts(session, user_id)
                async for batch in queries.documents(session, user_id):
                    await asyncio.to_thread(fit.add, batch)
                    done += len(batch)
                    if done % (20 * queries.BATCH) == 0:
                        await tell(done, total, "Reading prompts")
            await tell(done, total, "Writing the index")
            await asyncio.to_thread(fit.publish, folder, posts=total, seen_until=seen_until, library_version=version)
        await asyncio.to_thread(sweep, folder)
    return total


async def append_changes(database: Database, user_id: UUID, shelf: Shelf, folder: Path) -> int:
    """Append what changed since the index last looked, with the words of its fit; how many posts changed."""
    async with sole_writer(folder):
        index = shelf.find(folder)
        if index is None:
            return 0
        with scratch(folder) as spools, closing(Addition(spools, index)) as addition:
            seen_until = clock.now()
            async with database.begin() as session:
                version = await posts.version(session, user_id)
                since = index.pointer.seen_until - OVERLAP
                async for batch in queries.documents(session, user_id, since=since):
                    await asyncio.to_thread(addition.add, batch)
            added = await asyncio.to_thread(addition.publish, folder, seen_until=seen_until, library_version=version)
        await asyncio.to_thread(sweep, folder)
    return added


async def posts_behind(session: AsyncSession, user_id: UUID, index: Index, version: int) -> int:
    """How many posts changed since the index last looked; `version` is the library's."""
    if index.pointer.library_version == version:
        return 0
    return await queries.count_changed_posts(session, user_id, index.pointer.seen_until)


async def want_index(session: AsyncSession, user_id: UUID) -> None:
    """Have a worker build or catch up, unless one is about to or at it."""
    if not await queries.has_open_job(session, user_id, (CATCH_UP, REBUILD)):
        await jobs.enqueue_once(session, CATCH_UP, user_id=user_id, title=TITLE)


@asynccontextmanager
async def sole_writer(folder: Path) -> AsyncIterator[None]:
    """Wait until nobody else writes this index, then be its writer."""
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(writing(folder))
                break
            except IndexIsBusy:
                await asyncio.sleep(WAIT_SECONDS)
        yield
