"""What was done, over HTTP: listed, undone, done again."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from sovia.account.deps import CurrentUser
from sovia.collection.answers import operation_answer
from sovia.collection.queries import operations_page
from sovia.collection.service import collections, items, marks, ordering, trash
from sovia.kit.answers import Json
from sovia.kit.db import Session
from sovia.kit.paging import cursor_of, values_of
from sovia.library.service import operating
from sovia.search.errors import BadCursor

router = APIRouter(prefix="/api/operations", tags=["operations"])
# Importing them registers what undoes their operations.
ALL = (collections, items, marks, ordering, trash)


@router.get("")
async def list_operations(
    user: CurrentUser,
    session: Session,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
) -> Response:
    """What was done, the last first; `next` is the cursor of the next page."""
    await operating.give_up_dead(session, user.id)
    found = await operations_page(session, user.id, before=_place(cursor) if cursor else None, limit=limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    following = cursor_of("operations", last.at.isoformat(), str(last.id)) if last else None
    return Json({"operations": [operation_answer(one) for one in found[:limit]], "next": following})


@router.post("/{operation_id}/undo")
async def undo(operation_id: UUID, user: CurrentUser, session: Session) -> Response:
    """Make undone what was done, wherever it still stands; twice is fine."""
    return Json(operation_answer(await operating.turn(session, user.id, operation_id, back=True)))


@router.post("/{operation_id}/redo")
async def redo(operation_id: UUID, user: CurrentUser, session: Session) -> Response:
    """Do again what was undone."""
    return Json(operation_answer(await operating.turn(session, user.id, operation_id, back=False)))


def _place(cursor: str) -> tuple[datetime, UUID]:
    match values_of(cursor):
        case ["operations", str(at), str(operation_id)]:
            try:
                found = datetime.fromisoformat(at), UUID(operation_id)
                if found[0].tzinfo is not None:
                    return found
            except ValueError:
                pass
    raise BadCursor
