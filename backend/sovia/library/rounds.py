"""One run of looking for and into files: batch by batch, telling people how far it is."""

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
from sovia.kit.sandbox import Ask, Sandbox, SandboxFailed
from sovia.kit.settings import Settings
from sovia.library import homecoming, roots
from sovia.library.finding import Finder, Known, Seen, not_here
from sovia.library.queries import files as queries
from sovia.library.queries.files import FoundFile
from sovia.library.scanning import Scan
from sovia.library.service import filing, rooting, versions
from sovia.library.service.counting import count_anew
from sovia.library.service.filing import Examined

# What the children run: they alone load decoders.
EXAMINE = "sovia.library.looking:examine"
LOOKED_FOR_AT_ONCE = 2000
WINDOW = 2000
WRITTEN_AT_ONCE = 48
SECONDS_BETWEEN_WRITES = 0.7
SECONDS_BETWEEN_WORDS = 0.5
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
        async with self.job.database.begin() as session:
            self._roots = await rooting.take_stock(session, self.settings)
        async with self.job.database.begin() as session:
            await count_anew(session)
        if not only_into:
            await asyncio.to_thread(disk.remove_left_overs, self.settings.derived_root)
            await self._scan()
            await self._look_again()
            await self._look_for_new()
            await self._relink()
        async with Sandbox(EXAMINE) as sandbox:
            while not self.stopped:
                away = rooting.away_places(self._roots)
                # What lies on a disk that is away waits until it is back.
                window = [file for file in await self._next_window() if not away or not file.place.startswith(away)]
                if not window:
                    break
                await self._look_into(sandbox, window)
                if not only_into:
                    await self._look_for_new()
        await self.show_the_rest()
        await self.say(self._looked_into(), self._looked_into(), "", at_once=True)
        return self.result()

    async def _look_for_new(self) -> None:
        """Whatever nobody has looked for yet, again and again until a walk through all of it settles nothing.

        What should lie on a disk that is away is not settled.
        """
        finder, last, settled = self._finder(), None, False
        while not self.stopped:
            async with self.job.database.begin() as session:
                files = await queries.files_never_looked_for(
                    session, self.job.user_id, after=last, limit=LOOKED_FOR_AT_ONCE
                )
            if files:
                settled |= await self._look_for(finder, files)
                last = files[-1]
            elif settled:
                last, settled = None, False
            else:
                return

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

    async def _scan(self) -> None:
        """Bring what is known of the disk up to date, so that files are found under any name with their id in it."""
        for root in self._roots:
            # Without a marker it is not there yet, or nobody can write there: files are then sought by their paths.
            if root.id and not root.is_away:
                await Scan(self.job.database, root).run()

    async def _look_for(self, finder: Finder, files: Sequence[Known]) -> bool:
        """Look for these and write down what changed; whether anything did."""
        seen = await asyncio.to_thread(finder.look, files)
        lost = list(finder.lost)
        elsewhere = await homecoming.by_ids(self.job.database, self.job.user_id, finder, self._roots, lost)
        seen += [one for one in elsewhere.values() if one is not None]
        nowhere = [not_here(file) for file in lost if file not in elsewhere]
        seen += [one for one in nowhere if one is not None]
        await self._record(seen, len(files))
        return bool(seen)

    async def _relink(self) -> None:
        """Know files again that were moved or renamed."""
        relinking = homecoming.Relinking(self.job.database, self.job.user_id, self._roots)
        while not self.stopped:
            seen = await relinking.next()
            if seen is None:
                return
            self.tally["relinked"] += len(seen)
            await self._record(seen, 0)

    async def _record(self, seen: Sequence[Seen], looked_for: int) -> None:
        if seen:
            async with self.job.database.begin() as session:
                await filing.record_seen(session, self.job.user_id, seen)
                await self.show(session)
        here = sum(one.is_here for one in seen)
        self.tally.update(found=here, missing=len(seen) - here, looked_for=looked_for)
        await self.say(0, None, f"{self.tally['looked_for']:,} files looked for")

    def _finder(self) -> Finder:
        others = [(root.place(""), root.path) for root in self._roots if not root.is_main and not root.is_away]
        return Finder(self.settings.media_root, self.settings.derived_root, others, rooting.away_places(self._roots))

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
            **where(self.settings, file.place),
            "derived": str(self.settings.derived_root),
            "thumbnails": file.is_main,
        }
        return Ask(file, body, SECONDS_PER_FILE + file.size_bytes / SLOWEST_BYTES_PER_SECOND)


async def _batches(
    sandbox: Sandbox, asks: Sequence[Ask[FoundFile]]
) -> AsyncGenerator[list[tuple[FoundFile, object]], None]:
    """The answers in the groups in which they are written."""
    batch: list[tuple[FoundFile, object]] = []
    since = time.monotonic()
    async with aclosing(sandbox.answers(asks)) as answers:
        async for found in answers:
            raise_if_disk_failed(found[1])
            batch.append(found)
            if len(batch) >= WRITTEN_AT_ONCE or time.monotonic() - since >= SECONDS_BETWEEN_WRITES:
                yield batch
                batch, since = [], time.monotonic()
    if batch:
        yield batch


def where(settings: Settings, place: str) -> dict[str, str]:
    """The root and the path below it, as children are told."""
    try:
        root, relative = roots.located(settings, place)
    except FileNotFoundError:
        # Its disk went away meanwhile; there is nothing at such a path.
        root, relative = settings.media_root, place
    return {"root": str(root), "path": relative}


def _died(answer: object) -> bool:
    return isinstance(answer, SandboxFailed) and answer.reason == "died"


def raise_if_disk_failed(answer: object) -> None:
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
