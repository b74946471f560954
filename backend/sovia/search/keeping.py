"""Answers that are kept for as long as the library stays as it is."""

from collections.abc import Awaitable, Callable
from hashlib import sha256
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit.answers import Json, to_json
from sovia.kit.cache import AnswerCache
from sovia.library.queries import posts
from sovia.search.language.meaning import Meaning


def key_of(name: str, wanted: Meaning) -> str:
    """What an answer about a filter is kept under; filters may be long."""
    return f"{name}:{sha256(repr(wanted).encode()).hexdigest()}"


async def kept(
    request: Request,
    session: AsyncSession,
    user_id: UUID,
    key: str,
    make: Callable[[], Awaitable[object]],
    version: int | None = None,
) -> Response:
    """An answer from the cache, or made and kept for the present version of the library (looked up when not given)."""
    cache: AnswerCache = request.app.state.cache
    now = await posts.version(session, user_id) if version is None else version
    body = await cache.get(user_id, key, now)
    if body is None:
        body = to_json(await make())
        await cache.put(user_id, key, now, body)
    return Json(body)
