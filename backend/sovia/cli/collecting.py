"""A collection by its name, for commands that put posts into one."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.collection.schemas import named
from sovia.collection.service import collections
from sovia.kit.errors import Invalid
from sovia.library.gathered import Collection
from sovia.library.text import searchable


async def collection_named(session: AsyncSession, user_id: UUID, name: str) -> UUID:
    """The collection of this name that is filled by hand, the oldest of several; made when there is none."""
    try:
        name = named(name)[:100]
    except ValueError as error:
        raise Invalid(str(error)) from None
    query = select(Collection.id).where(
        Collection.user_id == user_id, Collection.name_key == searchable(name), Collection.deleted_at.is_(None)
    )
    found = await session.scalar(query.where(~Collection.is_smart).order_by(Collection.created_at).limit(1))
    if found is None:
        made = await collections.make(session, user_id, name)
        await collections.made(session, made)
        return made.id
    return UUID(str(found))
