"""Which posts a change is for, as a query of (id, number): posts by their ids, or the stacks that a filter finds."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import func, select

from sovia.kit.prepared import prepared
from sovia.library.models import Post
from sovia.search.clauses import conditions, dated_order
from sovia.search.language.meaning import Meaning

BY_IDS = """
SELECT p.id, min(asked.number) AS number
FROM unnest($2::uuid[]) WITH ORDINALITY AS asked (id, number)
JOIN posts p ON p.user_id = $1 AND p.id = asked.id AND p.deleted_at IS NULL
GROUP BY p.id
"""
ITEMS = """
SELECT i.post_id AS id, row_number() OVER (ORDER BY i.position, i.post_id) AS number
FROM collection_items i JOIN posts p ON p.user_id = i.user_id AND p.id = i.post_id AND p.deleted_at IS NULL
WHERE i.user_id = $1 AND i.collection_id = $2
"""
# The place of a value in a statement.
PLACE = re.compile(r"\$(\d+)")


@dataclass(frozen=True)
class Targets:
    """SQL of rows (id, number) in the order they are meant in, and its values."""

    sql: str
    values: tuple[Any, ...]

    async def run(self, connection: asyncpg.Connection, sql: str, **more: object) -> int:
        """Run a statement that names the targets `{targets}` and further values `{name}`; how many rows it wrote."""
        places = {name: f"${number}" for number, name in enumerate(more, len(self.values) + 1)}
        status: str = await connection.execute(
            sql.format(targets=f"({self.sql})", **places), *self.values, *more.values()
        )
        return int(status.rpartition(" ")[2])


def by_ids(user_id: UUID, ids: Sequence[UUID]) -> Targets:
    """The user's posts with these ids, in this order; ids that are not there are passed over."""
    return Targets(BY_IDS, (user_id, list(ids)))


def items_of(user_id: UUID, collection_id: UUID) -> Targets:
    """The posts of a collection that is filled by hand, in its order."""
    return Targets(ITEMS, (user_id, collection_id))


def merged(several: Sequence[Targets]) -> Targets:
    """What is in any of them, in the order of the first that has it."""
    return _combined(several, "true")


def intersected(several: Sequence[Targets]) -> Targets:
    """What is in all of them, in the order of the first."""
    return _combined(several, f"count(DISTINCT source) = {len(several)}")


def subtracted(several: Sequence[Targets]) -> Targets:
    """What is in the first and in no other."""
    return _combined(several, "max(source) = 0")


def joined(parts: Sequence[tuple[str, Sequence[Any]]]) -> tuple[str, tuple[Any, ...]]:
    """Statements of the same columns as one, one after the other, with all their values."""
    values: list[Any] = []
    texts = []
    for sql, more in parts:
        texts.append(_moved(sql, len(values)))
        values += more
    return " UNION ALL ".join(f"({one})" for one in texts), tuple(values)


def _moved(sql: str, places: int) -> str:
    """The statement with its values so many places further on."""
    return PLACE.sub(lambda found: f"${int(found[1]) + places}", sql)


def _combined(several: Sequence[Targets], having: str) -> Targets:
    # S608: no part of the text comes from outside; every value is bound.
    each = [(f"SELECT t.id, t.number, {at} AS source FROM ({one.sql}) t", one.values) for at, one in enumerate(several)]  # noqa: S608
    sql, values = joined(each)
    order = "min(source::bigint * 1000000000000 + number)"
    return Targets(f"SELECT id, {order} AS number FROM ({sql}) every GROUP BY id HAVING {having}", values)  # noqa: S608


def by_meaning(user_id: UUID, wanted: Meaning) -> Targets:
    """The roots of the stacks that a filter finds, newest first."""
    order = dated_order(descending=True)
    query = select(Post.id, func.row_number().over(order_by=order).label("number")).where(*conditions(user_id, wanted))
    statement = prepared(query)
    return Targets(statement.sql, tuple(statement.constants[name] for name in statement.names))
