"""Tags and a collection for what an import brings: given once, counted, and taken back exactly."""

from collections.abc import Mapping
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from importer.records import child, number, root, written
from importer.test_undoing import redone, undone
from sqlalchemy import select

from sovia.collection.schemas import NewCollection
from sovia.collection.service import collections, items, marks
from sovia.collection.targets import by_ids
from sovia.importer import service
from sovia.importer.gathering import gather
from sovia.importer.models import Import
from sovia.importer.options import options_of
from sovia.importer.service import run_import
from sovia.kit.db import Database
from sovia.library.gathered import CollectionItem, PostTag
from sovia.library.queries.posts import post_by_id

Tags = dict[str, set[str]]


async def brought(database: Database, me: UUID, folder: Path, content: object, **options: object) -> UUID:
    """Import this with these options; the import."""
    import_id, path = uuid4(), written(folder, content)
    async with database.begin() as session:
        session.add(
            Import(id=import_id, user_id=me, file_name="e.json", options=options_of(options).model_dump(mode="json"))
        )
    await run_import(database, me, import_id, path)
    return import_id


async def collection(database: Database, me: UUID, name: str = "sea") -> UUID:
    async with database.begin() as session:
        found, _ = await collections.create(session, me, NewCollection(name=name))
        return found.id


async def tags_here(database: Database) -> Tags:
    found: Tags = {}
    async with database.begin() as session:
        for one in await session.scalars(select(PostTag)):
            found.setdefault(str(one.post_id), set()).add(one.tag)
    return found


async def items_here(database: Database) -> list[str]:
    async with database.begin() as session:
        query = select(CollectionItem.post_id).order_by(CollectionItem.position, CollectionItem.post_id)
        return [str(one) for one in await session.scalars(query)]


async def counts_of(database: Database, import_id: UUID) -> Mapping[str, int]:
    async with database.begin() as session:
        counts: Mapping[str, int] = (await session.get_one(Import, import_id)).counts
        return counts


async def mark(database: Database, me: UUID, n: int, **wanted: list[str]) -> None:
    async with database.begin() as session:
        await marks.mark(session, me, dict(wanted), ids=[UUID(number(n))], typed=None)


async def put(database: Database, me: UUID, collection_id: UUID, n: int, *, out: bool = False) -> None:
    async with database.begin() as session:
        found = await items.regular(session, me, collection_id)
        deed = items.remove if out else items.add
        await deed(session, me, found, by_ids(me, [UUID(number(n))]))


@pytest.fixture(params=[1, 5000])
def any_size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps of one post, and as they are."""
    monkeypatch.setattr("sovia.importer.gathering.AT_ONCE", request.param)


async def test_the_topmost_posts_are_tagged_and_gathered_whatever_the_order_they_come_in(
    any_size: None, database: Database, me: UUID, tmp_path: Path
) -> None:
    sea = await collection(database, me)
    await brought(database, me, tmp_path, [root(9), root(1)])
    records = [child(50, of=7), root(2, child(20, of=2)), root(1), root(7, createTime="2030-01-01T00:00:00Z")]

    found = await brought(database, me, tmp_path, records, tags=["Night  Sky"], collection=str(sea))
    again = await brought(database, me, tmp_path, records, tags=["night sky"], collection=str(sea))

    top = {number(n) for n in (1, 2, 7)}
    assert await tags_here(database) == {one: {"night sky"} for one in top}
    assert set(await items_here(database)) == top
    assert (await items_here(database))[0] == number(7)
    assert [(await counts_of(database, one)).get("tagged") for one in (found, again)] == [3, 0]
    assert [(await counts_of(database, one)).get("gathered") for one in (found, again)] == [3, 0]


async def test_a_child_of_a_post_that_was_not_brought_is_meant_itself(
    database: Database, me: UUID, tmp_path: Path
) -> None:
    await brought(database, me, tmp_path, [root(1)])

    await brought(database, me, tmp_path, [child(10, of=1)], tags=["x"])

    assert await tags_here(database) == {number(10): {"x"}}


async def test_undone_exactly_what_it_gave_is_gone_and_done_again_it_is_there(
    any_size: None, database: Database, me: UUID, tmp_path: Path
) -> None:
    sea = await collection(database, me)
    await brought(database, me, tmp_path, [root(n) for n in range(1, 6)])
    await mark(database, me, 1, add_tags=["x"])
    await put(database, me, sea, 2)
    before = await tags_here(database), await items_here(database)
    records = [root(n) for n in range(1, 8)]
    found = await brought(database, me, tmp_path, records, tags=["x", "y"], collection=str(sea))
    after = await tags_here(database), await items_here(database)

    await undone(database, me, found)
    assert (await tags_here(database), await items_here(database)) == before
    await redone(database, me, found)

    assert (await tags_here(database), await items_here(database)) == after
    assert all(tags == {"x", "y"} for tags in after[0].values())
    assert len(after[0]) == len(after[1]) == 7


async def test_what_a_person_did_since_stays(any_size: None, database: Database, me: UUID, tmp_path: Path) -> None:
    sea = await collection(database, me)
    found = await brought(database, me, tmp_path, [root(n) for n in range(1, 5)], tags=["x", "y"], collection=str(sea))
    await mark(database, me, 1, remove_tags=["x"])
    await mark(database, me, 2, remove_tags=["x"])
    await mark(database, me, 2, add_tags=["x"])
    await mark(database, me, 3, add_tags=["mine"])
    await put(database, me, sea, 3, out=True)
    await put(database, me, sea, 4, out=True)
    await put(database, me, sea, 4)

    await undone(database, me, found)
    assert await tags_here(database) == {number(2): {"x"}, number(3): {"mine"}}
    assert await items_here(database) == [number(4)]
    await redone(database, me, found)

    assert (await tags_here(database))[number(1)] == {"y"}
    assert set(await items_here(database)) == {number(n) for n in (1, 2, 4)}


async def test_what_another_import_gave_too_stays_with_that_one(
    any_size: None, database: Database, me: UUID, tmp_path: Path
) -> None:
    sea = await collection(database, me)
    chosen: dict[str, object] = {"tags": ["x"], "collection": str(sea)}
    one = await brought(database, me, tmp_path, [root(1), root(2)], **chosen)
    other = await brought(database, me, tmp_path, [root(2), root(3)], **chosen)

    await undone(database, me, one)
    first = await tags_here(database), await items_here(database)
    await undone(database, me, other)

    assert first[0] == {number(2): {"x"}, number(3): {"x"}}
    assert set(first[1]) == {number(2), number(3)}
    assert (await tags_here(database), await items_here(database)) == ({}, [])


RULES = {
    "folder": ({"folder": "Pics/2025/"}, set()),
    "host": ({"host": "GROK.com"}, {1, 2, 3}),
    "another host": ({"host": "rok.com"}, set()),
    "a host with a sign of patterns": ({"host": "_ssets.grok.com"}, set()),
    "before": ({"before": "2025-10-01"}, {1}),
    "after": ({"after": "2025-10-01T00:00:00+02:00", "before": "2026-01-01"}, {2}),
    "words": ({"prompt": "^a (red|blue) fox"}, {2}),
    "all of them": ({"prompt": "fox", "after": "2026-01-01"}, {3}),
}


@pytest.mark.parametrize("rule", RULES)
async def test_tags_go_by_rules(rule: str, database: Database, me: UUID, tmp_path: Path) -> None:
    when, fits = RULES[rule]
    records = [
        root(1, createTime="2025-09-01T00:00:00Z", prompt="a fox"),
        root(2, createTime="2025-10-02T00:00:00Z", prompt="A Red FOX"),
        root(3, createTime="2026-10-02T00:00:00Z", prompt="fox"),
    ]

    await brought(database, me, tmp_path, records, tags=[{"tag": "fit", "when": when}, {"tag": "fit", "when": when}])

    assert await tags_here(database) == {number(n): {"fit"} for n in fits}


@pytest.mark.parametrize("killed", ["before the first step", "after the first step", "before the report"])
async def test_broken_off_while_it_gathers_it_goes_on(
    killed: str, database: Database, me: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process is killed by a power cut: what was committed stays, nothing else happens."""
    monkeypatch.setattr("sovia.importer.gathering.AT_ONCE", 2)
    sea = await collection(database, me)
    path, import_id = written(tmp_path, [root(n) for n in range(1, 8)]), uuid4()
    chosen = options_of({"tags": ["x"], "collection": str(sea)}).model_dump(mode="json")
    async with database.begin() as session:
        session.add(Import(id=import_id, user_id=me, file_name="e.json", options=chosen))

    class PowerCutError(BaseException):
        pass

    async def step_then_dies() -> None:
        raise PowerCutError

    async def dying(*given: object, **more: object) -> None:
        if killed == "after the first step":
            await gather(database, me, import_id, on_step=step_then_dies)
        raise PowerCutError

    name = "_finished" if killed == "before the report" else "gather"
    with monkeypatch.context() as patch:
        patch.setattr(service, name, dying)
        with pytest.raises(PowerCutError):
            await run_import(database, me, import_id, path)
    report = await run_import(database, me, import_id, path)

    everything = {number(n) for n in range(1, 8)}
    assert await tags_here(database) == {one: {"x"} for one in everything}
    assert set(await items_here(database)) == everything
    assert (report.counts["tagged"], report.counts["gathered"]) == (7, 7)


async def test_a_collection_that_went_meanwhile_and_posts_that_were_removed_do_no_harm(
    database: Database, me: UUID, tmp_path: Path
) -> None:
    found = await brought(database, me, tmp_path, [root(1)], tags=["x"], collection=str(uuid4()))

    assert (await counts_of(database, found))["gathered"] == 0
    async with database.begin() as session:
        await session.delete(await post_by_id(session, me, UUID(number(1))))
    assert (await undone(database, me, found)).state == "undone"
