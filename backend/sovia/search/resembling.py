"""What `similar:` finds: asked of the room that knows resemblance, which lies above this one and registers here."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sovia.search.errors import FilterTooLarge
from sovia.search.language.meaning import Asks, Either, Every, Except, Group, Meaning

SIMILAR = "similar"
# Each is a question to the index of prompts, answered before the database is asked.
MOST_QUESTIONS = 8
Anchors = tuple[UUID, ...]
Finder = Callable[[AsyncSession, UUID, Anchors], Awaitable[Sequence[UUID]]]
FINDERS: list[Finder] = []


def finds_similar(finder: Finder) -> Finder:
    """Register who says which posts resemble some posts, the most alike first."""
    FINDERS[:] = [finder]
    return finder


async def with_similar(session: AsyncSession, user_id: UUID, wanted: Meaning) -> Meaning:
    """The filter with the posts that resemble others put in their place; the others themselves are among them."""
    asked = {asks.values[0]: asks.values[0] for asks in _similar_in(wanted)}
    if not asked:
        return wanted
    if len(asked) > MOST_QUESTIONS:
        raise FilterTooLarge
    for anchors in asked:
        for finder in FINDERS:
            found = await finder(session, user_id, anchors)
            asked[anchors] = tuple(dict.fromkeys([*anchors, *found]))
    return _answered(wanted, asked)


def _similar_in(meaning: Meaning) -> Iterator[Asks]:
    if isinstance(meaning, Asks) and meaning.field == SIMILAR:
        yield meaning
    elif isinstance(meaning, (Except, Group)):
        yield from _similar_in(meaning.of)
    elif isinstance(meaning, (Every, Either)):
        for part in meaning.of:
            yield from _similar_in(part)


def _answered(meaning: Meaning, found: Mapping[Anchors, Anchors]) -> Meaning:
    match meaning:
        case Asks() if meaning.field == SIMILAR:
            return replace(meaning, values=(found[meaning.values[0]],))
        case Except() | Group():
            return replace(meaning, of=_answered(meaning.of, found))
        case Every():
            return Every(tuple(_answered(part, found) for part in meaning.of))
        case Either():
            return Either(tuple(_answered(part, found) for part in meaning.of))
    return meaning
