"""A backup is made from one snapshot, restored beside the library, and counted against that snapshot."""

import asyncio
import dataclasses
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg

from sovia.kit import clock, disk
from sovia.kit.answers import to_json
from sovia.kit.errors import OutOfSpace, SoviaError
from sovia.kit.settings import Settings
from sovia.ops.backups import counting, places, programs, retaining, servers
from sovia.ops.backups.counting import Counts
from sovia.ops.backups.errors import BackupFailed
from sovia.ops.backups.places import Backup, Kind, Manifest, Proof
from sovia.ops.backups.programs import ProgramFailed, Programs

VERSION = "0.1.0"
ROOM_TO_LEAVE = 200_000_000
SECRETS = {"home", "database_url", "redis_url", "password"}
SECRETS |= {"mirror_folder", "mirror_endpoint", "mirror_access_key", "mirror_secret_key"}
Tell = Callable[[str], Awaitable[None]]


async def silent(_note: str) -> None:
    """Tell nobody."""


async def make(url: str, settings: Settings, kind: Kind, tell: Tell = silent) -> Backup:
    """Make a backup and prove it; the oldest ones that are not to be kept go afterwards.

    Safe to be killed at any point: what was not finished has no name and is cleared away by the next one.
    """
    with places.at_work(settings.archive_root):
        found = await make_at_work(url, settings, kind, tell)
        await asyncio.to_thread(retaining.retain, settings)
    return found


async def make_at_work(url: str, settings: Settings, kind: Kind, tell: Tell = silent) -> Backup:
    """The same, by one who is at work in the archive already."""
    _, name = await write_at_work(url, settings, kind, tell)
    return await prove_at_work(url, settings.archive_root, name, tell)


async def write_at_work(url: str, settings: Settings, kind: Kind, tell: Tell = silent) -> tuple[Manifest, str]:
    """Write a backup down that nobody has proven yet; what it holds, and its name."""
    archive = settings.archive_root
    await tell("Writing the database down")
    folder = await asyncio.to_thread(places.new_folder, archive)
    try:
        manifest = await _write(url, settings, kind, folder)
    except ProgramFailed as error:
        raise BackupFailed(f"The database could not be written down: {error.message}") from None
    return manifest, await asyncio.to_thread(places.take_name, archive, folder, manifest.made_at)


async def prove(url: str, settings: Settings, name: str, tell: Tell = silent) -> Backup:
    """Restore a backup into a database of its own, count it, drop it, and write down what came of it."""
    with places.at_work(settings.archive_root):
        return await prove_at_work(url, settings.archive_root, name, tell)


async def prove_at_work(url: str, archive: Path, name: str, tell: Tell = silent) -> Backup:
    """The same, by one who is at work in the archive already."""
    await tell("Restoring a copy, to see whether it can be done")
    began = time.monotonic()
    scratch = servers.beside(url, "proof")
    try:
        found = await _proof(url, archive, name, scratch, tell)
    except asyncpg.InsufficientPrivilegeError:
        # It may be good; nobody knows. The list says "not proven", which is the truth.
        await tell("This server lets us make no second database, so the backup could not be proven")
        return places.backup(archive, name)
    except (SoviaError, asyncpg.PostgresError) as error:
        found = [getattr(error, "message", "") or type(error).__name__]
    finally:
        await _forget(url, scratch)
    proof = Proof(proven=not found, at=clock.now(), seconds=round(time.monotonic() - began, 2), differences=found[:50])
    await asyncio.to_thread(places.write_proof, archive, name, proof)
    return places.backup(archive, name)


async def fill(url: str, archive: Path, name: str) -> None:
    """Restore a backup into the empty database at the URL."""
    async with servers.connected(url) as connection:
        major = connection.get_server_version().major
    found = await asyncio.to_thread(programs.find, major)
    await asyncio.to_thread(found.restore, url, archive / name / places.DUMP)


async def counts_of(url: str) -> Counts:
    """Count the database at the URL."""
    async with servers.connected(url) as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        return await counting.count(connection)


async def _proof(url: str, archive: Path, name: str, scratch: str, tell: Tell) -> list[str]:
    manifest = await asyncio.to_thread(places.intact, archive, name)
    copy = await servers.make_empty(url, scratch)
    await fill(copy, archive, name)
    await tell("Counting the copy")
    return counting.differences(manifest, await counts_of(copy))


async def _forget(url: str, scratch: str) -> None:
    try:
        await servers.drop(url, scratch)
    except (SoviaError, asyncpg.PostgresError, OSError):
        # The next backup drops it.
        return


async def _write(url: str, settings: Settings, kind: Kind, folder: Path) -> Manifest:
    """Dump and count what one snapshot sees, at the same time, and write both down."""
    made_at = clock.now()
    async with servers.connected(url) as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        await _check_room(connection, settings)
        snapshot = await connection.fetchval("SELECT pg_export_snapshot()")
        major = connection.get_server_version().major
        found = await asyncio.to_thread(programs.find, major)
        revision = await _revision(connection)
        dumping = asyncio.create_task(asyncio.to_thread(dump, found, url, snapshot, folder))
        try:
            counts = await counting.count(connection)
        finally:
            await dumping
    settings_text = to_json(settings.model_dump(mode="json", exclude=SECRETS))
    known: dict[str, object] = {"format": places.FORMAT, "kind": kind, "made_at": made_at, "postgres": major}
    known |= {"version": VERSION, "revision": revision, **dataclasses.asdict(counts)}
    return await asyncio.to_thread(_write_down, folder, settings_text, known)


def dump(found: Programs, url: str, snapshot: str, folder: Path) -> None:
    """Write the snapshot into the backup's folder."""
    found.dump(url, snapshot, folder / places.DUMP)


def _write_down(folder: Path, settings_text: bytes, known: dict[str, object]) -> Manifest:
    with places.writing():
        (folder / places.SETTINGS).write_bytes(settings_text)
        files = {name: places.described(folder, name) for name in (places.DUMP, places.SETTINGS)}
        manifest = Manifest.model_validate(known | {"files": files})
        (folder / places.MANIFEST).write_bytes(manifest.model_dump_json(indent=1).encode())
    return manifest


async def _check_room(connection: asyncpg.Connection, settings: Settings) -> None:
    size = await connection.fetchval("SELECT pg_database_size(current_database())")
    if await asyncio.to_thread(disk.free_bytes, settings.archive_root) < size // 3 + ROOM_TO_LEAVE:
        raise OutOfSpace("The disk with archive/ has no room for a backup. Make room, then try again.")


async def _revision(connection: asyncpg.Connection) -> str:
    found = await connection.fetch("SELECT version_num FROM alembic_version ORDER BY 1")
    return ",".join(row["version_num"] for row in found)
