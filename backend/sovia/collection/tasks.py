"""Background work of gathering: changes of very many posts."""

from typing import Any
from uuid import UUID

from sovia.collection.service import marks, trash
from sovia.kit.jobs import JobContext, task


@task(marks.JOB)
async def change_posts(context: JobContext) -> dict[str, Any]:
    """Give very many posts their marks, or put them into the trash."""
    operation_id = UUID(context.payload["operation"])
    if await context.cancelled():
        await _fail(context, operation_id)
        return {"cancelled": True}
    try:
        async with context.database.begin() as session:
            changed = await marks.carry_out_later(session, context.user_id, operation_id, context.payload)
    except Exception:
        await _fail(context, operation_id)
        raise
    return {"changed": changed}


@task(trash.JOB)
async def change_trash(context: JobContext) -> dict[str, Any]:
    """Take very many posts out of the trash, or empty it of them."""
    operation_id = UUID(context.payload["operation"])
    try:
        async with context.database.begin() as session:
            changed = await trash.carry_out_later(session, context.user_id, operation_id, context.payload)
    except Exception:
        await _fail(context, operation_id)
        raise
    return {"changed": changed}


async def _fail(context: JobContext, operation_id: UUID) -> None:
    async with context.database.begin() as session:
        await marks.fail(session, context.user_id, operation_id)
