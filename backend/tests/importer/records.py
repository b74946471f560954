"""Records of exports, as the provider writes them; everything not given is ordinary."""

import gzip
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.importer.service import Report, import_file
from sovia.kit.db import Database
from sovia.library.gathered import CollectionItem, PostTag
from sovia.library.models import File, Post, PostEdge

OWNER = "6513270e-269e-4d37-b2a7-4de452e6b438"
Record = dict[str, Any]
# Columns that may differ between two libraries that are the same.
PASSING = ("added_at", "updated_at", "import_id")


def number(n: int) -> str:
    """The same id for the same number."""
    return f"00000000-0000-4000-8000-{n:012d}"


def root(n: int, *children: Record, **given: Any) -> Record:
    """A liked picture."""
    return {
        "id": number(n),
        "userId": OWNER,
        "createTime": f"2025-10-01T{n % 24:02d}:15:30.083016Z",
        "prompt": "a lighthouse at dusk",
        "mediaType": "MEDIA_POST_TYPE_IMAGE",
        "mediaUrl": f"https://assets.grok.com/users/{OWNER}/{number(n)}/content",
        "mimeType": "image/jpeg",
        "audioUrls": [],
        "childPosts": list(children),
        "originalPrompt": "",
        "userInteractionStatus": {"likeStatus": True},
        "modelName": "imagine_h_1",
    } | given


def child(n: int, of: int, **given: Any) -> Record:
    """A clip made from a picture."""
    return {
        "id": number(n),
        "userId": OWNER,
        "createTime": f"2025-10-02T{n % 24:02d}:15:30Z",
        "prompt": "",
        "mediaType": "MEDIA_POST_TYPE_VIDEO",
        "mediaUrl": f"https://assets.grok.com/users/{OWNER}/generated/{number(n)}/generated_video.mp4",
        "mimeType": "video/mp4",
        "originalPostId": number(of),
        "audioUrls": [],
        "childPosts": [],
        "originalPrompt": "slow dolly shot",
        "mode": "custom",
        "modelName": "imagine_w_1",
    } | given


def written(folder: Path, content: object, name: str = "export.json") -> Path:
    """A file with this content: bytes as they are, anything else as JSON."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else orjson.dumps(content))
    return path


def packed(content: object) -> bytes:
    """The JSON of this, compressed."""
    return gzip.compress(orjson.dumps(content))


async def imported(database: Database, user_id: UUID, folder: Path, content: object) -> Report:
    """Import this content as a file."""
    return await import_file(database, user_id, written(folder, content))


async def posts_here(session: AsyncSession) -> dict[str, Post]:
    """Every post by its id."""
    return {str(post.id): post for post in await session.scalars(select(Post))}


async def files_here(session: AsyncSession) -> list[File]:
    """Every file in the order of posts."""
    return list(await session.scalars(select(File).order_by(File.post_id, File.role, File.position)))


async def snapshot(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Everything in the tables of the library but the times of writing, the import, and the places of the rows."""
    found = {}
    async with database.begin() as session:
        for model in (Post, File, PostEdge, PostTag, CollectionItem):
            columns = [column for column in model.__table__.columns if column.name not in PASSING]
            rows = await session.execute(select(*columns).order_by(*model.__table__.primary_key.columns))
            found[model.__tablename__] = [tuple(map(repr, row)) for row in rows]
    return found


async def write_marks(database: Database) -> list[str]:
    """Which transaction wrote each row last, and the version; equal marks mean that nothing was written."""
    async with database.begin() as session:
        connection = await session.connection()
        sql = (
            "select id::text || xmin::text || ctid::text from posts "
            "union all select post_id::text || role || xmin::text from files "
            "union all select version::text from library_versions order by 1"
        )
        return [row[0] for row in await connection.exec_driver_sql(sql)]
