"""The media folders over HTTP: look into them again, and accept one whose marker was lost."""

from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel

from sovia.account.deps import CurrentUser
from sovia.kit.db import Session
from sovia.kit.settings import Settings
from sovia.library.service import filing, rooting

router = APIRouter(prefix="/api/files", tags=["files"])


class LookStarted(BaseModel):
    """The job that looks for files."""

    job_id: UUID


@router.post("/look", status_code=202, response_model=LookStarted)
async def look(user: CurrentUser, session: Session) -> LookStarted:
    """Look for all files again, also for those that were moved or came by another way."""
    return LookStarted(job_id=await filing.look_soon(session, user.id))


@router.post("/roots/{root_id}/accept", status_code=202, response_model=LookStarted)
async def accept(root_id: str, request: Request, user: CurrentUser, session: Session) -> LookStarted:
    """Take a media folder for the one it was, though its marker is not there; then look for files in it."""
    settings: Settings = request.app.state.settings
    await rooting.accept(session, settings, root_id.replace("\x00", ""))
    return LookStarted(job_id=await filing.look_soon(session, user.id))
