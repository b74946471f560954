"""Importing over HTTP: uploads, their reports, and the small synchronous import of older clients."""

import re
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Query, Request, Response
from fastapi.responses import StreamingResponse

from sovia.account.deps import CurrentUser
from sovia.importer import listing, queries, service, small, uploads
from sovia.importer.errors import BodyTooLarge, Malformed
from sovia.importer.schemas import (
    ExistingOut,
    ImportedOut,
    ImportOut,
    ImportsOut,
    ImportStarted,
    ProblemOut,
    ProblemsOut,
    ValidationOut,
)
from sovia.kit import jobs
from sovia.kit.db import Database, Session
from sovia.kit.settings import Settings

router = APIRouter(tags=["import"])
MAX_BODY = 50_000_000
LIST_BLOCK = 65_536
JSON_TYPE = re.compile(r"application/(?:[\w.-]+\+)?json\s*(?:;|$)", re.IGNORECASE)
# Of the database's numbers.
LARGEST = 2**63 - 1


@router.post("/api/imports", status_code=202, response_model=ImportStarted)
async def upload(request: Request, user: CurrentUser) -> ImportStarted:
    """Send an export as the form field `file`; it is streamed to disk, then imported by a job."""
    settings: Settings = request.app.state.settings
    database: Database = request.app.state.database
    stored, name = await uploads.receive(
        request.stream(),
        uploads.folder(settings.state_root),
        content_type=request.headers.get("content-type", ""),
        announced=_announced(request),
    )
    try:
        # The transaction begins after the upload, so that a slow sender holds no connection.
        async with database.begin() as session:
            started = await service.start_import(session, user.id, stored, file_name=name)
    except BaseException:
        uploads.remove(stored)
        raise
    return ImportStarted(id=started.id, job_id=started.job_id)


@router.get("/api/imports", response_model=ImportsOut)
async def list_imports(user: CurrentUser, session: Session) -> ImportsOut:
    """The last fifty imports, newest first."""
    return ImportsOut(imports=[ImportOut.of(one) for one in await queries.recent_imports(session, user.id)])


@router.get("/api/imports/{import_id}", response_model=ImportOut)
async def show_import(import_id: UUID, user: CurrentUser, session: Session) -> ImportOut:
    """One import: how far it is, what it brought, and, once it has ended, how the library's files stand."""
    found = await queries.import_by_id(session, user.id, import_id)
    if found.finished_at is not None:
        return ImportOut.of(found, await queries.file_counts(session, user.id))
    report = ImportOut.of(found)
    job = await jobs.job_by_id(session, user.id, found.job_id) if found.job_id else None
    if job is not None and job.state in jobs.FINAL:
        # Its job broke off without a word to it: the database went away, or a bug.
        report.state, report.error, report.error_code = job.state, job.error_message, job.error_code
    return report


@router.get("/api/imports/{import_id}/problems", response_model=ProblemsOut)
async def list_problems(
    import_id: UUID,
    user: CurrentUser,
    session: Session,
    after: Annotated[int, Query(ge=-1, le=LARGEST)] = -1,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> ProblemsOut:
    """What could not be used, in the order of the file."""
    await queries.import_by_id(session, user.id, import_id)
    found = await queries.problems_of(session, import_id, after=after, limit=limit)
    following = found[-1].number if len(found) == limit else None
    return ProblemsOut(problems=[ProblemOut.of(one) for one in found], next=following)


@router.post("/api/imports/{import_id}/cancel", response_model=ImportOut)
async def cancel(
    import_id: UUID, request: Request, user: CurrentUser, session: Session, afterwards: BackgroundTasks
) -> ImportOut:
    """Ask an import to stop; what came in stays."""
    found = await service.cancel_import(session, user.id, import_id)
    if found.state == "cancelled" and found.stored_path:
        settings: Settings = request.app.state.settings
        # After the answer, and so after the commit.
        afterwards.add_task(uploads.remove, uploads.folder(settings.state_root) / found.stored_path)
    return ImportOut.of(found)


@router.post("/api/check-existing", response_model=ExistingOut)
async def check_existing(request: Request, user: CurrentUser, session: Session) -> ExistingOut:
    """Which of these posts are here: a list of ids, by itself or as `post_ids`."""
    return await small.check_existing(session, user.id, await _body(request))


@router.post("/api/import/validate", response_model=ValidationOut)
async def validate(request: Request, user: CurrentUser, session: Session) -> ValidationOut:
    """What an import of these posts would find; writes nothing."""
    settings: Settings = request.app.state.settings
    return await small.validate(session, user.id, settings.home, await _body(request))


@router.post("/api/import", response_model=ImportedOut)
async def import_now(request: Request, user: CurrentUser, session: Session) -> ImportedOut:
    """Import up to 50 MB of posts within the request: `{"posts": [...]}` or the list by itself."""
    return await small.import_now(session, user.id, await _body(request))


@router.get("/api/files/missing")
async def list_missing(
    request: Request,
    user: CurrentUser,
    form: Annotated[listing.Format, Query(alias="format")] = "txt",
    import_id: Annotated[UUID | None, Query(alias="import")] = None,
) -> Response:
    """Every file that is not here, for wget (`txt`), aria2 or curl; each target path once, streamed."""
    database: Database = request.app.state.database
    if import_id is not None:
        async with database.begin() as session:
            await queries.import_by_id(session, user.id, import_id)
    name = "missing-files.txt" if form == "txt" else f"missing-files.{form}.txt"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    blocks = _missing(database, user.id, import_id, form)
    return StreamingResponse(blocks, media_type="text/plain; charset=utf-8", headers=headers)


async def _missing(
    database: Database, user_id: UUID, import_id: UUID | None, form: listing.Format
) -> AsyncIterator[str]:
    """The list in blocks, from a transaction of its own that lives as long as the answer."""
    async with database.begin() as session:
        came_with = await queries.import_by_id(session, user_id, import_id) if import_id else None
        held = listing.HEADS[form]
        async for url, path in queries.missing_files(session, user_id, came_with=came_with):
            held += listing.line_of(url, path, form)
            if len(held) >= LIST_BLOCK:
                yield held
                held = ""
        yield held


def _announced(request: Request) -> int:
    length = request.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else 0


async def _body(request: Request) -> bytes:
    """The whole body as it came, unless it is too large; `BodyTooLarge` before the rest is read.

    `Malformed` when it does not say that it is JSON: a page of another site can send a form without asking us first.
    """
    if not JSON_TYPE.match(request.headers.get("content-type", "")):
        raise Malformed("Send JSON, and say so: Content-Type: application/json.")
    if _announced(request) > MAX_BODY:
        raise BodyTooLarge(MAX_BODY)
    held = bytearray()
    async for block in request.stream():
        held += block
        if len(held) > MAX_BODY:
            raise BodyTooLarge(MAX_BODY)
    return bytes(held)
