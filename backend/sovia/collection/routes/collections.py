"""Collections over HTTP: made, listed, changed, deleted, moved."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from sovia.account.deps import CurrentUser
from sovia.collection import queries
from sovia.collection.answers import one_shown, operation_answer, shown
from sovia.collection.schemas import CollectionChange, NewCollection, PlaceIn
from sovia.collection.service import collections as service
from sovia.kit.answers import Json
from sovia.kit.db import Session

router = APIRouter(prefix="/api/collections", tags=["collections"])


@router.get("")
async def list_collections(
    request: Request,
    user: CurrentUser,
    session: Session,
    tree: Annotated[bool, Query(description="In the order of the tree instead of the last changed first.")] = False,
) -> Response:
    """All collections, with how much is in them and a few pictures."""
    several = await queries.collections(session, user.id, as_tree=tree)
    return Json(await shown(session, request.app.state, user.id, several))


@router.post("", status_code=201)
async def create(given: NewCollection, user: CurrentUser, session: Session, request: Request) -> Response:
    """Make a collection, filled by hand or (with a filter) by itself."""
    found, operation = await service.create(session, user.id, given)
    return Json(await one_shown(session, request.app.state, found, operation), status_code=201)


@router.put("/{collection_id}")
@router.patch("/{collection_id}")
async def change(
    collection_id: UUID, given: CollectionChange, user: CurrentUser, session: Session, request: Request
) -> Response:
    """Change what is given; the rest stays."""
    found, operation = await service.change(session, user.id, collection_id, given)
    return Json(await one_shown(session, request.app.state, found, operation))


@router.delete("/{collection_id}")
async def delete(collection_id: UUID, user: CurrentUser, session: Session) -> Response:
    """Delete a collection; its posts stay, and it can be undone."""
    found, operation = await service.delete(session, user.id, collection_id)
    return Json({"message": f"Deleted {found.name}.", "operation": operation_answer(operation)})


@router.put("/{collection_id}/place")
async def place(collection_id: UUID, given: PlaceIn, user: CurrentUser, session: Session, request: Request) -> Response:
    """Put a collection into another one, or at the top; at most eight levels deep."""
    found, operation = await service.place(
        session, user.id, collection_id, parent_id=given.parent_id, before=given.before
    )
    return Json(await one_shown(session, request.app.state, found, operation))


@router.post("/{collection_id}/seen")
async def seen(collection_id: UUID, user: CurrentUser, session: Session, request: Request) -> Response:
    """What a smart collection found until now is not new any more."""
    return Json(await one_shown(session, request.app.state, await service.seen(session, user.id, collection_id), None))
