"""Background work of mirroring: copying what is new, and looking whether what lies there is right."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from sovia.keeping.mirroring import service
from sovia.keeping.mirroring.copying import Mirroring
from sovia.keeping.mirroring.targets import target_of
from sovia.kit import clock, settings
from sovia.kit.errors import SoviaError
from sovia.kit.jobs import JobContext, task
from sovia.kit.turns import turn


@task(service.MIRROR)
async def mirror_files(job: JobContext) -> dict[str, Any]:
    """Copy what is not in the mirror yet; each night also look at a part of what is."""
    nightly = bool(job.payload.get("scheduled"))
    if nightly and target_of(settings.current()) is None:
        return {"mirror": "none"}

    async def run(mirroring: Mirroring) -> dict[str, datetime]:
        await mirroring.copy()
        if nightly:
            await mirroring.check(nightly=True)
        return {"done_at": clock.now()}

    return await _run(job, run)


@task(service.CHECK)
async def check_mirror(job: JobContext) -> dict[str, Any]:
    """Look at everything in the mirror."""

    async def run(mirroring: Mirroring) -> dict[str, datetime]:
        await mirroring.check(nightly=False, read=bool(job.payload.get("read")))
        return {"checked_at": clock.now()}

    return await _run(job, run)


async def _run(job: JobContext, deed: Callable[[Mirroring], Awaitable[dict[str, datetime]]]) -> dict[str, Any]:
    found = settings.current()
    async with turn(job.database, f"{service.MIRROR}/{job.user_id}") as ours:
        if not ours:
            return {"left_to": "the next one"}
        try:
            target, mirror_id = await service.opened(job.database, found)
            mirroring = Mirroring(job, found, target, mirror_id)
            done = await deed(mirroring)
        except SoviaError as error:
            await service.note(job.database, found, error)
            raise
        await service.note(job.database, found, None, **({} if mirroring.stopped else done))
        return mirroring.result()
