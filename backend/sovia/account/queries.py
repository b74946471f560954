"""Every SELECT about users and sign-ins."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.account.models import SignIn, User


async def find_user(session: AsyncSession, user_id: UUID) -> User | None:
    """The user, or nothing."""
    return await session.get(User, user_id)


async def find_signed_in_user(session: AsyncSession, token_hash: bytes, at: datetime) -> User | None:
    """The user whose unexpired sign-in this token is, or nothing."""
    query = select(User).join(SignIn).where(SignIn.token_hash == token_hash, SignIn.expires_at > at)
    user: User | None = await session.scalar(query)
    return user
