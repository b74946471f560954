"""One run of fetching: a lane per host, each at its pace; what came is written in batches, and people are told."""

import asyncio
from collections import deque
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement

from sovia.fetching import queries, service
from sovia.fetching.errors import MediaFolderAway
from sovia.fetching.hosts import Pace, allowed_hosts
from sovia.fetching.models import FetchSettings
from sovia.fetching.one import ROOM_TO_LEAVE, Outcome, Wanted, fetch_one
from sovia.fetching.parts import sync_names
from sovia.fetching.queries import Next
from sovia.fetching.scopes import files_meant
from sovia.kit import clock, disk
from sovia.kit.errors import OutOfSpace
from sovia.kit.jobs import JobContext
from sovia.kit.outside import Outside
from sovia.kit.settings import Settings
from sovia.library.paths import ROOT
from sovia.library.rounds import Round
from sovia.library.service import rooting

LINED_UP_AT_ONCE = 2000
ASKED_AT_ONCE = 400
MOST_AT_ONCE = 200
WRITTEN_AT_ONCE = 100
LOOK_EVERY_SECONDS = 0.5
COUNT_EVERY_SECONDS = 3.0
# A wait that is longer than this is left to a later job.
LONGEST_WAIT_SECONDS = 15.0
# So many refusals for want of a session, and no file, tell how a host will answer the rest.
STRIKES = 3


class Lane:
    """One host: what is to be asked of it next, and how many refused in a row."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.strikes = 0
        self.closed = False
        self.files: deque[Next] = deque()
        self.turn = asyncio.Lock()


class Fetching(Round):
    """Fetches what waits, until nothing is due, or a person wants it to stop."""

    def __init__(self, job: JobContext, settings: Settings) -> None:
        super().__init__(job, settings)
        self.wanted: FetchSettings
        self._bytes = 0
        # From when a file is taken up until how it went is written.
        self._at_work: set[str] = set()
        self._ended: list[tuple[Outcome, int]] = []
        self._writing = asyncio.Lock()
        self._paces: dict[str, Pace] = {}
        self._all_bytes = Pace(0)
        self._total, self._counted_at = 0, 0.0
        self._at_once = asyncio.Semaphore(MOST_AT_ONCE)

    async def line_up(self, scope: dict[str, Any]) -> None:
        """Put what is meant among what waits; all that could not be fetched before is tried again."""
        last = None
        async with self.job.database.begin() as session:
            await service.tidy(session, self.job.user_id)
            meant = await files_meant(session, self.job.user_id, scope)
        if scope.get("once_looked_for"):
            await self._wait_for_a_look(meant)
        # What a person points at is asked for first, also where it was gone before.
        pointed_at = bool(scope.get("ids") or scope.get("operation"))
        states = (*queries.LACKING, "gone") if pointed_at else queries.LACKING
        while not self.stopped:
            async with self.job.database.begin() as session:
                files = await queries.lacking_files(
                    session, self.job.user_id, meant, states=states, after=last, limit=LINED_UP_AT_ONCE
                )
                lined_up = await service.line_up(session, self.job.user_id, files, urgency=int(pointed_at))
                self.tally["lined_up"] += lined_up
            if len(files) < LINED_UP_AT_ONCE:
                return
            last = files[-1]
            await self.say(0, None, f"{self.tally['lined_up']:,} files to fetch")

    async def _wait_for_a_look(self, meant: ColumnElement[bool] | None) -> None:
        """What was just named may lie here under another name: nothing is asked of others before that is known."""
        while not self.stopped:
            async with self.job.database.begin() as session:
                if not await queries.awaits_a_look(session, self.job.user_id, meant):
                    return
            await self.say(0, None, "waits until files were looked for")
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def run(self) -> dict[str, Any]:
        """Until nothing is due; what is left for later has a job of its own then."""
        await self._read_settings()
        async with self.job.database.begin() as session:
            (main, *_) = await rooting.take_stock(session, self.settings)
        if main.is_away:
            raise MediaFolderAway
        await asyncio.to_thread(self._check_disk)
        hosts = allowed_hosts(self.settings, self.wanted.hosts)
        async with Outside(hosts, stand_in=self.settings.fetch_stand_in) as outside:
            self._outside = outside
            try:
                await self._drive()
            finally:
                await self._write()
                await self.show_the_rest()
        await self._end()
        return self.result() | {"bytes": self._bytes}

    async def _drive(self) -> None:
        lanes: dict[str, asyncio.Task[None]] = {}
        try:
            while not (self.stopped or self.wanted.paused):
                for host in [host for host, task in lanes.items() if task.done()]:
                    lanes.pop(host).result()
                await self._write()
                for host in await self._due_hosts():
                    if host not in lanes:
                        lanes[host] = asyncio.create_task(self._lane(Lane(host)))
                if not lanes and not await self._wait_for_more():
                    return
                if lanes:
                    await asyncio.wait(lanes.values(), timeout=LOOK_EVERY_SECONDS)
                await self._tell()
        finally:
            for task in lanes.values():
                task.cancel()
            await asyncio.gather(*lanes.values(), return_exceptions=True)

    async def _lane(self, lane: Lane) -> None:
        """All that is due at one host."""
        tasks = [asyncio.create_task(self._worker(lane)) for _ in range(self.wanted.per_host)]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _worker(self, lane: Lane) -> None:
        pace = self._paces.setdefault(lane.host, Pace(self.wanted.per_second))
        while (file := await self._next(lane)) is not None:
            await pace.spend()
            async with self._at_once:
                wanted = Wanted(file.path, file.url, file.kind, file.replaces)
                outcome = await fetch_one(self._outside, self.settings.media_root, wanted, self._spend)
            self._ended.append((outcome, file.attempts))
            self.tally[outcome.cause or "fetched"] += 1
            await self._learn(lane, outcome)
            if len(self._ended) >= WRITTEN_AT_ONCE:
                await self._write()

    async def _next(self, lane: Lane) -> Next | None:
        """The next file of a host, or nothing when none is due or the host wants to be left alone."""
        async with lane.turn:
            if not lane.files and not lane.closed:
                await self._write()
                # What ends while we ask may still look as if it waited.
                before = set(self._at_work)
                limit = ASKED_AT_ONCE + len(before)
                async with self.job.database.begin() as session:
                    due = await queries.due_files(session, self.job.user_id, lane.host, limit=limit)
                lane.files.extend(file for file in due if file.path not in before and file.path not in self._at_work)
            if not lane.files or lane.closed:
                return None
            file = lane.files.popleft()
            self._at_work.add(file.path)
            return file

    async def _learn(self, lane: Lane, outcome: Outcome) -> None:
        """What one answer tells of the others of its host."""
        if outcome.cause in ("host_not_allowed", "unsafe_address", "no_host"):
            lane.strikes = STRIKES
        elif outcome.cause == "needs_session":
            lane.strikes += 1
        elif not outcome.cause:
            lane.strikes = 0
        hold = outcome.cause == "busy"
        if lane.closed or not (hold or lane.strikes >= STRIKES):
            return
        lane.closed = True
        await self._write()
        async with self.job.database.begin() as session:
            if hold:
                until = clock.now() + timedelta(seconds=outcome.wait or 1.0)
                await service.hold_host(session, self.job.user_id, lane.host, until)
            else:
                self.tally[outcome.cause] += await service.give_up_host(
                    session, self.job.user_id, lane.host, outcome, but=list(self._at_work)
                )

    async def _spend(self, count: int) -> None:
        self._bytes += count
        await self._all_bytes.spend(count)

    async def _write(self) -> None:
        """Write how files went."""
        async with self._writing:
            ended, self._ended = self._ended, []
            if not ended:
                return
            here = [outcome.path.removeprefix(ROOT) for outcome, _ in ended if not outcome.cause]
            # One wait for the disk for all of them, before the library says that they are here.
            await asyncio.to_thread(sync_names, self.settings.media_root, here)
            async with self.job.database.begin() as session:
                await service.record(session, self.job.user_id, ended)
                await self.show(session)
            self._at_work.difference_update(outcome.path for outcome, _ in ended)

    async def _tell(self) -> None:
        await self._read_settings()
        now = asyncio.get_running_loop().time()
        if now - self._counted_at >= COUNT_EVERY_SECONDS:
            await asyncio.to_thread(self._check_disk)
            async with self.job.database.begin() as session:
                self._total = self._done() + await queries.count_waiting(session, self.job.user_id)
            self._counted_at = now
        await self.say(self._done(), max(self._total, self._done()), f"{self._bytes / 1e6:,.1f} MB")

    def _done(self) -> int:
        return self.tally["fetched"]

    async def _wait_for_more(self) -> bool:
        """Wait for what is due shortly; false when nothing is."""
        async with self.job.database.begin() as session:
            moment = await queries.next_moment(session, self.job.user_id)
        seconds = (moment - clock.now()).total_seconds() if moment else LONGEST_WAIT_SECONDS + 1
        if seconds > LONGEST_WAIT_SECONDS:
            return False
        await asyncio.sleep(min(LOOK_EVERY_SECONDS, max(0.0, seconds)))
        return True

    async def _end(self) -> None:
        """What waits for later gets a job of its own; who cancels wants nothing more."""
        async with self.job.database.begin() as session:
            if self.stopped:
                await service.forget_waiting(session, self.job.user_id)
                return
            moment = await queries.next_moment(session, self.job.user_id)
            if self.wanted.paused:
                self.tally["paused"] = 1
            elif moment is not None:
                wait = max(timedelta(seconds=1), moment - clock.now())
                await service.go_on(session, self.job.user_id, after=wait)
                self.tally["later"] = await queries.count_waiting(session, self.job.user_id)

    async def _due_hosts(self) -> list[str]:
        async with self.job.database.begin() as session:
            return await queries.due_hosts(session, self.job.user_id)

    async def _read_settings(self) -> None:
        async with self.job.database.begin() as session:
            self.wanted = await queries.settings_of(session, self.job.user_id)
        self._all_bytes.per_second = self.wanted.bytes_per_second
        for pace in self._paces.values():
            pace.per_second = self.wanted.per_second

    def _check_disk(self) -> None:
        if not self.settings.media_root.is_dir():
            raise MediaFolderAway
        if disk.free_bytes(self.settings.media_root) < ROOM_TO_LEAVE:
            raise OutOfSpace("The disk with https_/ is nearly full. Make room, then go on.")
