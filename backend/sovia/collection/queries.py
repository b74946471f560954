"""Every SELECT about collections: one, the list, what is in them, what a post is in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, func, literal, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.collection.errors import CollectionNotFound
from sovia.library.gathered import Collection, CollectionItem, Operation
from sovia.library.models import Post

# What is in the trash is few, so it is taken off rather than everything else looked up.
COUNTS = """
SELECT c.id, coalesce(all_items.count, 0) - coalesce(gone.count, 0) AS count
FROM collections c
LEFT JOIN (SELECT i.collection_id, count(*) FROM collection_items i WHERE i.collection_id = ANY(:ids)
           GROUP BY i.collection_id) all_items ON all_items.collection_id = c.id
LEFT JOIN (SELECT i.collection_id, count(*) FROM posts p
           JOIN collection_items i ON i.user_id = p.user_id AND i.post_id = p.id
           WHERE p.user_id = :user AND p.deleted_at IS NOT NULL GROUP BY i.collection_id) gone
  ON gone.collection_id = c.id
WHERE c.id = ANY(:ids)
"""
# The first few, since looking for pictures in a large collection of posts without any would take long.
COVERS = """
SELECT c.id, (SELECT p.thumbnail FROM posts p WHERE p.user_id = :user AND p.id = c.cover_id AND p.deleted_at IS NULL)
         AS cover,
       ARRAY(SELECT first.thumbnail FROM (
         SELECT p.thumbnail FROM collection_items i
         JOIN posts p ON p.user_id = i.user_id AND p.id = i.post_id AND p.deleted_at IS NULL
         WHERE i.collection_id = c.id ORDER BY i.position, i.post_id LIMIT 40) first
       WHERE first.thumbnail IS NOT NULL LIMIT 4) AS covers
FROM collections c WHERE c.id = ANY(:ids)
"""
# A root stands for its stack. S608 below: the pieces are our own words.
ASKED = """
WITH asked AS (SELECT DISTINCT p.id, p.parent_id IS NULL AS is_root FROM posts p
               WHERE p.user_id = :user AND p.id = ANY(:ids) AND p.deleted_at IS NULL),
members AS (
  SELECT a.id AS asked, a.id AS post_id FROM asked a
  UNION ALL
  SELECT a.id, p.id FROM asked a JOIN posts p ON p.user_id = :user AND p.root_id = a.id AND p.parent_id IS NOT NULL
    AND p.deleted_at IS NULL WHERE a.is_root)
"""
HELD = """
FROM members m
JOIN collection_items i ON i.user_id = :user AND i.post_id = m.post_id
JOIN collections c ON c.id = i.collection_id AND c.deleted_at IS NULL AND NOT c.is_smart
"""
OF_POSTS = f"{ASKED} SELECT DISTINCT m.asked, c.id, c.name {HELD} ORDER BY c.name, c.id"
TRI_STATE = f"""
{ASKED}
SELECT i.collection_id AS id, count(DISTINCT m.asked) AS found, (SELECT count(*) FROM asked) AS of
{HELD}
GROUP BY i.collection_id
"""  # noqa: S608


async def collection_by_id(session: AsyncSession, user_id: UUID, collection_id: UUID) -> Collection:
    """The user's collection, or `CollectionNotFound`; a deleted one is not found."""
    query = select(Collection).where(
        Collection.user_id == user_id, Collection.id == collection_id, Collection.deleted_at.is_(None)
    )
    found: Collection | None = await session.scalar(query)
    if found is None:
        raise CollectionNotFound(collection_id)
    return found


async def collections(session: AsyncSession, user_id: UUID, *, as_tree: bool = False) -> Sequence[Collection]:
    """All collections, the last changed first, or as they stand in their tree."""
    query = select(Collection).where(Collection.user_id == user_id, Collection.deleted_at.is_(None))
    if as_tree:
        order = (Collection.parent_id.nulls_first(), Collection.position, Collection.id)
        return (await session.scalars(query.order_by(*order))).all()
    return (await session.scalars(query.order_by(Collection.updated_at.desc(), Collection.id))).all()


async def watched_collections(session: AsyncSession, user_id: UUID) -> Sequence[Collection]:
    """Smart collections that somebody wants to hear of; at most a hundred."""
    query = select(Collection).where(Collection.user_id == user_id, Collection.deleted_at.is_(None))
    query = query.where(Collection.is_smart, Collection.alert).order_by(Collection.created_at, Collection.id)
    return (await session.scalars(query.limit(100))).all()


async def counts_of_items(session: AsyncSession, user_id: UUID, ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many posts are in each collection that is filled by hand."""
    rows = await session.execute(text(COUNTS), {"user": user_id, "ids": list(ids)})
    return {row[0]: row[1] for row in rows}


async def covers(session: AsyncSession, user_id: UUID, ids: Sequence[UUID]) -> dict[UUID, tuple[str | None, list[str]]]:
    """The chosen cover of each collection, and the first few pictures in it."""
    rows = await session.execute(text(COVERS), {"user": user_id, "ids": list(ids)})
    return {row.id: (row.cover, row.covers) for row in rows}


async def items_page(
    session: AsyncSession, user_id: UUID, collection_id: UUID, *, after: tuple[int, UUID] | None, skip: int, limit: int
) -> list[tuple[int, UUID]]:
    """Positions and ids of the posts of a collection in their order, behind a place."""
    query = (
        select(CollectionItem.position, CollectionItem.post_id)
        .join(Post, (Post.user_id == CollectionItem.user_id) & (Post.id == CollectionItem.post_id))
        .where(CollectionItem.collection_id == collection_id, CollectionItem.user_id == user_id)
        .where(Post.deleted_at.is_(None))
        .order_by(CollectionItem.position, CollectionItem.post_id)
        .offset(skip)
        .limit(limit)
    )
    if after is not None:
        place = tuple_(CollectionItem.position, CollectionItem.post_id)
        query = query.where(place > tuple_(literal(after[0], BigInteger()), literal(after[1])))
    return [(row.position, row.post_id) for row in await session.execute(query)]


async def has_item(session: AsyncSession, collection_id: UUID, post_id: UUID) -> bool:
    """Whether the post itself is in the collection."""
    query = select(CollectionItem.post_id).where(
        CollectionItem.collection_id == collection_id, CollectionItem.post_id == post_id
    )
    return await session.scalar(query) is not None


async def collections_of_post(session: AsyncSession, user_id: UUID, post_id: UUID) -> list[dict[str, Any]]:
    """The collections that a post itself is in, the last first."""
    query = (
        select(Collection.id, Collection.name, CollectionItem.added_at)
        .join(CollectionItem, CollectionItem.collection_id == Collection.id)
        .where(CollectionItem.user_id == user_id, CollectionItem.post_id == post_id)
        .where(Collection.deleted_at.is_(None), Collection.is_smart.is_(False))
        .order_by(CollectionItem.added_at.desc(), Collection.name)
    )
    return [dict(row) for row in (await session.execute(query)).mappings()]


async def collections_of_posts(
    session: AsyncSession, user_id: UUID, ids: Sequence[UUID]
) -> dict[str, list[dict[str, Any]]]:
    """By post, the collections that it is in, or for a root any post of its stack."""
    found: dict[str, list[dict[str, Any]]] = {str(one): [] for one in ids}
    for row in await session.execute(text(OF_POSTS), {"user": user_id, "ids": list(ids)}):
        found[str(row.asked)].append({"id": row.id, "name": row.name})
    return found


async def membership(session: AsyncSession, user_id: UUID, ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many of these posts, or stacks of roots, are in each collection; those with none are left out."""
    rows = await session.execute(text(TRI_STATE), {"user": user_id, "ids": list(ids)})
    return {row.id: row.found for row in rows}


async def next_position(session: AsyncSession, user_id: UUID, parent_id: UUID | None) -> int:
    """Behind the last collection of a parent."""
    query = select(func.max(Collection.position)).where(
        Collection.user_id == user_id, Collection.parent_id.is_not_distinct_from(parent_id)
    )
    return int(await session.scalar(query) or 0)


async def operations_page(
    session: AsyncSession, user_id: UUID, *, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Operation]:
    """What was done, the last first."""
    query = select(Operation).where(Operation.user_id == user_id)
    if before is not None:
        query = query.where(tuple_(Operation.at, Operation.id) < tuple_(literal(before[0]), literal(before[1])))
    return (await session.scalars(query.order_by(Operation.at.desc(), Operation.id.desc()).limit(limit))).all()
