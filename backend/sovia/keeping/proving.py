"""One run of proving: file by file in the order of keys, in small transactions; it changes no file and deletes none."""

import asyncio
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

from sovia.keeping import queries
from sovia.keeping.errors import MediaAway
from sovia.keeping.looks import ROOT, Kept, Look, Pace, look_at
from sovia.kit import clock
from sovia.kit.jobs import JobContext
from sovia.kit.sandbox import cores
from sovia.kit.settings import Settings
from sovia.library import roots
from sovia.library.finding import LOCAL_FOLDER, Finder
from sovia.library.roots import Root
from sovia.library.rounds import Round
from sovia.library.service import filing, proving, rooting
from sovia.library.service.proving import Proven
from sovia.search.language.meaning import Meaning

AT_ONCE = 500
# Small enough that threads share the work well.
PART = 16
UNFINISHED = (".part", ".tmp", ".crdownload", ".aria2")


class Proving(Round):
    """Looks at files and writes what came of it; what it looks at is up to `run`."""

    def __init__(self, job: JobContext, settings: Settings, *, polite: bool) -> None:
        super().__init__(job, settings)
        self.pace = Pace(settings.verify_mb_per_second * 1e6 if polite else 0)
        self.faults: Counter[str] = Counter()
        self.looked = self.away = 0
        self.here: list[Root] = []

    async def run(self, *, full: bool, before: datetime | None = None, wanted: Meaning | None = None) -> dict[str, Any]:
        """Look at every file, or those of a filter, or those last proven before a moment."""
        user_id, after = self.job.user_id, None
        async with self.job.database.begin() as session:
            found_roots = await rooting.take_stock(session, self.settings)
            total = await queries.count_to_prove(session, user_id, before=before, wanted=wanted)
        while not self.stopped:
            # A disk that goes away meanwhile must not make everything lost.
            self.here = await asyncio.to_thread(self._roots_here, found_roots)
            async with self.job.database.begin() as session:
                files = await queries.files_to_prove(
                    session, user_id, after=after, limit=AT_ONCE, before=before, wanted=wanted
                )
            if not files:
                break
            # Nothing can be said of what lies on a disk that is away.
            here = [file for file in files if file.place.startswith(self._places())]
            self.away += len(files) - len(here)
            self.looked += len(here)
            await self._prove(here, full=full)
            after = files[-1]
            found = sum(self.faults.values())
            done = self.looked + self.away
            await self.say(done, max(total, done), f"{found:,} not as they were" if found else "")
        if self.away and not self.looked:
            raise MediaAway
        # The right bytes of what is faulty may lie where no post looks for them.
        if (self.faults or (wanted is None and before is None)) and not self.stopped:
            await self._find_strays()
        await self._end()
        away = {"away": self.away} if self.away else {}
        return self.result() | {"looked_at": self.looked, "faults": dict(self.faults)} | away

    def _roots_here(self, found: Sequence[Root]) -> list[Root]:
        """The media folders that are here at this moment."""
        empty = Finder(self.settings.media_root, self.settings.derived_root).root_is_empty
        here = [one for one in found if not one.is_away and roots.read_marker(one.path) == one.id]
        return [one for one in here if not one.is_main or not empty()]

    def _places(self) -> tuple[str, ...]:
        return tuple(one.place("") for one in self.here)

    async def _prove(self, files: Sequence[Kept], *, full: bool) -> None:
        parts = [files[at : at + PART] for at in range(0, len(files), PART)]
        limit = asyncio.Semaphore(cores())
        folders = {one.place(""): one.path for one in self.here}

        async def look(part: Sequence[Kept]) -> list[Look]:
            async with limit:
                return await asyncio.to_thread(look_at, folders, part, full=full, pace=self.pace)

        looks = [one for part in await asyncio.gather(*map(look, parts)) for one in part]
        looks = await asyncio.to_thread(self._without_away, looks)
        async with self.job.database.begin() as session:
            swapped = await queries.known_hashes(session, self.job.user_id, {one.became for one in looks if one.became})
            looks = [replace(one, fault="swapped") if one.became in swapped else one for one in looks]
            # What was as it should be at a quick look is not written: that would be every row, every night.
            told = [_proven(one) for one in looks if one.hashed or one.fault != one.file.fault]
            if await proving.record_proven(session, self.job.user_id, told):
                await self.show(session)
        self.tally["back"] += sum(one.file.fault == "lost" and one.fault is None for one in looks)
        self.faults.update(one.fault for one in looks if one.fault)

    def _without_away(self, looks: list[Look]) -> list[Look]:
        """What is lost only because its disk went away while we looked is not lost."""
        if all(one.fault is None for one in looks):
            return looks
        self.here = self._roots_here(self.here)
        sure = [one for one in looks if one.fault is None or one.file.place.startswith(self._places())]
        self.looked -= len(looks) - len(sure)
        self.away += len(looks) - len(sure)
        return sure

    async def _find_strays(self) -> None:
        began = clock.now()
        walk = chain.from_iterable(paths_below(one.path, one.place("")) for one in self.here)
        while some := await asyncio.to_thread(lambda: list(islice(walk, AT_ONCE))):
            async with self.job.database.begin() as session:
                named = await queries.named_paths(session, [path for path, _ in some])
                found = [(path, size) for path, size in some if path not in named]
                await proving.record_strays(session, self.job.user_id, found, began)
            self.tally["strays"] += len(found)
        async with self.job.database.begin() as session:
            await proving.forget_strays(session, self.job.user_id, began, [one.place("") for one in self.here])

    async def _end(self) -> None:
        await self.show_the_rest()
        if self.tally.pop("back", 0):
            # What was lost counts as missing until it was looked into again.
            async with self.job.database.begin() as session:
                await filing.look_soon(session, self.job.user_id)


def paths_below(media_root: Path, place: str = ROOT) -> Iterator[tuple[str, int]]:
    """Every file in a media folder with its size, by the places that posts would name it by; nothing of our own."""
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(media_root / folder) as entries:
                found = list(entries)
        except OSError:
            continue
        for entry in found:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if entry.is_dir(follow_symlinks=False):
                if not entry.name.startswith(".") and (
                    folder or not entry.name.startswith("_") or path == LOCAL_FOLDER
                ):
                    folders.append(path)
            elif _is_a_file_of_somebody(entry):
                yield place + path, entry.stat(follow_symlinks=False).st_size


def _is_a_file_of_somebody(entry: os.DirEntry[str]) -> bool:
    name = entry.name
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return entry.is_file(follow_symlinks=False) and not name.startswith(".") and not name.endswith(UNFINISHED)


def _proven(look: Look) -> Proven:
    file = look.file
    return Proven(file.post_id, file.role, file.position, file.sha256, look.fault, look.hashed, look.mtime_ns)
