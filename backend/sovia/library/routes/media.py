"""Media and what is derived from them, over HTTP: found by their row in the database, never by a free path."""

import asyncio
import os
import re
from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import RedirectResponse

from sovia.account.deps import CurrentUser
from sovia.kit import disk
from sovia.kit.db import Database, Session
from sovia.kit.settings import Settings
from sovia.library import copies, derived, roots
from sovia.library.cards import media_link
from sovia.library.errors import FileNotFound, FileNotIntact
from sovia.library.queries import files, posts
from sovia.library.routes import serving
from sovia.library.schemas import CopyOut
from sovia.library.service import filing

router = APIRouter(tags=["media"])

KEY = re.compile(r"[0-9a-f]{64}")
IfNoneMatch = Annotated[str | None, Header()]


@router.head("/media/{path:path}", include_in_schema=False)
@router.get("/media/{path:path}", response_class=Response)
async def media(
    path: str,
    request: Request,
    user: CurrentUser,
    download: bool = False,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """A file by its path below the installation, with ranges; `?download=1` gives it a name and saves it."""
    if not _is_plain(path):
        raise FileNotFound
    database: Database = request.app.state.database
    async with database.reading() as connection:
        served = await files.find_served_file(connection, user.id, path)
    if served is None or served.state not in ("present", "corrupt"):
        raise FileNotFound
    if served.state == "corrupt":
        raise FileNotIntact(served.reason or "its bytes are damaged")
    try:
        root, relative = roots.located(_settings(request), served.place)
        status, media_type = await asyncio.to_thread(serving.opened, root, relative, served)
    except OSError:
        raise FileNotFound from None
    answer = serving.media_answer(root / relative, status, media_type, download=download)
    if serving.has(answer.headers["etag"], if_none_match):
        return serving.not_modified(answer.headers["etag"], answer.headers["cache-control"])
    return answer


@router.head("/derived/{key}/{name}", include_in_schema=False)
@router.get("/derived/{key}/{name}", response_class=Response)
async def derived_file(
    key: str, name: str, request: Request, user: CurrentUser, session: Session, if_none_match: IfNoneMatch = None
) -> Response:
    """A thumbnail (`160.webp`, `320.webp`, `640.webp`), hover preview (`preview.mp4`) or `sprite.webp`, by sha256.

    While a preview has not been made, the answer leads to the clip itself; without a sprite it is empty (204).
    """
    if not KEY.fullmatch(key) or name not in derived.NAMES:
        raise FileNotFound
    database: Database = request.app.state.database
    async with database.reading() as connection:
        if not await files.has_thumbnail(connection, user.id, key):
            raise FileNotFound
    path = _settings(request).derived_root / derived.folder(key) / name
    status = _status(path)
    if status is None:
        if name == derived.SPRITE:
            # It is not made yet, or cannot be. The page asks for each; that it is not there is no mistake.
            return Response(status_code=204, headers={"Cache-Control": "no-store"})
        if name != derived.PREVIEW:
            raise FileNotFound
        return await _clip_itself(key, user, session)
    etag = f'"{key[:32]}-{status.st_size:x}"'
    answer = serving.derived_answer(path, status, etag)
    if serving.has(etag, if_none_match):
        return serving.not_modified(etag, answer.headers["cache-control"])
    return answer


@router.post("/api/media/{post_id}/copy", response_model=CopyOut)
async def copy(post_id: UUID, request: Request, user: CurrentUser, session: Session) -> CopyOut:
    """A copy in H.264 of a clip, for a browser that cannot play the clip: where it is, or the job that makes it."""
    key = (await posts.post_by_id(session, user.id, post_id)).thumbnail
    served = await files.find_file_by_fingerprint(session, user.id, bytes.fromhex(key)) if key else None
    if key is None or served is None or not (served.mime_type or "").startswith("video/"):
        return CopyOut(state="none", url=None, job_id=None)
    state = await asyncio.to_thread(copies.state, _settings(request).derived_root, key)
    if state != "none":
        return CopyOut(state=state, url=f"/derived/{key}/{derived.COPY}" if state == "ready" else None, job_id=None)
    return CopyOut(state="making", url=None, job_id=await filing.copy_soon(session, user.id, key))


async def _clip_itself(key: str, user: CurrentUser, session: Session) -> Response:
    served = await files.find_file_by_fingerprint(session, user.id, bytes.fromhex(key))
    link = media_link(served.place) if served else None
    if link is None:
        raise FileNotFound
    return RedirectResponse(link, 307, headers={"Cache-Control": "no-store"})


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def _status(path: Path) -> os.stat_result | None:
    # A file of no bytes is what a power cut leaves.
    try:
        status = path.stat()
    except OSError:
        return None
    return status if status.st_size else None


def _is_plain(path: str) -> bool:
    try:
        disk.components(path)
    except disk.NotBeneath:
        return False
    return True
