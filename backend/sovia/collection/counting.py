"""How much smart collections find, and a few of their pictures: all that are not known yet in two statements."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.collection.filtering import document_of_kept, meanings_of
from sovia.collection.targets import joined
from sovia.kit.answers import to_json
from sovia.kit.cache import AnswerCache
from sovia.kit.db import asyncpg_connection
from sovia.kit.prepared import prepared
from sovia.library.gathered import Collection
from sovia.library.models import Post
from sovia.library.queries.posts import version
from sovia.search.clauses import conditions, dated_order
from sovia.search.columns import viewing
from sovia.search.columns.asking import World
from sovia.search.columns.keeper import Keeper
from sovia.search.finding import world_for
from sovia.search.language.meaning import Meaning

PICTURES = 4
# Few enough to be sorted; of more, the newest are met soon on the way along the dates.
FEW = 5000
AT_ONCE = 100


@dataclass
class Found:
    """What a smart collection finds: how many stacks, how many of them came since it was last looked at, pictures."""

    count: int = 0
    new: int = 0
    pictures: list[str] = field(default_factory=list)


async def found_by(
    session: AsyncSession, cache: AnswerCache, columns: Keeper | None, user_id: UUID, several: Sequence[Collection]
) -> dict[UUID, Found]:
    """What smart collections find now, by their id; kept for as long as the library stays as it is."""
    now = await version(session, user_id)
    known: dict[UUID, Found] = {}
    asked: dict[UUID, tuple[str, Meaning, datetime | None]] = {}
    meanings = await meanings_of(session, user_id, [document_of_kept(one.smart_filters) for one in several])
    for one, wanted in zip(several, meanings, strict=True):
        since = one.seen_at if one.alert else None
        key = "smart:" + sha256(f"{wanted!r}/{since}".encode()).hexdigest()
        body = await cache.get(user_id, key, now)
        if body is None:
            asked[one.id] = (key, wanted, since)
        else:
            known[one.id] = Found(**orjson.loads(body))
    ids = list(asked)
    for start in range(0, len(ids), AT_ONCE):
        part = {each: asked[each][1:] for each in ids[start : start + AT_ONCE]}
        world = await world_for(columns, session, user_id, *(wanted for wanted, _ in part.values()))
        if world is None:
            made = await _counted(session, user_id, part)
        else:
            made = await _told(session, user_id, world, part)
        for each, found in made.items():
            await cache.put(user_id, asked[each][0], now, to_json(asdict(found)))
        known |= made
    return known


async def counts_of(
    session: AsyncSession, columns: Keeper | None, user_id: UUID, several: Sequence[Meaning]
) -> list[int]:
    """How many stacks each of these filters finds; told by what is in memory, or by one statement."""
    world = await world_for(columns, session, user_id, *several)
    if world is not None:
        return await asyncio.to_thread(lambda: [int(world.finds(one).sum()) for one in several])
    rows = await _rows(session, [_count(user_id, at, one, None) for at, one in enumerate(several)])
    counted = {row["number"]: row["count"] for row in rows}
    return [counted[at] for at in range(len(several))]


async def _counted(
    session: AsyncSession, user_id: UUID, asked: Mapping[UUID, tuple[Meaning, datetime | None]]
) -> dict[UUID, Found]:
    ids = list(asked)
    found = {one: Found() for one in ids}
    for row in await _rows(session, [_count(user_id, at, *asked[one]) for at, one in enumerate(ids)]):
        found[ids[row["number"]]] = Found(row["count"], row["new"])
    some = [(at, one) for at, one in enumerate(ids) if found[one].count]
    parts = [_pictures(user_id, at, asked[one][0], few=found[one].count <= FEW) for at, one in some]
    for row in await _rows(session, parts):
        found[ids[row["number"]]].pictures.append(row["thumbnail"])
    return found


async def _told(
    session: AsyncSession, user_id: UUID, world: World, asked: Mapping[UUID, tuple[Meaning, datetime | None]]
) -> dict[UUID, Found]:
    """The same by what is in memory; only the pictures are asked for."""
    told = await asyncio.to_thread(lambda: {one: viewing.told(world, *wanted) for one, wanted in asked.items()})
    ids = {post_id for _, _, newest in told.values() for post_id in newest}
    query = select(Post.id, Post.thumbnail).where(Post.user_id == user_id, Post.id == func.any(list(ids)))
    pictures = {row.id: row.thumbnail for row in (await session.execute(query) if ids else ())}
    return {
        one: Found(count, new, [pictures[post_id] for post_id in newest if pictures.get(post_id)])
        for one, (count, new, newest) in told.items()
    }


def _count(user_id: UUID, number: int, wanted: Meaning, since: datetime | None) -> tuple[str, list[Any]]:
    new = func.count().filter(Post.added_at > since) if since else func.count().filter(Post.id.is_(None))
    query = select(func.count().label("count"), new.label("new")).select_from(Post).where(*conditions(user_id, wanted))
    statement = prepared(query)
    values = [statement.constants[name] for name in statement.names]
    return f"SELECT {number} AS number, c.count, c.new FROM ({statement.sql}) c", values  # noqa: S608 - all is ours


def _pictures(user_id: UUID, number: int, wanted: Meaning, *, few: bool) -> tuple[str, list[Any]]:
    matching = select(Post.created_at, Post.id, Post.thumbnail).where(*conditions(user_id, wanted))
    matching = matching.where(Post.thumbnail.is_not(None))
    statement = prepared(matching if few else matching.order_by(*dated_order(descending=True)).limit(PICTURES))
    values = [statement.constants[name] for name in statement.names]
    newest = "ORDER BY created_at DESC NULLS LAST, id DESC LIMIT"
    fence = "MATERIALIZED" if few else ""
    sql = f"WITH m AS {fence} ({statement.sql}) SELECT {number} AS number, thumbnail FROM m {newest} {PICTURES}"  # noqa: S608
    return sql, values


async def _rows(session: AsyncSession, parts: Sequence[tuple[str, list[Any]]]) -> list[asyncpg.Record]:
    if not parts:
        return []
    sql, values = joined(parts)
    connection = await asyncpg_connection(session)
    found: list[asyncpg.Record] = await connection.fetch(sql, *values)
    return found
