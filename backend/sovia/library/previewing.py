"""One run of making hover previews: clip by clip, newest first, giving way to files that wait to be looked into."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from typing import Any

from sovia.kit import disk
from sovia.kit.sandbox import Ask, Sandbox, SandboxFailed, cores
from sovia.library import derived
from sovia.library.queries import files as queries
from sovia.library.queries.files import Clip
from sovia.library.rounds import SECONDS_PER_FILE, Round, raise_if_disk_failed, where
from sovia.library.service import framing

# What the children run: they alone load decoders.
MAKE_PREVIEW = "sovia.library.looking:make_preview"
CLIPS_AT_ONCE = 200


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
            async for clip, answer in answers:
                raise_if_disk_failed(answer)
                self.tally["clips"] += 1
                self.tally["made"] += isinstance(answer, dict) and answer["made"]
                await self._keep_frames(clip, answer)
                await self.say(self.tally["clips"], None, f"{self.tally['made']:,} made")
                if self.stopped:
                    return

    async def _keep_frames(self, clip: Clip, answer: object) -> None:
        found = answer if isinstance(answer, dict) else {}
        if isinstance(answer, SandboxFailed):
            # It would fail again, and keep the preview from being made.
            name = f"{derived.folder(clip.key)}/{derived.NO_SPRITE}"
            await asyncio.to_thread(
                disk.write_beneath, self.settings.derived_root, name, answer.reason.encode() or b"failed"
            )
        if clip.looked:
            return
        async with self.job.database.begin() as session:
            await framing.record_frames(session, self.job.user_id, clip.key, found.get("first"), found.get("last"))

    def _ask(self, clip: Clip) -> Ask[Clip]:
        body = {
            **where(self.settings, clip.place),
            "derived": str(self.settings.derived_root),
            "key": clip.key,
            "looked": clip.looked,
        }
        return Ask(clip, body, 3 * SECONDS_PER_FILE)
