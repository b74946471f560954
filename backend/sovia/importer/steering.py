"""What people ask of an import: start it, take in what was checked, pause, go on, stop."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.importer import uploads
from sovia.importer.errors import ImportNotFound, NotPossibleNow, TooManyUploads
from sovia.importer.gathering import refuse_unusable
from sovia.importer.interrupted import note_lost
from sovia.importer.models import Import, ImportPreview
from sovia.importer.options import Options
from sovia.importer.said import Said
from sovia.importer.service import UNREAD
from sovia.importer.sources import Part
from sovia.importer.states import WAITING, possible
from sovia.kit import clock, jobs
from sovia.kit.settings import Settings

# More than a person waits for; each keeps its files.
MOST_WAITING = 500
RUN, CHECK = "importer.run_import", "importer.check_import"


async def start_import(
    session: AsyncSession,
    user_id: UUID,
    files: Sequence[dict[str, Any]],
    *,
    origin: str = "upload",
    check: bool = False,
    options: Options | None = None,
) -> Import:
    """Want files imported, or only checked: the import and its job, in the session's transaction.

    Each file has a `name`, its `size`, and where it lies: `stored` among the uploads or `folder` in the import folder.
    """
    waiting = select(func.count()).where(Import.user_id == user_id, Import.state.in_(("queued", *WAITING)))
    if int(await session.scalar(waiting) or 0) >= MOST_WAITING:
        raise TooManyUploads(MOST_WAITING)
    options = options or Options()
    await refuse_unusable(session, user_id, options)
    found = Import(
        id=uuid4(),
        user_id=user_id,
        file_name=shown(files),
        files=list(files),
        stored_path=files[0].get("stored"),
        origin=origin,
        options=options.model_dump(mode="json"),
        bytes_total=sum(one.get("size") or 0 for one in files),
    )
    session.add(found)
    await session.flush()
    await want(session, found, CHECK if check else RUN)
    return found


async def begin_here(
    session: AsyncSession, user_id: UUID, import_id: UUID, parts: Sequence[Part], options: Options
) -> None:
    """Begin an import of this id that is carried out by this process, without a job.

    Where its files lie is kept, so that it can be gone on with by another process; no answer tells it.
    """
    await refuse_unusable(session, user_id, options)
    files = [{"name": part.name, "size": part.size, "here": str(part.path.absolute())} for part in parts]
    found = Import(
        id=import_id,
        user_id=user_id,
        file_name=shown(files),
        files=files,
        origin="command",
        options=options.model_dump(mode="json"),
    )
    session.add(found)
    await session.flush()


def shown(files: Sequence[dict[str, Any]]) -> str:
    """What several files are called together."""
    first, more = str(files[0]["name"]), len(files) - 1
    return first if not more else f"{first} and {more:,} more"


async def want(session: AsyncSession, found: Import, kind: str) -> None:
    """Give an import its next job."""
    title = f"{'Check' if kind == CHECK else 'Import'} {found.file_name}"
    payload = {"import_id": str(found.id)}
    found.job_id = await jobs.enqueue(session, kind, user_id=found.user_id, title=title, payload=payload)
    found.state, found.pause_requested, found.finished_at = "queued", False, None
    found.error_code = found.error_message = None


async def run_checked(session: AsyncSession, user_id: UUID, import_id: UUID, options: Options | None) -> Import:
    """Take in what was checked, with other options when some are given."""
    found = await asked_for(session, user_id, import_id, "run")
    if options is not None:
        await refuse_unusable(session, user_id, options)
        found.options = options.model_dump(mode="json")
    found.files = [{key: value for key, value in one.items() if key not in UNREAD} for one in found.files]
    found.counts, found.records_done, found.bytes_done, found.started_at = {}, 0, 0, clock.now()
    await session.execute(delete(ImportPreview).where(ImportPreview.import_id == found.id))
    await want(session, found, RUN)
    return found


async def pause_import(session: AsyncSession, user_id: UUID, import_id: UUID) -> Import:
    """Ask a running import to stop after the chunk it is at; it can go on later."""
    found = await asked_for(session, user_id, import_id, "pause")
    found.pause_requested = True
    return found


async def resume_import(session: AsyncSession, user_id: UUID, import_id: UUID) -> Import:
    """Go on after the last chunk that was written, also of an import that broke off."""
    found = await asked_for(session, user_id, import_id, "resume")
    await want(session, found, RUN)
    return found


async def resume_here(session: AsyncSession, user_id: UUID, import_id: UUID, found: Settings) -> list[Part]:
    """Go on in this process with an import that broke off; its files."""
    resumed = await asked_for(session, user_id, import_id, "resume")
    resumed.job_id, resumed.state, resumed.finished_at = None, "running", None
    resumed.pause_requested, resumed.error_code, resumed.error_message = False, None, None
    return parts_of(resumed, found.state_root, found.import_root)


async def cancel_import(session: AsyncSession, user_id: UUID, import_id: UUID) -> Import:
    """Ask an import to stop; what came in stays. One that has ended stays as it is."""
    found = await locked(session, user_id, import_id)
    if found.state in WAITING:
        found.state, found.finished_at = "cancelled", clock.now()
    elif found.job_id is not None and found.finished_at is None:
        job = await jobs.request_cancel(session, user_id, found.job_id)
        if job.state == "cancelled":
            found.state, found.finished_at = "cancelled", clock.now()
    return found


async def asked_for(session: AsyncSession, user_id: UUID, import_id: UUID, deed: str) -> Import:
    """The import, held for a change, or `NotPossibleNow` when it is not in a state for this."""
    found = await locked(session, user_id, import_id)
    if deed not in possible(found):
        raise NotPossibleNow(deed, found.state)
    return found


async def locked(session: AsyncSession, user_id: UUID, import_id: UUID) -> Import:
    """The user's import, held for a change; one whose job broke off without a word is known to have failed."""
    query = select(Import).where(Import.user_id == user_id, Import.id == import_id).with_for_update()
    found: Import | None = await session.scalar(query)
    if found is None:
        raise ImportNotFound(import_id)
    job = await jobs.job_by_id(session, user_id, found.job_id) if found.job_id else None
    note_broken(found, job)
    await note_lost(session, [found])
    return found


def note_broken(found: Import, job: jobs.Job | None) -> None:
    """Write down that an import's job ended without a word to it: the database went away, or a bug."""
    if found.undo is not None and found.undo.get("going") and job is not None and job.state in jobs.FINAL:
        # Taking it back, or bringing it again, can be asked for once more, and goes on.
        found.undo = {**found.undo, "going": False}
        found.state = "undone" if found.undo["redo"] else found.undo["was"]
    ended = found.finished_at is not None or found.state in WAITING
    if not ended and job is not None and job.state in jobs.FINAL:
        found.state, found.finished_at = job.state, job.finished_at
        found.error_code, found.error_message = job.error_code, job.error_message


def parts_of(found: Import, state_root: Path, import_root: Path) -> list[Part]:
    """The files of an import, in order; those that were read whole say so."""
    files = found.files or [{"name": found.file_name, "stored": found.stored_path or ""}]
    return [
        Part(
            path=_place_of(one, state_root, import_root),
            name=one["name"],
            size=one.get("size") or 0,
            records=one.get("records", 0) if one.get("done") else None,
            root=import_root if "folder" in one else None,
            as_it_was="here" in one,
            said=Said.of(one),
        )
        for one in files
    ]


def _place_of(one: Mapping[str, Any], state_root: Path, import_root: Path) -> Path:
    if "here" in one:
        return Path(one["here"])
    below, name = (uploads.folder(state_root), "stored") if "stored" in one else (import_root, "folder")
    return below / str(one[name])
