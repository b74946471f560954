"""Posts read from the database into columns: all of them, or those that changed; one statement, parsed as it comes."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    BigInteger,
    Double,
    Integer,
    SmallInteger,
    SQLColumnExpression,
    Text,
    Uuid,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit.db import asyncpg_connection
from sovia.kit.prepared import NOBODY, Prepared, prepared
from sovia.library.changes import changed_since, horizon_now
from sovia.library.models import Post
from sovia.library.queries.posts import FLAGS, version
from sovia.search.columns.frame import (
    LIKED,
    NAMED,
    NOT_LIKED,
    UNKNOWN,
    Block,
    Columns,
    Ids,
    Names,
    first_columns,
    with_changes,
)
from sovia.search.columns.texts import Texts
from sovia.search.rows import COPY_HEADER_BYTES, FAMILY, NEVER, layout

# More changes than this are not worth following.
MOST_CHANGES = 100_000
BLOCK_BYTES = 8 * 2**20
TEXTS_AT_ONCE = 2000
# What each of the named columns is called after; without a text there is no name.
NAMES: dict[str, SQLColumnExpression[Any]] = {
    "model": Post.model,
    "mode": Post.mode,
    "host": func.split_part(Post.media_url, "/", 3),
    "source": Post.source,
    "state": Post.media_state,
}
# What a post says with yes or no, and whether it is liked, in one number.
SMALL = (
    case((Post.liked.is_(True), LIKED), (Post.liked.is_(False), NOT_LIKED), else_=UNKNOWN)
    + case((or_(Post.prompt != "", Post.original_prompt != ""), 4), else_=0)
    + case((Post.deleted_at.is_(None), 8), else_=0)
    + case((Post.parent_id.is_(None), 16), else_=0)
)


def fingerprint(text: SQLColumnExpression[Any]) -> SQLColumnExpression[int]:
    """A number for a text, 0 for none."""
    return func.coalesce(func.hashtextextended(func.nullif(text, ""), 0), literal_column("0::bigint"))


TEXT = fingerprint(Post.search_text)
READ: tuple[tuple[str, SQLColumnExpression[Any]], ...] = (
    ("ratio:i2", Post.ratio),
    ("flags:i2", cast(FLAGS, SmallInteger)),
    ("small:i2", cast(SMALL, SmallInteger)),
    ("created:i8", func.coalesce(Post.created_at, NEVER)),
    ("added:i8", Post.added_at),
    ("family:i8", FAMILY),
    ("text:i8", TEXT),
    ("width:i4", cast(func.coalesce(Post.width, -1), Integer)),
    ("height:i4", cast(func.coalesce(Post.height, -1), Integer)),
    ("duration:f8", cast(func.coalesce(Post.duration_seconds, literal_column("'NaN'::float8")), Double)),
    *((f"{name}:i8", cast(fingerprint(text), BigInteger)) for name, text in NAMES.items()),
)
ROW = layout(*(name for name, _ in READ), ids=("id", "root"))


@dataclass(frozen=True)
class Loaded:
    """The columns at one moment, with what their numbers stand for; names and texts only ever grow."""

    columns: Columns
    names: dict[str, Names]
    texts: Texts


async def load(session: AsyncSession, user_id: UUID) -> Loaded:
    """The whole library of a user, by a session that sees one moment."""
    names, texts = {name: Names() for name in NAMED}, Texts()
    horizon = await horizon_now(session)
    at = await version(session, user_id)
    blocks = await _read(session, user_id, names, texts)
    columns = await asyncio.to_thread(first_columns, at, horizon, blocks)
    await _read_texts(session, user_id, texts)
    return Loaded(columns, names, texts)


async def renewed(session: AsyncSession, user_id: UUID, known: Loaded) -> Loaded | None:
    """The library as it is now, or nothing when too much has changed."""
    now = await version(session, user_id)
    horizon, changed = await changed_since(session, user_id, known.columns.horizon)
    if changed is None or len(changed) > MOST_CHANGES:
        return None
    blocks = await _read(session, user_id, known.names, known.texts, only=list(changed))
    block, gone = await asyncio.to_thread(_together, blocks, changed)
    columns = await asyncio.to_thread(with_changes, known.columns, now, horizon, block, gone)
    return Loaded(columns, known.names, known.texts)


@cache
def _statement(*, some: bool) -> Prepared:
    """All posts of a user, or those with some ids; made once, since that takes as long as reading a few posts."""
    columns = (Post.id, Post.root_id, *(column for _, column in READ))
    query = select(*columns).where(Post.user_id == bindparam("user", NOBODY, Uuid()))
    return prepared(query.where(Post.id == func.any(bindparam("ids", [], ARRAY(Uuid())))) if some else query)


async def _read(
    session: AsyncSession, user_id: UUID, names: dict[str, Names], texts: Texts, only: list[UUID] | None = None
) -> list[Block]:
    raw = await _rows(session, _statement(some=only is not None), {"user": user_id, "ids": only})
    for name in NAMED:
        await _learn_names(session, user_id, raw, name, names[name])
    new = texts.meet(np.concatenate([rows["text"] for rows in raw]).astype(np.int64))
    if texts.is_ready and len(new):
        await asyncio.to_thread(texts.add, await _texts_of(session, user_id, raw, new))
    blocks = []
    # The largest thing here: each piece is given up as soon as it is taken over.
    raw.reverse()
    while raw:
        blocks.append(await asyncio.to_thread(_block, raw.pop(), names, texts))
    return blocks


def _together(blocks: list[Block], asked: Iterable[UUID]) -> tuple[Block, Ids]:
    """The blocks as one, and those that were asked for and are not among them."""
    one = Block(
        np.concatenate([block.ids for block in blocks]),
        np.concatenate([block.root_ids for block in blocks]),
        {name: np.concatenate([block.of[name] for block in blocks]) for name in blocks[0].of},
    )
    found = {bytes(post_id) for post_id in one.ids}
    gone = [post_id.bytes for post_id in asked if post_id.bytes not in found]
    return one, np.frombuffer(b"".join(gone), "V16")


async def _read_texts(session: AsyncSession, user_id: UUID, texts: Texts) -> None:
    """The texts of the posts that were read at first, a few at a time."""
    query = select(TEXT, Post.search_text).where(Post.user_id == user_id, Post.search_text != "")
    rows = await session.stream(query.ext(distinct_on(TEXT)).order_by(TEXT))
    async for some in rows.partitions(TEXTS_AT_ONCE):
        await asyncio.to_thread(texts.gather, [(row[0], row[1]) for row in some])
    await asyncio.to_thread(texts.finish)


async def _rows(session: AsyncSession, statement: Prepared, given: dict[str, Any]) -> list[NDArray[np.void]]:
    """The rows in pieces; a piece is parsed when it is complete, so the text of all is never there at once."""
    values = [(statement.constants | given)[name] for name in statement.names]
    connection = await asyncpg_connection(session)
    found: list[NDArray[np.void]] = []
    waiting = bytearray()
    skipped = 0

    async def take(data: bytes) -> None:
        nonlocal skipped
        waiting.extend(data)
        if not skipped and len(waiting) >= COPY_HEADER_BYTES:
            del waiting[:COPY_HEADER_BYTES]
            skipped = COPY_HEADER_BYTES
        if skipped and len(waiting) >= BLOCK_BYTES:
            whole = len(waiting) // ROW.itemsize * ROW.itemsize
            found.append(np.frombuffer(bytes(waiting[:whole]), ROW))
            del waiting[:whole]

    await connection.copy_from_query(statement.sql, *values, output=take, format="binary")
    found.append(np.frombuffer(bytes(waiting), ROW, count=len(waiting) // ROW.itemsize))
    return found


def _block(rows: NDArray[np.void], names: dict[str, Names], texts: Texts) -> Block:
    small = rows["small"].astype(np.int16)
    of: dict[str, NDArray[Any]] = {
        "ratio": rows["ratio"].astype(np.uint8),
        "flags": rows["flags"].astype(np.uint8),
        "type": (rows["flags"] & 3).astype(np.uint8),
        "liked": (small & 3).astype(np.uint8),
        "prompted": (small & 4) > 0,
        "alive": (small & 8) > 0,
        "is_root": (small & 16) > 0,
        "text": texts.numbered(rows["text"].astype(np.int64)),
        "duration": rows["duration"].astype(np.float64),
    }
    for name in ("created", "added", "family"):
        of[name] = rows[name].astype(np.int64)
    for name in ("width", "height"):
        of[name] = rows[name].astype(np.int32)
    for name in NAMED:
        of[name] = names[name].numbered(rows[name].astype(np.int64))
    return Block(np.ascontiguousarray(rows["id"]), np.ascontiguousarray(rows["root"]), of)


async def _learn_names(
    session: AsyncSession, user_id: UUID, raw: Sequence[NDArray[np.void]], name: str, names: Names
) -> None:
    """Ask one post of each name that is new for it."""
    examples: dict[UUID, int] = {}
    seen: set[int] = set()
    for rows in raw:
        prints, firsts = np.unique(rows[name], return_index=True)
        for print_, first in zip(prints.tolist(), firsts.tolist(), strict=True):
            if print_ not in names.codes and print_ not in seen:
                seen.add(print_)
                examples[UUID(bytes=bytes(rows["id"][first]))] = print_
    if examples:
        query = select(Post.id, cast(NAMES[name], Text)).where(Post.user_id == user_id)
        found = await session.execute(query.where(Post.id == func.any(list(examples))))
        names.add({examples[post_id]: text or "" for post_id, text in found})


async def _texts_of(
    session: AsyncSession, user_id: UUID, raw: Sequence[NDArray[np.void]], prints: NDArray[np.int64]
) -> list[str]:
    """The texts with these fingerprints, in their order; one post of each tells it."""
    examples: list[UUID] = []
    for rows in raw:
        _, firsts = np.unique(rows["text"], return_index=True)
        examples += [UUID(bytes=bytes(rows["id"][first])) for first in firsts if rows["text"][first] in prints]
    query = select(TEXT, Post.search_text).where(Post.user_id == user_id, Post.id == func.any(examples))
    found = {row[0]: row[1] for row in await session.execute(query)}
    return [found.get(one, "") for one in prints.tolist()]
