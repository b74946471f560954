"""What people said of the posts that a filter finds: ratings, statuses, tags and collections, with counts; their names.

Few posts are marked, so the marks are read first, and only their stacks are asked whether the filter finds them.
"""

import asyncio
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import Integer, Select, Subquery, Text, Uuid, bindparam, column, func, literal, select, text, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.library.gathered import Collection, PostTag
from sovia.library.models import Post
from sovia.search.clauses import conditions
from sovia.search.columns.asking import World
from sovia.search.columns.frame import Mask
from sovia.search.filters import Stack
from sovia.search.language.meaning import EVERYTHING, Meaning, without
from sovia.search.patterns import like_pattern
from sovia.search.rows import copied, read

# Rows of (tile, value, name): each value of a stack once.
RATINGS = """
SELECT p.root_id AS tile, max(k.rating)::text AS value, '' AS name FROM post_marks k
JOIN posts p ON p.user_id = k.user_id AND p.id = k.post_id AND p.deleted_at IS NULL
WHERE k.user_id = :user AND k.rating > 0 GROUP BY p.root_id
"""
STATUSES = """
SELECT DISTINCT p.root_id AS tile, k.status AS value, '' AS name FROM post_marks k
JOIN posts p ON p.user_id = k.user_id AND p.id = k.post_id AND p.deleted_at IS NULL
WHERE k.user_id = :user AND k.status IS NOT NULL
"""
TAGS = """
SELECT DISTINCT p.root_id AS tile, k.tag AS value, '' AS name FROM post_tags k
JOIN posts p ON p.user_id = k.user_id AND p.id = k.post_id AND p.deleted_at IS NULL
WHERE k.user_id = :user
"""
COLLECTIONS = """
SELECT DISTINCT p.root_id AS tile, c.id::text AS value, c.name FROM collection_items k
JOIN collections c ON c.id = k.collection_id AND c.deleted_at IS NULL AND NOT c.is_smart
JOIN posts p ON p.user_id = k.user_id AND p.id = k.post_id AND p.deleted_at IS NULL
WHERE k.user_id = :user
"""
VALUES = {"rating": RATINGS, "status": STATUSES, "tag": TAGS, "in": COLLECTIONS}
MOST_VALUES = 200
MOST_NAMES = 10


async def facets(
    session: AsyncSession, user_id: UUID, wanted: Meaning, stack: Stack = "parent", world: World | None = None
) -> dict[str, list[dict[str, Any]]]:
    """The values that the stacks found have, most frequent first, the other fields as they are; `in` also has names.

    What a filter finds is told by what is in memory, where that is given.
    """
    alike: dict[Meaning, list[str]] = {}
    for name in VALUES:
        alike.setdefault(without(wanted, name), []).append(name)
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in VALUES}
    for others, names in alike.items():
        if world is not None and others != EVERYTHING:
            tiles = await asyncio.to_thread(world.finds, others, by_itself=stack != "parent")
            for name in names:
                found[name] = await _counted(session, user_id, name, stack, world, tiles)
            continue
        several = [_counts(user_id, others, name, stack) for name in names]
        query = several[0] if len(several) == 1 else select(union_all(*several).subquery())
        for row in await session.execute(query):
            named = {"name": row[2]} if row[0] == "in" else {}
            found[row[0]].append({"value": row[1], "count": row[3]} | named)
    for rows in found.values():
        rows.sort(key=lambda row: (-row["count"], row["value"]))
    return found


async def known_names(session: AsyncSession, user_id: UUID, field: str, typed: str) -> list[str]:
    """Names of collections, or tags, with this in them; no more than can be offered."""
    pattern = bindparam("pattern", like_pattern(typed.lower()), Text())
    if field == "tag":
        query = select(PostTag.tag).where(PostTag.user_id == user_id, PostTag.tag.like(pattern)).distinct()
        return list(await session.scalars(query.order_by(PostTag.tag).limit(MOST_NAMES)))
    mine = (Collection.user_id == user_id, Collection.deleted_at.is_(None), func.lower(Collection.name).like(pattern))
    query = select(Collection.name).where(*mine).order_by(Collection.updated_at.desc()).limit(MOST_NAMES)
    return list(dict.fromkeys(await session.scalars(query)))


def _marked(user_id: UUID, field: str, stack: Stack) -> Subquery:
    """Rows of (tile, value, name)."""
    # Unless stacks are of parents, every post is counted by itself.
    sql = VALUES[field] if stack == "parent" else VALUES[field].replace("p.root_id", "p.id")
    values = text(sql).bindparams(bindparam("user", user_id, Uuid()))
    return values.columns(column("tile", Uuid()), column("value", Text()), column("name", Text())).subquery()


async def _counted(
    session: AsyncSession, user_id: UUID, field: str, stack: Stack, world: World, tiles: Mask
) -> list[dict[str, Any]]:
    """The most frequent values among these tiles."""
    marked = _marked(user_id, field, stack)
    print_ = func.hashtextextended(marked.c.value, 0)
    rows = read(await copied(session, select(marked.c.tile, print_)), "print:i8", ids=("tile",))
    at = world.columns.rows_of(rows["tile"])
    prints, counts = np.unique(rows["print"][(at >= 0) & tiles[at]].astype(np.int64), return_counts=True)
    most = np.argsort(-counts, kind="stable")[:MOST_VALUES]
    known = dict(zip(prints[most].tolist(), counts[most].tolist(), strict=True))
    query = select(print_, marked.c.value, marked.c.name).where(print_.in_(list(known))).distinct()
    return [
        {"value": value, "count": known[found]} | ({"name": name} if field == "in" else {})
        for found, value, name in (await session.execute(query) if known else ())
    ]


def _counts(user_id: UUID, wanted: Meaning, field: str, stack: Stack) -> Select[*tuple[Any, ...]]:
    marked = _marked(user_id, field, stack)
    count = func.count().cast(Integer).label("count")
    query = select(literal(field, Text()).label("field"), marked.c.value, marked.c.name, count).select_from(marked)
    if wanted != EVERYTHING:
        query = query.join(Post, (Post.user_id == bindparam("user", user_id, Uuid())) & (Post.id == marked.c.tile))
        query = query.where(*conditions(user_id, wanted, stack))
    query = query.group_by(marked.c.value, marked.c.name).order_by(count.desc(), marked.c.value).limit(MOST_VALUES)
    return select(query.subquery())
