"""Imports over HTTP: start one, watch it, and what can be asked of it."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, BackgroundTasks, Query, Request
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.account.deps import CurrentUser
from sovia.importer import pieces, queries, steering, undoing, uploads
from sovia.importer.errors import Malformed, NoFileSent
from sovia.importer.interrupted import note_lost
from sovia.importer.models import Import
from sovia.importer.options import Options, options_of
from sovia.importer.routes.bodies import announced, is_json, json_body
from sovia.importer.schemas import ImportOut, ImportsOut, ImportStarted, PreviewItem, PreviewOut
from sovia.importer.states import stored_of
from sovia.kit import jobs
from sovia.kit.db import Database, Session
from sovia.kit.settings import Settings

router = APIRouter()
MAX_ORDER = 1_000_000
# Of the database's numbers.
LARGEST = 2**63 - 1


@router.post("/api/imports", status_code=202, response_model=ImportStarted)
async def start(request: Request, user: CurrentUser) -> ImportStarted:
    """Send an export as the form field `file`, imported at once; or, as JSON, name uploads or a folder of the server.

    `{"uploads": [id, ...], "folder": name, "check": true, "options": {...}}`: with `check` it is only looked at.
    """
    if is_json(request):
        return await _ordered(request, user.id)
    settings: Settings = request.app.state.settings
    database: Database = request.app.state.database
    stored, name = await uploads.receive(
        request.stream(),
        uploads.folder(settings.state_root),
        content_type=request.headers.get("content-type", ""),
        announced=announced(request),
    )
    try:
        # The transaction begins after the upload, so that a slow sender holds no connection.
        async with database.begin() as session:
            file = {"name": name, "stored": stored.name, "size": uploads.size_of(stored)}
            started = await steering.start_import(session, user.id, [file])
    except BaseException:
        uploads.remove(stored)
        raise
    return ImportStarted(id=started.id, job_id=started.job_id)


async def _ordered(request: Request, user_id: UUID) -> ImportStarted:
    """Start what a JSON body asks for."""
    settings: Settings = request.app.state.settings
    database: Database = request.app.state.database
    asked = _object(await json_body(request, MAX_ORDER))
    if not asked.get("uploads") and not asked.get("folder"):
        raise NoFileSent
    options, check = options_of(asked.get("options")), asked.get("check", False)
    if not isinstance(check, bool):
        raise Malformed("`check` is true or false.")
    async with database.begin() as session:
        files = await pieces.take(session, user_id, asked.get("uploads") or [], settings.state_root)
        origin = "upload"
        if asked.get("folder"):
            files += await pieces.from_folder(asked["folder"], settings.import_root)
            origin = "folder"
        started = await steering.start_import(session, user_id, files, origin=origin, check=check, options=options)
    return ImportStarted(id=started.id, job_id=started.job_id)


@router.get("/api/imports", response_model=ImportsOut)
async def list_imports(user: CurrentUser, session: Session) -> ImportsOut:
    """The last fifty imports, newest first."""
    found = await queries.recent_imports(session, user.id)
    # What is shown may differ from what is kept; nothing is written here.
    session.expunge_all()
    await note_lost(session, found)
    return ImportsOut(imports=[ImportOut.of(one) for one in found])


@router.get("/api/imports/{import_id}", response_model=ImportOut)
async def show_import(import_id: UUID, user: CurrentUser, session: Session) -> ImportOut:
    """One import: how far it is, what it brought, and, once it has ended, how the files of its posts stand."""
    return await _shown(session, user.id, await queries.import_by_id(session, user.id, import_id))


@router.get("/api/imports/{import_id}/check/{bucket}", response_model=PreviewOut)
async def show_bucket(
    import_id: UUID,
    bucket: str,
    user: CurrentUser,
    session: Session,
    after: Annotated[int, Query(ge=-1, le=LARGEST)] = -1,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> PreviewOut:
    """The first posts of one bucket of a dry run."""
    await queries.import_by_id(session, user.id, import_id)
    found = await queries.previews_of(session, import_id, bucket, after=after, limit=limit)
    following = found[-1].number if len(found) == limit else None
    items = [PreviewItem.model_validate({**one.item, "number": one.number}) for one in found]
    return PreviewOut(items=items, next=following)


@router.post("/api/imports/{import_id}/run", status_code=202, response_model=ImportStarted)
async def run(import_id: UUID, request: Request, user: CurrentUser, session: Session) -> ImportStarted:
    """Take in what was checked; `{"options": {...}}` replaces the options that the check was given."""
    await queries.import_by_id(session, user.id, import_id)
    asked = _object(await json_body(request, MAX_ORDER)) if is_json(request) else {}
    options: Options | None = options_of(asked["options"]) if asked.get("options") is not None else None
    found = await steering.run_checked(session, user.id, import_id, options)
    return ImportStarted(id=found.id, job_id=found.job_id)


@router.post("/api/imports/{import_id}/cancel", response_model=ImportOut)
async def cancel(
    import_id: UUID, request: Request, user: CurrentUser, session: Session, afterwards: BackgroundTasks
) -> ImportOut:
    """Ask an import to stop; what came in stays."""
    found = await steering.cancel_import(session, user.id, import_id)
    if found.state == "cancelled":
        settings: Settings = request.app.state.settings
        # After the answer, and so after the commit.
        afterwards.add_task(uploads.remove_all, settings.state_root, stored_of(found))
    return await _shown(session, user.id, found)


def _steer(path: str, deed: Callable[[AsyncSession, UUID, UUID], Awaitable[Import]]) -> None:
    """One more thing that can be asked of an import."""

    async def asked(import_id: UUID, user: CurrentUser, session: Session) -> ImportOut:
        return await _shown(session, user.id, await deed(session, user.id, import_id))

    asked.__doc__ = deed.__doc__
    router.add_api_route(
        f"/api/imports/{{import_id}}/{path}", asked, methods=["POST"], response_model=ImportOut, name=path
    )


_steer("pause", steering.pause_import)
_steer("resume", steering.resume_import)
_steer("undo", undoing.undo_import)
_steer("redo", undoing.redo_import)


async def _shown(session: AsyncSession, user_id: UUID, found: Import) -> ImportOut:
    """The report, also of an import whose job broke off without a word to it."""
    job = await jobs.job_by_id(session, user_id, found.job_id) if found.job_id else None
    # What is shown may differ from what is kept; nothing is written here.
    await session.flush()
    session.expunge(found)
    steering.note_broken(found, job)
    await note_lost(session, [found])
    counts = await queries.file_counts(session, user_id, found.id) if found.finished_at is not None else None
    return ImportOut.of(found, counts)


def _object(body: bytes) -> dict[str, Any]:
    """The JSON object that a body is, or `NoFileSent` when it is none."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Malformed("This is no JSON.") from None
    if not isinstance(value, dict):
        raise NoFileSent
    return value
