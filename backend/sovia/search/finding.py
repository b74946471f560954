"""What a filter finds, told by the columns in memory where these are loaded; the database is asked for the rest."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.library.models import Post
from sovia.search import cursors, marked, queries
from sovia.search.clauses import bound
from sovia.search.columns import viewing
from sovia.search.columns.asking import World, to_be_asked
from sovia.search.columns.keeper import Keeper
from sovia.search.columns.loading import Loaded
from sovia.search.filters import Stack, View
from sovia.search.language.meaning import EVERYTHING, Meaning
from sovia.search.language.sql import condition_by_itself
from sovia.search.rows import copied, read


async def world_for(keeper: Keeper | None, session: AsyncSession, user_id: UUID, *wanted: Meaning) -> World | None:
    """Everything these filters can be asked of; nothing while the library is not in memory."""
    loaded = None if keeper is None else await keeper.of(session, user_id)
    return None if loaded is None else await world_of(loaded, session, user_id, *wanted)


async def world_of(loaded: Loaded, session: AsyncSession, user_id: UUID, *wanted: Meaning) -> World:
    """What is in memory, and what the database tells about the rest of these filters."""
    told = {}
    for asks in {asks for one in wanted for asks in to_be_asked(one)}:
        only = condition_by_itself(asks)
        assert only is not None
        user = bindparam("user", user_id, Uuid())
        query = select(Post.id).where(Post.user_id == user, Post.deleted_at.is_(None), bound(only, user))
        rows = read(await copied(session, query))
        told[asks.sql, asks.values] = loaded.columns.mask_of(rows["id"])
    return World(loaded.columns, loaded.names, loaded.texts, told)


async def count(
    keeper: Keeper | None, session: AsyncSession, user_id: UUID, wanted: Meaning, *, most: int | None = None
) -> int:
    """How many stacks a filter finds; with `most`, no more than that are counted."""
    world = None if wanted == EVERYTHING else await world_for(keeper, session, user_id, wanted)
    if world is None:
        return await queries.count_of_stacks(session, user_id, wanted, most=most)
    found = int((await asyncio.to_thread(world.finds, wanted)).sum())
    return found if most is None else min(found, most)


async def page(
    keeper: Keeper | None,
    session: AsyncSession,
    user_id: UUID,
    view: View,
    *,
    limit: int,
    skip: int = 0,
    cursor: str | None = None,
) -> queries.Page:
    """The ids of the next stacks' roots, and the cursor behind them; told by what is in memory where by date."""
    world = await world_for(keeper, session, user_id, view.filter)
    if world is None or skip or view.sort not in ("date_desc", "date_asc"):
        known = view if world is None else await asyncio.to_thread(viewing.named, world, view)
        return await queries.page_of_stacks(session, user_id, known, limit=limit, skip=skip, cursor=cursor)
    edge = cursors.read(view, cursor) if cursor else None
    rows = await asyncio.to_thread(_rows, world, view, limit + 1, edge)
    shown = rows[:limit]
    following = cursors.write(view, shown[-1]) if len(rows) > limit else None
    return [row[-1] for row in shown], following


async def newest(
    keeper: Keeper | None, session: AsyncSession, user_id: UUID, wanted: Meaning, limit: int
) -> list[UUID] | None:
    """The ids of the newest stacks' roots in no particular order; nothing when they would have to be sought."""
    world = await world_for(keeper, session, user_id, wanted)
    return (
        None if world is None else [row[-1] for row in await asyncio.to_thread(_rows, world, View(wanted), limit, None)]
    )


async def values(
    keeper: Keeper | None, session: AsyncSession, user_id: UUID, wanted: Meaning, fields: Sequence[str], most: int
) -> list[tuple[str, str, int]] | None:
    """The most frequent values of some fields in what a filter finds; nothing while the library is not in memory."""
    world = await world_for(keeper, session, user_id, wanted)
    return None if world is None else (await asyncio.to_thread(viewing.values, world, wanted, fields))[:most]


async def words(
    keeper: Keeper | None, session: AsyncSession, user_id: UUID, wanted: Meaning, stacks: int, most: int
) -> list[tuple[str, int]] | None:
    """The most frequent words of the newest stacks found; nothing while the library is not in memory."""
    world = await world_for(keeper, session, user_id, wanted)
    return None if world is None else (await asyncio.to_thread(viewing.words, world, wanted, stacks))[:most]


async def facets(
    keeper: Keeper | None, session: AsyncSession, user_id: UUID, wanted: Meaning, stack: Stack
) -> dict[str, list[dict[str, Any]]]:
    """For each field the values it could have and how many stacks, or posts, each would find."""
    world = await world_for(keeper, session, user_id, wanted)
    if world is None:
        more = await marked.facets(session, user_id, wanted, stack)
        return await queries.facets(session, user_id, wanted, stack) | more
    more = await marked.facets(session, user_id, wanted, stack, world)
    return await asyncio.to_thread(viewing.facets, world, wanted, stack) | more


def _rows(world: World, view: View, limit: int, edge: list[Any] | None) -> Sequence[Any]:
    descending = view.sort == "date_desc"
    return viewing.page_by_date(world, world.finds(view.filter), limit=limit, descending=descending, edge=edge)
