"""Which posts a change is for, as a query of (id, number): posts by their ids, or the stacks that a filter finds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import func, select

from sovia.library.models import Post
from sovia.search.clauses import conditions, dated_order
from sovia.search.hot import prepared
from sovia.search.language.meaning import Meaning

BY_IDS = """
SELECT p.id, min(asked.number) AS number
FROM unnest($2::uuid[]) WITH ORDINALITY AS asked (id, number)
JOIN posts p ON p.user_id = $1 AND p.id = asked.id AND p.deleted_at IS NULL
GROUP BY p.id
"""


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


def by_meaning(user_id: UUID, wanted: Meaning) -> Targets:
    """The roots of the stacks that a filter finds, newest first."""
    order = dated_order(descending=True)
    query = select(Post.id, func.row_number().over(order_by=order).label("number")).where(*conditions(user_id, wanted))
    statement = prepared(query)
    return Targets(statement.sql, tuple(statement.constants[name] for name in statement.names))
