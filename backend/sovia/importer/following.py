"""What an import sets going: looking for the files it names, and taking its prompts into the index of similar posts."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit.jobs import enqueue_once
from sovia.library.service.filing import look_soon


async def set_going(session: AsyncSession, user_id: UUID) -> None:
    """Want the jobs that follow an import; each looks for its own work, so wanting it once more costs nothing."""
    await look_soon(session, user_id)
    # By its name, since the rooms of the same floor are strangers to each other.
    await enqueue_once(session, "similarity.catch_up", user_id=user_id, title="Index of similar posts", priority=-1)
