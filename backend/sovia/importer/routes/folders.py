"""What lies in the import folder, and which files are still missing, over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from sovia.account.deps import CurrentUser
from sovia.importer import folders, listing, queries
from sovia.importer.schemas import FolderOut, FoldersOut
from sovia.kit.db import Database
from sovia.kit.settings import Settings

router = APIRouter()
LIST_BLOCK = 65_536


@router.get("/api/import-folders", response_model=FoldersOut)
async def list_folders(request: Request, _user: CurrentUser) -> FoldersOut:
    """The folders and files below the import folder of the server."""
    settings: Settings = request.app.state.settings
    found = await asyncio.to_thread(folders.entries, settings.import_root)
    shown = [FolderOut(name=one.name, files=one.files, bytes=one.size) for one in found]
    return FoldersOut(folders=shown, watched=settings.watch_import_folder)


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
