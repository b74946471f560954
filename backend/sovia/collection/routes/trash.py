"""The trash over HTTP: listed, taken back, emptied."""

from base64 import b64encode
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from sovia.account.deps import CurrentUser
from sovia.collection.routes.marks import changed
from sovia.collection.schemas import EmptyIn, RestoreIn
from sovia.collection.service import trash as service
from sovia.collection.trashed import count_of, page_of, with_imports
from sovia.kit.answers import Json
from sovia.kit.db import Session
from sovia.kit.paging import cursor_of, values_of
from sovia.search.errors import BadCursor

router = APIRouter(prefix="/api/trash", tags=["trash"])


@router.get("")
async def list_trash(
    user: CurrentUser,
    session: Session,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
) -> Response:
    """What lies in the trash, what went last first; a stack that went as one is one."""
    found = await page_of(session, user.id, behind=_place(cursor) if cursor else None, limit=limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    following = cursor_of("trash", last["deleted_at"].isoformat(), str(last["id"])) if last else None
    count, elsewhere = await count_of(session, user.id), await with_imports(session, user.id)
    items = [_item(one) for one in found[:limit]]
    return Json({"count": count, "with_undone_imports": elsewhere, "items": items, "next": following})


@router.get("/count")
async def count_trash(user: CurrentUser, session: Session) -> Response:
    """How much lies in the trash."""
    return Json({"count": await count_of(session, user.id)})


@router.post("/restore")
async def restore(given: RestoreIn, user: CurrentUser, session: Session) -> Response:
    """Take posts out of the trash with what went with them, or everything; very many are left to a job."""
    return changed(await service.restore(session, user.id, given.ids))


@router.post("/empty")
async def empty(given: EmptyIn, user: CurrentUser, session: Session) -> Response:
    """Empty the trash; `count` is what somebody has read there and typed. No file is touched, and it can be undone."""
    return changed(await service.empty(session, user.id, given.count))


def _item(row: dict[str, Any]) -> dict[str, Any]:
    placeholder = row["placeholder"]
    return row | {"placeholder": b64encode(placeholder).decode() if placeholder else None}


def _place(cursor: str) -> tuple[datetime, UUID]:
    match values_of(cursor):
        case ["trash", str(at), str(post_id)]:
            try:
                found = datetime.fromisoformat(at), UUID(post_id)
                if found[0].tzinfo is not None:
                    return found
            except ValueError:
                pass
    raise BadCursor
