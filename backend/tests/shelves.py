"""A library with files: posts that want them, the job that looks for them, and what it made of them."""

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from makers import NOON, new_post
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit import dispatch
from sovia.kit.db import Database
from sovia.kit.jobs import Job
from sovia.library.media_types import sniff
from sovia.library.models import File, LibraryVersion, Post
from sovia.library.service import filing

PATH = "https_/assets.grok.com/users/u/1/content"


async def shelve(
    session: AsyncSession, home: Path, user_id: UUID, content: bytes, *, path: str = PATH, **more: Any
) -> Path:
    """A post whose file lies at the path, as it is after the look into it."""
    post = new_post(user_id, media_state="present", thumbnail=more.pop("thumbnail", None))
    session.add(post)
    await session.flush()
    target = home / (more.get("found_path") or path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    status, found = target.stat(), sniff(content)
    values = {
        "state": "present",
        "size_bytes": status.st_size,
        "mtime_ns": status.st_mtime_ns,
        "mime_type": found.mime if found else None,
    } | more
    url = "https://" + path.removeprefix("https_/")
    session.add(File(user_id=user_id, post_id=post.id, role="media", position=0, url=url, path=path, **values))
    await session.flush()
    return target


@dataclass
class Shelf:
    """A library whose files lie below `home`; everything is committed."""

    database: Database
    home: Path
    user_id: UUID
    posts: list[UUID] = field(default_factory=list)

    async def want(self, *contents: bytes | None, kind: str = "image", path: str = "", url: str = "") -> list[UUID]:
        """Posts, each newer than the one before, that want a file; it lies there already when it has content."""
        ids = []
        async with self.database.begin() as session:
            for content in contents:
                number = len(self.posts)
                post_id = UUID(int=number + 1)
                place = path or f"https_/assets.grok.com/users/u/{post_id}/content"
                created_at = NOON + timedelta(minutes=number)
                values = {"kind": kind, "created_at": created_at, "media_state": "wanted", "ratio": 0}
                post = new_post(self.user_id, id=post_id, **values)
                session.add(post)
                await session.flush()
                session.add(self.file(post_id, place, url))
                if content is not None:
                    self.put(place, content)
                self.posts.append(post_id)
                ids.append(post_id)
        return ids

    def file(self, post_id: UUID, path: str, url: str = "", role: str = "media") -> File:
        """The row of a wanted file."""
        url = url or "https://" + path.removeprefix("https_/")
        return File(user_id=self.user_id, post_id=post_id, role=role, position=0, url=url, path=path, state="wanted")

    def put(self, path: str, content: bytes) -> Path:
        """Bytes in the installation."""
        target = self.home / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        return target

    async def look(self) -> dict[str, Any]:
        """Run the job (and those it asks for) to their end; the result of the look."""
        async with self.database.begin() as session:
            job_id = await filing.look_soon(session, self.user_id)
        await dispatch.work(self.database, drain=True)
        async with self.database.begin() as session:
            job = await session.get_one(Job, job_id)
            assert job.state in ("succeeded", "cancelled"), job.error_message
            return job.result or {}

    async def main_file(self, post_id: UUID) -> File:
        async with self.database.begin() as session:
            return await session.get_one(File, (self.user_id, post_id, "media", 0))

    async def post(self, post_id: UUID) -> Post:
        async with self.database.begin() as session:
            return await session.get_one(Post, (self.user_id, post_id))

    async def version(self) -> int:
        async with self.database.begin() as session:
            return await session.scalar(select(LibraryVersion.version)) or 0

    async def everything(self) -> tuple[Any, ...]:
        """All that can be seen of the library: rows (but not when they were checked) and derived files."""
        async with self.database.begin() as session:
            posts = await session.scalars(select(Post).order_by(Post.id))
            files = await session.scalars(select(File).order_by(File.post_id, File.role))
            rows = [_values(row) for row in [*posts, *files]]
        return rows, self.derived()

    def derived(self) -> dict[str, str]:
        """The derived files by name, with what is in them."""
        root = self.home / "https_" / "_derived"
        found = [path for path in root.rglob("*") if path.is_file() and path.suffix != ".part"]
        return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def _values(row: Post | File) -> dict[str, Any]:
    moments = ("added_at", "updated_at", "checked_at", "verified_at", "mtime_ns")
    return {column.key: getattr(row, column.key) for column in row.__table__.columns if column.key not in moments}
