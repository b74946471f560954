"""Background work of gathering: changes of very many posts."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sovia.collection.service import marks, trash
from sovia.kit.jobs import JobContext, task

Deed = Callable[[AsyncSession, UUID, UUID, dict[str, Any]], Awaitable[int]]


@task(marks.JOB)
async def change_posts(context: JobContext) -> dict[str, Any]:
    """Give very many posts their marks, or put them into the trash."""
    return await _carry_out(context, marks.carry_out_later)


@task(trash.JOB)
async def change_trash(context: JobContext) -> dict[str, Any]:
    """Take very many posts out of the trash, or empty it of them."""
    return await _carry_out(context, trash.carry_out_later)


async def _carry_out(context: JobContext, deed: Deed) -> dict[str, Any]:
    """Do all of it in one transaction, or say that the operation failed; one that was called off is not begun."""
    operation_id = UUID(context.payload["operation"])
    if await context.cancelled():
        await _fail(context, operation_id)
        return {"cancelled": True}
    try:
        async with context.database.begin() as session:
            changed = await deed(session, context.user_id, operation_id, context.payload)
    except Exception:
        await _fail(context, operation_id)
        raise
    return {"changed": changed}


async def _fail(context: JobContext, operation_id: UUID) -> None:
    async with context.database.begin() as session:
        await marks.fail(session, context.user_id, operation_id)
