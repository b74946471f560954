"""The language of filters over HTTP: reading, describing, suggesting."""

from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from fastapi import APIRouter, Query, Request
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.account.deps import CurrentUser
from sovia.kit import clock
from sovia.kit.db import Session
from sovia.library.text import searchable, storable
from sovia.search import finding, marked, suggesting
from sovia.search.deps import WantedZone
from sovia.search.errors import BadFilterDocument
from sovia.search.hints import hints_of, spelling_hints
from sovia.search.keeping import kept, key_of
from sovia.search.language.caret import Typing, typing_at
from sovia.search.language.document import Document, parts_of
from sovia.search.language.fields import FIELDS, TABLE, Field
from sovia.search.language.kinds import Moment
from sovia.search.language.meaning import Meaning
from sovia.search.language.parser import parse
from sovia.search.language.printer import print_filter
from sovia.search.language.reading import chips_of, words_wanted
from sovia.search.language.wire import BadDocument, document_from, json_of
from sovia.search.resolving import meaning_now
from sovia.search.schemas import FieldOut, FilterIn, FilterOut, Suggestions

router = APIRouter(prefix="/api", tags=["filters"])


@router.post("/filters/parse", response_model=FilterOut)
async def parse_filter(given: FilterIn, user: CurrentUser, session: Session) -> dict[str, Any]:
    """A filter in both forms, and its parts; a text with mistakes is answered with their places and cures."""
    if given.text is None:
        document = _document(given.document)
    else:
        parsed = parse(given.text)
        if parsed.problems:
            errors = [problem.as_answer() for problem in parsed.problems]
            return {"text": None, "document": None, "errors": errors, "hints": [], "chips": [], "words": []}
        document = parsed.document
    words = words_wanted(parts_of(document.filter))
    parts = {"chips": chips_of(document), "words": words}
    hints = await hints_of(session, user.id, document, Moment(clock.now(), ZoneInfo("UTC")))
    if given.spelling:
        hints += await spelling_hints(session, user.id, words)
    return {"text": print_filter(document), "document": json_of(document), "errors": [], "hints": hints, **parts}


@router.get("/filters/fields", response_model=list[FieldOut])
async def fields(_user: CurrentUser) -> list[dict[str, Any]]:
    """Every field that filters know."""
    return [_described(field) for field in TABLE]


@router.get("/suggest", response_model=Suggestions)
async def suggest(
    request: Request,
    user: CurrentUser,
    session: Session,
    zone: WantedZone,
    text: Annotated[str, Query(max_length=10_000)] = "",
    cursor: Annotated[int | None, Query(ge=0, le=10_000)] = None,
) -> dict[str, Any]:
    """What could stand at the cursor (in code points; the end by default), counted in what the rest of it finds."""
    typing = typing_at(text, len(text) if cursor is None else cursor)
    if typing is None:
        return {"start": 0, "length": 0, "suggestions": []}
    moment = Moment(clock.now(), ZoneInfo(zone))
    around = await meaning_now(session, user.id, parse(typing.rest).document, moment)
    offers = await _offers(request, session, user.id, typing, around)
    shown = [offer.as_answer() for offer in offers[: suggesting.MOST_OFFERS]]
    return {"start": typing.start, "length": typing.end - typing.start, "suggestions": shown}


async def _offers(
    request: Request, session: AsyncSession, user_id: UUID, typing: Typing, around: Meaning
) -> list[suggesting.Offer]:
    if typing.field is None:
        asked = [FIELDS[name] for name in suggesting.OPEN_FIELDS]
        values = suggesting.offers_of_values(
            typing, await _values(request, session, user_id, around, asked), named=False
        )
        return suggesting.offers_of_names(typing) + values[:4] + await _words(request, session, user_id, typing, around)
    if typing.field.counted is None:
        return suggesting.offers_of_field(typing, typing.field)
    counted = await _values(request, session, user_id, around, [typing.field])
    offers = suggesting.offers_of_values(typing, counted, named=True)
    if typing.field.name in suggesting.NAMED_FIELDS:
        known = await marked.known_names(session, user_id, typing.field.name, typing.typed)
        offers += suggesting.offers_of_known(typing.field, known, {offer.value for offer in offers})
    return offers


async def _values(
    request: Request, session: AsyncSession, user_id: UUID, around: Meaning, asked: list[Field]
) -> suggesting.Counted:
    async def make() -> object:
        columns, names = request.app.state.columns, [field.name for field in asked]
        if set(names) <= set(suggesting.OPEN_FIELDS):
            told = await finding.values(columns, session, user_id, around, names, suggesting.MOST_VALUES)
            if told is not None:
                return told
        newest = await finding.newest(columns, session, user_id, around, suggesting.MOST_STACKS)
        return await suggesting.counted_values(session, user_id, around, asked, newest)

    name = "values of " + ",".join(field.name for field in asked)
    answer = await kept(request, session, user_id, key_of(name, around), make)
    return [(field, value, count) for field, value, count in orjson.loads(answer.body)]


async def _words(
    request: Request, session: AsyncSession, user_id: UUID, typing: Typing, around: Meaning
) -> list[suggesting.Offer]:
    beginning = searchable(storable(typing.typed)[0])
    if not beginning:
        return []

    async def make() -> object:
        some, most = suggesting.MOST_STACKS_OF_WORDS, suggesting.MOST_WORDS
        told = await finding.words(request.app.state.columns, session, user_id, around, some, most)
        return await suggesting.counted_words(session, user_id, around) if told is None else told

    answer = await kept(request, session, user_id, key_of("words", around), make)
    counted = [(word, count) for word, count in orjson.loads(answer.body)]
    return suggesting.offers_of_words(beginning, counted, await suggesting.known_words(session, user_id, beginning))


def _document(given: object) -> Document:
    try:
        return document_from(given)
    except BadDocument as problem:
        raise BadFilterDocument(problem.path, problem.message) from None


def _described(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "also": list(field.also),
        "scope": field.scope,
        "operators": list(field.kind.operators),
        "help": field.help,
        "examples": list(field.examples),
        "values": list(field.kind.offers()),
        "counted": field.counted is not None,
    }
