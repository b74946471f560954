"""Background work of keeping: proving files at once, proving a part each night, mending what is not as it was."""

from typing import Any

from sovia.keeping import mending, queries, service
from sovia.keeping.proving import Proving
from sovia.keeping.service import MEND, NIGHTLY, PROVE
from sovia.kit import settings
from sovia.kit.jobs import JobContext, job_by_id, task
from sovia.kit.turns import turn


@task(PROVE)
async def prove_files(job: JobContext) -> dict[str, Any]:
    """Prove the files of a filter, or all, as fast as the disk lets us."""
    async with job.database.begin() as session:
        wanted = await service.meaning_of_text(session, job.user_id, job.payload.get("filter") or "")
    return await Proving(job, settings.current(), polite=False).run(full=bool(job.payload["full"]), wanted=wanted)


@task(NIGHTLY)
async def prove_nightly(job: JobContext) -> dict[str, Any]:
    """Look whether every file is there, then read a part of them, so that all are read within `VERIFY_DAYS`."""
    found = settings.current()
    async with turn(job.database, f"{NIGHTLY}/{job.user_id}") as ours:
        if not ours:
            return {"left_to": "the next one"}
        quick = await Proving(job, found, polite=True).run(full=False)
        if quick.get("cancelled"):
            return quick
        async with job.database.begin() as session:
            until = await queries.turn_of_night(session, job.user_id, found.verify_days)
            begun = (await job_by_id(session, job.user_id, job.id)).created_at
        read = await Proving(job, found, polite=True).run(full=True, before=until or begun)
    return {"looked_at": quick["looked_at"], "read": read["looked_at"], "faults": read["faults"] or quick["faults"]}


@task(MEND)
async def mend_files(job: JobContext) -> dict[str, Any]:
    """Mend faulty files; what is replaced is put aside. Or bring back what was, when that is undone."""
    deed = mending.mend_back if job.payload["how"] == "back" else mending.mend
    return await deed(job, settings.current())
