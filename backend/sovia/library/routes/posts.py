"""One post: everything about it."""

from uuid import UUID

from fastapi import APIRouter, Response

from sovia.account.deps import CurrentUser
from sovia.kit.answers import Json
from sovia.kit.db import Session
from sovia.library.details import post_answer
from sovia.library.queries import marks, posts

router = APIRouter(prefix="/api/media", tags=["posts"])


@router.get("/{post_id}")
async def post(post_id: UUID, user: CurrentUser, session: Session) -> Response:
    """Everything about a post: prompts, facts, marks, files, its stack and where it came from."""
    found = await posts.post_by_id(session, user.id, post_id)
    files = await posts.files_of(session, user.id, post_id)
    stack = await posts.stack_cards(session, user.id, found.root_id)
    parent = next((card for card in stack if card["id"] == found.parent_id), None)
    return Json(post_answer(found, files, stack, parent) | await marks.marks_of(session, user.id, post_id))
