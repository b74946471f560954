"""Uploads in pieces over HTTP: the tus protocol 1.0.0 with creation, termination and expiration (https://tus.io)."""

import asyncio
from email.utils import format_datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Header, Request, Response

from sovia.account.deps import CurrentUser
from sovia.importer import pieces, uploads
from sovia.importer.errors import Malformed, UnknownVersion, WrongType
from sovia.importer.models import Upload
from sovia.kit.db import Database, Session
from sovia.kit.settings import Settings

router = APIRouter()
VERSION = "1.0.0"
ALWAYS = {"Tus-Resumable": VERSION, "Cache-Control": "no-store"}
ABOUT = {"Tus-Version": VERSION, "Tus-Extension": "creation,termination,expiration"}
PIECE = "application/offset+octet-stream"
Version = Annotated[str, Header(alias="Tus-Resumable")]
Number = Annotated[str, Header()]


@router.options("/api/uploads", status_code=204)
async def about(request: Request, _user: CurrentUser) -> Response:
    """What of the protocol is spoken here."""
    settings: Settings = request.app.state.settings
    room = await asyncio.to_thread(pieces.free, settings.state_root)
    return Response(status_code=204, headers=ALWAYS | ABOUT | {"Tus-Max-Size": str(room)})


@router.post("/api/uploads", status_code=201)
async def create(
    request: Request,
    user: CurrentUser,
    session: Session,
    version: Version = "",
    upload_length: Number = "",
    upload_metadata: Annotated[str, Header()] = "",
) -> Response:
    """Begin an upload; its address is in `Location`."""
    _spoken(version)
    settings: Settings = request.app.state.settings
    length, name = _number(upload_length, "Upload-Length"), pieces.named(upload_metadata)
    found = await pieces.create(session, user.id, length=length, name=name, state_root=settings.state_root)
    headers = {"Location": f"/api/uploads/{found.id}", "Upload-Offset": "0"}
    return Response(status_code=201, headers=ALWAYS | headers | _expires(found))


@router.head("/api/uploads/{upload_id}")
async def show(upload_id: UUID, request: Request, user: CurrentUser, session: Session) -> Response:
    """How much of an upload is here."""
    settings: Settings = request.app.state.settings
    found = await pieces.find(session, user.id, upload_id)
    here = await asyncio.to_thread(pieces.offset_of, settings.state_root, upload_id)
    headers = {"Upload-Offset": str(here), "Upload-Length": str(found.length)}
    return Response(status_code=200, headers=ALWAYS | headers | _expires(found))


@router.patch("/api/uploads/{upload_id}", status_code=204)
async def append(
    upload_id: UUID,
    request: Request,
    user: CurrentUser,
    version: Version = "",
    upload_offset: Number = "",
    content_type: Annotated[str, Header()] = "",
) -> Response:
    """Send the next piece, from `Upload-Offset` on."""
    settings: Settings = request.app.state.settings
    database: Database = request.app.state.database
    # Transactions before and after, so that a slow sender holds no connection.
    async with database.begin() as session:
        length = (await pieces.find(session, user.id, upload_id)).length
    _spoken(version)
    if content_type.partition(";")[0].strip().lower() != PIECE:
        raise WrongType(PIECE)
    offset = _number(upload_offset, "Upload-Offset")
    here = await pieces.append(
        request.stream(), upload_id, offset=offset, length=length, state_root=settings.state_root
    )
    async with database.begin() as session:
        found = await pieces.find(session, user.id, upload_id)
        found.expires_at = pieces.expiry()
    return Response(status_code=204, headers=ALWAYS | {"Upload-Offset": str(here)} | _expires(found))


@router.delete("/api/uploads/{upload_id}", status_code=204)
async def remove(
    upload_id: UUID, request: Request, user: CurrentUser, session: Session, afterwards: BackgroundTasks
) -> Response:
    """Give an upload up; nothing of it is kept."""
    settings: Settings = request.app.state.settings
    await pieces.remove(session, user.id, upload_id)
    # After the answer, and so after the commit.
    afterwards.add_task(uploads.remove, uploads.folder(settings.state_root) / uploads.stored_name(upload_id))
    return Response(status_code=204, headers=ALWAYS)


def _spoken(version: str) -> None:
    if version != VERSION:
        raise UnknownVersion(VERSION)


def _number(text: str, name: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Malformed(f"{name} must be a number of bytes.")
    return int(text)


def _expires(found: Upload) -> dict[str, str]:
    return {"Upload-Expires": format_datetime(found.expires_at, usegmt=True)}
