"""Every SELECT behind statistics: stacks of a filter over time and by what they are, their posts and their files."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Text,
    and_,
    case,
    cast,
    distinct,
    func,
    literal,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.library.models import File, Post
from sovia.library.ratios import ratio_byte
from sovia.overview.shapes import SHAPES, SIZES, By
from sovia.search.clauses import conditions
from sovia.search.language.amounts import SAME_SHAPE
from sovia.search.language.meaning import EVERYTHING, Meaning

MOST_VALUES = 50
# What a stack has several of; one without any counts as NULL.
LISTS = {"type": "stack_kinds", "model": "stack_models", "mode": "stack_modes"}


class Counted(NamedTuple):
    """A value of a field, how many stacks have it, and how many posts."""

    field: str
    value: str | None
    stacks: int
    posts: int


async def over_time(
    session: AsyncSession, user_id: UUID, wanted: Meaning, by: By, zone: str
) -> list[tuple[date | None, str, int]]:
    """Rows of (first day of the stretch, kind of the root, stacks), in order; those without a date last."""
    local = func.timezone(zone, Post.created_at)
    start = cast(func.date_trunc(by, local), Date).label("start")
    query = select(start, Post.kind, func.count()).where(*conditions(user_id, wanted))
    grouped = query.group_by(literal_column("start"), Post.kind).order_by(literal_column("start").nulls_last())
    return [(row[0], row[1], row[2]) for row in await session.execute(grouped)]


async def by_name(session: AsyncSession, user_id: UUID, wanted: Meaning) -> list[Counted]:
    """How many stacks have each kind, model and mode; the most frequent of each."""
    columns = (Post.stack_kinds, Post.stack_models, Post.stack_modes)
    stacks = select(*columns).where(*conditions(user_id, wanted)).cte("stacks").prefix_with("MATERIALIZED")
    several = []
    for field, column in LISTS.items():
        some = stacks.c[column]
        value: ColumnElement[Any] = func.unnest(
            case((func.cardinality(some) == 0, literal_column("ARRAY[NULL::text]")), else_=some)
        )
        several.append(_most_frequent(field, select(cast(value, Text).label("value")).select_from(stacks)))
    return await _counted(session, several)


async def of_posts(session: AsyncSession, user_id: UUID, wanted: Meaning) -> list[Counted]:
    """How many stacks have a post of each host, shape and size of file, and how many posts do."""
    size = case(*((File.size_bytes < upto, text) for text, _, upto in SIZES if upto is not None), else_=SIZES[-1][0])
    size = case((File.size_bytes.is_(None), None), else_=size)
    posts = (
        select(
            Post.root_id,
            func.nullif(func.split_part(Post.media_url, "/", 3), "").label("host"),
            _shape().label("ratio"),
            size.label("size"),
        )
        .select_from(Post)
        .outerjoin(File, _main_file())
        .where(*_posts(user_id, wanted))
        .cte("members")
        .prefix_with("MATERIALIZED")
    )
    several = []
    for field in ("host", "ratio", "size"):
        each = select(
            literal(field).label("field"),
            posts.c[field].label("value"),
            func.count(distinct(posts.c.root_id)).label("stacks"),
            func.count().label("posts"),
        ).group_by(posts.c[field])
        several.append(
            select(each.order_by(literal_column("stacks").desc(), posts.c[field]).limit(MOST_VALUES).subquery())
        )
    return await _counted(session, several)


async def totals(session: AsyncSession, user_id: UUID, wanted: Meaning) -> dict[str, Any]:
    """Stacks, posts of each kind, likes, hours of clips."""
    query = select(
        func.count().filter(Post.parent_id.is_(None)).label("stacks"),
        func.count().label("posts"),
        *(func.count().filter(Post.kind == kind).label(f"{kind}s") for kind in ("image", "video", "audio")),
        func.count().filter(Post.liked.is_(True)).label("liked"),
        func.count(distinct(Post.prompt_hash)).label("prompts"),
        func.coalesce(func.sum(Post.duration_seconds), 0.0).label("seconds"),
    ).where(*_posts(user_id, wanted))
    return dict((await session.execute(query)).mappings().one())


async def on_disk(session: AsyncSession, user_id: UUID, wanted: Meaning) -> list[dict[str, Any]]:
    """Files that are here and their bytes by the kind of their post; the same file of several posts counts once."""
    place = func.coalesce(File.found_path, File.path)
    files = (
        select(Post.kind, File.size_bytes)
        .ext(distinct_on(place))
        .join_from(Post, File, and_(File.user_id == Post.user_id, File.post_id == Post.id))
        .where(*_posts(user_id, wanted), File.state == "present", File.size_bytes.is_not(None))
        .order_by(place, Post.kind)
        .subquery()
    )
    query = select(files.c.kind, func.count().label("files"), func.sum(files.c.size_bytes).label("bytes"))
    rows = await session.execute(query.group_by(files.c.kind).order_by(files.c.kind))
    return [{"kind": row.kind, "files": row.files, "bytes": int(row.bytes)} for row in rows]


def _posts(user_id: UUID, wanted: Meaning) -> tuple[ColumnElement[bool], ...]:
    """All posts of the stacks of a filter."""
    alive = (Post.user_id == user_id, Post.deleted_at.is_(None))
    if wanted == EVERYTHING:
        return alive
    roots = select(Post.id).where(*conditions(user_id, wanted)).correlate(None)
    return (*alive, Post.root_id.in_(roots))


def _main_file() -> ColumnElement[bool]:
    # As the field `size` of the language of filters has it, in whatever state the file is.
    return and_(File.user_id == Post.user_id, File.post_id == Post.id, File.role == "media", File.position == 0)


def _shape() -> ColumnElement[str | None]:
    named = []
    for shape in SHAPES:
        width, height = shape.split(":")
        step = ratio_byte(int(width), int(height))
        named.append((Post.ratio.between(step - SAME_SHAPE, step + SAME_SHAPE), shape))
    return case((Post.ratio == 0, None), *named, else_="other")


def _most_frequent(field: str, values: Select[Any]) -> Select[*tuple[Any, ...]]:
    each = values.subquery()
    counted = select(
        literal(field).label("field"), each.c.value, func.count().label("stacks"), literal(0).label("posts")
    )
    counted = counted.group_by(each.c.value).order_by(literal_column("stacks").desc(), each.c.value).limit(MOST_VALUES)
    return select(counted.subquery())


async def _counted(session: AsyncSession, several: Sequence[Select[*tuple[Any, ...]]]) -> list[Counted]:
    rows = await session.execute(select(union_all(*several).subquery()))
    return [Counted(*row) for row in rows]
