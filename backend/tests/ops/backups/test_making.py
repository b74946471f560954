"""A backup is made, proven by restoring it, and never called good when it is not."""

import asyncio
import errno
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ops.backups.libraries import databases, posts, run

from sovia.kit import clock, disk
from sovia.kit.errors import OutOfSpace
from sovia.kit.settings import Settings
from sovia.ops.backups import making, places, programs, retaining
from sovia.ops.backups.errors import ArchiveIsBusy, ArchiveNotWritable, BackupFailed
from sovia.ops.backups.places import Backup, Counted, Manifest, Proof


async def test_backup_is_made_and_proven(url: str, own: Settings) -> None:
    made = await making.make(url, own, "by hand")

    assert made.state == "proven", made.proof
    assert made.manifest is not None
    assert made.manifest.tables["public.posts"].rows == len(await posts(url))
    assert (made.manifest.postgres, made.manifest.kind) == (18, "by hand")
    assert [one.name for one in places.backups(own.archive_root)] == [made.name]
    assert await databases(url) == {""}
    assert not list((own.archive_root / ".parts").iterdir())


async def test_backup_holds_settings_but_no_secret(url: str, own: Settings) -> None:
    secret = own.model_copy(update={"password": "open sesame", "redis_url": "redis://:hush@somewhere"})

    made = await making.make(url, secret, "by hand")

    written = "".join(path.read_text() for path in (own.archive_root / made.name).iterdir() if path.suffix == ".json")
    assert json.loads((own.archive_root / made.name / "settings.json").read_text())["port"] == 8000
    assert not [word for word in ("open sesame", "hush", str(own.home)) if word in written]


async def test_counts_and_dump_are_of_one_moment(url: str, own: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(found: programs.Programs, where: str, snapshot: str, folder: Path) -> None:
        # Whoever writes while the backup is made changes neither what is dumped nor what is counted.
        asyncio.run(run(url, "delete from posts where parent_id is not null"))
        dump(found, where, snapshot, folder)

    dump = making.dump
    monkeypatch.setattr(making, "dump", late)
    before = len(await posts(url))

    made = await making.make(url, own, "by hand")

    assert made.state == "proven", made.proof
    assert made.manifest is not None
    assert made.manifest.tables["public.posts"].rows == before > len(await posts(url))


@pytest.mark.parametrize("harm", ["rows", "values", "flipped", "cut", "manifest"])
async def test_what_is_not_what_was_written_is_never_called_good(harm: str, url: str, own: Settings) -> None:
    made = await making.make(url, own, "by hand")
    assert made.manifest is not None
    folder = own.archive_root / made.name
    counted = made.manifest.tables["public.posts"]
    if harm in ("rows", "values"):
        more = {"rows": {"rows": counted.rows + 1}, "values": {"checksum": "1"}}[harm]
        made.manifest.tables["public.posts"] = counted.model_copy(update=more)
        (folder / "manifest.json").write_text(made.manifest.model_dump_json())
    elif harm == "manifest":
        (folder / "manifest.json").write_text('{"format": 2}')
    else:
        content = bytearray((folder / "database.dump").read_bytes())
        content[len(content) // 2] ^= 1
        (folder / "database.dump").write_bytes(content if harm == "flipped" else content[:-100])

    again = await making.prove(url, own, made.name)

    assert again.state == ("damaged" if harm == "manifest" else "failed")
    assert await databases(url) == {""}


async def test_full_disk_leaves_nothing_and_harms_nothing(
    url: str, own: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SEC39."""
    before, whole = await making.make(url, own, "by hand"), await posts(url)

    def full(found: programs.Programs, where: str, snapshot: str, folder: Path) -> None:
        (folder / places.DUMP).symlink_to("/dev/full")
        found.dump(where, snapshot, folder / places.DUMP)

    monkeypatch.setattr(making, "dump", full)
    with pytest.raises(OutOfSpace):
        await making.make(url, own, "by hand")
    monkeypatch.setattr(disk, "free_bytes", lambda _folder: 1000)
    with pytest.raises(OutOfSpace):
        await making.make(url, own, "by hand")

    assert [one.name for one in places.backups(own.archive_root)] == [before.name]
    assert await posts(url) == whole


async def test_archive_that_can_not_be_written_is_named(url: str, own: Settings) -> None:
    own.archive_root.write_text("in the way")

    with pytest.raises(ArchiveNotWritable) as raised:
        await making.make(url, own, "by hand")

    assert str(own.home) not in raised.value.message
    assert places.backups(own.archive_root) == []


@pytest.mark.parametrize(
    ("number", "error"),
    [(errno.EROFS, ArchiveNotWritable), (errno.EACCES, ArchiveNotWritable), (errno.ENOSPC, OutOfSpace)],
)
async def test_a_disk_that_refuses_at_the_last_moment_leaves_no_backup(
    url: str, own: Settings, monkeypatch: pytest.MonkeyPatch, number: int, error: type[Exception]
) -> None:
    """SEC39: the disk with the archive is full, or was made read-only."""

    def refuse(_path: Path) -> None:
        raise OSError(number, "refused")

    monkeypatch.setattr(disk, "sync", refuse)
    with pytest.raises(error):
        await making.make(url, own, "by hand")
    monkeypatch.undo()

    assert places.backups(own.archive_root) == []
    assert (await making.make(url, own, "by hand")).state == "proven"


async def test_one_at_a_time(url: str, own: Settings) -> None:
    with places.at_work(own.archive_root), pytest.raises(ArchiveIsBusy):
        await making.make(url, own, "by hand")


async def test_a_database_that_can_not_be_read_is_no_backup(
    url: str, own: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: Any) -> None:
        raise programs.failure_of('pg_dump: error: connection to server on socket "/a/b/c" failed: gone\n')

    monkeypatch.setattr(making, "dump", broken)
    with pytest.raises(BackupFailed) as raised:
        await making.make(url, own, "by hand")

    assert "/a/b" not in raised.value.message
    assert places.backups(own.archive_root) == []


def listed(days: int, kind: str = "scheduled", *, proven: bool = True) -> Backup:
    made_at = clock.now() - timedelta(days=days)
    manifest = Manifest.model_validate(
        {
            "format": 1,
            "kind": kind,
            "made_at": made_at,
            "version": "1",
            "revision": "x",
            "postgres": 18,
            "tables": {"public.posts": Counted(rows=1, checksum="1")},
            "indexes": 1,
            "constraints": 1,
            "files": {},
        }
    )
    proof = Proof(proven=proven, at=made_at, seconds=1, differences=[])
    return Backup(name=f"{days} days, {kind}", size_bytes=1, manifest=manifest, proof=proof)


def test_newest_few_are_kept_and_what_a_person_made() -> None:
    found = [listed(1), listed(2, "restore point"), listed(3, "by hand"), listed(4), listed(200, "by hand")]

    gone = retaining.superfluous(found, clock.now(), keep=2, days=90)

    assert gone == ["4 days, scheduled"]


def test_a_clock_that_jumped_ahead_removes_nothing_for_its_age() -> None:
    found = [listed(0), listed(3650), listed(3651), listed(3652)]

    assert retaining.superfluous(found, clock.now(), keep=9, days=90) == []
    # Nor does one that jumped back: what is of the future counts as new.
    assert retaining.superfluous([listed(-400), listed(0), listed(1)], clock.now(), keep=9, days=90) == []


def test_old_ones_go_but_never_the_last_proven_one() -> None:
    found = [listed(1, proven=False), listed(2, proven=False), listed(100), listed(120), listed(130)]

    gone = retaining.superfluous(found, clock.now(), keep=9, days=90)

    assert gone == ["120 days, scheduled", "130 days, scheduled"]
    assert retaining.superfluous(found, clock.now(), keep=9, days=0) == []


async def test_retaining_follows_a_backup(url: str, own: Settings) -> None:
    few = own.model_copy(update={"backup_keep": 2})

    made = [(await making.make(url, few, "scheduled")).name for _ in range(3)]

    assert [one.name for one in places.backups(own.archive_root)] == made[:0:-1]
