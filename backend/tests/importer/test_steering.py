"""What people ask of imports over HTTP: look first, then take in; pause and go on; undo; try again."""

import base64
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from importer.queued import run_importer
from importer.records import child, number, root, snapshot
from sqlalchemy import select, update

from sovia.importer import service
from sovia.importer.models import Import
from sovia.kit.db import Database
from sovia.library.models import Post

pytestmark = pytest.mark.usefixtures("one_home")


async def piece(client: httpx.AsyncClient, content: bytes, name: str = "export.json") -> str:
    """Upload this in one piece; its id."""
    length = {
        "Tus-Resumable": "1.0.0",
        "Upload-Length": str(len(content)),
        "Upload-Metadata": f"filename {coded(name)}",
    }
    begun = await client.post("/api/uploads", headers=length)
    assert begun.status_code == 201, begun.text
    sent = await client.patch(
        begun.headers["location"],
        content=content,
        headers={"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"},
    )
    assert (sent.status_code, sent.headers["upload-offset"]) == (204, str(len(content)))
    return str(begun.headers["location"].rpartition("/")[2])


def coded(name: str) -> str:
    return base64.b64encode(name.encode()).decode()


async def ordered(client: httpx.AsyncClient, *contents: object, **more: Any) -> str:
    """Order an import of these; its id."""
    ids = [await piece(client, orjson.dumps(one), f"{number}.json") for number, one in enumerate(contents)]
    answer = await client.post("/api/imports", json={"uploads": ids, **more})
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


async def report(client: httpx.AsyncClient, import_id: str) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get(f"/api/imports/{import_id}")).json()
    return found


async def test_checked_first_then_taken_in_then_undone(live_client: httpx.AsyncClient, database: Database) -> None:
    import_id = await ordered(live_client, [root(1, child(10, of=1))], [root(2), None], check=True)
    waiting = await report(live_client, import_id)
    await run_importer(database)
    checked = await report(live_client, import_id)
    strip = (await live_client.get(f"/api/imports/{import_id}/check/new?limit=2")).json()
    nothing = await snapshot(database)

    run = await live_client.post(f"/api/imports/{import_id}/run", json={"options": {"likes": "theirs"}})
    await run_importer(database)
    done = await report(live_client, import_id)
    undo = (await live_client.post(f"/api/imports/{import_id}/undo")).json()
    await run_importer(database)
    gone = await report(live_client, import_id)

    assert (waiting["state"], waiting["can"], waiting["file_name"]) == ("queued", ["cancel"], "0.json and 1 more")
    assert (checked["state"], checked["can"], nothing["posts"]) == ("checked", ["run", "cancel"], [])
    assert checked["check"]["buckets"]["new"] == 3
    assert checked["check"]["files"] == {"present": 0, "unhashed": 0, "missing": 3, "unmappable": 0}
    assert [one["id"] for one in strip["items"]] == [number(1), number(10)]
    assert strip["next"] == 1
    assert run.status_code == 202
    assert (done["state"], done["can"], done["options"]["likes"]) == ("partial", ["undo", "retry"], "theirs")
    assert [(one["name"], one["records"], one["posts"], one["children"]) for one in done["files"]] == [
        ("0.json", 1, 1, 1),
        ("1.json", 2, 1, 0),
    ]
    assert {"new": 3, "records": 3, "files_wanted": 3}.items() <= done["counts"].items()
    assert (undo["state"], undo["undo"]["going"], undo["can"]) == ("running", True, [])
    assert (gone["state"], gone["can"], gone["undo"]["posts"]) == ("undone", ["redo"], 3)


async def test_what_is_not_possible_now_is_refused(live_client: httpx.AsyncClient, database: Database) -> None:
    import_id = await ordered(live_client, [root(1)])

    for deed in ("run", "pause", "resume", "undo", "redo"):
        answer = await live_client.post(f"/api/imports/{import_id}/{deed}")
        assert (answer.status_code, answer.json()["error"]) == (409, "conflict"), deed


async def test_paused_between_two_chunks_and_gone_on_with(
    live_client: httpx.AsyncClient, database: Database, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sovia.importer.export.CHUNK_POSTS", 3)
    monkeypatch.setattr(service, "PROGRESS_SECONDS", 0)
    content = [root(n, child(100 + n, of=n)) for n in range(1, 20)]
    import_id = await ordered(live_client, content[:10], content[10:])
    writes = service.write_chunk
    written = 0

    async def write_and_pause(*given: Any) -> dict[str, Any]:
        nonlocal written
        written += 1
        counts = await writes(*given)
        if written == 2:
            assert (await live_client.post(f"/api/imports/{import_id}/pause")).json()["state"] == "running"
        return counts

    monkeypatch.setattr(service, "write_chunk", write_and_pause)
    await run_importer(database)
    paused = await report(live_client, import_id)
    kept = list((home / ".sovia" / "uploads").iterdir())
    resumed = (await live_client.post(f"/api/imports/{import_id}/resume")).json()
    await run_importer(database)
    done = await report(live_client, import_id)

    assert (paused["state"], paused["can"], paused["finished_at"]) == ("paused", ["resume", "cancel"], None)
    assert 0 < paused["counts"]["new"] < 38
    assert len(kept) == 2
    assert resumed["state"] == "queued"
    assert (done["state"], done["counts"]["new"], done["counts"]["records"]) == ("succeeded", 38, 19)
    assert list((home / ".sovia" / "uploads").iterdir()) == []


async def test_cancelled_while_paused_it_keeps_what_is_done(
    live_client: httpx.AsyncClient, database: Database, home: Path
) -> None:
    import_id = await ordered(live_client, [root(1)])
    async with database.begin() as session:
        await session.execute(update(Import).values(state="paused"))

    answer = (await live_client.post(f"/api/imports/{import_id}/cancel")).json()

    assert (answer["state"], answer["can"]) == ("cancelled", [])
    assert list((home / ".sovia" / "uploads").iterdir()) == []


@pytest.mark.parametrize(
    ("likes", "liked"), [("mine", [True, False, True]), ("theirs", [False, True, True]), ("either", [True, True, True])]
)
async def test_whose_likes_count_can_be_chosen(
    likes: str, liked: list[bool], live_client: httpx.AsyncClient, database: Database
) -> None:
    def said(n: int, like: bool | None) -> dict[str, Any]:
        return root(n, userInteractionStatus=None if like is None else {"likeStatus": like})

    await live_client.post("/api/import", json=[said(1, True), said(2, False), said(3, None)])

    await ordered(live_client, [said(1, False), said(2, True), said(3, True)], options={"likes": likes})
    await run_importer(database)

    async with database.begin() as session:
        assert list(await session.scalars(select(Post.liked).order_by(Post.id))) == liked


async def test_times_without_a_zone_are_read_in_the_chosen_one(
    live_client: httpx.AsyncClient, database: Database
) -> None:
    naive, zoned = root(1, createTime="2025-07-01T12:00:00"), root(2, createTime="2025-07-01T12:00:00Z")

    await ordered(live_client, [naive, zoned], options={"naive_zone": "Europe/Paris"})
    await run_importer(database)

    async with database.begin() as session:
        hours = [one.hour for one in await session.scalars(select(Post.created_at).order_by(Post.id)) if one]
    assert hours == [10, 12]


async def test_what_was_deleted_here_stays_deleted_unless_asked(
    live_client: httpx.AsyncClient, database: Database
) -> None:
    content = [root(1, child(10, of=1)), root(2)]
    await live_client.post("/api/import", json=content)
    async with database.begin() as session:
        await session.execute(update(Post).where(Post.parent_id.is_(None)).values(deleted_at=Post.added_at))

    first = await ordered(live_client, [root(1, child(10, of=1), child(11, of=1)), root(2, prompt="other")])
    await run_importer(database)
    async with database.begin() as session:
        alone = {str(one.id): one.deleted_at is None for one in await session.scalars(select(Post))}
    await ordered(live_client, content, options={"skip_deleted": False})
    await run_importer(database)

    assert (await report(live_client, first))["counts"]["skipped"] == 2
    assert alone == {number(1): False, number(2): False, number(10): True, number(11): True}
    async with database.begin() as session:
        posts = {str(one.id): one for one in await session.scalars(select(Post))}
    assert all(one.deleted_at is None for one in posts.values())
    assert posts[number(1)].child_count == 2
    assert str(posts[number(11)].parent_id) == number(1)


@pytest.mark.parametrize(
    "options",
    [
        {"likes": "hers"},
        {"naive_zone": "Mars/Olympus"},
        {"naive_zone": "../../etc/passwd"},
        {"skip_deleted": "maybe"},
        {"what": 1},
        [],
        "x",
        {"tags": [{"when": {"moon": "full"}, "tag": "x"}]},
    ],
)
async def test_odd_options_are_refused(options: object, client: httpx.AsyncClient) -> None:
    upload = await piece(client, b"[]")

    answer = await client.post("/api/imports", json={"uploads": [upload], "options": options})

    assert (answer.status_code, answer.json()["error"]) == (422, "invalid_input")


async def test_a_record_is_fixed_and_tried_again(live_client: httpx.AsyncClient, database: Database) -> None:
    broken = root(1) | {"id": None, "mediaUrl": ""}
    import_id = await ordered(live_client, [broken, root(2)])
    await run_importer(database)
    problem = (await live_client.get(f"/api/imports/{import_id}/problems/0")).json()
    address = f"/api/imports/{import_id}/problems/0/retry"

    again = (await live_client.post(address, json={"text": problem["excerpt"]})).json()
    nonsense = (await live_client.post(address, json={"text": "{oh"})).json()
    mended = orjson.dumps(orjson.loads(problem["excerpt"]) | {"id": number(1)}).decode()
    fixed = (await live_client.post(address, json={"text": mended})).json()
    twice = (await live_client.post(address, json={"text": mended})).json()
    wrong = await live_client.post(address, json={"words": "x"})
    unknown = await live_client.get(f"/api/imports/{import_id}/problems/7")

    assert (again["accepted"], again["posts"], nonsense["accepted"]) == (False, 0, False)
    assert again["reason"]
    assert (fixed, twice) == ({"accepted": True, "posts": 1, "reason": None},) * 2
    found = await report(live_client, import_id)
    assert {"new": 2, "fixed": 1, "problems": 1, "same": 1}.items() <= found["counts"].items()
    assert (await live_client.get(f"/api/imports/{import_id}/problems")).json()["problems"][0]["fixed"] is True
    assert (wrong.status_code, unknown.status_code) == (422, 404)
    assert found["can"] == ["undo", "retry"]


async def test_counts_of_files_are_those_of_the_import(live_client: httpx.AsyncClient, database: Database) -> None:
    await live_client.post("/api/import", json=[root(n) for n in range(1, 6)])
    import_id = await ordered(live_client, [root(5), root(6)])
    await run_importer(database)

    found = await report(live_client, import_id)
    missing = (await live_client.get("/api/files/missing", params={"import": import_id})).text.split()

    assert found["counts"]["files_wanted"] == 2
    assert missing == [root(5)["mediaUrl"], root(6)["mediaUrl"]]


async def test_several_files_of_which_one_is_no_export(live_client: httpx.AsyncClient, database: Database) -> None:
    page = await piece(live_client, b"<!doctype html>", "page.html")
    good = await piece(live_client, orjson.dumps([root(1)]), "good.json")
    started = (await live_client.post("/api/imports", json={"uploads": [page, good]})).json()
    await run_importer(database)

    found = await report(live_client, started["id"])
    problems = (await live_client.get(f"/api/imports/{started['id']}/problems")).json()["problems"]

    assert (found["state"], found["counts"]["new"]) == ("partial", 1)
    assert [(one["code"], one["file_name"]) for one in problems] == [("not_an_export", "page.html")]
