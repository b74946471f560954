"""A mirror whose disk is away, full or read-only, or whose run is killed: no harm, and the next run goes on."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest
from keeping.mirroring.mirrors import Mirrored

from sovia.keeping.mirroring import service, targets
from sovia.kit import disk
from sovia.kit.jobs import Job

BACKEND = Path(__file__).resolve().parents[3]


@pytest.fixture
def folder(mirrored: Mirrored) -> Path:
    """The mirror's folder; only for those."""
    if mirrored.settings.mirror_folder is None:
        pytest.skip("of folders")
    return mirrored.settings.mirror_folder


pytestmark = pytest.mark.parametrize("mirror_settings", ["folder"], indirect=True)


async def test_a_disk_that_is_unplugged_is_away_and_comes_back(mirrored: Mirrored, folder: Path) -> None:
    paths = await mirrored.keep.known(6)
    await mirrored.mirror()
    more = await mirrored.keep.known_as([b"one", b"two", b"three"], first=100)
    unplugged = folder.with_name("unplugged")
    folder.rename(unplugged)
    gone = await mirrored.mirror()
    # An empty mount point is what is left of a disk.
    folder.mkdir()

    empty, checked = await mirrored.mirror(), await mirrored.check()

    for job in (gone, empty, checked):
        assert (job.state, job.error_code) == ("failed", "mirror_away")
        assert str(folder) not in (job.error_message or "")
    assert list(folder.iterdir()) == []
    found = await mirrored.state()
    assert (found["state"], found["files"], found["faulty"]) == ("away", 6, 0)
    assert "mounted" in found["problem"]["message"]
    folder.rmdir()
    unplugged.rename(folder)
    assert (await mirrored.mirror()).state == "succeeded"
    assert [mirrored.there(path) for path in [*paths, *more]] == [path.read_bytes() for path in [*paths, *more]]
    assert (await mirrored.state())["state"] == "well"


async def test_a_disk_that_goes_away_meanwhile_leaves_nothing_below_its_mount_point(
    mirrored: Mirrored, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await mirrored.keep.known(10)
    real, seen = targets.FolderTarget.put, 0

    def unplugging(*given: object) -> object:
        nonlocal seen
        seen += 1
        if seen == 5:
            folder.rename(folder.with_name("unplugged"))
            folder.mkdir()
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(targets.FolderTarget, "put", unplugging)
    job = await mirrored.mirror()

    assert (job.state, job.error_code) == ("failed", "mirror_away")
    assert not [path for path in folder.rglob("*") if path.is_file()]
    assert (await mirrored.state())["files"] == 4, "what was copied before is not copied again"


async def test_a_disk_without_room_says_so(mirrored: Mirrored, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SEC39: the disk is full."""
    await mirrored.keep.known(3)
    await mirrored.mirror()
    (path,) = await mirrored.keep.known_as([b"one more"], first=100)

    def full(*_given: object) -> None:
        raise OSError(disk.FULL[0], "No space left on device")

    monkeypatch.setattr(disk, "sync", full)
    job = await mirrored.mirror()
    monkeypatch.undo()

    assert (job.state, job.error_code) == ("failed", "mirror_full")
    assert mirrored.there(path) is None
    assert not list((folder / ".parts").iterdir())


async def test_a_folder_that_may_not_be_written_says_so(
    mirrored: Mirrored, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await mirrored.keep.known(3)

    def refused(*_given: object) -> None:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(disk, "write_beneath", refused)
    job = await mirrored.mirror()

    assert (job.state, job.error_code) == ("failed", "mirror_refuses")
    assert str(folder) not in (job.error_message or "")


async def test_a_link_at_the_mirror_leads_nowhere(mirrored: Mirrored, folder: Path, tmp_path: Path) -> None:
    """SEC03: a symbolic link inside the mirror is neither followed when written nor when read."""
    paths = await mirrored.keep.known(2)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (folder / "https_").symlink_to(elsewhere)

    job = await mirrored.mirror()

    assert list(elsewhere.iterdir()) == []
    assert job.result is not None
    assert job.result["not_as_known"] == 2
    assert all(path.is_file() for path in paths)


async def test_one_that_lies_among_the_media_is_refused(mirrored: Mirrored, folder: Path) -> None:
    await mirrored.keep.known(1)
    for inside in (mirrored.settings.media_root / "copy", mirrored.settings.media_root, mirrored.settings.home):
        mirrored.settings = mirrored.settings.model_copy(update={"mirror_folder": inside})
        assert (await mirrored.state())["state"] == "refuses"
    assert not (mirrored.settings.media_root / ".sovia-mirror").exists()
    assert folder.is_dir()


async def test_a_file_there_that_can_not_be_read_is_a_fault_of_that_file(
    mirrored: Mirrored, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = await mirrored.keep.known(4)
    await mirrored.mirror()
    bad = mirrored.place(paths[1])
    real = disk.open_beneath

    def bad_sector(root: Path, relative: str) -> int:
        if (root, relative) == (folder, bad):
            raise OSError(5, "Input/output error")
        return real(root, relative)

    monkeypatch.setattr(disk, "open_beneath", bad_sector)
    job = await mirrored.check()

    assert job.state == "succeeded", job.error_message
    assert await mirrored.faults() == {bad: "unreadable"}


KILLED = """
import asyncio, os, signal, sys
from uuid import UUID
from sovia import worker
from sovia.keeping.mirroring import copying, service, targets
from sovia.kit import disk, settings
from sovia.kit.db import Database

point = sys.argv[1]
seen = 0

def dying(real, when):
    def deed(*given, **more):
        global seen
        seen += 1
        if seen == 5 and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        done = real(*given, **more)
        if seen == 5:
            os.kill(os.getpid(), signal.SIGKILL)
        return done
    return deed

if point == "between blocks":
    targets._read = dying(targets._read, "after")
elif point == "before it has its name":
    disk.sync = dying(disk.sync, "after")
elif point == "with its name":
    targets.FolderTarget.put = dying(targets.FolderTarget.put, "after")
else:
    service.record = dying(service.record, "before")
    seen = 4

async def main():
    await worker.drain(Database(settings.current().database_url))
asyncio.run(main())
"""


@pytest.mark.parametrize("point", ["between blocks", "before it has its name", "with its name", "before it is noted"])
async def test_killed_at_any_point_it_goes_on(mirrored: Mirrored, folder: Path, point: str) -> None:
    paths = await mirrored.keep.known(8)
    shelf, found = mirrored.keep.shelf, mirrored.settings
    async with shelf.database.begin() as session:
        job_id = await service.mirror_soon(session, shelf.user_id, found)
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(BACKEND), os.environ.get("PYTHONPATH", "")]),
        "SOVIA_HOME": str(found.home),
        "DATABASE_URL": found.database_url,
        "SOVIA_MIRROR_FOLDER": str(folder),
    }
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, point, env=environment)
    assert await process.wait() == -signal.SIGKILL
    # Whatever has a name there is whole.
    for path in paths:
        assert mirrored.there(path) in (None, path.read_bytes())
    async with shelf.database.begin() as session:
        assert (await session.get_one(Job, job_id)).state == "running"

    job = await mirrored.mirror()

    assert job.state == "succeeded", job.error_message
    assert [mirrored.there(path) for path in paths] == [path.read_bytes() for path in paths]
    assert (await mirrored.state())["state"] == "well"
