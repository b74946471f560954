"""Filing: what was seen on the disk and found inside the files, written for many files at once; safe to repeat."""

from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Double,
    FromClause,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    Update,
    Uuid,
    bindparam,
    case,
    column,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import TypeEngine

from sovia.kit import clock
from sovia.kit.db import asyncpg_connection
from sovia.kit.jobs import OPEN, Job, enqueue, enqueue_once
from sovia.library.finding import Seen
from sovia.library.models import File, Post
from sovia.library.ratios import ratio_byte
from sovia.library.service.adding import LOCK

LOOK = "library.look_for_files"
LOOK_INTO = "library.look_into_files"
COPY_CLIP = "library.copy_clip"
MAKE_PREVIEWS = "library.make_previews"


# What the bytes of a file were when they were last right, as far as it is known.
WAS = func.coalesce(File.expected_sha256, File.sha256)


@dataclass(frozen=True)
class Examined:
    """What the look into one file brought; `thumbnail` and `placeholder` only for a main file that can be seen."""

    post_id: UUID
    role: str
    position: int
    state: str
    reason: str | None = None
    sha256: bytes | None = None
    size_bytes: int | None = None
    mtime_ns: int | None = None
    mime_type: str | None = None
    width: int | None = None
    height: int | None = None
    duration_seconds: float | None = None
    frame_rate: float | None = None
    has_audio: bool | None = None
    thumbnail: str | None = None
    placeholder: bytes | None = None


TYPES: dict[str, TypeEngine[Any]] = {
    "post_id": Uuid(),
    "role": Text(),
    "position": SmallInteger(),
    "state": Text(),
    "reason": Text(),
    "found_path": Text(),
    "sha256": LargeBinary(),
    "was": LargeBinary(),
    "size_bytes": BigInteger(),
    "mtime_ns": BigInteger(),
    "mime_type": Text(),
    "width": Integer(),
    "height": Integer(),
    "ratio": SmallInteger(),
    "duration_seconds": Double(),
    "frame_rate": Double(),
    "has_audio": Boolean(),
    "thumbnail": Text(),
    "placeholder": LargeBinary(),
}
KEY = ("post_id", "role", "position")
FACTS = (
    *("state", "reason", "sha256", "size_bytes", "mtime_ns", "mime_type", "width", "height"),
    *("duration_seconds", "frame_rate", "has_audio"),
)


async def look_soon(session: AsyncSession, user_id: UUID) -> UUID:
    """Have the user's files looked for and looked into; the job, which may be one that already waits."""
    return await enqueue_once(session, LOOK, user_id=user_id, title="Looking for files")


async def make_previews_soon(session: AsyncSession, user_id: UUID) -> UUID:
    """Have hover previews made of the user's clips; the job, which may be one that already waits."""
    return await enqueue_once(session, MAKE_PREVIEWS, user_id=user_id, title="Making hover previews", priority=-1)


async def copy_soon(session: AsyncSession, user_id: UUID, key: str) -> UUID:
    """Have a copy made of the clip with these bytes that every browser plays."""
    payload = {"key": key}
    wanted = select(Job.id).where(Job.user_id == user_id, Job.kind == COPY_CLIP, Job.state.in_(OPEN))
    waiting = await session.scalar(wanted.where(Job.payload["key"].astext == key).limit(1))
    if waiting is not None:
        return waiting
    return await enqueue(
        session, COPY_CLIP, user_id=user_id, title="Making a clip playable", payload=payload, priority=2
    )


async def look_into_soon(session: AsyncSession, user_id: UUID) -> UUID:
    """Have files that came just now looked into, without looking for others; the job, which may wait already."""
    return await enqueue_once(session, LOOK_INTO, user_id=user_id, title="Looking into new files", priority=1)


async def record_gone(session: AsyncSession, user_id: UUID, keys: Sequence[tuple[Any, ...]]) -> None:
    """Write that the source no longer has these files (post, role, position); what is here by now stays here."""
    if not keys:
        return
    await _as_the_only_writer(session, user_id)
    columns = dict(zip(KEY, map(list, zip(*keys, strict=True)), strict=True))
    rows = table_of(of=(), **columns)
    lost = (File.state == "missing") | ((File.state == "wanted") & File.size_bytes.is_(None))
    files = (File.user_id == user_id, lost, *_same_file(rows))
    await session.execute(_write(File).where(*files).values(state="gone", reason=None))
    still = Post.media_state.in_(("wanted", "missing"))
    posts = (Post.user_id == user_id, Post.id == rows.c.post_id, still, *_main(rows))
    await session.execute(_write(Post).where(*posts).values(media_state="gone"))


async def record_seen(session: AsyncSession, user_id: UUID, seen: Sequence[Seen]) -> None:
    """Write where files were found, or that they are not there.

    What was found is wanted still, with a size, until it has been looked into; its post says so too.
    """
    if not seen:
        return
    await _as_the_only_writer(session, user_id)
    rows = table_of(*KEY, *("found_path", "size_bytes", "mtime_ns"), of=seen)
    state = case((rows.c.size_bytes.is_(None), "missing"), else_="wanted")
    values = {
        "state": state,
        "reason": None,
        "found_path": rows.c.found_path,
        # The size of what is missing helps to know it again under another name.
        "size_bytes": func.coalesce(rows.c.size_bytes, case((File.sha256.is_not(None), File.size_bytes))),
        "mtime_ns": rows.c.mtime_ns,
        # What was here once and is not is a loss; what is back will be looked into, which says whether it is right.
        "fault": case((rows.c.size_bytes.is_(None) & WAS.is_not(None), "lost"), else_=File.fault),
    }
    await session.execute(_write(File).where(File.user_id == user_id, *_same_file(rows)).values(values))
    posts = (Post.user_id == user_id, Post.id == rows.c.post_id, Post.media_state != state, *_main(rows))
    await session.execute(_write(Post).where(*posts).values(media_state=state))


async def record_examined(session: AsyncSession, user_id: UUID, examined: Sequence[Examined]) -> None:
    """Write what the looks into files brought, and what their posts show of it.

    Only files that are still wanted are written, so that an older look never covers a newer one.
    """
    if not examined:
        return
    await _as_the_only_writer(session, user_id)
    rows = table_of(*KEY, *FACTS, of=examined)
    now = clock.now()
    values: dict[str, Any] = {name: rows.c[name] for name in FACTS} | {"checked_at": now}
    # Bytes that are not those of before are a fault until somebody accepts them.
    differs = WAS.is_not(None) & rows.c.sha256.is_distinct_from(WAS)
    values["fault"] = case((~differs, None), (File.fault.in_(("truncated", "swapped")), File.fault), else_="changed")
    values["expected_sha256"] = case((differs, WAS), else_=None)
    values["verified_at"] = case((~differs & rows.c.sha256.is_not(None), now), else_=File.verified_at)
    wanted = (File.user_id == user_id, File.state == "wanted", *_same_file(rows))
    changed = _write(File).where(*wanted).values(values).returning(File.post_id, File.role, File.position)
    written = {(row.post_id, row.role, row.position) for row in await session.execute(changed)}
    main = [one for one in examined if one.role == "media" and (one.post_id, one.role, one.position) in written]
    await _show_on_posts(session, user_id, [one for one in main if one.position == 0])


async def _show_on_posts(session: AsyncSession, user_id: UUID, main: Sequence[Examined]) -> None:
    """What is known of main files, on their posts; what a file does not tell stays as the export told it."""
    if not main:
        return
    names = ("post_id", "state", "mime_type", "width", "height", "duration_seconds", "thumbnail", "placeholder")
    ratios = [ratio_byte(one.width, one.height) for one in main]
    rows = table_of(*names, of=main, ratio=ratios)
    told = ("mime_type", "width", "height", "duration_seconds", "thumbnail", "placeholder")
    values: dict[str, Any] = {name: func.coalesce(rows.c[name], getattr(Post, name)) for name in told}
    values["ratio"] = case((rows.c.ratio > 0, rows.c.ratio), else_=Post.ratio)
    values["media_state"] = rows.c.state
    posts = (Post.user_id == user_id, Post.id == rows.c.post_id)
    await session.execute(_write(Post).where(*posts).values(values))


def _write(table: type[File] | type[Post]) -> Update:
    # The session holds none of these rows; it need not ask back which ones changed.
    return update(table).execution_options(synchronize_session=False)


async def _as_the_only_writer(session: AsyncSession, user_id: UUID) -> None:
    # An import updates posts in an order of its own; each would wait for rows the other holds.
    connection = await asyncpg_connection(session)
    await connection.execute(LOCK, str(user_id))


def table_of(*names: str, of: Sequence[Any], **more: Sequence[Any]) -> FromClause:
    """These attributes of many things as a table of the statement, one array parameter each."""
    columns = {name: [getattr(one, name) for one in of] for name in names} | more
    arrays = [bindparam(None, values, ARRAY(TYPES[name])) for name, values in columns.items()]
    tabular = func.unnest(*arrays).table_valued(*(column(name, TYPES[name]) for name in columns))
    return tabular.render_derived(name="rows")


def _same_file(rows: FromClause) -> tuple[Any, ...]:
    return File.post_id == rows.c.post_id, File.role == rows.c.role, File.position == rows.c.position


def _main(rows: FromClause) -> tuple[Any, ...]:
    return rows.c.role == literal("media"), rows.c.position == 0


def examined_from(key: tuple[UUID, str, int], answer: dict[str, Any]) -> Examined:
    """The answer of a look, with the key of its file."""
    values = dict(answer)
    values["sha256"] = bytes.fromhex(answer["sha256"]) if "sha256" in answer else None
    values["placeholder"] = b64decode(answer["placeholder"]) if "placeholder" in answer else None
    return Examined(*key, **values)
