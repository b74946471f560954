"""Liking posts; a like given here outlives every import."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit import clock
from sovia.library.errors import PostNotFound
from sovia.library.models import Post
from sovia.library.service.versions import touch


async def set_liked(session: AsyncSession, user_id: UUID, post_id: UUID, liked: bool | None) -> bool | None:
    """Give a post this like; the like it has now. Setting what already stands changes nothing."""
    post = await _locked(session, user_id, post_id)
    if post.liked is not liked or not post.liked_here:
        post.liked, post.liked_here, post.updated_at = liked, True, clock.now()
        await session.flush()
        await touch(session, user_id)
    return liked


async def toggle_liked(session: AsyncSession, user_id: UUID, post_id: UUID) -> bool:
    """Turn a like on or off; parallel toggles each count. The like the post has now."""
    post = await _locked(session, user_id, post_id)
    liked = not post.liked
    await set_liked(session, user_id, post_id, liked)
    return liked


async def _locked(session: AsyncSession, user_id: UUID, post_id: UUID) -> Post:
    query = select(Post).where(Post.user_id == user_id, Post.id == post_id, Post.deleted_at.is_(None))
    post: Post | None = await session.scalar(query.with_for_update())
    if post is None:
        raise PostNotFound(post_id)
    return post
