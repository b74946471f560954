"""One post: everything about it, and its like."""

from uuid import UUID

from fastapi import APIRouter, Response

from sovia.account.deps import CurrentUser
from sovia.kit.answers import Json
from sovia.kit.db import Session
from sovia.library.details import post_answer
from sovia.library.queries import posts
from sovia.library.schemas import LikeIn, LikeOut
from sovia.library.service import liking

router = APIRouter(prefix="/api/media", tags=["posts"])


@router.get("/{post_id}")
async def post(post_id: UUID, user: CurrentUser, session: Session) -> Response:
    """Everything about a post: prompts, facts, files, its stack and where it came from."""
    found = await posts.post_by_id(session, user.id, post_id)
    files = await posts.files_of(session, user.id, post_id)
    stack = await posts.stack_cards(session, user.id, found.root_id)
    parent = next((card for card in stack if card["id"] == found.parent_id), None)
    return Json(post_answer(found, files, stack, parent))


@router.post("/{post_id}/like", response_model=LikeOut)
async def toggle_like(post_id: UUID, user: CurrentUser, session: Session) -> LikeOut:
    """Turn a post's like on or off."""
    return LikeOut(id=post_id, like_status=await liking.toggle_liked(session, user.id, post_id))


@router.put("/{post_id}/like", response_model=LikeOut)
async def set_like(post_id: UUID, wanted: LikeIn, user: CurrentUser, session: Session) -> LikeOut:
    """Give a post this like; doing it twice is fine."""
    return LikeOut(id=post_id, like_status=await liking.set_liked(session, user.id, post_id, wanted.liked))
