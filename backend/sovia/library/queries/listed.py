"""Posts as the documented list has them, as JSON that the database makes: most of a page's work stays out of Python."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Text,
    Uuid,
    any_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from sovia.kit.answers import to_json
from sovia.kit.db import asyncpg_connection
from sovia.kit.prepared import NOBODY, Prepared, prepared
from sovia.library.models import Post
from sovia.library.queries.posts import MEDIA_PATH, these, with_media_path


def _constant(sql: str) -> ColumnElement[str]:
    return literal_column(sql, Text())


# What may stand in an address as it is; everything else is escaped byte by byte, as `cards.media_link` does.
PLAIN = _constant("'^[A-Za-z0-9_.~/!$&''()*+,;=@:-]*$'")
MEDIA, ESCAPE, ZERO = _constant("'/media/'"), _constant("'%'"), _constant("'0'")
NOTHING, COMMA = _constant("''"), _constant("','")
UTC, SECOND = _constant("'UTC'"), _constant("'second'")
SECONDS = _constant("""'YYYY-MM-DD"T"HH24:MI:SS"Z"'""")
MICROSECONDS = _constant("""'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'""")


def escaped(path: ColumnElement[Any]) -> ColumnElement[str]:
    """A path as it stands in an address."""
    data = func.convert_to(path, _constant("'UTF8'"))
    numbers = func.generate_series(0, func.length(data) - 1).table_valued("number").render_derived()
    number = numbers.c.number
    byte = func.get_byte(data, number)
    digits = func.lpad(func.upper(func.to_hex(byte)), 2, ZERO)
    # No letter but those of ASCII is plain, so that a byte of a longer one never is.
    letter = case((func.chr(byte).op("~")(PLAIN), func.chr(byte)), else_=ESCAPE.concat(digits))
    letters = select(func.string_agg(letter, aggregate_order_by(NOTHING, number))).select_from(numbers)
    return case((path.op("~")(PLAIN), path), else_=letters.correlate_except(numbers).scalar_subquery())


def moment(at: ColumnElement[Any] | InstrumentedAttribute[Any]) -> ColumnElement[str | None]:
    """A time as `to_json` writes it."""
    utc = func.timezone(UTC, at)
    return case(
        (func.date_trunc(SECOND, utc) == utc, func.to_char(utc, SECONDS)), else_=func.to_char(utc, MICROSECONDS)
    )


def _json(**more: ColumnElement[Any] | InstrumentedAttribute[Any]) -> ColumnElement[str]:
    """The post of each row as text of a JSON object; its media URL is the local one when the file is here."""
    fields = {
        "id": Post.id,
        "user_id": func.coalesce(Post.source_user_id, cast(Post.user_id, Text)),
        "create_time": moment(Post.created_at),
        "prompt": Post.prompt,
        "original_prompt": Post.original_prompt,
        "media_type": Post.kind,
        "media_url": case((MEDIA_PATH.is_(None), Post.media_url), else_=MEDIA.concat(escaped(MEDIA_PATH))),
        "mime_type": Post.mime_type,
        "model_name": Post.model,
        "mode": Post.mode,
    } | more
    # `row_to_json` of a subselect says the same and takes half as long again as the whole statement.
    parts = [part for name, value in fields.items() for part in (_constant(f"'{name}'"), value)]
    return cast(func.json_build_object(*parts), Text)


ROOT = _json(like_status=Post.liked)
CHILD = _json(parent_post_id=Post.parent_id)


@cache
def _children() -> Prepared:
    # For each of `:roots` that has any, all descendants between commas, oldest first.
    ids = bindparam("roots", [], ARRAY(Uuid()))
    rows = with_media_path(select(Post.root_id, Post.created_at, Post.id, CHILD.label("item")))
    rows = rows.where(Post.user_id == bindparam("user", NOBODY), Post.root_id == any_(ids))
    found = rows.where(Post.parent_id.is_not(None), Post.deleted_at.is_(None)).subquery("found")
    in_order: aggregate_order_by[str] = aggregate_order_by(COMMA, found.c.created_at.nulls_last(), found.c.id)
    several = func.string_agg(found.c.item, in_order)
    return prepared(select(found.c.root_id, several).group_by(found.c.root_id))


@cache
def _roots() -> Prepared:
    return prepared(with_media_path(select(Post.id, ROOT)).where(*these()))


def whole(root: str, children: str | None) -> str:
    """A root's JSON with its children's in it."""
    return f'{root[:-1]},"child_posts":[{children or ""}]}}'


def also(item: str, more: Mapping[str, object]) -> str:
    """An item's JSON with more members."""
    return f"{item[:-1]},{to_json(more)[1:].decode()}"


async def items_by_id(session: AsyncSession, user_id: UUID, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The documented list items of these posts with all their children, as JSON, in the order asked for."""
    if not ids:
        return {}
    connection = await asyncpg_connection(session)
    roots = dict(await _roots().rows(connection, {"user": user_id, "ids": ids}))
    return await with_children(connection, user_id, {one: roots[one] for one in ids if one in roots})


async def with_children(connection: asyncpg.Connection, user_id: UUID, roots: Mapping[UUID, str]) -> dict[UUID, str]:
    """The same roots with all their descendants in their JSON."""
    if not roots:
        return {}
    children = dict(await _children().rows(connection, {"user": user_id, "roots": list(roots)}))
    return {one: whole(root, children.get(one)) for one, root in roots.items()}


async def media_answers(session: AsyncSession, user_id: UUID, ids: Sequence[UUID]) -> list[orjson.Fragment]:
    """The same, ready to stand in an answer."""
    return [orjson.Fragment(item) for item in (await items_by_id(session, user_id, ids)).values()]
