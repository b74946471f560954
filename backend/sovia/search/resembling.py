"""What `similar:` finds: asked of the room that knows resemblance, which lies above this one and registers here."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.library.models import Post
from sovia.search.errors import FilterTooLarge, NothingToResemble
from sovia.search.filters import WHOLE, Likeness
from sovia.search.language.meaning import Asks, Either, Every, Except, Group, Meaning

SIMILAR = "similar"
# Each is a question to the index of prompts, answered before the database is asked.
MOST_QUESTIONS = 8
# The posts that were named come before all others, in the order in which they were.
NAMED = 100 * WHOLE
Anchors = tuple[UUID, ...]
Finder = Callable[[AsyncSession, UUID, Anchors], Awaitable[Sequence[tuple[UUID, float]]]]
FINDERS: list[Finder] = []


def finds_similar(finder: Finder) -> Finder:
    """Register who says which posts resemble some posts and how much, the most alike first."""
    FINDERS[:] = [finder]
    return finder


async def with_similar(session: AsyncSession, user_id: UUID, wanted: Meaning) -> Meaning:
    """The filter with the posts that resemble others put in their place; the others themselves are among them."""
    asked = {asks.values[0] for asks in _similar_in(wanted)}
    if len(asked) > MOST_QUESTIONS:
        raise FilterTooLarge
    found: dict[Anchors, dict[UUID, int]] = {}
    for anchors in asked:
        found[anchors] = {one: NAMED - place for place, one in enumerate(dict.fromkeys(anchors))}
        for finder in FINDERS:
            for one, score in await finder(session, user_id, anchors):
                found[anchors].setdefault(one, round(score * WHOLE))
    return _answered(wanted, found) if found else wanted


async def likeness_in(session: AsyncSession, user_id: UUID, wanted: Meaning) -> tuple[Likeness, ...]:
    """How much each post resembles what a filter wants others to be like, the most by any of its parts.

    `NothingToResemble` when the filter does not ask for that.
    """
    asked = list(_similar_in(wanted, excluded=False))
    if not asked:
        raise NothingToResemble
    most: dict[UUID, int] = {}
    for asks in asked:
        for one, much in zip(asks.values[0], asks.likeness, strict=True):
            most[one] = max(much, most.get(one, much))
    query = select(Post.id, Post.root_id).where(Post.user_id == user_id, Post.deleted_at.is_(None))
    rows = await session.execute(query.where(Post.id == func.any(list(most))).order_by(Post.id))
    return tuple(Likeness(row.id, row.root_id, most[row.id]) for row in rows)


def _similar_in(meaning: Meaning, *, excluded: bool = True) -> Iterator[Asks]:
    if isinstance(meaning, Asks) and meaning.field == SIMILAR:
        yield meaning
    elif isinstance(meaning, Group) or (isinstance(meaning, Except) and excluded):
        yield from _similar_in(meaning.of, excluded=excluded)
    elif isinstance(meaning, (Every, Either)):
        for part in meaning.of:
            yield from _similar_in(part, excluded=excluded)


def _answered(meaning: Meaning, found: Mapping[Anchors, Mapping[UUID, int]]) -> Meaning:
    match meaning:
        case Asks() if meaning.field == SIMILAR:
            much = found[meaning.values[0]]
            return replace(meaning, values=(tuple(much),), likeness=tuple(much.values()))
        case Except() | Group():
            return replace(meaning, of=_answered(meaning.of, found))
        case Every():
            return Every(tuple(_answered(part, found) for part in meaning.of))
        case Either():
            return Either(tuple(_answered(part, found) for part in meaning.of))
    return meaning
