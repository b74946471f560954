"""The gallery's index and cards, the documented list, facets and totals."""

from dataclasses import replace
from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.account.deps import CurrentUser
from sovia.kit import clock
from sovia.kit.answers import Json
from sovia.kit.db import Database, Session
from sovia.library.queries import listed, posts
from sovia.library.text import searchable, storable
from sovia.search import finding, hot, queries
from sovia.search.chunks import cards_of
from sovia.search.columns.keeper import Keeper
from sovia.search.deps import WantedFilter, WantedView
from sovia.search.filters import Stack, View, words_of
from sovia.search.keeping import kept, key_of
from sovia.search.language.document import Document, joined
from sovia.search.language.kinds import Moment
from sovia.search.language.meaning import EVERYTHING, Meaning
from sovia.search.resolving import meaning_now
from sovia.search.snapshots import Snapshots

# Beyond this many, "and more" says enough; counting on costs more the more there are.
MOST_COUNTED = 10_000
router = APIRouter(prefix="/api", tags=["gallery"])


@router.get("/index")
async def index(request: Request, asked: WantedView, user: CurrentUser, session: Session) -> Response:
    """The whole view as bytes: one of shape and one of flags per tile, with its sections; see docs/formats/index.md."""
    snapshots: Snapshots = request.app.state.snapshots
    snapshot = await snapshots.of(session, user.id, await asked.view(session, user.id))
    etag = f'"{snapshot.version}-{len(snapshot.body)}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "X-Index-Version": str(snapshot.version)}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(snapshot.body, media_type="application/octet-stream", headers=headers)


@router.get("/cards")
async def cards(
    request: Request,
    asked: WantedView,
    user: CurrentUser,
    session: Session,
    chunk: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Response:
    """The cards of one chunk of 256 tiles of the view, and the version they belong to."""
    snapshots: Snapshots = request.app.state.snapshots
    snapshot = await snapshots.of(session, user.id, await asked.view(session, user.id))
    found = await cards_of(session, user.id, snapshot.tiles, chunk)
    return Json({"version": snapshot.version, "chunk": chunk, "cards": found})


@router.get("/index/locate")
async def locate(
    request: Request,
    asked: WantedView,
    user: CurrentUser,
    session: Session,
    post_id: Annotated[UUID, Query(alias="id")],
) -> Response:
    """Where a post, or the stack it belongs to, stands in the view; null when it is not in it."""
    snapshots: Snapshots = request.app.state.snapshots
    view = await asked.view(session, user.id)
    snapshot = await snapshots.of(session, user.id, view)
    post = await posts.post_by_id(session, user.id, post_id)
    sought = post.root_id if view.stack == "parent" else post.id
    return Json({"position": snapshot.tiles.position_of(sought.bytes), "version": snapshot.version})


@router.get("/media")
async def media(
    request: Request,
    asked: WantedView,
    user: CurrentUser,
    session: Session,
    skip: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
    total: Literal["capped", "exact"] = "capped",
) -> Response:
    """The documented list: stacks' roots with their children; totals and the next cursor are in headers."""
    view = replace(await asked.view(session, user.id), stack="parent")
    database: Database = request.app.state.database
    columns: Keeper = request.app.state.columns
    if view.sort in ("date_desc", "date_asc") and not skip and view.filter == EVERYTHING:
        async with database.reading() as connection:
            page = await hot.page_by_date(connection, user.id, view, limit=limit, cursor=cursor)
    else:
        ids, following = await finding.page(columns, session, user.id, view, limit=limit, skip=skip, cursor=cursor)
        page = hot.ListPage(await listed.media_answers(session, user.id, ids), following, None)
    most = None if total == "exact" or view.filter == EVERYTHING else MOST_COUNTED + 1
    found = await _total(request, session, user.id, view.filter, page.version, most)
    headers = {"X-Total-Count": str(found if most is None else min(found, MOST_COUNTED))}
    if most is not None and found == most:
        headers["X-Total-Capped"] = "true"
    if page.following:
        headers["X-Next-Cursor"] = page.following
        kept = [(name, value) for name, value in request.query_params.multi_items() if name not in ("cursor", "skip")]
        headers["Link"] = f'<{request.url.path}?{urlencode([*kept, ("cursor", page.following)])}>; rel="next"'
    return Json(page.items, headers=headers)


@router.get("/search")
async def search(
    request: Request, user: CurrentUser, session: Session, q: Annotated[str, Query(min_length=2, max_length=10_000)]
) -> Response:
    """The newest fifty stacks whose prompts hold these words, in the documented shape."""
    document = Document(filter=joined(*words_of(searchable(storable(q)[0]))))
    moment = Moment(clock.now(), ZoneInfo("UTC"))
    view = View(await meaning_now(session, user.id, document, moment))
    ids, _ = await finding.page(request.app.state.columns, session, user.id, view, limit=50)
    found = await listed.media_answers(session, user.id, ids)
    return Json({"query": q, "results": found, "count": len(found)})


@router.get("/facets")
async def facets(
    request: Request, asked: WantedFilter, user: CurrentUser, session: Session, stack: Stack = "parent"
) -> Response:
    """What each field of the filter could be, with counts that react to the other fields."""
    wanted = await asked.meaning(session, user.id)

    async def make() -> object:
        return await finding.facets(request.app.state.columns, session, user.id, wanted, stack)

    return await kept(
        request, session, user.id, key_of("facets" if stack == "parent" else "facets of posts", wanted), make
    )


@router.get("/stats")
async def stats(request: Request, user: CurrentUser, session: Session) -> Response:
    """Totals of the library."""

    async def make() -> object:
        return await queries.stats(session, user.id)

    return await kept(request, session, user.id, "stats", make)


@router.get("/models")
async def models(request: Request, user: CurrentUser, session: Session) -> Response:
    """The models that made the posts, with counts."""

    async def make() -> object:
        return {"models": await queries.models(session, user.id)}

    return await kept(request, session, user.id, "models", make)


async def _total(
    request: Request, session: AsyncSession, user_id: UUID, wanted: Meaning, version: int | None, most: int | None
) -> int:
    async def make() -> object:
        return await finding.count(request.app.state.columns, session, user_id, wanted, most=most)

    name = "count" if most is None else "count of some"
    return int(bytes((await kept(request, session, user_id, key_of(name, wanted), make, version)).body))
