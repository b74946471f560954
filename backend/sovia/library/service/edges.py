"""Further inputs of posts beside their parent: references, extended and edited clips, originals."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit.db import asyncpg_connection
from sovia.library.incoming import Edge

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
"""
HIGHEST = 32_767


async def add_edges(session: AsyncSession, user_id: UUID, edges: Sequence[Edge]) -> None:
    """Add the inputs of posts that are here, in the session's transaction; done twice, the second time adds nothing."""
    kept = [edge for edge in edges if 0 <= edge[4] <= HIGHEST]
    if kept:
        connection = await asyncpg_connection(session)
        await connection.execute(ADD, user_id, *map(list, zip(*kept, strict=True)))
