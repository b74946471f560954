"""Collections as the API shows them, with how much is in them and a few pictures."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import State

from sovia.collection import queries
from sovia.collection.counting import Found, found_by
from sovia.collection.filtering import text_of
from sovia.library.gathered import Collection, Operation

OWN = (
    *("id", "name", "description", "notes", "color", "icon", "is_smart", "smart_filters", "parent_id", "position"),
    *("pinned", "alert", "sort", "cover_id", "created_at", "updated_at"),
)


async def shown(
    session: AsyncSession, state: State, user_id: UUID, several: Sequence[Collection]
) -> list[dict[str, Any]]:
    """Collections with counts and covers; the app's `state` has what is kept in memory."""
    by_hand = [one.id for one in several if not one.is_smart]
    counts = await queries.counts_of_items(session, user_id, by_hand)
    covers = await queries.covers(session, user_id, [one.id for one in several])
    smart = await found_by(session, state.cache, state.columns, user_id, [one for one in several if one.is_smart])
    found = []
    for one in several:
        own = {name: getattr(one, name) for name in OWN} | {"filter": text_of(one)}
        chosen, pictures = covers[one.id]
        here = smart.get(one.id) or Found(counts.get(one.id, 0), 0, pictures)
        links = [thumbnail_link(each) for each in here.pictures]
        cover = thumbnail_link(chosen) if chosen else next(iter(links), None)
        found.append(own | {"item_count": here.count, "new_count": here.new, "cover": cover, "covers": links})
    return found


async def one_shown(
    session: AsyncSession, state: State, collection: Collection, operation: Operation | None
) -> dict[str, Any]:
    """One collection, and what was done to it."""
    answer = (await shown(session, state, collection.user_id, [collection]))[0]
    return answer | {"operation": operation_answer(operation)}


def thumbnail_link(key: str) -> str:
    """The address of the middle thumbnail."""
    return f"/derived/{key}/320.webp"


def operation_answer(operation: Operation | None) -> dict[str, Any] | None:
    """An operation as every answer shows it."""
    if operation is None:
        return None
    fields = ("id", "kind", "label", "count", "state", "at", "job_id")
    return {name: getattr(operation, name) for name in fields}
