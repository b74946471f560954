"""Further inputs of posts beside their parent, written and taken back: references, extended and edited clips."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit.db import asyncpg_connection
from sovia.library.incoming import Edge, Terms
from sovia.library.service import versions
from sovia.library.undoing import EDGE, Change, edge_changes

# Posts that were here before the import; what an import adds to its own new posts goes and comes with them.
KNOWN = "SELECT id FROM posts WHERE user_id = $1 AND id = ANY($2::uuid[]) AND import_id IS DISTINCT FROM $3"
STANDING = (
    "SELECT post_id, role, position, input_id, url FROM post_edges WHERE user_id = $1 AND post_id = ANY($2::uuid[])"
)
# Of edges that come again the address or the input that was missing is filled in, and nothing else is touched.
ADD = """
INSERT INTO post_edges AS known (user_id, post_id, input_id, url, role, position)
SELECT DISTINCT ON (new.post_id, new.role, new.position)
       $1, new.post_id, new.input_id, new.url, new.role, new.position
FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::smallint[])
     AS new (post_id, input_id, url, role, position)
JOIN posts p ON p.user_id = $1 AND p.id = new.post_id
ORDER BY new.post_id, new.role, new.position, new.input_id NULLS LAST
ON CONFLICT (user_id, post_id, role, position) DO UPDATE SET
  input_id = coalesce(known.input_id, excluded.input_id),
  url = coalesce(nullif(known.url, ''), excluded.url)
WHERE (known.input_id IS NULL AND excluded.input_id IS NOT NULL) OR (known.url = '' AND excluded.url <> '')
RETURNING post_id, role, position, input_id, url
"""
REMOVE = """
DELETE FROM post_edges e
USING unnest($2::uuid[], $3::text[], $4::smallint[], $5::uuid[], $6::text[])
  AS old (post_id, role, position, input_id, url)
WHERE e.user_id = $1 AND e.post_id = old.post_id AND e.role = old.role AND e.position = old.position
  AND e.input_id IS NOT DISTINCT FROM old.input_id AND e.url = old.url
RETURNING e.post_id
"""
PUT = """
INSERT INTO post_edges (user_id, post_id, role, position, input_id, url)
SELECT $1, new.* FROM unnest($2::uuid[], $3::text[], $4::smallint[], $5::uuid[], $6::text[])
  AS new (post_id, role, position, input_id, url)
JOIN posts p ON p.user_id = $1 AND p.id = new.post_id
ON CONFLICT DO NOTHING
RETURNING post_id
"""
HIGHEST = 32_767
Place = tuple[UUID, str, int]


async def add_edges(session: AsyncSession, user_id: UUID, edges: Sequence[Edge], terms: Terms | None = None) -> None:
    """Add the inputs of posts that are here, in the session's transaction; done twice, the second time adds nothing.

    What it changes of posts that were here before the import goes into the journal of `terms`. The caller adds the
    posts first, and so holds the lock of all who write them.
    """
    kept = [edge for edge in edges if 0 <= edge.position <= HIGHEST]
    if not kept:
        return
    connection = await asyncpg_connection(session)
    terms = terms or Terms()
    ids = list({edge.post_id for edge in kept})
    known = [row["id"] for row in await connection.fetch(KNOWN, user_id, ids, terms.import_id)]
    before = await _standing(connection, user_id, known) if known else {}
    written = await connection.fetch(ADD, user_id, *map(list, zip(*kept, strict=True)))
    changed = set(known)
    for row in written:
        if row["post_id"] in changed:
            place = row["post_id"], row["role"], row["position"]
            name = f"{EDGE}{row['role']}/{row['position']}"
            terms.journal.note(row["post_id"], name, before.get(place), _value(row))
    if written:
        await versions.touch(session, user_id)


async def _standing(connection: asyncpg.Connection, user_id: UUID, ids: Sequence[UUID]) -> dict[Place, list[Any]]:
    rows = await connection.fetch(STANDING, user_id, ids)
    return {(row["post_id"], row["role"], row["position"]): _value(row) for row in rows}


def _value(row: Mapping[str, Any]) -> list[Any]:
    """An edge as it is kept with a change."""
    return [str(row["input_id"]) if row["input_id"] else None, row["url"]]


async def swap_edges(connection: asyncpg.Connection, user_id: UUID, swaps: Mapping[UUID, Change]) -> set[UUID]:
    """Let old edges give way to new ones where they still stand; the posts that changed."""
    gone: list[tuple[Any, ...]] = []
    put: list[tuple[Any, ...]] = []
    for post_id, swap in swaps.items():
        for (role, position), (old, new) in edge_changes(swap).items():
            if old is not None:
                gone.append((post_id, role, position, *_typed(old)))
            if new is not None:
                put.append((post_id, role, position, *_typed(new)))
    touched: set[UUID] = set()
    # An edge that was filled in goes and comes back as it was; where it is another one by now, it is left alone.
    for sql, rows in ((REMOVE, gone), (PUT, put)):
        if rows:
            found = await connection.fetch(sql, user_id, *map(list, zip(*rows, strict=True)))
            touched |= {row["post_id"] for row in found}
    return touched


def _typed(value: Sequence[Any]) -> tuple[UUID | None, str]:
    return UUID(value[0]) if value[0] else None, value[1]
