"""The same posts again: merged, never doubled, never blanked, whatever comes first."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from importer.records import (
    Record,
    child,
    files_here,
    imported,
    number,
    posts_here,
    root,
    snapshot,
    write_marks,
    written,
)
from makers import set_liked
from sqlalchemy import update

from sovia.importer.service import import_file
from sovia.kit.db import Database
from sovia.library.models import Post


async def here(database: Database) -> dict[str, Post]:
    async with database.begin() as session:
        return await posts_here(session)


async def both(database: Database, me: UUID, folder: Path, *exports: list[Record]) -> dict[str, Post]:
    for records in exports:
        await imported(database, me, folder, records)
    return await here(database)


MIXED = [
    root(1, child(2, of=1), child(3, of=1, childPosts=[child(4, of=3)])),
    child(5, of=1, originalPost=root(1, modelName="x")),
    root(6, prompt="first"),
    root(6, prompt="second"),
    child(7, of=99),
    root(8, originalPostId=number(8)),
    root(9, originalPostId=number(10)),
    root(10, originalPostId=number(9)),
    root(11, mediaUrl="file:///etc/passwd"),
]


async def test_the_second_run_writes_nothing(database: Database, me: UUID, tmp_path: Path) -> None:
    first = await imported(database, me, tmp_path, MIXED)
    before = await write_marks(database)

    second = await imported(database, me, tmp_path, MIXED)

    assert await write_marks(database) == before
    assert (second.counts["new"], second.counts["changed"]) == (0, 0)
    assert second.counts["same"] == first.counts["new"] == 11


async def test_equal_ids_in_two_chunks_settle_too(
    database: Database, me: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sovia.importer.export.CHUNK_POSTS", 1)
    await imported(database, me, tmp_path, MIXED)
    before = await write_marks(database)

    second = await imported(database, me, tmp_path, MIXED)

    assert await write_marks(database) == before
    assert second.counts["changed"] == 0
    assert (await here(database))[number(6)].prompt == "second"


@pytest.mark.parametrize("size", [1, 2, 3, 5])
async def test_chunks_of_any_size_make_the_same_library(
    size: int, database: Database, me: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await imported(database, me, tmp_path, MIXED)
    whole = await snapshot(database)
    async with database.begin() as session:
        connection = await session.connection()
        await connection.exec_driver_sql("delete from files")
        await connection.exec_driver_sql("delete from posts")

    monkeypatch.setattr("sovia.importer.export.CHUNK_POSTS", size)
    await imported(database, me, tmp_path, MIXED)

    assert await snapshot(database) == whole


async def test_stacks_sum_up_all_descendants(database: Database, me: UUID, tmp_path: Path) -> None:
    found = await both(database, me, tmp_path, MIXED)

    top = found[number(1)]
    assert (top.child_count, top.stack_models, top.stack_modes) == (4, ["imagine_h_1", "imagine_w_1"], ["custom"])
    assert found[number(4)].root_id == top.id
    assert str(found[number(4)].parent_id) == number(3)
    assert found[number(5)].parent_id == top.id
    assert found[number(5)].liked is None
    assert top.model == "imagine_h_1"
    assert found[number(8)].parent_id is None


async def test_of_a_circle_one_edge_is_left_out(database: Database, me: UUID, tmp_path: Path) -> None:
    found = await both(database, me, tmp_path, MIXED, [root(9, originalPostId=number(10))])

    parents = {found[number(9)].parent_id, found[number(10)].parent_id}
    assert len(parents) == 2
    assert None in parents


async def test_a_long_circle_over_several_imports_never_closes(database: Database, me: UUID, tmp_path: Path) -> None:
    exports = [[root(n, originalPostId=number(n % 4 + 1))] for n in (1, 2, 3, 4)]

    found = await both(database, me, tmp_path, *exports, *exports)

    assert sum(post.parent_id is None for post in found.values()) == 1
    assert len({post.root_id for post in found.values()}) == 1


async def test_exports_of_two_accounts_give_the_union(database: Database, me: UUID, tmp_path: Path) -> None:
    mine = root(1, child(2, of=1), thumbnailImageUrl="https://a.example/t.jpg")
    other = root(1, child(3, of=1, mode="normal"), prompt="", modelName=None)

    found = await both(database, me, tmp_path, [mine], [other])

    top = found[number(1)]
    assert found.keys() == {number(1), number(2), number(3)}
    assert (top.child_count, top.stack_modes) == (2, ["custom", "normal"])
    assert (top.prompt, top.model) == ("a lighthouse at dusk", "imagine_h_1")


async def test_a_parent_that_comes_later_gets_its_children(database: Database, me: UUID, tmp_path: Path) -> None:
    flat = [child(3, of=2, originalPrompt=""), child(2, of=1, originalPrompt="")]
    before = await both(database, me, tmp_path, flat)
    assert str(before[number(2)].wanted_parent_id) == number(1)
    assert before[number(2)].child_count == 1

    found = await both(database, me, tmp_path, [root(1)])

    top = found[number(1)]
    assert {post.root_id for post in found.values()} == {top.id}
    assert (top.child_count, found[number(2)].child_count, found[number(2)].stack_modes) == (2, 0, [])
    assert found[number(3)].inherited_prompt == "a lighthouse at dusk"
    assert found[number(3)].prompt_hash == top.prompt_hash
    assert found[number(2)].wanted_parent_id is None


async def test_the_named_parent_replaces_the_nesting_one_when_it_comes(
    database: Database, me: UUID, tmp_path: Path
) -> None:
    before = await both(database, me, tmp_path, [root(1, child(3, of=2))])
    assert str(before[number(3)].parent_id) == number(1)

    found = await both(database, me, tmp_path, [root(2)])

    assert str(found[number(3)].parent_id) == number(2)
    assert (found[number(1)].child_count, found[number(2)].child_count) == (0, 1)


async def test_a_root_becomes_a_child_and_keeps_its_like(database: Database, me: UUID, tmp_path: Path) -> None:
    lifted = child(2, of=1, originalPostId=None, userInteractionStatus={"likeStatus": True})

    found = await both(database, me, tmp_path, [lifted], [root(1, child(2, of=1))])

    assert str(found[number(2)].parent_id) == number(1)
    assert found[number(2)].liked is True
    assert found[number(1)].child_count == 1


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"prompt": "a"}, {"prompt": "b"}, {"prompt": "b", "search_text": "b"}),
        ({"prompt": "a"}, {"prompt": ""}, {"prompt": "a"}),
        ({"prompt": ""}, {"prompt": "b"}, {"prompt": "b", "search_text": "b"}),
        ({"modelName": None}, {"modelName": "m"}, {"model": "m", "stack_models": ["m"]}),
        ({"userInteractionStatus": None}, {}, {"liked": True}),
        ({}, {"userInteractionStatus": {"likeStatus": False}}, {"liked": True}),
        ({}, {"userInteractionStatus": None}, {"liked": True}),
        ({"createTime": None}, {"createTime": "2025-10-05T00:00:00Z"}, {"created_at": "2025-10-05T00:00:00+00:00"}),
        ({"mediaUrl": ""}, {}, {"media_state": "wanted", "media_url": root(1)["mediaUrl"]}),
        ({}, {"mediaUrl": "https://a.example/1"}, {"media_url": root(1)["mediaUrl"]}),
        ({"mediaUrl": "file:///x"}, {"mediaUrl": ""}, {"media_state": "refused"}),
        ({"x": 1}, {"y": 2, "x": None}, {"raw": {"x": 1, "y": 2}}),
        ({}, {"resolution": {"width": 10, "height": 20}}, {"width": 10, "ratio": 88}),
    ],
)
async def test_what_a_later_export_changes(
    first: Any, second: Any, expected: dict[str, Any], database: Database, me: UUID, tmp_path: Path
) -> None:
    post = (await both(database, me, tmp_path, [root(1, **first)], [root(1, **second)]))[number(1)]

    for name, value in expected.items():
        found = getattr(post, name)
        if name == "raw":
            found = {key: found[key] for key in value}
        assert (found.isoformat() if name == "created_at" else found) == value


async def test_a_kind_that_a_later_export_corrects_is_corrected_in_the_stack(
    database: Database, me: UUID, tmp_path: Path
) -> None:
    sound = {"mediaType": "MEDIA_POST_TYPE_AUDIO", "mimeType": "audio/mpeg"}

    found = await both(database, me, tmp_path, [root(1, child(2, of=1))], [root(1, child(2, of=1, **sound))])

    assert found[number(2)].kind == "audio"
    assert found[number(1)].stack_kinds == ["audio", "image"]


async def test_what_was_replaced_stays_replaced(database: Database, me: UUID, tmp_path: Path) -> None:
    old, new = [root(1, prompt="old")], [root(1, prompt="new")]

    found = await both(database, me, tmp_path, old, new, old)

    assert found[number(1)].prompt == "new"


async def test_a_like_given_here_outlives_an_import(database: Database, me: UUID, tmp_path: Path) -> None:
    await imported(database, me, tmp_path, [root(1), root(2, userInteractionStatus=None)])
    async with database.begin() as session:
        await set_liked(session, me, UUID(number(1)), liked=False)
        await set_liked(session, me, UUID(number(2)), liked=True)

    found = await both(database, me, tmp_path, [root(1), root(2, userInteractionStatus={"likeStatus": False})])

    assert (found[number(1)].liked, found[number(2)].liked) == (False, True)


async def test_new_files_of_a_known_post_are_added(database: Database, me: UUID, tmp_path: Path) -> None:
    sound, other = "https://a.example/1.flac", "https://a.example/2.flac"
    exports = (
        [child(1, of=9, audioUrls=[sound])],
        [child(1, of=9, audioUrls=[other, sound], hdMediaUrl="https://a.example/h")],
    )

    await both(database, me, tmp_path, *exports)

    async with database.begin() as session:
        found = [(file.role, file.position, file.url) for file in await files_here(session)]
    assert found[:3] == [("audio", 0, sound), ("audio", 1, other), ("hd", 0, "https://a.example/h")]
    assert len(found) == 4


async def test_a_size_that_was_measured_is_kept(database: Database, me: UUID, tmp_path: Path) -> None:
    await imported(database, me, tmp_path, [root(1)])
    async with database.begin() as session:
        await session.execute(update(Post).values(width=640, height=480, ratio=144))

    found = await both(database, me, tmp_path, [root(1, resolution={"width": 64, "height": 64})])

    assert (found[number(1)].width, found[number(1)].ratio) == (640, 144)


async def test_imports_at_once_lose_and_double_nothing(
    database: Database, me: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sovia.importer.export.CHUNK_POSTS", 20)
    clips = {n: [child(1000 * n + k, of=n) for k in range(6)] for n in range(1, 61)}
    halves = [
        [root(n, *clips[n][:4]) for n in range(1, 51)],
        [root(n, *clips[n][2:]) for n in range(60, 10, -1)],
        [one for n in range(60, 0, -1) for one in clips[n][3:5]],
    ]
    paths = [written(tmp_path, records, f"{name}.json") for name, records in enumerate(halves)]

    await asyncio.gather(*(import_file(database, me, path) for path in paths))

    found = await here(database)
    expected = {one["id"] for half in halves for record in half for one in (record, *record["childPosts"])}
    assert found.keys() == expected
    assert all(post.parent_id is not None for post in found.values() if post.kind == "video")
    for n in range(11, 51):
        assert found[number(n)].child_count == 6
