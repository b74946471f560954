"""Smart collections over HTTP: seen before they are kept, explained rule by rule; collections made from others."""

from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.account.deps import CurrentUser
from sovia.collection.answers import one_shown, thumbnail_link
from sovia.collection.counting import counts_of
from sovia.collection.filtering import document_of_filters, document_of_text, meanings_of, moment
from sovia.collection.schemas import CombineIn, NameIn, SmartIn
from sovia.collection.service import combining
from sovia.kit.answers import Json
from sovia.kit.db import Session
from sovia.library.queries import listed, posts
from sovia.search import finding
from sovia.search.deps import WantedZone
from sovia.search.filters import View
from sovia.search.language.document import All, Any_, Document, Node, Not, joined, parts_of
from sovia.search.language.printer import print_filter
from sovia.search.resolving import meaning_now

router = APIRouter(prefix="/api/collections", tags=["collections"])
MOST_RULES = 40
MOST_LEVELS = 3


@router.get("/smart/preview")
async def preview(
    request: Request,
    user: CurrentUser,
    session: Session,
    zone: WantedZone,
    model: Annotated[str | None, Query(max_length=200)] = None,
    mode: Annotated[str | None, Query(max_length=200)] = None,
    search: Annotated[str | None, Query(max_length=10_000)] = None,
    text: Annotated[str, Query(alias="filter", max_length=10_000)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Response:
    """The newest stacks that a smart collection with these filters would have; their number is in `X-Total-Count`."""
    simple = document_of_filters({"model": model, "mode": mode, "search": search})
    document = Document(filter=joined(document_of_text(text).filter, simple.filter))
    return await _preview(request, session, user.id, document, zone, limit)


@router.post("/smart/preview")
async def preview_of(
    request: Request, given: SmartIn, user: CurrentUser, session: Session, zone: WantedZone
) -> Response:
    """The same, with filters in any of their forms."""
    return await _preview(request, session, user.id, _document(given), zone, given.limit)


@router.post("/smart/explain")
async def explain(request: Request, given: SmartIn, user: CurrentUser, session: Session, zone: WantedZone) -> Response:
    """How many stacks the filter finds, and how many each of its rules would find by itself."""
    document = _document(given)
    rules = _rules(document)[:MOST_RULES]
    asked = [document, *(Document(filter=node) for node, _ in rules)]
    total, *counts = await counts_of(
        session, request.app.state.columns, user.id, await meanings_of(session, user.id, asked, zone)
    )
    shown = [
        {"text": print_filter(one), "count": count, "level": level}
        for one, count, (_, level) in zip(asked[1:], counts, rules, strict=True)
    ]
    return Json({"count": total, "text": print_filter(document), "rules": shown})


@router.post("/combine", status_code=201)
async def combine(given: CombineIn, user: CurrentUser, session: Session, request: Request) -> Response:
    """A new collection of what is in any of several, in all of them, or in the first only."""
    made = await combining.combine(session, user.id, given)
    return Json(await one_shown(session, request.app.state, *made), status_code=201)


@router.post("/{collection_id}/snapshot", status_code=201)
async def snapshot(
    collection_id: UUID, user: CurrentUser, session: Session, request: Request, given: NameIn | None = None
) -> Response:
    """What is in a collection now, as a new one that is filled by hand."""
    made = await combining.snapshot(session, user.id, collection_id, given.name if given else None)
    return Json(await one_shown(session, request.app.state, *made), status_code=201)


@router.post("/{collection_id}/duplicate", status_code=201)
async def duplicate(
    collection_id: UUID, user: CurrentUser, session: Session, request: Request, given: NameIn | None = None
) -> Response:
    """The same collection once more."""
    made = await combining.duplicate(session, user.id, collection_id, given.name if given else None)
    return Json(await one_shown(session, request.app.state, *made), status_code=201)


def _document(given: SmartIn) -> Document:
    """What both forms want together."""
    typed = document_of_text(given.filter) if given.filter is not None else Document()
    return Document(filter=joined(typed.filter, document_of_filters(given.smart_filters).filter))


def _rules(document: Document) -> list[tuple[Node, int]]:
    """The parts of a filter and the parts of these, each with how deep it stands."""
    found: list[tuple[Node, int]] = []
    waiting = [(node, 0) for node in reversed(parts_of(document.filter))]
    while waiting:
        node, level = waiting.pop()
        found.append((node, level))
        inner = node.of if isinstance(node, Not) else node
        if isinstance(inner, (All, Any_)) and level < MOST_LEVELS:
            waiting += [(part, level + 1) for part in reversed(inner.of)]
    return found


async def _preview(
    request: Request, session: AsyncSession, user_id: UUID, document: Document, zone: str, limit: int
) -> Response:
    wanted = await meaning_now(session, user_id, document, moment(zone))
    ids, _ = await finding.page(request.app.state.columns, session, user_id, View(wanted), limit=limit)
    total = await finding.count(request.app.state.columns, session, user_id, wanted)
    pictures = {card["id"]: card["thumbnail"] for card in await posts.cards(session, user_id, ids)}
    items = await listed.items_by_id(session, user_id, ids)
    shown = [
        orjson.Fragment(listed.also(item, {"thumbnail": thumbnail_link(key) if (key := pictures.get(one)) else None}))
        for one, item in items.items()
    ]
    return Json(shown, headers={"X-Total-Count": str(total)})
