"""Background work of resemblance: keeping the index up with the library, and fitting it again."""

import asyncio
import os
import sys
from typing import Any

from sovia.kit import processes
from sovia.kit.jobs import JobContext, task
from sovia.kit.settings import current
from sovia.similarity.errors import RebuildFailed
from sovia.similarity.index import SHELF, folder_of
from sovia.similarity.service import building, printing, resembling

# A library up to this size is fitted in a thread here; a larger one in a process of its own, since reading words keeps
# the interpreter busy for many seconds.
FIT_HERE = 5_000
# Importing it registers what answers `similar:` in filters.
FILTERS = resembling.similar_to
LOOK_EVERY_SECONDS, ASK_EVERY = 0.2, 10


@task(building.CATCH_UP)
async def catch_up(job: JobContext) -> dict[str, Any]:
    """Append what changed since the index last looked; fit it when there is none or too much is new."""
    folder = folder_of(current().state_root, job.user_id)
    work = await building.work_to_do(job.database, job.user_id, SHELF, folder)
    if work.fit:
        return await _fit(job, work.posts)
    return {"appended": await building.append_changes(job.database, job.user_id, SHELF, folder)}


@task(building.REBUILD)
async def rebuild(job: JobContext) -> dict[str, Any]:
    """Fit the whole library again; the old index serves until the new one is whole."""
    folder = folder_of(current().state_root, job.user_id)
    work = await building.work_to_do(job.database, job.user_id, SHELF, folder)
    return await _fit(job, work.posts)


async def _fit(job: JobContext, posts: int) -> dict[str, Any]:
    if posts <= FIT_HERE:
        folder = folder_of(current().state_root, job.user_id)
        return {"fitted": await building.rebuild(job.database, job.user_id, folder, job.progress)}
    return await _fit_apart(job, posts)


async def _fit_apart(job: JobContext, posts: int) -> dict[str, Any]:
    child = processes.start(
        [sys.executable, "-m", "sovia.similarity.process", str(job.user_id), str(job.id)],
        environment={
            "SOVIA_HOME": str(current().home),
            "DATABASE_URL": job.database.url,
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
    )
    looks = 0
    try:
        while child.poll() is None:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            looks += 1
            if looks % ASK_EVERY == 0 and await job.cancelled():
                return {"cancelled": True}
    finally:
        if child.poll() is None:
            child.terminate()
            child.wait()
    if child.returncode:
        raise RebuildFailed(child.returncode)
    return {"fitted": posts}


@task(printing.SEE)
async def see_pictures(job: JobContext) -> dict[str, Any]:
    """Look at every picture that was not looked at yet."""
    return {"seen": await printing.see_pictures(job, current().derived_root)}
