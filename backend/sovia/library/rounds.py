"""One run of looking for and into files, or of making previews: batch by batch, telling people how far it is."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit import disk, jobs
from sovia.kit.errors import OutOfSpace, Unavailable
from sovia.kit.jobs import JobContext
from sovia.kit.sandbox import Ask, Sandbox, SandboxFailed, cores
from sovia.kit.settings import Settings
from sovia.library.finding import Finder, Known
from sovia.library.paths import ROOT
from sovia.library.queries import files as queries
from sovia.library.queries.files import Clip, FoundFile
from sovia.library.service import filing, versions
from sovia.library.service.filing import Examined

# What the children run: they alone load decoders.
EXAMINE = "sovia.library.looking:examine"
MAKE_PREVIEW = "sovia.library.looking:make_preview"
LOOKED_FOR_AT_ONCE = 2000
WINDOW = 2000
WRITTEN_AT_ONCE = 48
SECONDS_BETWEEN_WRITES = 0.7
SECONDS_BETWEEN_WORDS = 0.5
CLIPS_AT_ONCE = 200
ROOM_TO_LEAVE = 200_000_000
# Time for decoding, and for reading a large file from a slow disk.
SECONDS_PER_FILE = 30.0
SLOWEST_BYTES_PER_SECOND = 10_000_000


class Round:
    """What both kinds share: progress at a bearable pace, the version bumped at most once a second, a way out."""

    def __init__(self, job: JobContext, settings: Settings) -> None:
        self.job = job
        self.settings = settings
        self.tally: Counter[str] = Counter()
        self.stopped = False
        self._unseen = False
        self._bumped_at = self._said_at = 0.0

    async def show(self, session: AsyncSession) -> None:
        """Let galleries see what this transaction changes, now or, when they were just told, a little later."""
        self._unseen = time.monotonic() - self._bumped_at < 1
        if not self._unseen:
            await versions.touch(session, self.job.user_id)
            self._bumped_at = time.monotonic()

    async def show_the_rest(self) -> None:
        """Let galleries see what they were not told of yet; also what a killed attempt of this job had changed."""
        async with self.job.database.begin() as session:
            attempts = (await jobs.job_by_id(session, self.job.user_id, self.job.id)).attempts
            if self._unseen or attempts > 1:
                await versions.touch(session, self.job.user_id)

    async def say(self, done: int, total: int | None, note: str, *, at_once: bool = False) -> None:
        """Tell people how far it is, and hear whether they want it to stop; not too often, unless `at_once`."""
        if at_once or time.monotonic() - self._said_at >= SECONDS_BETWEEN_WORDS:
            self._said_at = time.monotonic()
            await self.job.progress(done, total, note)
            self.stopped = await self.job.cancelled()

    def result(self) -> dict[str, Any]:
        """How it ended, for the job's row."""
        return {**self.tally, **({"cancelled": True} if self.stopped else {})}

    def check_room(self) -> None:
        """`OutOfSpace` before the disk is so full that the database could not go on."""
        if disk.free_bytes(self.settings.media_root) < ROOM_TO_LEAVE:
            raise OutOfSpace("The disk with https_/ is nearly full. Make room, then look for files again.")


class Looking(Round):
    """Looks for files that are wanted, missing or could have changed, then into those it found."""

    async def run(self, *, only_into: bool = False) -> dict[str, Any]:
        """Until nothing is left to do, or with `only_into` to look into; the tally says what this run changed."""
        if not only_into:
            await asyncio.to_thread(disk.remove_left_overs, self.settings.derived_root)
            await self._look_again()
            await self._look_for_new()
        async with Sandbox(EXAMINE) as sandbox:
            while not self.stopped:
                window = await self._next_window()
                if not window:
                    break
                await self._look_into(sandbox, window)
                if not only_into:
                    await self._look_for_new()
        await self.show_the_rest()
        await self.say(self._looked_into(), self._looked_into(), "", at_once=True)
        return self.result()

    async def _look_for_new(self) -> None:
        finder = self._finder()
        while not self.stopped:
            async with self.job.database.begin() as session:
                files = await queries.files_never_looked_for(session, self.job.user_id, limit=LOOKED_FOR_AT_ONCE)
            if not files:
                return
            await self._look_for(finder, files)

    async def _look_again(self) -> None:
        """Whether missing files have come, and files that were here are still what they were."""
        finder, last = self._finder(), None
        states = ["missing", "corrupt", "gone"] + ([] if await asyncio.to_thread(finder.root_is_empty) else ["present"])
        while not self.stopped:
            async with self.job.database.begin() as session:
                files = await queries.settled_files(
                    session, self.job.user_id, states, after=last, limit=LOOKED_FOR_AT_ONCE
                )
            if not files:
                return
            await self._look_for(finder, files)
            last = files[-1]

    async def _look_for(self, finder: Finder, files: Sequence[Known]) -> None:
        seen = await asyncio.to_thread(finder.changes, files)
        if seen:
            async with self.job.database.begin() as session:
                await filing.record_seen(session, self.job.user_id, seen)
                await self.show(session)
        here = sum(one.is_here for one in seen)
        self.tally.update(found=here, missing=len(seen) - here, looked_for=len(files))
        await self.say(0, None, f"{self.tally['looked_for']:,} files looked for")

    def _finder(self) -> Finder:
        return Finder(self.settings.media_root, self.settings.derived_root)

    async def _next_window(self) -> list[FoundFile]:
        await asyncio.to_thread(self.check_room)
        async with self.job.database.begin() as session:
            self._left = await queries.count_found_files(session, self.job.user_id)
            return await queries.found_files(session, self.job.user_id, limit=WINDOW)

    async def _look_into(self, sandbox: Sandbox, files: Sequence[FoundFile]) -> None:
        died: list[FoundFile] = []
        asks = [self._ask(file) for file in files]
        began, before, total = time.monotonic(), self._looked_into(), self._looked_into() + self._left
        async with aclosing(_batches(sandbox, asks)) as batches:
            async for batch in batches:
                died += [file for file, answer in batch if _died(answer)]
                await self._write([_examined(file, answer) for file, answer in batch if not _died(answer)])
                done = self._looked_into()
                rate = (done - before) / max(0.001, time.monotonic() - began)
                await self.say(done, total, f"{rate:.0f} files a second")
                if self.stopped:
                    return
        # The system may have ended a child for want of memory while another file was to blame.
        async with aclosing(_batches(sandbox, [self._ask(file) for file in died])) as batches:
            async for batch in batches:
                await self._write([_examined(file, answer) for file, answer in batch])

    async def _write(self, examined: Sequence[Examined]) -> None:
        async with self.job.database.begin() as session:
            await filing.record_examined(session, self.job.user_id, examined)
            await self.show(session)
        self.tally.update(one.state for one in examined)

    def _looked_into(self) -> int:
        return self.tally["present"] + self.tally["corrupt"]

    def _ask(self, file: FoundFile) -> Ask[FoundFile]:
        body = {
            "root": str(self.settings.media_root),
            "derived": str(self.settings.derived_root),
            "path": file.place.removeprefix(ROOT),
            "thumbnails": file.is_main,
        }
        return Ask(file, body, SECONDS_PER_FILE + file.size_bytes / SLOWEST_BYTES_PER_SECOND)


class Previewing(Round):
    """Makes the hover previews that are not there yet."""

    async def run(self) -> dict[str, Any]:
        """Until every clip has one, or pictures wait: those come first, and their job asks for this one again."""
        last: Clip | None = None
        # FFmpeg uses two threads for one clip.
        async with Sandbox(MAKE_PREVIEW, size=max(1, cores() // 2)) as sandbox:
            while not self.stopped:
                await asyncio.to_thread(self.check_room)
                async with self.job.database.begin() as session:
                    if await queries.count_found_files(session, self.job.user_id):
                        self.tally["gave_way"] = 1
                        break
                    clips = await queries.clips_here(session, self.job.user_id, after=last, limit=CLIPS_AT_ONCE)
                if not clips:
                    break
                await self._make(sandbox, clips)
                last = clips[-1]
        return self.result()

    async def _make(self, sandbox: Sandbox, clips: Sequence[Clip]) -> None:
        async with aclosing(sandbox.answers([self._ask(clip) for clip in clips])) as answers:
            async for _, answer in answers:
                _raise_if_disk_failed(answer)
                self.tally["clips"] += 1
                self.tally["made"] += isinstance(answer, dict) and answer["made"]
                await self.say(self.tally["clips"], None, f"{self.tally['made']:,} made")
                if self.stopped:
                    return

    def _ask(self, clip: Clip) -> Ask[Clip]:
        body = {
            "root": str(self.settings.media_root),
            "derived": str(self.settings.derived_root),
            "path": clip.place.removeprefix(ROOT),
            "key": clip.key,
        }
        return Ask(clip, body, 3 * SECONDS_PER_FILE)


async def _batches(
    sandbox: Sandbox, asks: Sequence[Ask[FoundFile]]
) -> AsyncGenerator[list[tuple[FoundFile, object]], None]:
    """The answers in the groups in which they are written."""
    batch: list[tuple[FoundFile, object]] = []
    since = time.monotonic()
    async with aclosing(sandbox.answers(asks)) as answers:
        async for found in answers:
            _raise_if_disk_failed(found[1])
            batch.append(found)
            if len(batch) >= WRITTEN_AT_ONCE or time.monotonic() - since >= SECONDS_BETWEEN_WRITES:
                yield batch
                batch, since = [], time.monotonic()
    if batch:
        yield batch


def _died(answer: object) -> bool:
    return isinstance(answer, SandboxFailed) and answer.reason == "died"


def _raise_if_disk_failed(answer: object) -> None:
    """What is not the file's fault must not be written as if it were."""
    if not isinstance(answer, SandboxFailed) or not answer.errno:
        return
    if answer.errno in disk.FULL:
        raise OutOfSpace("The disk with https_/ is full. Make room, then look for files again.")
    raise Unavailable(
        f"Thumbnails cannot be written below https_/_derived ({answer.reason}). Check the rights of that folder."
    )


def _examined(file: FoundFile, answer: object) -> Examined:
    key = (file.post_id, file.role, file.position)
    if not isinstance(answer, SandboxFailed):
        assert isinstance(answer, dict)
        return filing.examined_from(key, answer)
    reasons = {
        "time": "it takes too long to decode",
        "died": "it makes the decoder crash",
        "MemoryError": "it needs more memory to decode than is safe",
    }
    reason = reasons.get(answer.reason, f"it cannot be read ({answer.reason})")
    return Examined(*key, state="corrupt", reason=reason, size_bytes=file.size_bytes)
