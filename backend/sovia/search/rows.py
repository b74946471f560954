"""What an index needs to know of each post of a view, read from the database in one go as columns of numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    SmallInteger,
    SQLColumnExpression,
    Text,
    and_,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit.db import asyncpg_connection
from sovia.kit.prepared import prepared
from sovia.library.models import Post
from sovia.library.queries.posts import EFFECTIVE_PROMPT, FLAGS, with_main_file
from sovia.search.clauses import conditions
from sovia.search.filters import View
from sovia.search.orderings import ORDERINGS, Key
from sovia.search.sections import Numbers

COPY_HEADER_BYTES = 19
COPY_TRAILER_BYTES = 2
# Before every time, and sorted so; the driver hands it over as the least of all numbers.
NEVER: ColumnElement[datetime] = literal_column("'-infinity'::timestamptz")
# Where one prompt is all there is, the form in which prompts are searched is at hand.
ONE_PROMPT = or_(Post.original_prompt == "", Post.prompt.in_(("", Post.original_prompt)))
NORMAL = func.lower(func.regexp_replace(func.btrim(EFFECTIVE_PROMPT), r"\s+", " ", "g"))
# Equal for prompts that differ in case, accents and spaces only; 0 where there is no prompt.
FAMILY: ColumnElement[int] = func.coalesce(
    func.hashtextextended(
        func.nullif(case((and_(ONE_PROMPT, Post.search_text != ""), Post.search_text), else_=NORMAL), ""), 0
    ),
    0,
)


@dataclass(frozen=True)
class Rows:
    """The posts of a view in no particular order. `keys` are what the view is sorted by before the date.

    `texts` has, for each key that is a text, its number's texts, numbered in their order. `families` is empty unless
    equal prompts stand together.
    """

    ids: NDArray[np.void]
    ratios: NDArray[np.uint8]
    flags: NDArray[np.uint8]
    created: Numbers
    keys: list[Numbers]
    families: Numbers
    texts: dict[int, Sequence[str]] = field(default_factory=dict)


async def rows_of(session: AsyncSession, user_id: UUID, view: View) -> Rows:
    """Read the posts of a view: the roots of its stacks, or all posts that its filter wants."""
    ordering = ORDERINGS[view.sort]
    keys = ordering.keys(view)
    by_prompt = view.stack in ("family", "batch")
    columns: list[SQLColumnExpression[Any]] = [func.coalesce(Post.created_at, NEVER), *map(_number, keys)]
    columns += [FAMILY] if by_prompt else []
    query = select(Post.id, Post.ratio, cast(FLAGS, SmallInteger), *columns)
    if ordering.of_file:
        query = with_main_file(query)
    data = await copied(session, query.where(*conditions(user_id, view.filter, view.stack)))
    rows = read(data, "ratio:i2", "flags:i2", *(f"n{at}:i8" for at in range(len(columns))))
    numbers = [rows[f"n{at}"].astype(np.int64) for at in range(len(columns))]
    found = Rows(
        ids=np.ascontiguousarray(rows["id"]),
        ratios=rows["ratio"].astype(np.uint8),
        flags=rows["flags"].astype(np.uint8),
        created=numbers[0],
        keys=numbers[1 : 1 + len(keys)],
        families=numbers[-1] if by_prompt else np.zeros(0, np.int64),
    )
    for at, key in enumerate(keys):
        if key.kind == "text":
            found.texts[at] = await _ranked(session, user_id, found, at, key)
    return found


async def copied(session: AsyncSession, query: Select[*tuple[Any, ...]]) -> bytes:
    """The rows of a query in PostgreSQL's binary form."""
    statement = prepared(query)
    values = [statement.constants[name] for name in statement.names]
    connection = await asyncpg_connection(session)
    data = BytesIO()
    await connection.copy_from_query(statement.sql, *values, output=data, format="binary")
    return data.getvalue()


def read(data: bytes, *columns: str, ids: Sequence[str] = ("id",)) -> NDArray[np.void]:
    """Binary rows of UUIDs, then of the numbers named with their types; without NULLs all rows are equally long."""
    row = layout(*columns, ids=ids)
    count, rest = divmod(len(data) - COPY_HEADER_BYTES - COPY_TRAILER_BYTES, row.itemsize)
    assert rest == 0, "a row of the index has an unexpected length"
    return np.frombuffer(data, row, offset=COPY_HEADER_BYTES, count=count)


def layout(*columns: str, ids: Sequence[str] = ("id",)) -> np.dtype[np.void]:
    """How the binary rows of UUIDs and then of the numbers named with their types lie in memory."""
    parts: list[tuple[str, str]] = [("fields", ">i2")]
    for name, kind in [*((name, "V16") for name in ids), *(column.split(":") for column in columns)]:
        parts += [(f"{name}_length", ">i4"), (name, kind if kind == "V16" else ">" + kind)]
    return np.dtype(parts)


def _number(key: Key) -> SQLColumnExpression[Any]:
    if key.kind == "text":
        return func.hashtextextended(key.expression, 0)
    return cast(key.expression, BigInteger) if key.kind == "int" else key.expression


async def _ranked(session: AsyncSession, user_id: UUID, rows: Rows, at: int, key: Key) -> list[str]:
    """Put the place of each text among all in the stead of its fingerprint; one post of each tells the text."""
    _, firsts, which = np.unique(rows.keys[at], return_index=True, return_inverse=True)
    examples = {UUID(bytes=bytes(rows.ids[first])): number for number, first in enumerate(firsts)}
    texts = [""] * len(firsts)
    query = select(Post.id, cast(key.expression, Text)).where(Post.user_id == user_id)
    for post_id, text in await session.execute(query.where(Post.id == func.any(list(examples)))):
        texts[examples[post_id]] = text
    order = sorted(range(len(texts)), key=texts.__getitem__)
    places = np.empty(len(texts), np.int64)
    places[order] = np.arange(len(texts))
    rows.keys[at] = places[which]
    return [texts[number] for number in order]
