"""Questions about resemblance over HTTP: several anchors, several ways; families of one prompt."""

from typing import Annotated, Any, Literal
from uuid import UUID

import numpy as np
from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.account.deps import CurrentUser
from sovia.account.models import User
from sovia.kit.answers import Json
from sovia.kit.db import Session
from sovia.library.errors import PostNotFound
from sovia.library.queries import posts
from sovia.search.deps import AskedFilter, known_zone
from sovia.search.filters import Parameters, View
from sovia.search.snapshots import Snapshots
from sovia.similarity import queries, schemas
from sovia.similarity.gallery import Gallery, Hung
from sovia.similarity.index import SHELF, Index, folder_of
from sovia.similarity.keysets import KeySet
from sovia.similarity.reasons import Said
from sovia.similarity.schemas import SimilarIn
from sovia.similarity.service import asking, building, families, printing, resembling
from sovia.similarity.service.asking import Hit, Question
from sovia.similarity.vectors import SAME_MODE, SAME_MODEL

router = APIRouter(prefix="/api", tags=["posts"])
# Importing it registers what answers `similar:` in filters.
FILTERS = resembling.similar_to
FACTORS = {"same model": SAME_MODEL, "same mode": SAME_MODE}


@router.post("/similar", response_model=schemas.SimilarOut)
async def ask_similar(request: Request, asked: SimilarIn, user: CurrentUser, session: Session) -> Response:
    """What resembles the anchors and not what was rejected, with reasons; the best of each stack.

    Exact for one way: the same order as comparing every post. A mix compares the best 300 of each way in every way.
    """
    question = await _question(request, session, user, asked)
    index = SHELF.find(folder_of(request.app.state.settings.state_root, user.id))
    version = await posts.version(session, user.id)
    behind = await building.posts_behind(session, user.id, index, version) if index else 0
    gallery: Gallery = request.app.state.pictures
    hung = await gallery.of(session, user.id, version) if asked.by in ("picture", "mix") else Hung()
    if index is None or behind:
        await building.want_index(session, user.id)
    if hung.waiting:
        await printing.want_prints(session, user.id)
    hits = await _hits(session, user.id, index, hung, question, asked)
    return Json(
        {
            "anchors": await posts.cards(session, user.id, [one.post.id for one in question.anchors]),
            "hits": await _answers(session, user.id, hits),
            "index": {"state": "ready" if index else "building", "behind": behind},
            "pictures_waiting": hung.waiting,
        }
    )


@router.post("/similar/update", status_code=202)
async def update(user: CurrentUser, session: Session) -> dict[str, bool]:
    """Have the index of prompts and the prints of pictures brought up to date in the background."""
    await building.want_index(session, user.id)
    await printing.want_prints(session, user.id)
    return {"wanted": True}


@router.get("/media/{post_id}/family", response_model=schemas.Family)
async def family(
    post_id: UUID,
    request: Request,
    user: CurrentUser,
    session: Session,
    kind: Literal["exact", "normalised", "near"] = "exact",
    limit: Annotated[int, Query(ge=1, le=200)] = 60,
) -> Response:
    """Other stacks with the prompt of a post: exactly the same, the same words, or nearly the same words."""
    index = SHELF.find(folder_of(request.app.state.settings.state_root, user.id))
    if kind != "exact" and index is None:
        await building.want_index(session, user.id)
    found = await families.of(session, user.id, index, post_id, kind, limit)
    cards = await posts.cards(session, user.id, list(found.scores))
    hits = [{"id": card["id"], "score": found.scores[card["id"]], "card": card} for card in cards]
    return Json({"kind": kind, "count": found.count, "hits": hits})


async def _question(request: Request, session: AsyncSession, user: User, asked: SimilarIn) -> Question:
    seen = await queries.posts_seen(session, user.id, [*asked.anchors, *asked.rejected])
    anchors = list(dict.fromkeys(asked.anchors))
    for post_id in anchors:
        if post_id not in seen:
            raise PostNotFound(post_id)
    rejected = [seen[one] for one in dict.fromkeys(asked.rejected) if one in seen and one not in anchors]
    among = await _among(request, session, user, asked) if asked.filter.strip() else None
    return Question([seen[one] for one in anchors], rejected, among, asked.exclude_family, asked.threshold, asked.limit)


async def _among(request: Request, session: AsyncSession, user: User, asked: SimilarIn) -> KeySet:
    """The stacks that a filter finds."""
    zone = known_zone(asked.tz)
    wanted = await AskedFilter(asked.filter, Parameters(), zone).meaning(session, user.id)
    snapshots: Snapshots = request.app.state.snapshots
    found = await snapshots.of(session, user.id, View(wanted, zone=zone))
    return KeySet(np.frombuffer(found.tiles.ids.tobytes(), ">u8").reshape(-1, 2).astype(np.uint64))


async def _hits(
    session: AsyncSession, user_id: UUID, index: Index | None, hung: Hung, question: Question, asked: SimilarIn
) -> list[Hit]:
    weights = asked.weights.model_dump()
    if asked.by == "picture":
        return await asking.by_picture(session, user_id, hung, question)
    if asked.by == "recipe":
        return await asking.by_recipe(session, user_id, question)
    if index is None:
        return []
    if asked.by == "prompt":
        return await asking.by_prompt(session, user_id, index, question)
    return await asking.mixed(session, user_id, index, hung, question, weights)


async def _answers(session: AsyncSession, user_id: UUID, hits: list[Hit]) -> list[dict[str, Any]]:
    cards = {card["id"]: card for card in await posts.cards(session, user_id, [hit.id for hit in hits])}
    return [
        {"id": hit.id, "score": hit.score, "why": _why(hit), "card": cards[hit.id]} for hit in hits if hit.id in cards
    ]


def _why(hit: Hit) -> dict[str, Any]:
    told = hit.relative
    said = told.said if told else Said()
    return {
        "words": [{"word": word, "share": share} for word, share in zip(said.words, said.shares, strict=True)],
        "others": {"count": said.others, "share": said.rest},
        "boosts": [{"name": name, "factor": FACTORS[name]} for name in told.boosts] if told else [],
        "picture": {"structure": hit.looks[0], "colours": hit.looks[1]} if hit.looks else None,
        "recipe": hit.recipe,
    }
