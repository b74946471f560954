"""What an import sets going: looking for its files, its prompts in the index of similar posts, fetching if wanted."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit.jobs import enqueue, enqueue_once
from sovia.library.service.filing import look_soon


async def set_going(session: AsyncSession, user_id: UUID) -> None:
    """Want the jobs that follow an import; each looks for its own work, so wanting it once more costs nothing."""
    await look_soon(session, user_id)
    # By its name, since the rooms of the same floor are strangers to each other.
    await enqueue_once(session, "similarity.catch_up", user_id=user_id, title="Index of similar posts", priority=-1)


async def have_fetched(session: AsyncSession, user_id: UUID, import_id: UUID) -> None:
    """Want the files fetched that the posts of an import name and that are not here, after they were looked for."""
    # By its name, since that room lies above this one.
    wanted = {"import": str(import_id), "once_looked_for": True}
    title = "Fetching files of an import"
    await enqueue(session, "fetching.fetch_files", user_id=user_id, title=title, payload=wanted, priority=-1)
