"""Collections as the API shows them, with how much is in them and a few pictures."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sovia.collection import queries
from sovia.collection.filtering import meaning_of_collection, text_of
from sovia.library.gathered import Collection, Operation
from sovia.library.queries import posts
from sovia.search.filters import View
from sovia.search.queries import count_of_stacks, page_of_stacks

OWN = (
    *("id", "name", "description", "notes", "color", "icon", "is_smart", "smart_filters", "parent_id", "position"),
    *("pinned", "alert", "sort", "cover_id", "created_at", "updated_at"),
)
PICTURES = 4


async def shown(session: AsyncSession, user_id: UUID, several: Sequence[Collection]) -> list[dict[str, Any]]:
    """Collections with counts and covers."""
    by_hand = [one.id for one in several if not one.is_smart]
    counts = await queries.counts_of_items(session, user_id, by_hand)
    covers = await queries.covers(session, user_id, [one.id for one in several])
    found = []
    for one in several:
        own = {name: getattr(one, name) for name in OWN} | {"filter": text_of(one), "new_count": 0}
        chosen, pictures = covers[one.id]
        count = counts.get(one.id, 0)
        if one.is_smart:
            wanted = await meaning_of_collection(session, user_id, one)
            count = await count_of_stacks(session, user_id, wanted)
            ids, _ = await page_of_stacks(session, user_id, View(wanted), limit=PICTURES)
            pictures = [card["thumbnail"] for card in await posts.cards(session, user_id, ids) if card["thumbnail"]]
        links = [thumbnail_link(one) for one in pictures]
        cover = thumbnail_link(chosen) if chosen else next(iter(links), None)
        found.append(own | {"item_count": count, "cover": cover, "covers": links})
    return found


def thumbnail_link(key: str) -> str:
    """The address of the middle thumbnail."""
    return f"/derived/{key}/320.webp"


def operation_answer(operation: Operation | None) -> dict[str, Any] | None:
    """An operation as every answer shows it."""
    if operation is None:
        return None
    fields = ("id", "kind", "label", "count", "state", "at", "job_id")
    return {name: getattr(operation, name) for name in fields}
