"""Every SELECT about distinct prompts: their counts in one go, their order by text, their words, what they made."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Integer,
    LargeBinary,
    SQLColumnExpression,
    bindparam,
    cast,
    column,
    func,
    literal,
    select,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import NULLTYPE, DateTime

from sovia.library.models import Post
from sovia.library.queries.posts import EFFECTIVE_PROMPT
from sovia.overview.catalog import Catalog, Hashes, catalog_from_copy, hashes_from_copy
from sovia.search.language.meaning import Asks, Except, Holds
from sovia.search.patterns import like_pattern
from sovia.search.rows import copied

NEVER = cast(literal("-infinity"), DateTime(timezone=True))
CUSTOM, NORMAL = "custom", "normal"
# Prompts are ordered by their beginnings.
BEGINNING = 200
# Of what a prompt made last, as many are looked at for some that have a picture.
LOOKED_AT = 24
Words = Sequence[Holds | Except]


def _alive(user_id: UUID) -> tuple[Any, ...]:
    return (Post.user_id == bindparam("user", user_id), Post.deleted_at.is_(None))


async def catalog(session: AsyncSession, user_id: UUID) -> Catalog:
    """Every distinct prompt with its counts. Posts count by their effective prompt, so children that inherit count."""
    made: Any = Post.created_at
    query = (
        select(
            Post.prompt_hash,
            func.count(),
            func.count().filter(Post.mode == CUSTOM),
            func.coalesce(func.min(made), NEVER),
            func.coalesce(func.max(made), NEVER),
        )
        .where(*_alive(user_id), Post.prompt_hash.is_not(None))
        .group_by(Post.prompt_hash)
        .order_by(Post.prompt_hash)
    )
    return catalog_from_copy(await copied(session, query))


async def by_text(session: AsyncSession, user_id: UUID) -> Hashes:
    """Every distinct prompt in the order of its text."""
    beginning = func.lower(func.left(EFFECTIVE_PROMPT, BEGINNING)).label("beginning")
    each = (
        select(Post.prompt_hash, beginning)
        .ext(distinct_on(Post.prompt_hash))
        .where(*_alive(user_id), Post.prompt_hash.is_not(None))
        .order_by(Post.prompt_hash)
        .subquery()
    )
    query = select(each.c.prompt_hash).order_by(each.c.beginning.collate("C"), each.c.prompt_hash)
    return hashes_from_copy(await copied(session, query))


async def with_words(session: AsyncSession, user_id: UUID, words: Words) -> Hashes:
    """The prompts with these words in them, or in the machine's rewrite of them."""
    sql, values = _holding("posts", words)
    said = text(sql).bindparams(*(bindparam(f"v{at}", value, NULLTYPE) for at, value in enumerate(values)))
    named = said if values else text("true")
    query = select(Post.prompt_hash).where(*_alive(user_id), Post.prompt_hash.is_not(None), named)
    return hashes_from_copy(await copied(session, query.group_by(Post.prompt_hash)))


def clips_with(prompt_hash: bytes) -> Asks:
    """The stacks with a clip made from exactly this prompt."""
    return Asks("prompt", "post", "{p}.kind = 'video' AND {p}.prompt_hash = CAST({0} AS bytea)", (prompt_hash,))


def clips_with_words(words: Words) -> Asks:
    """The stacks with a clip whose prompt holds these words; a clip without its own prompt has its ancestor's."""
    sql, values = _holding("q", words)
    # The places of values are written as the language of filters has them.
    for at in range(len(values)):
        sql = sql.replace(f":v{at} ", f"{{{at}}} ")
    prompts = f"SELECT q.prompt_hash FROM posts q WHERE q.user_id = :user AND q.deleted_at IS NULL AND {sql}"  # noqa: S608
    return Asks("prompt", "post", f"{{p}}.kind = 'video' AND {{p}}.prompt_hash IN ({prompts})", tuple(values))


def _holding(row: str, words: Words) -> tuple[str, list[str]]:
    """A condition on the own prompts of a post; its values are `:v0 `, `:v1 ` and so on."""
    parts: list[str] = []
    values: list[str] = []
    for word in words:
        holds = word.of if isinstance(word, Except) else word
        assert isinstance(holds, Holds)
        condition = f"{row}.search_text LIKE CAST(:v{len(values)} AS text)"
        values.append(like_pattern(holds.text))
        parts.append(f"NOT ({condition})" if isinstance(word, Except) else f"({condition})")
    return " AND ".join(parts) or "true", values


async def texts(session: AsyncSession, user_id: UUID, hashes: Sequence[bytes]) -> dict[bytes, tuple[UUID, str]]:
    """The newest post with each prompt, and the prompt's text."""
    asked, newest = _each(user_id, hashes, EFFECTIVE_PROMPT.label("prompt"), most=1)
    query = select(asked.c.hash, newest.c.id, newest.c.prompt).join(newest, true())
    return {bytes(row.hash): (row.id, row.prompt) for row in await session.execute(query)}


async def newest_posts(
    session: AsyncSession, user_id: UUID, hashes: Sequence[bytes], most: int
) -> dict[bytes, list[UUID]]:
    """The newest few posts that each prompt made, first those with a picture."""
    asked, newest = _each(user_id, hashes, Post.created_at, Post.thumbnail, most=LOOKED_AT)
    # Those that can be seen come first.
    shown = (newest.c.thumbnail.is_(None), newest.c.created_at.desc().nulls_last(), newest.c.id.desc())
    place = func.row_number().over(partition_by=asked.c.hash, order_by=shown).label("place")
    several = select(asked.c.hash, newest.c.id, place).join(newest, true()).subquery()
    query = select(several).where(several.c.place <= most).order_by(several.c.place)
    found: dict[bytes, list[UUID]] = {key: [] for key in hashes}
    for row in await session.execute(query):
        found[bytes(row.hash)].append(row.id)
    return found


async def modes(session: AsyncSession, user_id: UUID) -> dict[str, int]:
    """How many posts were made in custom and in normal mode."""
    counts = (func.count().filter(Post.mode == mode).label(mode) for mode in (CUSTOM, NORMAL))
    return dict((await session.execute(select(*counts).where(*_alive(user_id)))).mappings().one())


def _each(user_id: UUID, hashes: Sequence[bytes], *columns: SQLColumnExpression[Any], most: int) -> tuple[Any, Any]:
    """A table of these hashes, and beside each the newest posts with it."""
    asked = (
        func.unnest(bindparam("hashes", list(hashes), ARRAY(LargeBinary)))
        .table_valued(column("hash", LargeBinary))
        .render_derived(name="asked")
    )
    newest = (
        select(Post.id, *columns)
        .where(*_alive(user_id), Post.prompt_hash == asked.c.hash)
        .order_by(Post.created_at.desc().nulls_last(), Post.id.desc())
        .limit(bindparam("most", most, Integer()))
        .lateral("newest")
    )
    return asked, newest
