"""A backup takes the library's place: filled beside it, checked, swapped in by name, and back if it is unwell.

Three names lead through it: the library's own, `..._restoring` that is being filled, `..._before` that was the library.
At every moment the library's own name leads to a whole database; whatever is left behind, the next one settles.
"""

import asyncio
from typing import NoReturn

import asyncpg

from sovia.kit import clock
from sovia.kit.errors import SoviaError
from sovia.kit.settings import Settings
from sovia.ops import revisions
from sovia.ops.backups import afterwards, counting, making, places, servers, states
from sovia.ops.backups.errors import BackupTooNew, RestoreFailed
from sovia.ops.backups.making import Tell, silent
from sovia.ops.backups.places import Manifest
from sovia.ops.backups.programs import ProgramFailed
from sovia.ops.backups.states import Restoring

RESTORING, BEFORE, UNWELL = "restoring", "before", "unwell"


async def restore(url: str, settings: Settings, name: str, tell: Tell = silent) -> Restoring:
    """Put a backup in the library's place; `RestoreFailed` and others when it can not be, and all is as it was."""
    with places.at_work(settings.archive_root):
        run = _Run(url, settings, Restoring(backup=name, state="running", step="", started_at=clock.now()), tell)
        try:
            await run.whole()
        except (SoviaError, asyncpg.PostgresError, OSError) as error:
            failed = as_failure(error)
            run.end("failed", failed.message)
            raise failed from None
        run.end("succeeded")
        return run.told


def as_failure(error: Exception) -> SoviaError:
    """What went wrong, in words for people."""
    if isinstance(error, ProgramFailed):
        return RestoreFailed(f"The backup could not be restored: {error.message}. The library is as it was.")
    if isinstance(error, SoviaError):
        return error
    return RestoreFailed(f"The database did not let it happen ({type(error).__name__}). The library is as it was.")


async def settle(url: str) -> None:
    """Bring an interrupted restore to its end, or take it back; nothing when there was none."""
    before = servers.beside(url, BEFORE)
    if await servers.exists(url, before):
        if await afterwards.is_well(url):
            await servers.drop(url, before)
        else:
            await take_back(url)
    await servers.drop(url, servers.beside(url, RESTORING), servers.beside(url, UNWELL), servers.beside(url, "proof"))


async def swap(url: str) -> None:
    """Have the library's name lead to the filled database, in one step."""
    own = servers.name_of(url)
    await servers.rename(url, (own, servers.beside(url, BEFORE)), (servers.beside(url, RESTORING), own))


async def take_back(url: str) -> None:
    """Have the library's name lead to what it led to before."""
    own = servers.name_of(url)
    await servers.drop(url, servers.beside(url, UNWELL))
    await servers.rename(url, (own, servers.beside(url, UNWELL)), (servers.beside(url, BEFORE), own))


class _Run:
    def __init__(self, url: str, settings: Settings, told: Restoring, tell: Tell) -> None:
        self.url, self.settings, self.told, self._tell = url, settings, told, tell
        self.archive = settings.archive_root

    async def whole(self) -> None:
        await self.step("Reading the backup")
        await settle(self.url)
        manifest = await asyncio.to_thread(places.intact, self.archive, self.told.backup)
        refuse_newer(manifest)
        await self.keep_what_is_here()
        await self.step("Restoring it beside the library")
        filled = await servers.make_empty(self.url, servers.beside(self.url, RESTORING))
        await making.fill(filled, self.archive, self.told.backup)
        await self.step("Counting it")
        await check(filled, manifest)
        await self.step("Bringing it up to this version")
        await afterwards.prepare(filled, self.url)
        await self.step("Putting it in the library's place")
        await swap(self.url)
        await self.step("Looking whether all is well")
        if not await afterwards.is_well(self.url):
            await self.back("The restored library was not well, so the one before is back in its place.")
        await self.prove_what_was_here()
        await servers.drop(self.url, servers.beside(self.url, BEFORE))

    async def back(self, why: str) -> NoReturn:
        await take_back(self.url)
        await servers.drop(self.url, servers.beside(self.url, UNWELL))
        raise RestoreFailed(why)

    async def keep_what_is_here(self) -> None:
        if not await afterwards.has_tables(self.url):
            return
        await self.step("Backing up what is here now")
        _, self.told.kept_as = await making.write_at_work(self.url, self.settings, "restore point", self._tell)

    async def prove_what_was_here(self) -> None:
        # While it is still there under another name; people have their library by then and need not wait for this.
        if self.told.kept_as is None:
            return
        await self.step("Proving the backup of what was here")
        kept = await making.prove_at_work(self.url, self.archive, self.told.kept_as, self._tell)
        if kept.state == "failed":
            await self.back("What was here before has no backup that restores, so it is back in its place.")

    async def step(self, name: str) -> None:
        self.told.step = name
        states.write(self.settings.state_root, self.told)
        await self._tell(name)

    def end(self, state: states.State, error: str | None = None) -> None:
        self.told.state, self.told.error, self.told.finished_at = state, error, clock.now()
        states.write(self.settings.state_root, self.told)


def refuse_newer(manifest: Manifest) -> None:
    """A backup of tables that this version does not know can not be brought up to it."""
    if not set(manifest.revision.split(",")) <= revisions.known():
        raise BackupTooNew(f"The backup was made by a later version ({manifest.version}). Update, then restore it.")


async def check(filled: str, manifest: Manifest) -> None:
    """`RestoreFailed` unless what was restored is what the backup says."""
    found = counting.differences(manifest, await making.counts_of(filled))
    if found:
        raise RestoreFailed(f"The restored copy is not what the backup says: {found[0]}. The library is as it was.")
