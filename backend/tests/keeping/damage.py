"""Files that are known, harm done to them in six ways, and what proving says of it."""

import os
import random
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import cycle
from pathlib import Path
from typing import Any
from uuid import UUID

from makers import new_post
from shelves import Shelf
from sqlalchemy import select

from sovia.keeping import service
from sovia.kit import dispatch
from sovia.kit.jobs import Job
from sovia.library.gathered import Operation
from sovia.library.models import File, StrayFile
from sovia.library.service import operating

FAULTS = ("flipped", "truncated", "deleted", "swapped", "extra", "rights")
SAID = {"flipped": "changed", "truncated": "truncated", "deleted": "lost", "swapped": "swapped", "rights": "unreadable"}


@dataclass
class Keep:
    """A shelf with files that were looked into once."""

    shelf: Shelf
    operation: Operation | None = None

    async def known(self, count: int, seed: int = 5) -> list[Path]:
        """So many files with bytes of their own, as after the look into each."""
        rng = random.Random(seed)
        return await self.known_as([rng.randbytes(rng.randint(500, 3000)) for _ in range(count)])

    async def known_as(self, contents: Sequence[bytes], first: int = 1) -> list[Path]:
        """Files with these bytes, of posts numbered from the first on."""
        paths = []
        async with self.shelf.database.begin() as session:
            rows = []
            for number, content in enumerate(contents):
                post_id = UUID(int=number + first)
                place = f"https_/assets.grok.com/users/u/{post_id}/content"
                path = self.shelf.put(place, content)
                session.add(new_post(self.shelf.user_id, id=post_id, media_state="present"))
                row = self.shelf.file(post_id, place)
                about = path.stat()
                row.state, row.sha256 = "present", sha256(content).digest()
                row.size_bytes, row.mtime_ns = about.st_size, about.st_mtime_ns
                rows.append(row)
                paths.append(path)
            await session.flush()
            session.add_all(rows)
        return paths

    async def prove(self, text: str = "", *, full: bool = True) -> dict[str, Any]:
        """Run the job; its result."""
        async with self.shelf.database.begin() as session:
            job_id = await service.prove_soon(session, self.shelf.user_id, text=text, full=full)
        return await self.done(job_id)

    async def mend(self, how: service.How, *ids: UUID) -> dict[str, Any]:
        """Run the job, and the look that follows; its result."""
        async with self.shelf.database.begin() as session:
            job_id, self.operation = await service.mend_soon(session, self.shelf.user_id, how, ids=list(ids), text="")
        return await self.done(job_id)

    async def turn(self, *, back: bool) -> None:
        """Undo the last mending, or do it again, and the look that follows."""
        assert self.operation is not None
        async with self.shelf.database.begin() as session:
            await operating.turn(session, self.shelf.user_id, self.operation.id, back=back)
        await dispatch.work(self.shelf.database, drain=True)

    async def done(self, job_id: UUID) -> dict[str, Any]:
        """The result of a job, when no job is left."""
        await dispatch.work(self.shelf.database, drain=True)
        async with self.shelf.database.begin() as session:
            job = await session.get_one(Job, job_id)
            assert job.state == "succeeded", job.error_message
            return job.result or {}

    async def faults(self) -> dict[Path, str]:
        """What is called not what it was, by its path."""
        async with self.shelf.database.begin() as session:
            rows = await session.execute(select(File.path, File.fault).where(File.fault.is_not(None)))
            return {self.shelf.home / row.path: row.fault for row in rows}

    async def strays(self) -> set[Path]:
        """Files that no post names."""
        async with self.shelf.database.begin() as session:
            return {self.shelf.home / path for path in await session.scalars(select(StrayFile.path))}


def harm(paths: list[Path], count: int, seed: int = 7, *, kinds: tuple[str, ...] = FAULTS) -> dict[Path, str]:
    """Do harm to so many files (a swap harms two) in turn in each way; what was done, by path."""
    rng = random.Random(seed)
    left = rng.sample(paths, len(paths))
    done: dict[Path, str] = {}
    turns = cycle(kinds)
    while len(done) < count:
        kind, path = next(turns), left.pop()
        if kind == "swapped" and len(done) + 2 <= count:
            done |= _swapped(path, left.pop())
            continue
        kind = "flipped" if kind == "swapped" else kind
        done[_harmed(path, kind, rng)] = kind
    return done


def _swapped(one: Path, other: Path) -> dict[Path, str]:
    spare = one.with_name("spare")
    one.rename(spare)
    other.rename(one)
    spare.rename(other)
    return {one: "swapped", other: "swapped"}


def _harmed(path: Path, kind: str, rng: random.Random) -> Path:
    about, content = path.stat(), bytearray(path.read_bytes())
    if kind == "deleted":
        path.unlink()
    elif kind == "extra":
        path = path.with_name("nobody knows me.png")
        path.write_bytes(b"extra")
    elif kind == "rights":
        path.chmod(0)
    elif kind == "truncated":
        path.write_bytes(content[: rng.randrange(len(content))])
    else:
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        path.write_bytes(content)
        # As a disk does it: nothing but the bit is other than it was.
        os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    return path
