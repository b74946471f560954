"""Background work of the library: looking for files, looking into them, making hover previews of clips."""

from typing import Any

from sovia.kit import settings
from sovia.kit.jobs import JobContext, task
from sovia.kit.turns import turn
from sovia.library.copying import copy_clip
from sovia.library.previewing import Previewing
from sovia.library.rounds import Looking
from sovia.library.service.filing import COPY_CLIP, LOOK, LOOK_INTO, MAKE_PREVIEWS, make_previews_soon


@task(LOOK)
async def look_for_files(job: JobContext) -> dict[str, Any]:
    """Look for every file that should be here, into every one that is new or changed, and store what it shows.

    It finds its own work, in small transactions: killed at any point and run again, it goes on where it was.
    """
    async with turn(job.database, f"{LOOK}/{job.user_id}") as ours:
        if not ours:
            return {"left_to": "the next one"}
        result = await Looking(job, settings.current()).run()
    async with job.database.begin() as session:
        await make_previews_soon(session, job.user_id)
    return result


@task(LOOK_INTO)
async def look_into_files(job: JobContext) -> dict[str, Any]:
    """Look into every file that was found or fetched and not looked into; it looks for no other."""
    async with turn(job.database, f"{LOOK}/{job.user_id}") as ours:
        if not ours:
            return {"left_to": "the next one"}
        result = await Looking(job, settings.current()).run(only_into=True)
    async with job.database.begin() as session:
        await make_previews_soon(session, job.user_id)
    return result


@task(COPY_CLIP)
async def make_copy(job: JobContext) -> dict[str, Any]:
    """Make the copy of a clip that a browser said it cannot play; once made, or tried in vain, never again."""
    async with turn(job.database, f"{COPY_CLIP}/{job.payload['key']}") as ours:
        return await copy_clip(job, settings.current()) if ours else {"left_to": "the next one"}


@task(MAKE_PREVIEWS)
async def make_previews(job: JobContext) -> dict[str, Any]:
    """Make the hover preview of every clip that has none, newest first; it gives way while files are looked into."""
    async with turn(job.database, f"{MAKE_PREVIEWS}/{job.user_id}") as ours:
        if not ours:
            return {"left_to": "the next one"}
        return await Previewing(job, settings.current()).run()
