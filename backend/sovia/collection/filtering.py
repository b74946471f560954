"""Filters as collections keep them: read from any of their forms, written as text, followed into what they name."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from sovia.collection.errors import CollectionCycle
from sovia.collection.targets import Targets, by_ids, by_meaning
from sovia.kit import clock
from sovia.library.gathered import Collection
from sovia.library.text import storable
from sovia.search.errors import BadFilter, BadFilterDocument
from sovia.search.language.document import Document
from sovia.search.language.kinds import Moment
from sovia.search.language.meaning import NOTHING, Meaning, meaning_of
from sovia.search.language.parser import parse
from sovia.search.language.printer import print_filter
from sovia.search.language.wire import BadDocument, json_of
from sovia.search.resolving import collections_behind, meaning_now, named_in, several_looked_up
from sovia.search.smart import document_of

# A larger number is not kept as one.
BEYOND_JSON = 2**53


def document_of_text(typed: str) -> Document:
    """The document of a filter's text, or `BadFilter`."""
    parsed = parse(typed)
    if parsed.problems:
        raise BadFilter(parsed.problems)
    return parsed.document


def document_of_filters(filters: object) -> Document:
    """The document of a smart collection's filters, or `BadFilterDocument`."""
    try:
        return document_of(filters)
    except BadDocument as problem:
        raise BadFilterDocument(problem.path, problem.message) from None


def kept_filters(typed: str | None, filters: dict[str, Any] | None) -> dict[str, Any]:
    """What is kept of a filter given as text, or in one of the forms of JSON."""
    if typed is not None:
        return json_of(document_of_text(typed))
    document = document_of_filters(filters)
    plain = filters is None or "version" in filters or "filter" in filters
    kept: dict[str, Any] = json_of(document) if plain else _storable(filters)
    return kept


def text_of(collection: Collection) -> str:
    """The text of a smart collection's filter; of others, the one that finds what is in them."""
    if not collection.is_smart:
        return f"in:{collection.id}"
    document = document_of_kept(collection.smart_filters)
    return print_filter(document) if document else ""


def moment(zone: str = "UTC") -> Moment:
    """Now."""
    return Moment(clock.now(), ZoneInfo(zone))


def document_of_kept(filters: dict[str, Any] | None) -> Document | None:
    """What was kept of a filter; nothing when it can not be read any more."""
    try:
        return document_of(filters)
    except BadDocument:
        return None


async def meanings_of(
    session: AsyncSession, user_id: UUID, documents: Sequence[Document | None], zone: str = "UTC"
) -> list[Meaning]:
    """What several filters mean now, looked up together; one that is none, or too large, finds nothing."""
    now = moment(zone)
    wanted = [NOTHING if one is None else meaning_of(one, now) for one in documents]
    return await several_looked_up(session, user_id, wanted, now)


async def meaning_of_collection(session: AsyncSession, user_id: UUID, collection: Collection) -> Meaning:
    """What is in a collection, as a filter."""
    document = document_of_kept(collection.smart_filters)
    if not collection.is_smart:
        document = document_of_text(f"in:{collection.id}")
    return (await meanings_of(session, user_id, [document]))[0]


async def targets_of(session: AsyncSession, user_id: UUID, ids: list[UUID] | None, typed: str | None) -> Targets:
    """The posts with these ids, or the stacks that a filter finds."""
    if typed is None:
        return by_ids(user_id, ids or [])
    return by_meaning(user_id, await meaning_now(session, user_id, document_of_text(typed), moment()))


async def refuse_cycle(session: AsyncSession, user_id: UUID, collection: Collection) -> None:
    """`CollectionCycle` when a smart collection asks for itself, however far around."""
    if not collection.is_smart:
        return
    wanted = meaning_of(document_of_filters(collection.smart_filters), moment())
    if collection.name_key in named_in(wanted):
        raise CollectionCycle(collection.name)
    for name, several in (await collections_behind(session, user_id, wanted, moment())).items():
        if name in (str(collection.id), collection.name_key):
            raise CollectionCycle(collection.name)
        for one in several:
            if one.id == collection.id or (one.asks is not None and collection.name_key in named_in(one.asks)):
                raise CollectionCycle(collection.name)


def _storable(value: object) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        return {storable(str(name))[0]: _storable(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, int) and abs(value) >= BEYOND_JSON:
        return str(value)
    return storable(value)[0] if isinstance(value, str) else value
