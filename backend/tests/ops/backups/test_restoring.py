"""A backup takes the library's place whole, or not at all."""

import asyncio

import pytest
from ops.backups.libraries import databases, posts, run

from sovia.account.service import LOCAL_USER
from sovia.kit.db import Database
from sovia.kit.settings import Settings
from sovia.library.service import versions
from sovia.ops.backups import afterwards, making, places, restoring, states
from sovia.ops.backups.errors import BackupDamaged, BackupNotFound, BackupTooNew, RestoreFailed


async def changed(url: str) -> None:
    """A day's work on a library: half of it gone, the rest liked."""
    await run(url, "delete from posts where parent_id is not null")
    await run(url, "update posts set liked = true, prompt = 'changed'")
    database = Database(url)
    async with database.begin() as session:
        for _ in range(5):
            await versions.touch(session, LOCAL_USER)
    await database.dispose()


async def test_yesterday_s_backup_comes_back_row_by_row(url: str, own: Settings) -> None:
    yesterday = await posts(url)
    made = await making.make(url, own, "by hand")
    await changed(url)
    today, version = await posts(url), (await run(url, "select version from library_versions"))[0]["version"]

    done = await restoring.restore(url, own, made.name)

    assert await posts(url) == yesterday != today
    assert done.state == "succeeded"
    assert states.read(own.state_root, own.archive_root) == done
    # What was there is kept, and can be brought back.
    assert done.kept_as is not None
    assert places.backup(own.archive_root, done.kept_as).state == "proven"
    assert await databases(url) == {""}
    # Nobody may take the old library for the new one.
    assert (await run(url, "select version from library_versions"))[0]["version"] > version
    # What was under way then is not gone on with; the files are looked for again.
    found = await run(url, "select title, state from jobs order by created_at")
    assert [tuple(row) for row in found] == [("Waiting", "cancelled"), ("Looking for files", "queued")]
    await restoring.restore(url, own, done.kept_as)
    assert await posts(url) == today


async def test_those_who_use_the_library_meanwhile_go_on(url: str, own: Settings) -> None:
    made = await making.make(url, own, "by hand")
    database = Database(url)
    ended = asyncio.Event()
    answers = 0

    async def using() -> None:
        nonlocal answers
        while not ended.is_set():
            try:
                async with database.begin() as session:
                    await versions.touch(session, LOCAL_USER)
                answers += 1
            except Exception:
                await asyncio.sleep(0.01)

    busy = [asyncio.create_task(using()) for _ in range(3)]
    await restoring.restore(url, own, made.name)
    before = answers
    again = asyncio.create_task(using())
    while answers == before:  # noqa: ASYNC110 - any of them may be the first
        await asyncio.sleep(0.01)
    ended.set()
    await asyncio.gather(*busy, again)
    await database.dispose()

    assert await databases(url) == {""}


async def test_a_library_that_is_not_well_goes_back(url: str, own: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    made = await making.make(url, own, "by hand")
    await changed(url)
    before = await posts(url)

    async def ill(_url: str) -> bool:
        return False

    monkeypatch.setattr(afterwards, "is_well", ill)
    with pytest.raises(RestoreFailed):
        await restoring.restore(url, own, made.name)

    assert await posts(url) == before
    assert await databases(url) == {""}
    found = states.read(own.state_root, own.archive_root)
    assert found is not None
    assert (found.state, found.backup) == ("failed", made.name)


async def test_what_was_here_goes_back_when_its_backup_does_not_restore(
    url: str, own: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await making.make(url, own, "by hand")
    await changed(url)
    before = await posts(url)

    async def wrong(*_given: object) -> list[str]:
        return ["table public.posts has other values in it"]

    monkeypatch.setattr(making, "_proof", wrong)
    with pytest.raises(RestoreFailed, match="back in its place"):
        await restoring.restore(url, own, made.name)

    assert await posts(url) == before
    assert await databases(url) == {""}


async def test_damaged_foreign_and_later_backups_are_refused(url: str, own: Settings) -> None:
    made = await making.make(url, own, "by hand")
    before = await posts(url)
    manifest = own.archive_root / made.name / "manifest.json"
    good = manifest.read_text()
    assert made.manifest is not None

    manifest.write_text(good.replace(made.manifest.revision, "ffffffffffff"))
    with pytest.raises(BackupTooNew):
        await restoring.restore(url, own, made.name)
    manifest.write_text(good.replace('"database.dump"', '"../../../etc/passwd"'))
    with pytest.raises(BackupDamaged):
        await restoring.restore(url, own, made.name)
    manifest.write_text(good.replace('"rows":', '"rows": 1'))
    with pytest.raises((RestoreFailed, BackupDamaged)):
        await restoring.restore(url, own, made.name)
    for name in ("nothing", "..", "../x", "sovia-2020-01-01T000000Z", ".lock", "a\x00b"):
        with pytest.raises(BackupNotFound):
            places.backup(own.archive_root, name)

    assert await posts(url) == before
    assert await databases(url) == {""}


async def test_an_empty_installation_takes_a_backup(cluster_url: str, url: str, own: Settings, worker_id: str) -> None:
    made = await making.make(url, own, "by hand")
    whole = await posts(url)
    await run(cluster_url, f"drop database if exists bare_{worker_id} with (force)")
    await run(cluster_url, f"create database bare_{worker_id}")
    bare = cluster_url.replace("@/sovia?", f"@/bare_{worker_id}?")

    done = await restoring.restore(bare, own, made.name)

    assert done.kept_as is None
    assert await posts(bare) == whole
    await run(cluster_url, f"drop database bare_{worker_id} with (force)")
