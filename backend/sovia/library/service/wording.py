"""The words of all prompts, so that a part of a word leads to the words it is in, and those to posts."""

from collections.abc import Collection
from uuid import UUID

import asyncpg

# Nearly all words of a batch are known already; asking first is cheaper than trying to insert each.
LEARN = """
INSERT INTO words (user_id, word)
SELECT $1, new.word FROM unnest($2::text[]) AS new (word)
WHERE NOT EXISTS (SELECT FROM words known WHERE known.user_id = $1 AND known.word = new.word)
ON CONFLICT DO NOTHING
"""


async def learn(connection: asyncpg.Connection, user_id: UUID, words: Collection[str]) -> None:
    """Add the words that are not known yet, in one order everywhere; a word is never forgotten, which does no harm."""
    if words:
        await connection.execute(LEARN, user_id, sorted(words))
