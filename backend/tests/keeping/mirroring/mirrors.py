"""A library with a mirror, and hands that reach into either."""

import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

from keeping.damage import Keep
from media_files import picture
from sqlalchemy import select

from sovia.keeping.mirroring import service, showing
from sovia.keeping.mirroring.models import MirroredFile
from sovia.kit import dispatch
from sovia.kit.jobs import Job
from sovia.kit.settings import Settings


@dataclass
class Mirrored:
    """Files that are known, and a place they are copied to."""

    keep: Keep
    settings: Settings

    async def mirror(self, **payload: Any) -> Job:
        """Run the job that copies; how it ended."""
        async with self.keep.shelf.database.begin() as session:
            job_id = await service.mirror_soon(session, self.keep.shelf.user_id, self.settings)
            (await session.get_one(Job, job_id)).payload = payload
        return await self.ended(job_id)

    async def check(self, *, read: bool = False) -> Job:
        """Run the job that looks at the mirror."""
        async with self.keep.shelf.database.begin() as session:
            job_id = await service.check_soon(session, self.keep.shelf.user_id, self.settings, read=read)
        return await self.ended(job_id)

    async def ended(self, job_id: UUID) -> Job:
        await dispatch.work(self.keep.shelf.database, drain=True)
        async with self.keep.shelf.database.begin() as session:
            return await session.get_one(Job, job_id)

    async def state(self) -> dict[str, Any]:
        """What the page is told."""
        async with self.keep.shelf.database.begin() as session:
            return await showing.overview(session, self.keep.shelf.user_id, self.settings)

    async def faults(self) -> dict[str, str]:
        """What is not right in the mirror, by place."""
        async with self.keep.shelf.database.begin() as session:
            rows = await session.scalars(select(MirroredFile).where(MirroredFile.fault.is_not(None)))
            return {row.place: row.fault or "" for row in rows}

    async def pictures(self, count: int) -> list[Path]:
        """Pictures that were looked into."""
        shelf = self.keep.shelf
        ids = await shelf.want(*(picture(size=(20 + number, 10)) for number in range(count)))
        await shelf.look()
        return [shelf.home / f"https_/assets.grok.com/users/u/{post_id}/content" for post_id in ids]

    def place(self, path: Path) -> str:
        """The place of a file of the library."""
        return path.relative_to(self.settings.home).as_posix()

    def there(self, path: Path) -> bytes | None:
        """What the mirror has of a file; nothing when it has none."""
        if self.settings.mirror_folder is not None:
            found = self.settings.mirror_folder / self.place(path)
            return found.read_bytes() if found.is_file() else None
        try:
            return self._ask(path, "GET", None)
        except urllib.error.HTTPError:
            return None

    def put_there(self, path: Path, content: bytes | None) -> None:
        """Harm the mirror: other bytes, or nothing, in the place of a file."""
        if self.settings.mirror_folder is not None:
            found = self.settings.mirror_folder / self.place(path)
            found.unlink() if content is None else found.write_bytes(content)
            return
        self._ask(path, "DELETE" if content is None else "PUT", content)

    def _ask(self, path: Path, method: str, content: bytes | None) -> bytes:
        # Whoever says nothing of a signature is a stranger to that server; it does not look at what it says.
        said = {"Authorization": "AWS4-HMAC-SHA256 Credential=k/20260101/us-east-1/s3/aws4_request"}
        said["Content-Type"] = "application/octet-stream"
        asked = urllib.request.Request(self._address(path), data=content, method=method, headers=said)
        with urllib.request.urlopen(asked) as answer:
            return bytes(answer.read())

    def _address(self, path: Path) -> str:
        found = self.settings
        key = quote(f"{found.mirror_prefix}/{self.place(path)}")
        return f"{found.mirror_endpoint}/{found.mirror_bucket}/{key}"
