"""One run of mirroring: file by file what is not there yet, in small transactions; at the mirror nothing is deleted.

A run that is ended, however it is ended, leaves whole files there, and the next one goes on behind them.
"""

import asyncio
import hashlib
import os
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sovia.keeping.looks import Pace
from sovia.keeping.mirroring import queries, service
from sovia.keeping.mirroring.errors import MirrorAway, MirrorRefuses, NotAsKnown
from sovia.keeping.mirroring.models import MirroredFile
from sovia.keeping.mirroring.queries import Pending
from sovia.keeping.mirroring.service import Lying
from sovia.keeping.mirroring.targets import AtMirror, Target
from sovia.kit import clock
from sovia.kit.jobs import JobContext
from sovia.kit.settings import Settings
from sovia.library import roots
from sovia.library.rounds import Round

AT_ONCE = 64
One = TypeVar("One")


class Mirroring(Round):
    """Copies to the mirror, and looks at what lies there."""

    def __init__(self, job: JobContext, settings: Settings, target: Target, mirror_id: str) -> None:
        super().__init__(job, settings)
        self.target, self.mirror_id = target, mirror_id
        self.pace = Pace(settings.mirror_mb_per_second * 1e6)
        self.bytes = 0

    async def copy(self) -> None:
        """Copy what is not there yet."""
        after: Pending | None = None
        user_id, done = self.job.user_id, 0
        async with self.job.database.begin() as session:
            total, _ = await queries.waiting(session, user_id, self.mirror_id)
        while not self.stopped:
            async with self.job.database.begin() as session:
                found = await queries.pending(session, user_id, self.mirror_id, after=after, limit=AT_ONCE)
            if not found:
                break
            await self._write_all(found, self._copied)
            after, done = found[-1], done + len(found)
            await self.say(done, max(total, done), f"{self.bytes / 1e6:,.0f} MB copied")

    async def check(self, *, nightly: bool, read: bool = False) -> None:
        """Look whether what lies there is right: a part each night, or everything."""
        user_id, after, done = self.job.user_id, "", 0
        async with self.job.database.begin() as session:
            days = self.settings.verify_days
            before = await queries.turn_of_night(session, user_id, self.mirror_id, days) if nightly else clock.now()
            total = (await queries.lying_there(session, user_id, self.mirror_id))["files"]
        while before is not None and not self.stopped:
            async with self.job.database.begin() as session:
                found = await queries.to_check(
                    session, user_id, self.mirror_id, after=after, before=before, limit=AT_ONCE
                )
            if not found:
                return
            await self._write_all(found, lambda one: self._checked(one, read=read))
            after, done = found[-1].place, done + len(found)
            wrong = self.tally["faulty_there"]
            await self.say(done, max(total, done), f"{wrong:,} not right there" if wrong else "")

    def result(self) -> dict[str, Any]:
        """What this run did."""
        return super().result() | {"bytes": self.bytes}

    async def _write_all(self, several: Sequence[One], deed: Callable[[One], Lying | None]) -> None:
        """Do it for each, a few at once; what was done is written also when one of them ends the run."""
        limit = asyncio.Semaphore(self.target.at_once)

        async def one_of_them(one: One) -> Lying | None:
            async with limit:
                return await asyncio.to_thread(deed, one)

        came = await asyncio.gather(*map(one_of_them, several), return_exceptions=True)
        done = [one for one in came if isinstance(one, Lying)]
        async with self.job.database.begin() as session:
            await service.record(session, self.job.user_id, self.mirror_id, done)
        for one in came:
            if isinstance(one, BaseException):
                raise one

    def _copied(self, file: Pending) -> Lying | None:
        """Copy one file, unless it lies there already: a run that was killed may not have written that down."""
        now = clock.now()
        there = None if file.faulty else self.target.look(file.place)
        if there is None or not self._is_it(file, there):
            try:
                there = self._put(file)
            except (NotAsKnown, OSError):
                # It is not what it was, or went away: proving the files here finds that, and says so.
                self.tally["not_as_known"] += 1
                return None
            self.tally["copied"] += 1
            self.bytes += there.size
        else:
            self.tally["already_there"] += 1
        return Lying(file.place, file.sha256, there.size, there.e_tag, now)

    def _put(self, file: Pending) -> AtMirror:
        with os.fdopen(roots.open_place(self.settings.media_root, file.place), "rb") as source:
            return self.target.put(file.place, source, file.sha256, self.pace)

    def _is_it(self, file: Pending, there: AtMirror) -> bool:
        if there.size != file.size_bytes:
            return False
        if there.sha256 is not None:
            return there.sha256 == file.sha256.hex()
        return self._hash_at(file.place) == file.sha256

    def _checked(self, one: MirroredFile, *, read: bool) -> Lying:
        """What is wrong with a file there, if anything."""
        there: AtMirror | None = None
        try:
            there = self.target.look(one.place)
            fault = self._fault_of(one, there, read=read)
        except (MirrorAway, MirrorRefuses):
            # One file of a disk that can not be read is a fault of that file; a disk that is away is not.
            if self.target.kind != "folder" or not self.target.read_marker():
                raise
            fault = "unreadable"
        self.tally["checked"] += 1
        self.tally["faulty_there"] += fault is not None
        at = one.verified_at if fault else clock.now()
        e_tag = there.e_tag if there and not fault else one.e_tag
        return Lying(one.place, one.sha256, one.size_bytes, e_tag, at, fault)

    def _fault_of(self, one: MirroredFile, there: AtMirror | None, *, read: bool) -> str | None:
        if there is None:
            return "lost"
        if there.size != one.size_bytes:
            return "truncated" if there.size < one.size_bytes else "changed"
        told = (there.e_tag, there.sha256) == (one.e_tag, one.sha256.hex()) and there.e_tag is not None
        # Where nothing is told, or something new, only the bytes say whether it is right.
        return None if (told and not read) or self._hash_at(one.place) == one.sha256 else "changed"

    def _hash_at(self, place: str) -> bytes | None:
        digest = hashlib.sha256()
        try:
            for block in self.target.read(place):
                self.pace.take(len(block))
                digest.update(block)
        except FileNotFoundError:
            return None
        return digest.digest()
