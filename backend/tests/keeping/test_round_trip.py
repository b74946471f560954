"""The way out and back: what was exported comes in again as it was, every row, every file, byte for byte."""

import json
import shutil
from pathlib import Path
from uuid import UUID, uuid4

import httpx
from importer.records import number, root
from keeping.coming_back import contents, done, emptied, everything, gathered, import_file, library
from keeping.damage import Keep
from sqlalchemy import text

from sovia.account.models import User
from sovia.keeping.exporting import service


async def exported(keep: Keep, path: Path, typed: str = "") -> Path:
    pieces = [piece async for piece in service.json_of(keep.shelf.database, keep.shelf.user_id, typed)]
    path.write_bytes(b"".join(pieces))
    return path


async def test_every_row_and_every_file(keep: Keep, tmp_path: Path, live_client: httpx.AsyncClient) -> None:
    await library(keep, tmp_path)
    await gathered(live_client)
    before, media = await everything(keep.shelf.database), contents(keep.shelf.home / "https_")
    assert min(map(len, before.values())) > 0
    bag = tmp_path / "bag"

    tally = await service.to_folder(keep.shelf.database, keep.shelf.user_id, keep.shelf.home / "https_", bag)

    assert (tally["posts"], tally.get("left_out", 0)) == (len(before["posts"]), 0)
    await emptied(keep)
    shutil.copytree(bag / "data" / "https_", keep.shelf.home / "https_", dirs_exist_ok=True)
    for extra in (*keep.shelf.home.rglob("*.xmp"), *keep.shelf.home.rglob("*.json")):
        extra.unlink()
    assert contents(keep.shelf.home / "https_") == media
    await import_file(keep.shelf.database, keep.shelf.user_id, bag / "data" / "posts.json")
    await keep.shelf.look()
    after = await everything(keep.shelf.database)
    for table, rows in before.items():
        assert after[table] == rows, table


async def test_a_second_time_changes_nothing(keep: Keep, tmp_path: Path, live_client: httpx.AsyncClient) -> None:
    await library(keep, tmp_path)
    await gathered(live_client)
    path = await exported(keep, tmp_path / "out.json")
    before, version = await everything(keep.shelf.database), await keep.shelf.version()

    await import_file(keep.shelf.database, keep.shelf.user_id, path)

    assert await everything(keep.shelf.database) == before
    assert await keep.shelf.version() == version


async def test_collections_and_presets_come_back_without_a_post_to_carry_them(
    keep: Keep, tmp_path: Path, live_client: httpx.AsyncClient
) -> None:
    """More than fits beside the posts that are there: first none at all, then one."""
    names = [f"{'empty ' * 10}{at}" for at in range(140)]
    for name in names:
        made = {"name": name, "notes": "n" * 9000}
        await done(live_client.post("/api/collections", json=made))
    smart = {"name": "Smart", "is_smart": True, "smart_filters": {"type": "video"}}
    await done(live_client.post("/api/collections", json=smart))
    await done(live_client.post("/api/presets", json={"name": "Mine", "filter": "liked:yes"}))

    for posts in ([], [root(1)]):
        if posts:
            one = tmp_path / "one.json"
            one.write_text(json.dumps(posts))
            await import_file(keep.shelf.database, keep.shelf.user_id, one)
        before = await everything(keep.shelf.database)
        assert [len(before[name]) for name in ("posts", "collections", "presets")] == [len(posts), 141, 1]
        path = await exported(keep, tmp_path / "out.json")
        assert len(json.loads(path.read_text())["posts"]) == 2

        await emptied(keep)
        await import_file(keep.shelf.database, keep.shelf.user_id, path)

        assert await everything(keep.shelf.database) == before


async def test_what_stands_here_goes_first(keep: Keep, tmp_path: Path, live_client: httpx.AsyncClient) -> None:
    await library(keep, tmp_path)
    await gathered(live_client)
    path = await exported(keep, tmp_path / "out.json")
    first = json.loads(path.read_text())["posts"][0]["sovia"]
    inner = next(one for one in first["collections"] if one["name"] == "Inner")
    await done(live_client.patch(f"/api/posts/{first['id']}", json={"rating": 2, "remove_tags": ["sea"]}))
    await done(live_client.patch(f"/api/collections/{inner['id']}", json={"name": "Renamed"}))

    await import_file(keep.shelf.database, keep.shelf.user_id, path)

    async with keep.shelf.database.begin() as session:
        rating = text("select rating, status from post_marks where post_id = :id")
        marks = (await session.execute(rating, {"id": UUID(first["id"])})).one()
        name = await session.scalar(text("select name from collections where id = :id"), {"id": UUID(inner["id"])})
    assert (tuple(marks), name) == ((2, "approved"), "Renamed")


async def test_an_export_of_some_carries_only_the_collections_they_are_in(
    keep: Keep, tmp_path: Path, live_client: httpx.AsyncClient
) -> None:
    await library(keep, tmp_path)
    await gathered(live_client)

    path = await exported(keep, tmp_path / "out.json", f"id:{number(5)}")

    posts = json.loads(path.read_text())["posts"]
    assert len(posts) == 1
    # The collection of the post, and the ones around it, outermost first.
    names = [one["name"] for one in posts[0]["sovia"]["collections"]]
    assert (names[0].startswith("Outer"), names[1:]) == (True, ["Inner", "Deepest"])
    assert "presets" not in posts[0]["sovia"]


async def test_two_people_of_one_house(keep: Keep, tmp_path: Path, live_client: httpx.AsyncClient) -> None:
    await library(keep, tmp_path)
    await gathered(live_client)
    path = await exported(keep, tmp_path / "out.json")
    before, other = await everything(keep.shelf.database), uuid4()
    async with keep.shelf.database.begin() as session:
        session.add(User(id=other, name="other"))

    await import_file(keep.shelf.database, other, path)

    after = await everything(keep.shelf.database)
    for table in ("post_marks", "post_tags", "collections", "collection_items", "presets"):
        mine = [row for row in after[table] if row["user_id"] != other]
        assert (mine, len(after[table])) == (before[table], 2 * len(before[table])), table
    async with keep.shelf.database.begin() as session:
        crossed = (
            "select count(*) from collections c join collections p on p.id = c.parent_id where c.user_id <> p.user_id"
        )
        assert await session.scalar(text(crossed)) == 0


BAD = [
    {"collections": [{"id": str(UUID(int=9)), "name": "x" * 5000}, 5, None, {"name": "no id"}]},
    {"collections": {"not": "a list"}},
    {"presets": [{"id": "x"}, {"id": str(UUID(int=9)), "name": "bad", "filter": "((", "view": {}}]},
    {"rating": 99},
    {"rating": 3, "tags": [None, "", "none", "x" * 10_000, "a\u0000b"], "status": "nonsense"},
    {"places": [{"collection": str(UUID(int=77)), "position": 10**30, "added_at": "never"}]},
    {"earlier": ["x", 5, "0" * 32]},
]


async def test_nonsense_in_our_own_field_is_no_harm(keep: Keep, tmp_path: Path) -> None:
    """SEC45: what comes in is checked, whoever it says it is from."""
    await library(keep, tmp_path)
    path = await exported(keep, tmp_path / "out.json")
    content = json.loads(path.read_text())
    for post, own in zip(content["posts"], BAD, strict=False):
        post["sovia"] |= own
    path.write_text(json.dumps(content))
    await emptied(keep)

    await import_file(keep.shelf.database, keep.shelf.user_id, path)

    after = await everything(keep.shelf.database)
    assert len(after["posts"]) >= 39
    assert (after["collections"], after["presets"], after["collection_items"]) == ([], [], [])
    assert [(row["rating"], row["status"]) for row in after["post_marks"]] == [(3, None)]
    assert all(len(row["tag"]) <= 100 for row in after["post_tags"])


async def test_collections_that_stand_in_each_other_or_too_deep_come_in_flat(keep: Keep, tmp_path: Path) -> None:
    await library(keep, tmp_path)
    path = await exported(keep, tmp_path / "out.json")
    moment = "2025-01-01T00:00:00+00:00"
    row = {"seen_at": moment, "created_at": moment, "updated_at": moment}
    ring = [{"id": str(UUID(int=n)), "name": f"{n}", "parent_id": str(UUID(int=n % 3 + 1)), **row} for n in (1, 2, 3)]
    deep = [{"id": str(UUID(int=n)), "name": f"{n}", "parent_id": str(UUID(int=n - 1)), **row} for n in range(11, 31)]
    content = json.loads(path.read_text())
    content["posts"][0]["sovia"]["collections"] = ring + deep
    path.write_text(json.dumps(content))

    await import_file(keep.shelf.database, keep.shelf.user_id, path)

    async with keep.shelf.database.begin() as session:
        levels = text(
            "with recursive below as (select id, 1 as level from collections where parent_id is null union all"
            " select c.id, b.level + 1 from below b join collections c on c.parent_id = b.id)"
            " select count(*), max(level) from below"
        )
        assert tuple((await session.execute(levels)).one()) == (23, 8)
