"""Collections made from collections: as they are now, once more, together, what they share, what only one has."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sovia.collection.filtering import meaning_of_collection
from sovia.collection.queries import collection_by_id
from sovia.collection.schemas import CombineIn
from sovia.collection.service import items
from sovia.collection.service.collections import made, make
from sovia.collection.targets import Targets, by_meaning, intersected, items_of, merged, subtracted
from sovia.library.gathered import Collection, Operation
from sovia.library.service import operating

HOW = {"merge": merged, "intersect": intersected, "subtract": subtracted}
LONGEST_NAME = 100
Made = tuple[Collection, Operation | None]


async def snapshot(session: AsyncSession, user_id: UUID, collection_id: UUID, name: str | None) -> Made:
    """What is in a collection now, as one that is filled by hand."""
    found = await collection_by_id(session, user_id, collection_id)
    new = await make(session, user_id, name or _named(found.name, "snapshot"), parent_id=found.parent_id, like=found)
    new.is_smart, new.smart_filters, new.sort = False, None, "manual"
    await session.flush()
    count = await items.fill(session, new, await contents(session, user_id, found))
    return new, await made(session, new, count)


async def duplicate(session: AsyncSession, user_id: UUID, collection_id: UUID, name: str | None) -> Made:
    """The same once more; a smart one goes on filling itself."""
    found = await collection_by_id(session, user_id, collection_id)
    new = await make(session, user_id, name or _named(found.name, "copy"), parent_id=found.parent_id, like=found)
    count = 0 if found.is_smart else await items.fill(session, new, await contents(session, user_id, found))
    return new, await made(session, new, count)


async def combine(session: AsyncSession, user_id: UUID, given: CombineIn) -> Made:
    """A new collection of what is in any, in all, or in the first only, post by post."""
    await operating.hold(session, user_id)
    several = [await collection_by_id(session, user_id, one) for one in dict.fromkeys(given.ids)]
    parts = [await contents(session, user_id, one) for one in several]
    new = await make(session, user_id, given.name)
    count = await items.fill(session, new, HOW[given.how](parts))
    return new, await made(session, new, count)


async def contents(session: AsyncSession, user_id: UUID, collection: Collection) -> Targets:
    """The posts in a collection: in the order of its items, or of a smart one its stacks' roots, newest first."""
    if collection.is_smart:
        return by_meaning(user_id, await meaning_of_collection(session, user_id, collection))
    return items_of(user_id, collection.id)


def _named(name: str, what: str) -> str:
    return f"{name[: LONGEST_NAME - len(what) - 3]} ({what})"
