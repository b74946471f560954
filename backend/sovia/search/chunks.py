"""The cards of a chunk of a view: what its tiles show, and what stands behind each."""

from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.library.queries import posts
from sovia.search.tiles import CHUNK, HAS_CHILDREN, Tiles


async def cards_of(session: AsyncSession, user_id: UUID, tiles: Tiles, number: int) -> list[dict[str, Any]]:
    """The cards of one chunk. `root_id` is the stack a card stands for, which is its own id unless a child is shown.

    `children` are the further posts behind the tile, whatever makes it a stack.
    """
    ids, shown = (_uuids(some) for some in tiles.chunk(number))
    found = {card["id"]: card for card in await posts.cards(session, user_id, list({*ids, *shown}))}
    others = tiles.others(number * CHUNK, len(ids)) if tiles.members is not None else [None] * len(ids)
    flags = tiles.flags[number * CHUNK : number * CHUNK + len(ids)].tolist()
    cards = []
    for root_id, shown_id, more, flag in zip(ids, shown, others, flags, strict=True):
        if root_id in found and shown_id in found:
            children = found[root_id]["children"] if more is None else more
            stacked = flag & HAS_CHILDREN
            flags_now = found[shown_id]["flags"] & ~HAS_CHILDREN | stacked
            here = {"root_id": root_id, "children": children if stacked else 0, "flags": flags_now}
            cards.append(found[shown_id] | here)
    return cards


def _uuids(raw: NDArray[np.void]) -> list[UUID]:
    return [UUID(bytes=bytes(item)) for item in raw]
