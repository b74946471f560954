"""What one server process keeps is never stale, whatever another one wrote: every way to write, one after the other."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import httpx
import pytest
from conftest import client_of
from makers import make_library

from sovia.account.service import LOCAL_USER
from sovia.app import create_app
from sovia.kit.db import Database
from sovia.kit.settings import Settings
from sovia.library.models import Post
from sovia.library.service.versions import touch

RECORD = {"id": "00000000-0000-4000-8000-00000000aaaa", "createTime": "2025-10-01T10:15:30Z", "prompt": "a new fox"}
KEPT = (
    *("/api/stats", "/api/models", "/api/facets", "/api/facets?filter=fox", "/api/index", "/api/index?stack=none"),
    *("/api/index?filter=fox&sort=model", "/api/cards?filter=fox", "/api/collections", "/api/media?filter=fox"),
    *("/api/suggest?text=fo", "/api/statistics", "/api/prompts", "/api/trash/count"),
)
Send = Callable[[], Awaitable[httpx.Response]]


def steps(write: httpx.AsyncClient, posts: list[Post], known: dict[str, Any]) -> dict[str, Send]:
    """Every way to write that the gallery could show, in an order in which each changes something."""
    ids = [str(post.id) for post in posts if post.parent_id is None]

    async def kept(name: str, sent: Awaitable[httpx.Response]) -> httpx.Response:
        answer = await sent
        known[name] = answer.json()
        return answer

    def collection(name: str = "made") -> str:
        return f"/api/collections/{known[name]['id']}"

    def operation(name: str) -> str:
        return f"/api/operations/{known[name]['operation']['id']}"

    return {
        "import": lambda: write.post("/api/import", json=[RECORD]),
        "like": lambda: write.post(f"/api/media/{ids[0]}/like"),
        "like, as is": lambda: write.put(f"/api/media/{ids[1]}/like", json={"liked": True}),
        "mark": lambda: kept("marked", write.post("/api/posts/marks", json={"ids": ids[:3], "rating": 5})),
        "tag by filter": lambda: write.post("/api/posts/marks", json={"filter": "fox", "add_tags": ["sea"]}),
        "change one": lambda: write.patch(f"/api/posts/{ids[0]}", json={"status": "review"}),
        "undo": lambda: write.post(f"{operation('marked')}/undo"),
        "redo": lambda: write.post(f"{operation('marked')}/redo"),
        "collect": lambda: kept("made", write.post("/api/collections", json={"name": "one", "ids": ids[:4]})),
        "smart": lambda: kept("smart", write.post("/api/collections", json={"name": "two", "filter": "fox"})),
        "rename": lambda: write.patch(collection(), json={"name": "other"}),
        "add": lambda: write.post(f"{collection()}/items", json={"ids": ids[4:6]}),
        "take out": lambda: write.post(f"{collection()}/items/remove", json={"ids": ids[:1]}),
        "order": lambda: write.put(f"{collection()}/order", json={"ids": ids[3:4], "before": ids[1]}),
        "nest": lambda: write.put(f"{collection('smart')}/place", json={"parent_id": known["made"]["id"]}),
        "snapshot": lambda: write.post(f"{collection('smart')}/snapshot"),
        "duplicate": lambda: write.post(f"{collection()}/duplicate"),
        "combine": lambda: write.post(
            "/api/collections/combine",
            json={"ids": [known["made"]["id"], known["smart"]["id"]], "how": "merge", "name": "both"},
        ),
        "look at": lambda: write.post(f"{collection('smart')}/seen"),
        "delete collection": lambda: write.delete(collection()),
        "trash": lambda: write.post("/api/posts/trash", json={"ids": ids[:2]}),
        "delete one": lambda: write.delete(f"/api/media/{ids[2]}"),
        "take back": lambda: write.post("/api/trash/restore", json={"ids": ids[:1]}),
    }


async def answers(client: httpx.AsyncClient, anchor: UUID) -> dict[str, Any]:
    """Everything that is kept, as this process tells it; without what tells only when it was made."""
    found: dict[str, Any] = {}
    for path in (*KEPT, f"/api/media/{anchor}/similar"):
        answer = await client.get(path)
        assert answer.status_code == 200, (path, answer.text)
        found[path] = answer.content if "/index" in path else answer.json()
    return found


@pytest.mark.parametrize("shared", [False, True], ids=["memory", "redis"])
async def test_no_process_shows_what_another_has_changed(
    settings: Settings, database: Database, request: pytest.FixtureRequest, shared: bool
) -> None:
    async with database.begin() as session:
        posts = await make_library(session, LOCAL_USER, 25)
        await touch(session, LOCAL_USER)
    if shared:
        settings = settings.model_copy(update={"redis_url": request.getfixturevalue("valkey_url")})
    anchor = next(post.id for post in reversed(posts) if post.parent_id is None)
    known: dict[str, Any] = {}
    writer, reader = create_app(settings), create_app(settings)
    async with (
        writer.router.lifespan_context(writer),
        reader.router.lifespan_context(reader),
        client_of(writer) as write,
        client_of(reader) as read,
    ):
        before = await answers(read, anchor)
        for name, send in steps(write, posts, known).items():
            answer = await send()
            assert answer.is_success, (name, answer.text)
            fresh = create_app(settings.model_copy(update={"redis_url": ""}))
            async with fresh.router.lifespan_context(fresh), client_of(fresh) as sees:
                expected = await answers(sees, anchor)
            assert await answers(read, anchor) == expected, name
            # Each step is one that can be seen.
            assert name == "look at" or expected != before, name
            before = expected
