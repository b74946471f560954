"""A view becomes tiles: its posts are read, put in order, into stacks and sections, with what was found on top."""

import asyncio
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import SmallInteger, Uuid, bindparam, case, cast, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.library.models import Post
from sovia.library.queries.posts import FLAGS
from sovia.search.clauses import bound
from sovia.search.columns import viewing
from sovia.search.columns.asking import World
from sovia.search.filters import View
from sovia.search.language.sql import conditions_of_hits
from sovia.search.orderings import ORDERINGS
from sovia.search.rows import Rows, copied, read, rows_of
from sovia.search.sections import Section, Sorted
from sovia.search.tiles import HAS_CHILDREN, Tiles, alone, gathered, in_batches, ordered, with_hits

# The roots of stacks, and the post of each.
Hits = tuple[NDArray[np.void], Tiles]


async def tiles_and_sections(
    session: AsyncSession, user_id: UUID, view: View, world: World | None = None
) -> tuple[Tiles, list[Section]]:
    """All tiles of a view with its sections, told by what is in memory or as the database is now."""
    rows = None if world is None else await asyncio.to_thread(viewing.rows_of, world, view)
    if rows is None:
        known = view if world is None else await asyncio.to_thread(viewing.named, world, view)
        rows = await rows_of(session, user_id, known)
    hits = None
    if view.stack == "parent" and conditions_of_hits(view.filter) is not None and len(rows.ids):
        if world is None:
            hits = await _hits(session, user_id, view)
        else:
            hits = await asyncio.to_thread(viewing.hits_of, world, view.filter)
    return await asyncio.to_thread(_arranged, view, rows, hits)


def _arranged(view: View, rows: Rows, hits: Hits | None) -> tuple[Tiles, list[Section]]:
    """The tiles of these posts in their order, and its sections."""
    ordering = ORDERINGS[view.sort]
    descending = [key.descending for key in ordering.keys(view)]
    order = ordered(rows, descending, oldest_first=ordering.oldest_first)
    flags = rows.flags if view.stack == "parent" else rows.flags & ~np.uint8(HAS_CHILDREN)
    tiles = Tiles(ids=rows.ids[order], ratios=rows.ratios[order], flags=flags[order])
    if view.stack in ("family", "batch"):
        groups = alone(rows.families if view.stack == "family" else in_batches(rows), rows.families)
        tiles, kept = gathered(tiles, groups[order])
        order = order[kept]
    elif hits is not None:
        tiles = with_hits(tiles, *hits)
    values = rows.keys[-1] if rows.keys else rows.created
    return tiles, ordering.cut(Sorted(values[order], rows.texts.get(len(rows.keys) - 1, ()), view.zone))


async def _hits(session: AsyncSession, user_id: UUID, view: View) -> Hits:
    """The post of each stack that the filter speaks of, which is shown on top when it is not the first one.

    All of the filter in one post comes before its words alone, then the root before its descendants.
    """
    wanted = conditions_of_hits(view.filter)
    assert wanted is not None
    some, everything = wanted
    user = bindparam("user", user_id, Uuid())
    least = case((bound(everything, user), 0), else_=1)
    query = (
        select(Post.root_id, Post.id, Post.ratio, cast(FLAGS, SmallInteger))
        .ext(distinct_on(Post.root_id))
        .where(Post.user_id == user, Post.deleted_at.is_(None), bound(some, user))
        .order_by(Post.root_id, least, Post.parent_id.is_not(None), Post.created_at.nulls_last(), Post.id)
    )
    rows = read(await copied(session, query), "ratio:i2", "flags:i2", ids=("root", "id"))
    hits = Tiles(np.ascontiguousarray(rows["id"]), rows["ratio"].astype(np.uint8), rows["flags"].astype(np.uint8))
    return np.ascontiguousarray(rows["root"]), hits
