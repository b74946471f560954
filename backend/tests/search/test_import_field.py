"""`import:` finds what one import brought, new or known, and nobody else's."""

from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from importer.records import child, root, written

from sovia.account.models import User
from sovia.account.service import LOCAL_USER
from sovia.importer import undoing
from sovia.importer.models import Import
from sovia.importer.service import run_import
from sovia.kit.db import Database


async def brought(database: Database, folder: Path, content: object, name: str, user_id: UUID = LOCAL_USER) -> UUID:
    import_id = uuid4()
    async with database.begin() as session:
        session.add(Import(id=import_id, user_id=user_id, file_name=name))
    await run_import(database, user_id, import_id, written(folder, content, name))
    return import_id


async def found(client: httpx.AsyncClient, text: str) -> set[str]:
    answer = await client.get("/api/media", params={"filter": text, "limit": 100})
    assert answer.status_code == 200, answer.text
    return {post["id"][-1:] for post in answer.json()}


@pytest.mark.parametrize("by", ["id", "name"])
async def test_it_finds_the_stacks_that_an_import_brought(
    by: str, live_client: httpx.AsyncClient, database: Database, tmp_path: Path
) -> None:
    one = await brought(database, tmp_path, [root(1), root(2), root(3)], "first one.json")
    two = await brought(database, tmp_path, [root(2), child(30, of=3), root(4)], "second.json")
    other = uuid4()
    async with database.begin() as session:
        session.add(User(id=other, name="other"))
    theirs = await brought(database, tmp_path, [root(1), root(9)], "theirs.json", other)
    names = {one: "first one.json", two: "second.json", theirs: "theirs.json"}

    def field(import_id: UUID) -> str:
        return f'import:"{names[import_id] if by == "name" else str(import_id).upper()}"'

    answers = [await found(live_client, field(each)) for each in (one, two, theirs)]
    left_out = await found(live_client, f"-{field(one)}")
    both = await found(live_client, f"{field(one)} {field(two)}")
    async with database.begin() as session:
        await undoing.undo_import(session, LOCAL_USER, two)
    await undoing.carry_out(database, LOCAL_USER, two)

    assert answers == [{"1", "2", "3"}, {"2", "3", "4"}, set()]
    assert (left_out, both) == ({"4"}, {"2", "3"})
    assert await found(live_client, field(two)) == set()
    assert await found(live_client, field(one)) == {"1", "2", "3"}


async def test_nothing_is_found_by_a_name_that_is_none(live_client: httpx.AsyncClient, database: Database) -> None:
    assert await found(live_client, "import:nothing") == set()
    refused = await live_client.get("/api/media", params={"filter": "import:>2"})
    assert refused.status_code == 422
