"""The version of a library: bumped by every change that the gallery could show."""

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.library.models import LibraryVersion


async def touch(session: AsyncSession, user_id: UUID) -> int:
    """Bump the version inside the change's own transaction, as late in it as possible; the new version.

    The row stays locked until the transaction ends, so that versions grow in the order of commits.
    """
    row = insert(LibraryVersion).values(user_id=user_id, version=1)
    bump = row.on_conflict_do_update(index_elements=["user_id"], set_={"version": LibraryVersion.version + 1})
    return int((await session.execute(bump.returning(LibraryVersion.version))).scalar_one())


async def touch_all(session: AsyncSession) -> None:
    """Bump the version of every library: a folder of the machine holds files of any of them."""
    await session.execute(update(LibraryVersion).values(version=LibraryVersion.version + 1))
