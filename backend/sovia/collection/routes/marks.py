"""Likes, ratings, statuses, tags and the trash over HTTP: of one post, of several, of all that a filter finds."""

from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.account.deps import CurrentUser
from sovia.collection.answers import operation_answer
from sovia.collection.schemas import Marks, MarksOfMany, PostsIn
from sovia.collection.service import marks as service
from sovia.kit.answers import Json
from sovia.kit.db import Session
from sovia.library.gathered import Operation
from sovia.library.queries import posts
from sovia.library.queries.marks import marks_of
from sovia.library.schemas import LikeIn, LikeOut

router = APIRouter(prefix="/api", tags=["posts"])


@router.post("/posts/marks")
async def mark_many(given: MarksOfMany, user: CurrentUser, session: Session) -> Response:
    """Mark several posts, or the roots of all stacks that a filter finds; very many are left to a job."""
    return changed(await service.mark(session, user.id, given.wanted(), ids=given.ids, typed=given.filter))


@router.post("/posts/trash")
async def trash(given: PostsIn, user: CurrentUser, session: Session) -> Response:
    """Put posts with everything made from them into the trash; very many are left to a job."""
    return changed(await service.trash(session, user.id, ids=given.ids, typed=given.filter))


@router.patch("/posts/{post_id}")
async def mark_one(post_id: UUID, given: Marks, user: CurrentUser, session: Session) -> Response:
    """Mark one post; the marks it has now."""
    await posts.post_by_id(session, user.id, post_id)
    operation = await service.mark(session, user.id, given.wanted(), ids=[post_id], typed=None)
    answer = await marks_of(session, user.id, post_id)
    return Json(answer | {"operation": operation_answer(operation)})


@router.delete("/media/{post_id}")
async def trash_one(post_id: UUID, user: CurrentUser, session: Session) -> Response:
    """Put a post with everything made from it into the trash."""
    await posts.post_by_id(session, user.id, post_id)
    return changed(await service.trash(session, user.id, ids=[post_id], typed=None))


@router.post("/media/{post_id}/like", response_model=LikeOut)
async def toggle_like(post_id: UUID, user: CurrentUser, session: Session) -> LikeOut:
    """Turn a post's like on or off."""
    await posts.post_by_id(session, user.id, post_id)
    return await _like(session, user.id, post_id, not await service.is_liked(session, user.id, post_id))


@router.put("/media/{post_id}/like", response_model=LikeOut)
async def set_like(post_id: UUID, wanted: LikeIn, user: CurrentUser, session: Session) -> LikeOut:
    """Give a post this like; doing it twice is fine."""
    await posts.post_by_id(session, user.id, post_id)
    return await _like(session, user.id, post_id, wanted.liked)


def changed(operation: Operation | None) -> Response:
    """How many posts changed; not known yet while a job is at it."""
    later = operation is not None and operation.state == "running"
    count = None if later else operation.count if operation else 0
    return Json({"changed": count, "operation": operation_answer(operation)}, status_code=202 if later else 200)


async def _like(session: AsyncSession, user_id: UUID, post_id: UUID, liked: bool | None) -> LikeOut:
    await service.mark(session, user_id, {"liked": liked}, ids=[post_id], typed=None)
    return LikeOut(id=post_id, like_status=liked)
