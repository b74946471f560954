"""Tags and a collection as they are asked for: over HTTP, by the command line; what can not be done is refused."""

from pathlib import Path
from uuid import UUID, uuid4

import httpx
import orjson
import pytest
from importer.queued import run_importer
from importer.records import child, number, root, written
from importer.test_gathering import items_here, tags_here
from importer.test_steering import ordered, piece
from sqlalchemy import select

from sovia.account.models import User
from sovia.cli import imports
from sovia.collection.service import collections
from sovia.importer.options import options_of
from sovia.kit.db import Database
from sovia.library.gathered import Collection

TOO_COMPLEX = "((((a{1,255}){1,255}){1,255}){1,255})"
ODD = {
    "a text": {"tags": "x"},
    "no tags": {"tags": [1, None, {}]},
    "nothing": {"tags": ["  "]},
    "the word for none": {"tags": ["none"]},
    "very long": {"tags": ["x" * 101]},
    "very many": {"tags": ["x"] * 101},
    "what can not be stored": {"tags": [{"tag": "x", "when": {"folder": "\x00"}}]},
    "a broken expression": {"tags": [{"tag": "x", "when": {"prompt": "a(b"}}]},
    "an expression that may take for ever": {"tags": [{"tag": "x", "when": {"prompt": "(a*)*\\1"}}]},
    "an expression that is too large": {"tags": [{"tag": "x", "when": {"prompt": TOO_COMPLEX}}]},
    "no time": {"tags": [{"tag": "x", "when": {"before": "soon"}}]},
    "a time after all times": {"tags": [{"tag": "x", "when": {"after": "9999-12-31T23:59:59-14:00"}}]},
    "a name": {"collection": "sea"},
}


@pytest.mark.parametrize("odd", ODD)
async def test_odd_tags_are_refused(odd: str, client: httpx.AsyncClient) -> None:
    upload = await piece(client, b"[]")

    answer = await client.post("/api/imports", json={"uploads": [upload], "options": ODD[odd]})

    assert (answer.status_code, answer.json()["error"]) == (422, "invalid_input")


@pytest.mark.parametrize("target", ["not there", "deleted", "of another", "filled by a filter"])
async def test_a_collection_that_can_not_be_filled_is_refused(
    target: str, live_client: httpx.AsyncClient, database: Database, me: UUID
) -> None:
    found = uuid4()
    if target != "not there":
        async with database.begin() as session:
            other = uuid4()
            session.add(User(id=other, name="other"))
            made = await collections.make(session, other if target == "of another" else me, "sea")
            found, made.is_smart = made.id, target == "filled by a filter"
        if target == "deleted":
            await live_client.delete(f"/api/collections/{found}")
    upload = await piece(live_client, b"[]")

    answer = await live_client.post("/api/imports", json={"uploads": [upload], "options": {"collection": str(found)}})

    assert (answer.status_code, answer.json()["error"]) == (422, "no_such_target")


async def test_they_are_chosen_after_the_check_and_told_in_the_report(
    one_home: Path, live_client: httpx.AsyncClient, database: Database
) -> None:
    made = (await live_client.post("/api/collections", json={"name": "sea"})).json()["id"]
    options = {"tags": ["Sea", {"tag": "sun", "when": {"prompt": "sun"}}], "collection": made}
    broken = root(3) | {"id": None, "mediaUrl": ""}
    import_id = await ordered(live_client, [root(1, child(10, of=1), prompt="the sun"), broken], check=True)
    await run_importer(database)
    await live_client.post(f"/api/imports/{import_id}/run", json={"options": options})
    await run_importer(database)
    fixed = {"text": orjson.dumps(root(2)).decode()}

    again = await live_client.post(f"/api/imports/{import_id}/problems/0/retry", json=fixed)
    report = (await live_client.get(f"/api/imports/{import_id}")).json()

    assert again.json()["accepted"]
    assert report["options"]["collection"] == made
    assert report["options"]["tags"][0] == {"tag": "sea", "when": {}}
    assert (report["counts"]["tagged"], report["counts"]["gathered"]) == (2, 2)
    assert await tags_here(database) == {number(1): {"sea", "sun"}, number(2): {"sea"}}
    assert await items_here(database) == [number(1), number(2)]


async def test_the_command_line_tags_and_fills_a_collection_by_its_name(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, [root(1), root(2)])
    options = options_of({"tags": ["x"]})

    assert await imports.import_all(database.url, [path], options=options, into="By the sea", check=True) == 0
    async with database.begin() as session:
        assert list(await session.scalars(select(Collection))) == []
    assert await imports.import_all(database.url, [path], options=options, into="By the sea") == 0
    said = capsys.readouterr().out
    assert await imports.import_all(database.url, [written(tmp_path, [root(3)])], into=" by the SEA ") == 0

    async with database.begin() as session:
        assert [one.name for one in await session.scalars(select(Collection))] == ["By the sea"]
    assert set(await items_here(database)) == {number(n) for n in (1, 2, 3)}
    assert await tags_here(database) == {number(n): {"x"} for n in (1, 2)}
    assert "2 tagged, 2 put into By the sea" in " ".join(said.split())
