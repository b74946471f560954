"""The media folders as they are watched: what comes is looked for, what stays the same costs nothing."""

import pytest
from media_files import picture
from shelves import Shelf
from sqlalchemy import select

from sovia.kit import dispatch
from sovia.kit import settings as settings_of_process
from sovia.kit.jobs import Job
from sovia.library import roots, scanning
from sovia.library.service import rooting
from sovia.library.watching import Watch


async def open_jobs(shelf: Shelf) -> int:
    async with shelf.database.begin() as session:
        return len((await session.scalars(select(Job).where(Job.state == "queued"))).all())


async def test_what_comes_is_looked_for(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "RACY_NS", 0)
    watch = Watch(shelf.database, settings_of_process.current())
    (post_id,) = await shelf.want(None)
    await shelf.look()
    assert await watch.look() is False
    assert await open_jobs(shelf) == 0

    shelf.put(f"https_/mine/{post_id}.jpg", picture())
    assert await watch.look() is True
    await dispatch.work(shelf.database, drain=True)

    assert (await shelf.main_file(post_id)).state == "present"


async def test_a_new_folder_is_marked_and_a_lost_marker_can_be_accepted(shelf: Shelf) -> None:
    settings = settings_of_process.current()
    async with shelf.database.begin() as session:
        (before,) = await rooting.take_stock(session, settings)
    (settings.media_root / roots.MARKER).unlink()
    async with shelf.database.begin() as session:
        (away,) = await rooting.take_stock(session, settings)
    async with shelf.database.begin() as session:
        await rooting.accept(session, settings, before.id)
    async with shelf.database.begin() as session:
        (after,) = await rooting.take_stock(session, settings)

    assert (before.is_away, away.is_away, after.is_away) == (False, True, False)
    assert before.id == away.id == after.id
