"""Similar posts over HTTP."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

import asyncpg
import orjson
from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.account.deps import CurrentUser
from sovia.kit.answers import Json, to_json
from sovia.kit.cache import AnswerCache
from sovia.kit.db import Database, Session
from sovia.library.cards import card
from sovia.library.queries import listed
from sovia.similarity import queries
from sovia.similarity.collecting import Document
from sovia.similarity.index import SHELF, Index, folder_of
from sovia.similarity.schemas import Relative
from sovia.similarity.service import building, finding

router = APIRouter(prefix="/api/media", tags=["posts"])
Limit = Annotated[int, Query(ge=1, le=20, description="How many posts at most.")]


@router.get("/{post_id}/similar", response_model=list[Relative])
async def similar(post_id: UUID, request: Request, user: CurrentUser, session: Session, limit: Limit = 6) -> Response:
    """The posts most like this one by their prompts, the best of each other stack.

    `X-Similar-Index: building` with an empty list until there is an index; `X-Similar-Behind: N` when N posts changed
    since the index last looked.
    """
    index = SHELF.find(folder_of(request.app.state.settings.state_root, user.id))
    database: Database = request.app.state.database
    async with database.reading() as connection:
        anchor, version = await queries.document_now(connection, user.id, post_id)
        if index is None:
            await building.want_index(session, user.id)
            return Json([], headers={"X-Similar-Index": "building"})
        cache: AnswerCache = request.app.state.cache
        behind = await _behind(session, cache, user.id, index, version)
        key = f"similar:{post_id}:{limit}:{index.pointer.stamp}"
        body = await cache.get(user.id, key, version)
        if body is None:
            rows: dict[UUID, asyncpg.Record] = {}

            async def read(ids: list[UUID]) -> dict[UUID, Document]:
                found = await queries.rows_by_id(connection, user.id, ids)
                rows.update((one, row) for one, (_, row) in found.items())
                return {one: document for one, (document, _) in found.items()}

            hits = await finding.relatives(read, session, user.id, index, anchor, limit)
            rows |= await _missing(connection, user.id, hits, rows)
            body = to_json(await _answer(connection, user.id, hits, rows))
            await cache.put(user.id, key, version, body)
    return Json(body, headers={"X-Similar-Behind": str(behind)} if behind else None)


async def _behind(session: AsyncSession, cache: AnswerCache, user_id: UUID, index: Index, version: int) -> int:
    """How many posts the index has not seen yet; told and done something about once a version of the library."""
    key = f"behind:{index.pointer.stamp}"
    known = await cache.get(user_id, key, version)
    if known is not None:
        return int(known)
    behind = await building.posts_behind(session, user_id, index, version)
    if behind:
        await building.want_index(session, user_id)
    await cache.put(user_id, key, version, str(behind).encode())
    return behind


async def _missing(
    connection: asyncpg.Connection, user_id: UUID, hits: list[finding.Relative], rows: Mapping[UUID, asyncpg.Record]
) -> dict[UUID, asyncpg.Record]:
    """Rows of those found without looking into the index."""
    ids = [hit.id for hit in hits if hit.id not in rows]
    return {one: row for one, (_, row) in (await queries.rows_by_id(connection, user_id, ids)).items()} if ids else {}


async def _answer(
    connection: asyncpg.Connection,
    user_id: UUID,
    hits: list[finding.Relative],
    rows: Mapping[UUID, asyncpg.Record],
) -> list[orjson.Fragment]:
    roots = {hit.id: rows[hit.id]["item"] for hit in hits if hit.id in rows}
    found = await listed.with_children(connection, user_id, roots)
    return [
        orjson.Fragment(listed.also(found[hit.id], {"score": hit.score, "why": _why(hit), "card": card(rows[hit.id])}))
        for hit in hits
        if hit.id in found
    ]


def _why(hit: finding.Relative) -> dict[str, object]:
    return {"words": hit.said.words, "others": hit.said.others, "boosts": hit.boosts}
