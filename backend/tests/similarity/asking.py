"""Asking for what is like given posts, over HTTP."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from makers import make_post
from PIL import Image

from sovia.account.service import LOCAL_USER
from sovia.kit.db import Database
from sovia.kit.settings import Settings
from sovia.library import thumbnails
from sovia.library.models import Post
from sovia.library.service.versions import touch

Run = Callable[..., Awaitable[dict | None]]
NOBODY = "5ca1ab1e-0000-4000-8000-000000000000"


async def add(database: Database, **given: Any) -> Post:
    async with database.begin() as session:
        post = await make_post(session, LOCAL_USER, **given)
        await touch(session, LOCAL_USER)
    return post


async def ask(client: httpx.AsyncClient, *anchors: Post, **more: Any) -> dict[str, Any]:
    answer = await client.post("/api/similar", json={"anchors": [str(post.id) for post in anchors], **more})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def ids(answer: dict[str, Any]) -> list[str]:
    return [hit["id"] for hit in answer["hits"]]


async def paint(database: Database, settings: Settings, image: Image.Image, key: str, **given: Any) -> Post:
    thumbnails.write(settings.derived_root, key, image)
    return await add(database, thumbnail=key, **given)
