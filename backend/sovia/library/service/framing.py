"""What the first and the last frame of clips look like, written once for each."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.library.models import ClipFrames

WITH_SIGN = 1 << 63


async def record_frames(session: AsyncSession, user_id: UUID, key: str, first: int | None, last: int | None) -> None:
    """Keep the looks, or that there are none, so that nobody looks again."""
    values = {"user_id": user_id, "thumbnail": key, "first": _signed(first), "last": _signed(last)}
    row = insert(ClipFrames).values(values)
    again = {"first": row.excluded.first, "last": row.excluded.last}
    await session.execute(row.on_conflict_do_update(index_elements=["user_id", "thumbnail"], set_=again))


def _signed(number: int | None) -> int | None:
    """64 bits as the database keeps them."""
    return None if number is None else (number ^ WITH_SIGN) - WITH_SIGN
