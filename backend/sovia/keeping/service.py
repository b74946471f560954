"""Wanting proofs, and mending what is not as it was; bytes that are replaced are put aside, never deleted."""

from datetime import UTC
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from sovia.keeping import remembering
from sovia.kit import clock
from sovia.kit.jobs import enqueue
from sovia.library.gathered import Operation
from sovia.library.service import operating, proving
from sovia.search.errors import BadFilter
from sovia.search.language.kinds import Moment
from sovia.search.language.meaning import Meaning
from sovia.search.language.parser import parse
from sovia.search.resolving import meaning_now

PROVE, NIGHTLY, MEND = "keeping.prove_files", "keeping.prove_nightly", "keeping.mend_files"
How = Literal["accept", "relink", "download"]
TITLES = {
    "accept": "Accepting files as they are",
    "relink": "Putting files right",
    "download": "Fetching files again",
    "back": "Bringing files back as they were",
}
DONE = {"accept": "Accepted files as they are", "relink": "Put files right", "download": "Fetched files again"}


async def prove_soon(session: AsyncSession, user_id: UUID, *, text: str = "", full: bool = True) -> UUID:
    """Have the files of a filter proven, all of them by default; `BadFilter` when it is none."""
    await meaning_of_text(session, user_id, text)
    title = "Proving files" if full else "Looking whether files are there"
    return await enqueue(session, PROVE, user_id=user_id, title=title, payload={"filter": text, "full": full})


async def mend_soon(
    session: AsyncSession, user_id: UUID, how: How, *, ids: list[UUID], text: str
) -> tuple[UUID, Operation]:
    """Have the faulty files of these posts, or of a filter, mended in one of three ways; what undoes it."""
    await meaning_of_text(session, user_id, text)
    operation = await operating.begin(session, user_id, "mend", DONE[how], {"how": how})
    payload: dict[str, Any] = {"how": how, "ids": [str(one) for one in ids], "filter": text}
    job_id = await _mend_by_job(session, operation, TITLES[how], payload)
    operation.state, operation.job_id = "running", job_id
    await session.flush()
    return job_id, operation


@operating.undoes("mend")
async def turn(session: AsyncSession, operation: Operation, back: bool) -> None:
    """Give files back what they were before they were mended, or mend them again; a job moves what must be moved."""
    how = operation.details["how"]
    if how != "accept":
        ids = [] if back else [str(one) for one in await remembering.posts_of(session, operation.id)]
        payload = {"how": "back" if back else how, "ids": ids, "filter": ""}
        operation.job_id = await _mend_by_job(session, operation, TITLES["back" if back else how], payload)
    elif back:
        await remembering.expect_as_before(session, operation.user_id, operation.id)
    else:
        keys = await remembering.keys_of(session, operation.id)
        await proving.look_anew(session, operation.user_id, keys, accept=True)


async def _mend_by_job(session: AsyncSession, operation: Operation, title: str, payload: dict[str, Any]) -> UUID:
    payload = payload | {"operation": str(operation.id)}
    return await enqueue(session, MEND, user_id=operation.user_id, title=title, payload=payload)


async def meaning_of_text(session: AsyncSession, user_id: UUID, text: str) -> Meaning | None:
    """What a filter's text wants; nothing for everything."""
    if not text.strip():
        return None
    parsed = parse(text)
    if parsed.problems:
        raise BadFilter(parsed.problems)
    moment = Moment(clock.now().astimezone(UTC), ZoneInfo("UTC"))
    return await meaning_now(session, user_id, parsed.document, moment)
