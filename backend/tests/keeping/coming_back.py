"""A library as people have it after a while, all that can be seen of it, and an empty installation."""

import hashlib
import json
import shutil
from collections.abc import Awaitable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from importer.records import child, number, root
from keeping.damage import Keep
from media_files import picture
from sqlalchemy import text

from sovia.importer.models import Import
from sovia.importer.service import run_import
from sovia.importer.sources import Part
from sovia.kit.db import Database

# When, by which import, and where a search finds it: of this installation. Words are the same as their text is.
NOT_COMPARED = ("added_at", "updated_at", "import_id", "checked_at", "verified_at", "mtime_ns", "words")
# All that people see, in an order that is the same everywhere; a row of marks without marks is none.
TABLES = {
    "posts": "select * from posts where deleted_at is null order by id",
    "files": "select * from files order by post_id, role, position",
    "post_edges": "select * from post_edges order by post_id, role, position",
    "post_marks": "select * from post_marks where rating > 0 or status is not null order by post_id",
    "post_tags": "select * from post_tags order by post_id, tag",
    "collections": "select * from collections where deleted_at is null order by id",
    "collection_items": (
        "select i.* from collection_items i join collections c on c.id = i.collection_id and c.deleted_at is null"
        " order by i.collection_id, i.post_id"
    ),
    "presets": "select * from presets order by id",
}
ODD = {
    "prompt": '=HYPERLINK("http://x") \u202e <script> \u0007 & "quoted" 日本語',
    "unknown": {"kept": [1, 2, {"a": None}]},
    "childPosts": None,
}


async def import_file(database: Database, me: UUID, path: Path) -> dict[str, int]:
    """Take a file in without an error."""
    import_id = uuid4()
    async with database.begin() as session:
        files = [{"name": path.name, "size": path.stat().st_size}]
        session.add(Import(id=import_id, user_id=me, file_name=path.name, files=files))
    report = await run_import(database, me, import_id, [Part(path, path.name, path.stat().st_size)])
    assert report.counts.get("errors", 0) == 0
    return report.counts


async def everything(database: Database) -> dict[str, list[dict[str, Any]]]:
    """All rows that people see something of."""
    found = {}
    async with database.begin() as session:
        for table, query in TABLES.items():
            rows = (await session.execute(text(query))).mappings()
            # When something was put into a collection, and that was changed, comes back too.
            passing = NOT_COMPARED if table in ("posts", "files") else ()
            found[table] = [{k: v for k, v in row.items() if k not in passing} for row in rows]
    return found


async def library(keep: Keep, tmp_path: Path) -> None:
    """Stacks of three levels, odd records, a like given here, and media for some of them."""
    shelf = keep.shelf
    records = [root(n, *(child(n * 1000 + k, of=n) for k in range(n % 4))) for n in range(1, 40)]
    records[3] |= ODD
    records[6]["childPosts"][0] |= {
        "inputMediaItems": [{"id": number(2), "mediaUrl": "https://assets.grok.com/x/content"}]
    }
    records[5]["childPosts"] = [child(5555, of=6) | {"childPosts": [child(5556, of=5555)]}]
    path = tmp_path / "first.json"
    path.write_text(json.dumps(records))
    await import_file(shelf.database, shelf.user_id, path)
    async with shelf.database.begin() as session:
        rows = (
            await session.execute(text("select post_id, path from files where path is not null order by path limit 9"))
        ).all()
        like = text("update posts set liked = true, liked_here = true where id = :id")
        await session.execute(like, {"id": rows[0].post_id})
    for at, row in enumerate(rows):
        shelf.put(row.path, picture(size=(30 + at, 20)))
    await shelf.look()


async def emptied(keep: Keep) -> None:
    """An installation with nothing in it."""
    tables = ("collection_items", "collections", "presets", "operation_items", "operations", "post_marks", "post_tags")
    # The folder goes with its marker, so the library must not wait for it to come back.
    roots = ("disk_files", "disk_folders", "media_roots")
    async with keep.shelf.database.begin() as session:
        for table in (*tables, "files", "post_edges", "posts", "import_changes", "imports", "words", *roots):
            await session.execute(text(f"delete from {table}"))
    shutil.rmtree(keep.shelf.home / "https_")
    (keep.shelf.home / "https_").mkdir()


async def gathered(client: httpx.AsyncClient) -> None:
    """Marks of every kind, collections in collections, in an order by hand, smart ones, presets, one in the trash."""
    ids = [number(n) for n in range(1, 20)]
    for n, marks in enumerate((
        {"rating": 4, "status": "approved", "add_tags": ["sea", "日本"]},
        {"liked": None},
        {"liked": False, "rating": 1},
        {"status": "edit"},
        {"add_tags": ["=1+1"]},
    )):  # fmt: skip
        await done(client.patch(f"/api/posts/{ids[n]}", json=marks))
    await done(client.patch(f"/api/posts/{number(3001)}", json={"rating": 5, "add_tags": ["child"]}))
    outer = await made(
        client, name="Outer \u202e =", description="What\nfor", notes="Mine", color="#ff0000", icon="star"
    )
    inner = await made(client, name="Inner", parent_id=outer, ids=ids[:8], cover_id=ids[2], pinned=True)
    await made(client, name="Deepest", parent_id=inner, ids=[number(3001), ids[4]])
    await done(client.put(f"/api/collections/{inner}/order", json={"ids": [ids[7], ids[1]], "before": ids[0]}))
    await made(client, name="Smart", filter='fox -tag:sea (model:"a" OR rating:>2)', alert=True)
    await made(client, name="Names", smart_filters={"any": [{"in": "Inner"}, {"liked": "yes"}]}, sort="oldest")
    gone = await made(client, name="Gone", ids=ids[:3])
    await done(client.delete(f"/api/collections/{gone}"))
    await done(
        client.post("/api/presets", json={"name": "Sea", "filter": "tag:sea", "view": {"size": 3, "dark": True}})
    )
    await done(client.post("/api/presets", json={"name": "All", "filter": "", "is_default": True}))


async def made(client: httpx.AsyncClient, **given: Any) -> str:
    """A new collection."""
    answer = await done(client.post("/api/collections", json=given))
    return str(answer.get("id") or answer["collection"]["id"])


async def done(asked: Awaitable[httpx.Response]) -> dict[str, Any]:
    """What a request that must succeed answers."""
    answer = await asked
    assert answer.status_code < 300, answer.text
    found: dict[str, Any] = answer.json()
    return found


def contents(root_folder: Path) -> dict[str, str]:
    """The files below a folder, by what is in them; without what is derived, and markers of mounted folders."""
    found = (path for path in root_folder.rglob("*") if path.is_file() and "_derived" not in path.parts)
    found = (path for path in found if not path.name.startswith("."))
    return {str(path.relative_to(root_folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}
