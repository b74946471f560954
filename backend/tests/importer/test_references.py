"""New rows are copied in without the database looking up what they refer to; here it is asked afterwards."""

import random
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from importer.records import child, imported, number, root
from sqlalchemy import text

from sovia.kit.db import Database

# Written as every other statement, these would be refused; here they are counted.
ORPHANS = """
SELECT (SELECT count(*) FROM posts c WHERE parent_id IS NOT NULL AND NOT EXISTS (
          SELECT FROM posts p WHERE p.user_id = c.user_id AND p.id = c.parent_id)),
       (SELECT count(*) FROM posts c WHERE NOT EXISTS (
          SELECT FROM posts p WHERE p.user_id = c.user_id AND p.id = c.root_id)),
       (SELECT count(*) FROM posts c WHERE NOT EXISTS (SELECT FROM users u WHERE u.id = c.user_id)),
       (SELECT count(*) FROM files f WHERE NOT EXISTS (
          SELECT FROM posts p WHERE p.user_id = f.user_id AND p.id = f.post_id))
"""


def tangled(seed: int) -> list[dict[str, Any]]:
    """Records that name parents which come later, come elsewhere, never come, or close a circle."""
    chance = random.Random(seed)
    made = []
    for n in chance.sample(range(1, 40), 12):
        of = chance.randint(1, 45)
        nested = [child(chance.randint(1, 40), of=chance.choice([n, of])) for _ in range(chance.randint(0, 3))]
        made.append(root(n, *nested, **({"originalPostId": number(of)} if chance.random() < 0.6 else {})))
    return made


@pytest.mark.parametrize("seed", range(5))
async def test_every_row_refers_to_a_row_that_is_here(
    seed: int, database: Database, me: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sovia.importer.export.CHUNK_POSTS", 5)
    for part in range(3):
        await imported(database, me, tmp_path, tangled(seed * 10 + part))

    async with database.begin() as session:
        assert tuple((await session.execute(text(ORPHANS))).one()) == (0, 0, 0, 0)
        checked = await session.scalar(text("SHOW session_replication_role"))
    assert checked == "origin"
