"""The library of prompts over HTTP: distinct prompts, their numbers, and what they made."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.account.deps import CurrentUser
from sovia.kit import clock
from sovia.kit.answers import Json
from sovia.kit.db import Session
from sovia.kit.paging import cursor_of, values_of
from sovia.library.arrivals import prompt_hash
from sovia.library.queries import listed, posts
from sovia.library.text import searchable, storable
from sovia.overview import schemas
from sovia.overview.catalog import Catalog, Longs, Sort, time_of
from sovia.overview.catalogs import Catalogs
from sovia.overview.errors import BadPromptCursor
from sovia.overview.queries import prompts as queries
from sovia.search import finding
from sovia.search.filters import View, words_of
from sovia.search.keeping import kept
from sovia.search.language.document import Document, joined
from sovia.search.language.kinds import Moment
from sovia.search.language.meaning import Except, Holds, Meaning, meaning_of

router = APIRouter(prefix="/api", tags=["overview"])
MOST_FOUND, MOST_USED = 50, 10
Samples = Annotated[int, Query(ge=0, le=6, description="How many of the newest posts with it to show.")]
Words = Annotated[str, Query(min_length=2, max_length=10_000)]
Cursor = Annotated[str | None, Query(max_length=2000)]


@router.get("/prompts", response_model=schemas.Prompts)
async def list_prompts(
    request: Request,
    user: CurrentUser,
    session: Session,
    sort: Sort = "usage",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Cursor = None,
    samples: Samples = 0,
) -> Response:
    """Distinct prompts: most used first, most recently used first, or by their text."""
    catalogs: Catalogs = request.app.state.catalogs
    found = await catalogs.of(session, user.id, sort)
    start = _start(found, sort, cursor) if cursor else 0
    shown = found.order(sort)[start : start + limit]
    behind = start + len(shown)
    following = cursor_of(*found.edge(sort, int(shown[-1]), behind - 1)) if behind < found.size else None
    rows = await _rows(session, user.id, found, shown, samples)
    return Json({"prompts": rows, "total": found.size, "next_cursor": following})


@router.get("/prompts/stats", response_model=schemas.PromptStats)
async def prompt_stats(request: Request, user: CurrentUser, session: Session) -> Response:
    """How many prompts there are, how they were used, and the ten most used."""
    catalogs: Catalogs = request.app.state.catalogs

    async def make() -> object:
        found = await catalogs.of(session, user.id)
        modes = await queries.modes(session, user.id)
        custom, normal = modes[queries.CUSTOM], modes[queries.NORMAL]
        return {
            "total_unique_prompts": found.size,
            "total_custom_prompts": int((found.custom > 0).sum()),
            "total_parent_prompts": int((found.uses > found.custom).sum()),
            "custom_mode_count": custom,
            "normal_mode_count": normal,
            "custom_mode_percentage": round(100 * custom / (custom + normal), 1) if custom + normal else 0.0,
            "most_used_prompts": await _rows(session, user.id, found, found.order("usage")[:MOST_USED], 0),
        }

    return await kept(request, session, user.id, "prompts:stats", make)


@router.get("/prompts/search", response_model=schemas.FoundPrompts)
async def search_prompts(
    request: Request, user: CurrentUser, session: Session, q: Words, samples: Samples = 0
) -> Response:
    """The fifty most used prompts with these words, "phrases" and without -these, in them or in their rewrite."""
    catalogs: Catalogs = request.app.state.catalogs
    words = _words(q)
    found = await catalogs.of(session, user.id)
    some = found.find(await queries.with_words(session, user.id, words)) if words else found.order("usage")[:0]
    rows = await _rows(session, user.id, found, found.most_used(some, MOST_FOUND), samples)
    return Json({"query": q, "prompts": rows, "count": len(rows), "total": len(some)})


@router.get("/videos/by-prompt", response_model=schemas.PostsByPrompt)
async def videos_by_prompt(
    request: Request,
    user: CurrentUser,
    session: Session,
    prompt: Words,
    exact: bool = False,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Cursor = None,
) -> Response:
    """The newest stacks with a clip made from this prompt, or from one with its words."""
    wanted = _clips(prompt, exact=exact)
    if wanted is None:
        return Json({"prompt": prompt, "exact_match": exact, "posts": [], "count": 0, "next_cursor": None})
    ids, following = await finding.page(
        request.app.state.columns, session, user.id, View(wanted), limit=limit, cursor=cursor
    )
    return Json(
        {
            "prompt": prompt,
            "exact_match": exact,
            "posts": await listed.media_answers(session, user.id, ids),
            "count": await finding.count(request.app.state.columns, session, user.id, wanted),
            "next_cursor": following,
        }
    )


def _clips(prompt: str, *, exact: bool) -> Meaning | None:
    if exact:
        key = prompt_hash(storable(prompt)[0])
        return queries.clips_with(key) if key else None
    words = _words(prompt)
    return queries.clips_with_words(words) if words else None


def _words(typed: str) -> Sequence[Holds | Except]:
    """The words typed."""
    document = Document(filter=joined(*words_of(searchable(storable(typed)[0]))))
    found = meaning_of(document, Moment(clock.now(), ZoneInfo("UTC")))
    parts = (found,) if isinstance(found, (Holds, Except)) else getattr(found, "of", ())
    return [part for part in parts if isinstance(part, (Holds, Except))]


def _start(found: Catalog, sort: Sort, cursor: str) -> int:
    try:
        return found.behind(sort, values_of(cursor) or [])
    except (ValueError, OverflowError):
        raise BadPromptCursor from None


async def _rows(
    session: AsyncSession, user_id: UUID, found: Catalog, shown: Longs, samples: int
) -> list[dict[str, Any]]:
    """Prompts as they are answered; one whose last post went meanwhile is left out."""
    keys = [found.hash_of(at) for at in shown.tolist()]
    texts = await queries.texts(session, user_id, keys)
    made = await queries.newest_posts(session, user_id, keys, samples) if samples else {}
    cards = {
        card["id"]: card for card in await posts.cards(session, user_id, [one for ids in made.values() for one in ids])
    }
    rows = []
    for at, key in zip(shown.tolist(), keys, strict=True):
        if key in texts:
            newest, text = texts[key]
            rows.append(
                {
                    "prompt": text,
                    "usage_count": int(found.uses[at]),
                    "mode_type": found.mode_type(at),
                    "first_used": time_of(int(found.first[at])),
                    "last_used": time_of(int(found.last[at])),
                    "id": newest,
                    "filter": f"same-prompt:{newest}",
                    "sample_posts": [cards[one] for one in made.get(key, []) if one in cards],
                }
            )
    return rows
