"""What a filter means now: names of collections become what is in them.

A collection filled by hand stands for its items; a smart one for its own filter, which may speak of others in turn.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.library.gathered import Collection
from sovia.library.text import searchable
from sovia.search.errors import FilterTooLarge
from sovia.search.language.document import Document
from sovia.search.language.fields import IN
from sovia.search.language.kinds import Moment
from sovia.search.language.marked import HELD, HELD_ANYWHERE
from sovia.search.language.meaning import (
    NOTHING,
    Asks,
    Either,
    Every,
    Except,
    Group,
    Meaning,
    Within,
    meaning_of,
)
from sovia.search.language.wire import BadDocument
from sovia.search.resembling import with_similar
from sovia.search.smart import document_of

NONE = "none"
# A smart collection may ask for others, and those for others: as deep, and all in all as large, as this.
MOST_STEPS = 16
MOST_PARTS = 2000


@dataclass(frozen=True)
class Known:
    """A collection as filters see it; `asks` is the meaning of a smart one's filter."""

    id: UUID
    key: str
    asks: Meaning | None


async def meaning_now(session: AsyncSession, user_id: UUID, document: Document, moment: Moment) -> Meaning:
    """The meaning of a document for this user, with everything looked up that it names."""
    return await looked_up(session, user_id, meaning_of(document, moment), moment)


async def looked_up(session: AsyncSession, user_id: UUID, wanted: Meaning, moment: Moment) -> Meaning:
    """The same meaning with collections looked up."""
    if any(True for _ in named_in(wanted)):
        known = await collections_behind(session, user_id, wanted, moment)
        wanted = _Opener(known).opened(wanted, ())
    return await with_similar(session, user_id, wanted)


async def several_looked_up(
    session: AsyncSession, user_id: UUID, several: Sequence[Meaning], moment: Moment
) -> list[Meaning]:
    """The same for several at once; of one that is too large, what finds nothing."""
    known = await collections_behind(session, user_id, Every(tuple(several)), moment)
    found = []
    for one in several:
        try:
            found.append(_Opener(known).opened(one, ()))
        except FilterTooLarge:
            found.append(NOTHING)
    return [await _similar_or_nothing(session, user_id, one) for one in found]


async def _similar_or_nothing(session: AsyncSession, user_id: UUID, wanted: Meaning) -> Meaning:
    try:
        return await with_similar(session, user_id, wanted)
    except FilterTooLarge:
        return NOTHING


async def collections_behind(
    session: AsyncSession, user_id: UUID, wanted: Meaning, moment: Moment
) -> dict[str, list[Known]]:
    """The collections that a filter names, and those that these name in turn, by id and by key of their name."""
    found: dict[str, list[Known]] = {}
    asked = set(named_in(wanted))
    for _ in range(MOST_STEPS):
        new = asked - found.keys() - {NONE}
        if not new:
            break
        rows = await _collections(session, user_id, new, moment)
        for name in new:
            found[name] = [one for one in rows if name in (str(one.id), one.key)]
        asked = {name for one in rows if one.asks is not None for name in named_in(one.asks)}
    return found


def named_in(wanted: Meaning) -> Iterator[str]:
    """The collections that a filter speaks of, as they are looked up."""
    if isinstance(wanted, Within):
        yield from map(key_of_name, wanted.values)
    elif isinstance(wanted, (Except, Group)):
        yield from named_in(wanted.of)
    elif isinstance(wanted, (Every, Either)):
        for part in wanted.of:
            yield from named_in(part)


def key_of_name(value: str) -> str:
    """An id as it is written, or the form in which names are compared."""
    try:
        return str(UUID(value)) if len(value) == 36 else searchable(value)
    except ValueError:
        return searchable(value)


async def _collections(session: AsyncSession, user_id: UUID, names: Iterable[str], moment: Moment) -> list[Known]:
    ids = [UUID(name) for name in names if _is_id(name)]
    query = select(Collection.id, Collection.name_key, Collection.is_smart, Collection.smart_filters).where(
        Collection.user_id == user_id,
        Collection.deleted_at.is_(None),
        or_(Collection.id.in_(ids), Collection.name_key.in_(list(names))),
    )
    rows = await session.execute(query)
    return [Known(row.id, row.name_key, _asked(row.smart_filters, moment) if row.is_smart else None) for row in rows]


def _asked(filters: dict[str, Any] | None, moment: Moment) -> Meaning:
    try:
        return meaning_of(document_of(filters), moment)
    except BadDocument:
        # Kept by an older release, perhaps; it finds nothing until somebody mends it.
        return NOTHING


def _is_id(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False


@dataclass
class _Opener:
    known: Mapping[str, list[Known]]
    parts: int = 0

    def opened(self, wanted: Meaning, path: tuple[UUID, ...]) -> Meaning:
        """The meaning without names; `path` are the smart collections that it stands in."""
        self.parts += 1
        if self.parts > MOST_PARTS:
            raise FilterTooLarge
        match wanted:
            case Within():
                return Group(IN, self._within(wanted, path))
            case Except() | Group():
                return replace(wanted, of=self.opened(wanted.of, path))
            case Every():
                return Every(tuple(self.opened(part, path) for part in wanted.of))
            case Either():
                return Either(tuple(self.opened(part, path) for part in wanted.of))
        return wanted

    def _within(self, wanted: Within, path: tuple[UUID, ...]) -> Meaning:
        keys = [key_of_name(value) for value in wanted.values]
        several = {one.id: one for key in keys if key != NONE for one in self.known.get(key, [])}
        by_hand = tuple(sorted(one.id for one in several.values() if one.asks is None))
        parts: list[Meaning] = [Asks(IN, "post", HELD, (by_hand,))] if by_hand else []
        parts += [Except(Asks(IN, "post", HELD_ANYWHERE, ()))] if NONE in keys else []
        for one in several.values():
            # What leads back to itself adds nothing.
            if one.asks is not None and one.id not in path:
                parts.append(Group(IN, self.opened(one.asks, (*path, one.id))))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))
