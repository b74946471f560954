"""Giving out over HTTP: posts as a stream of JSON, and a zip that a job prepares and that can be fetched in pieces."""

import asyncio
import os
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse, StreamingResponse
from pydantic import BaseModel, Field

from sovia.account.deps import CurrentUser
from sovia.keeping import queries
from sovia.keeping import service as keeping
from sovia.keeping.errors import ExportNotFound
from sovia.keeping.exporting import service
from sovia.keeping.exporting.cleaning import NotCleanable, cleaned
from sovia.kit import jobs
from sovia.kit.answers import Json
from sovia.kit.db import Database, Session
from sovia.kit.jobs import JobNotFound
from sovia.kit.settings import Settings
from sovia.library.roots import open_place

router = APIRouter(prefix="/api", tags=["exports"])
LARGEST = 100_000_000


class ExportIn(BaseModel):
    """What goes into a zip: the stacks of a filter, by default all, under names of a template."""

    filter: str = Field("", max_length=10_000)
    template: str = Field(service.PLAIN, max_length=300)


@router.get("/export.json")
async def export_json(
    request: Request,
    user: CurrentUser,
    session: Session,
    text: Annotated[str, Query(alias="filter", max_length=10_000)] = "",
) -> Response:
    """The posts of a filter, all by default, as JSON that can be imported again."""
    await keeping.meaning_of_text(session, user.id, text)
    database: Database = request.app.state.database
    headers = {"Content-Disposition": 'attachment; filename="8xsovia-posts.json"', "Cache-Control": "no-store"}
    pieces = service.json_of(database, user.id, text)
    return StreamingResponse(pieces, media_type="application/json", headers=headers)


@router.post("/exports", status_code=202)
async def prepare_export(given: ExportIn, user: CurrentUser, session: Session) -> Response:
    """Have a zip prepared with posts, media and a manifest; the job, whose id is that of the export."""
    job_id = await service.export_soon(session, user.id, given.filter, given.template)
    job = await jobs.job_by_id(session, user.id, job_id)
    answer = {"id": job.id, "kind": job.kind, "title": job.title, "state": job.state}
    return Json(answer, status_code=202)


@router.get("/exports/clean/{post_id}")
async def fetch_clean(post_id: UUID, request: Request, user: CurrentUser, session: Session) -> Response:
    """The picture of a post without what is written in it beside its pixels, under a name that says nothing."""
    settings: Settings = request.app.state.settings
    found = await queries.find_picture(session, user.id, post_id)
    if found is None:
        raise NotCleanable
    place, mime = found
    content = await asyncio.to_thread(_cleaned, settings, place)
    name = f"picture.{mime.removeprefix('image/').replace('jpeg', 'jpg')}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=mime, headers=headers)


def _cleaned(settings: Settings, place: str) -> bytes:
    try:
        descriptor = open_place(settings.media_root, place)
    except OSError:
        raise NotCleanable from None
    with os.fdopen(descriptor, "rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise NotCleanable
    return cleaned(content)


@router.get("/exports/{export_id}/file")
async def fetch_export(export_id: UUID, request: Request, user: CurrentUser, session: Session) -> Response:
    """The zip, whole or in ranges, as long as it is kept (a week)."""
    settings: Settings = request.app.state.settings
    try:
        job = await jobs.job_by_id(session, user.id, export_id)
    except JobNotFound:
        raise ExportNotFound from None
    path = service.place_of(settings.state_root, job.id)
    if job.kind != service.EXPORT or not await asyncio.to_thread(path.is_file):
        raise ExportNotFound
    name = f"8xsovia-{job.created_at:%Y-%m-%d}.zip"
    return FileResponse(path, media_type="application/zip", filename=name, headers={"Cache-Control": "no-store"})
