"""The small synchronous import of older clients over HTTP: ask what is here, ask what would happen, do it."""

from fastapi import APIRouter, Request

from sovia.account.deps import CurrentUser
from sovia.importer import small
from sovia.importer.routes.bodies import json_body
from sovia.importer.schemas import ExistingOut, ImportedOut, ValidationOut
from sovia.kit.db import Session
from sovia.kit.settings import Settings

router = APIRouter()


@router.post("/api/check-existing", response_model=ExistingOut)
async def check_existing(request: Request, user: CurrentUser, session: Session) -> ExistingOut:
    """Which of these posts are here: a list of ids, by itself or as `post_ids`."""
    return await small.check_existing(session, user.id, await json_body(request))


@router.post("/api/import/validate", response_model=ValidationOut)
async def validate(request: Request, user: CurrentUser, session: Session) -> ValidationOut:
    """What an import of these posts would find; writes nothing."""
    settings: Settings = request.app.state.settings
    return await small.validate(session, user.id, settings.home, await json_body(request))


@router.post("/api/import", response_model=ImportedOut)
async def import_now(request: Request, user: CurrentUser, session: Session) -> ImportedOut:
    """Import up to 50 MB of posts within the request: `{"posts": [...]}` or the list by itself."""
    settings: Settings = request.app.state.settings
    return await small.import_now(session, user.id, await json_body(request), settings.media_root)
