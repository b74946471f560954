"""What could be typed next: fields, their values and words, with how many stacks of the present result have them.

Counts are of the newest stacks of the result, so that an answer costs the same in a library of any size.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVarTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Text,
    Uuid,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.library.models import KnownWord, Post
from sovia.search.clauses import conditions, dated_order
from sovia.search.language.caret import Typing
from sovia.search.language.fields import PROMPT, TABLE, Field
from sovia.search.language.meaning import Meaning
from sovia.search.language.printer import written_value, written_word
from sovia.search.patterns import escaped

MOST_OFFERS = 10
MOST_STACKS, MOST_STACKS_OF_WORDS = 5000, 1000
MOST_VALUES, MOST_WORDS = 300, 3000
# Offered beside fields and words while no field is named yet.
OPEN_FIELDS = ("type", "model", "mode")
# Offered also when nothing in the result has them.
NAMED_FIELDS = ("in", "tag")
Values = TypeVarTuple("Values")
Counted = list[tuple[str, str, int]]


@dataclass(frozen=True)
class Offer:
    """A text to put in place of what is being typed; `complete` unless it still wants a value."""

    text: str
    field: str | None
    value: str
    count: int | None
    complete: bool = True

    def as_answer(self) -> dict[str, Any]:
        """As the API shows it."""
        return asdict(self)


Newest = Sequence[UUID] | None


async def counted_values(
    session: AsyncSession, user_id: UUID, around: Meaning, fields: Iterable[Field], known: Newest = None
) -> Counted:
    """The values of fields among the newest stacks of a result: (field, value, stacks), most frequent first.

    Where it is known already which stacks these are, they need not be sought.
    """
    columns = (Post.stack_kinds, Post.stack_models, Post.stack_modes, Post.liked, Post.media_state)
    newest = (
        _of_newest(select(*columns, Post.user_id, Post.id, Post.media_url, Post.source), user_id, around, known)
        .limit(MOST_STACKS)
        .cte("newest")
    )
    found: Counted = []
    several = []
    for field in fields:
        value: ColumnElement[Any] = literal_column(str(field.counted).format(p="newest")).label("value")
        each = select(literal(field.name).label("field"), value).select_from(newest).subquery()
        several.append(
            select(each.c.field, cast(each.c.value, Text).label("value"), func.count().label("count")).group_by(
                each.c.field, each.c.value
            )
        )
    if several:
        joined = union_all(*several).subquery()
        query = select(joined).order_by(joined.c.count.desc(), joined.c.value).limit(MOST_VALUES)
        found = [(row[0], row[1], row[2]) for row in await session.execute(query) if row[1]]
    return found


async def counted_words(session: AsyncSession, user_id: UUID, around: Meaning) -> list[tuple[str, int]]:
    """The words of the newest stacks of a result and how many of these have each, most frequent first."""
    words = select(func.tsvector_to_array(Post.words).label("words"))
    newest = _of_newest(words, user_id, around, None).limit(MOST_STACKS_OF_WORDS).subquery()
    word = func.unnest(newest.c.words).label("word")
    each = select(word).select_from(newest).subquery()
    query = select(each.c.word, func.count().label("count")).group_by(each.c.word)
    query = query.order_by(func.count().desc(), each.c.word).limit(MOST_WORDS)
    return [(row.word, row[1]) for row in await session.execute(query)]


def _of_newest(query: Select[*Values], user_id: UUID, around: Meaning, known: Newest) -> Select[*Values]:
    if known is not None:
        return query.where(Post.user_id == user_id, Post.id == func.any(bindparam("ids", known, ARRAY(Uuid()))))
    return query.where(*conditions(user_id, around)).order_by(*dated_order(descending=True))


async def known_words(session: AsyncSession, user_id: UUID, beginning: str) -> list[str]:
    """Words of the library that begin so, in no particular order."""
    pattern = bindparam("pattern", escaped(beginning) + "%", Text())
    query = select(KnownWord.word).where(KnownWord.user_id == user_id, KnownWord.word.like(pattern)).limit(MOST_OFFERS)
    return list(await session.scalars(query))


def offers_of_values(typing: Typing, counted: Counted, *, named: bool) -> list[Offer]:
    """Values that fit what is typed; with `named`, the field stands before them already."""
    start = typing.typed.casefold()
    return [
        Offer(("" if named else f"{field}:") + written_value(value), field, value, count)
        for field, value, count in counted
        if value.casefold().startswith(start) or (len(start) > 1 and start in value.casefold())
    ]


def offers_of_field(typing: Typing, field: Field) -> list[Offer]:
    """Values that a field always has, without counts."""
    start = typing.typed.casefold()
    return [
        Offer(written_value(value), field.name, value, None) for value in field.kind.offers() if value.startswith(start)
    ]


def offers_of_known(field: Field, names: Iterable[str], seen: Collection[str]) -> list[Offer]:
    """Further names that a field may have, which nothing in the present result has."""
    return [Offer(written_value(name), field.name, name, None) for name in names if name not in seen]


def offers_of_names(typing: Typing) -> list[Offer]:
    """Fields whose name begins so."""
    start = typing.typed.lower()
    names = [field.name for field in TABLE if field.name.startswith(start)]
    return [Offer(f"{name}:", name, "", None, complete=False) for name in [*names, *_if_begun(PROMPT, start)]]


def offers_of_words(beginning: str, counted: list[tuple[str, int]], known: list[str]) -> list[Offer]:
    """Words that begin so: those of the result first, then others of the library."""
    here = [(word, count) for word, count in counted if word.startswith(beginning) and word != beginning]
    seen = {word for word, _ in here} | {beginning}
    offers = [Offer(written_word(word), None, word, count) for word, count in here]
    return offers + [Offer(written_word(word), None, word, None) for word in sorted(known) if word not in seen]


def _if_begun(name: str, start: str) -> list[str]:
    return [name] if start and name.startswith(start) else []
