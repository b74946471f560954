"""The job that fetches: what is meant, in which order, at which pace, and what is told of what failed."""

import asyncio
from datetime import timedelta

import pytest
from fetching.bringing import OPEN_HOST, OWN_HOST, downloads, fetch, states, wanted
from fetching.hostile_server import Asked, Server, broken_off, good, head
from makers import NOON
from media_files import clip, picture
from shelves import Shelf
from sqlalchemy import update

from sovia.fetching import queries, rounds, service
from sovia.fetching.models import Download, FetchSettings
from sovia.kit import clock
from sovia.kit import settings as settings_of_process
from sovia.kit.jobs import Job
from sovia.library.models import File, Post

PICTURE = picture("JPEG", (300, 200))


async def settle(shelf: Shelf, **values: object) -> None:
    async with shelf.database.begin() as session:
        await session.execute(update(FetchSettings).values(**values))


async def test_missing_files_come_home_and_are_looked_into(shelf: Shelf, server: Server) -> None:
    ids = await wanted(shelf, "a.jpg", "b.jpg")
    server.serve("/a.jpg", PICTURE)
    server.serve("/b.jpg", picture("PNG", (200, 300), 2))
    version = await shelf.version()

    result = await fetch(shelf)

    assert result["fetched"] == 2
    assert await states(shelf, ids) == ["present", "present"]
    assert (await shelf.post(ids[0])).thumbnail
    assert await downloads(shelf) == {}
    assert await shelf.version() > version


async def test_what_failed_is_told_by_cause_and_gone_is_no_failure_to_try_again(shelf: Shelf, server: Server) -> None:
    ids = await wanted(shelf, "gone.jpg", "page.jpg")
    server.says("/page.jpg", head(Content_Length=20) + b"<html>sign in</html>")

    await fetch(shelf)

    assert await downloads(shelf) == {"gone.jpg": ("failed", "gone"), "page.jpg": ("failed", "not_media")}
    assert await states(shelf, ids) == ["gone", "wanted"]
    asked = len(server.asked)
    await fetch(shelf)
    assert [one.path for one in server.asked[asked:]] == ["/page.jpg"]


async def test_what_was_gone_is_found_when_it_comes_another_way(shelf: Shelf, server: Server) -> None:
    (post_id,) = await wanted(shelf, "a.jpg")
    await fetch(shelf)
    assert (await shelf.main_file(post_id)).state == "gone"

    shelf.put(f"https_/{OPEN_HOST}/a.jpg", PICTURE)
    await shelf.look()

    assert await states(shelf, [post_id]) == ["present"]


async def test_a_damaged_file_is_replaced(shelf: Shelf, server: Server) -> None:
    (post_id,) = await shelf.want(PICTURE[:-300], path=f"https_/{OPEN_HOST}/a.jpg")
    await shelf.look()
    assert await states(shelf, [post_id]) == ["corrupt"]
    server.serve("/a.jpg", PICTURE)

    await fetch(shelf)

    assert await states(shelf, [post_id]) == ["present"]


async def test_one_host_asks_for_the_session_a_few_times_only(shelf: Shelf, server: Server) -> None:
    await wanted(shelf, *(f"{number}/content" for number in range(40)), host=OWN_HOST)
    for number in range(40):
        server.says(f"/{number}/content", head(403, Content_Length=0))

    result = await fetch(shelf)

    assert result["needs_session"] == 40
    assert len(server.asked) <= 12
    async with shelf.database.begin() as session:
        rows = await queries.standing(session, shelf.user_id)
    assert [row[:3] for row in rows["failed"]] == [(OWN_HOST, "needs_session", 40)]


async def test_a_host_that_is_on_no_list_is_not_asked(shelf: Shelf, server: Server) -> None:
    await wanted(shelf, "a.jpg", "b.jpg", host="evil.example")

    await fetch(shelf)

    assert await downloads(shelf) == dict.fromkeys(("a.jpg", "b.jpg"), ("failed", "host_not_allowed"))
    assert server.asked == []


async def test_a_host_that_a_person_allows_is_asked(shelf: Shelf, server: Server) -> None:
    ids = await wanted(shelf, "a.jpg", host="files.example")
    server.serve("/a.jpg", PICTURE)
    async with shelf.database.begin() as session:
        await service.set_settings(session, shelf.user_id, {"hosts": ["Files.Example"]})

    await fetch(shelf)

    assert await states(shelf, ids) == ["present"]


async def test_no_more_at_once_than_is_polite(shelf: Shelf, server: Server) -> None:
    gate = asyncio.Event()

    async def wait(asked: Asked, writer: asyncio.StreamWriter) -> None:
        if server.at_once[OPEN_HOST] >= 2:
            gate.set()
        await gate.wait()
        await good(PICTURE)(asked, writer)

    names = [f"{number}.jpg" for number in range(12)]
    await wanted(shelf, *names)
    server.paths.update(dict.fromkeys((f"/{name}" for name in names), wait))
    await settle(shelf, per_host=2)

    assert (await fetch(shelf))["fetched"] == 12
    assert server.most_at_once[OPEN_HOST] == 2


async def test_a_busy_host_is_left_alone_for_as_long_as_it_says(shelf: Shelf, server: Server) -> None:
    await wanted(shelf, "a.jpg", "b.jpg")
    server.says("/a.jpg", head(429, Retry_After=600, Content_Length=0))
    server.says("/b.jpg", head(429, Retry_After=600, Content_Length=0))
    await settle(shelf, per_host=1)

    before = clock.now()
    async with shelf.database.begin() as session:
        job_id = await service.want(session, shelf.user_id, {"all": True})
        job = await session.get_one(Job, job_id)
        context = rounds.JobContext(job.id, shelf.user_id, job.payload, shelf.database)
    fetching = rounds.Fetching(context, settings_of_process.current())
    await fetching.line_up({"all": True})
    result = await fetching.run()

    assert result["later"] == 2
    assert len(server.asked) == 1
    async with shelf.database.begin() as session:
        moment = await queries.next_moment(session, shelf.user_id)
    assert moment is not None
    assert moment - before >= timedelta(seconds=599)


async def test_what_may_pass_is_tried_again_by_itself(
    shelf: Shelf, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "FIRST_WAIT_SECONDS", 0.0)
    ids = await wanted(shelf, "a.mp4", kind="video")
    server.paths["/a.mp4"] = broken_off(clip(), after=5_000)

    await fetch(shelf)

    assert await states(shelf, ids) == ["present"]
    assert server.asked[1].first == 5_000


async def test_after_some_tries_it_is_a_failure(shelf: Shelf, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "FIRST_WAIT_SECONDS", 0.0)
    await wanted(shelf, "a.jpg")
    server.says("/a.jpg", head(500, Content_Length=0))

    await fetch(shelf)

    assert await downloads(shelf) == {"a.jpg": ("failed", "server_error")}
    assert len(server.asked) == service.MOST_ATTEMPTS


async def test_what_expires_first_and_what_is_looked_at_come_first(shelf: Shelf, server: Server) -> None:
    stamp = (clock.now() + timedelta(hours=2)).strftime("%Y%m%dT%H%M%SZ")
    names = ["old.jpg", "new.jpg", "looked-at.jpg"]
    ids = await wanted(shelf, *names)
    signed = f"https://{OPEN_HOST}/signed.jpg?X-Amz-Date={stamp}&X-Amz-Expires=60"
    await shelf.want(None, path=f"https_/{OPEN_HOST}/signed.jpg", url=signed)
    for name in names:
        server.serve(f"/{name}", PICTURE)
    server.serve(signed.removeprefix(f"https://{OPEN_HOST}"), PICTURE)
    await settle(shelf, per_host=1)
    async with shelf.database.begin() as session:
        await session.execute(update(Post).where(Post.id == ids[0]).values(created_at=NOON - timedelta(days=9)))
        lacking = await queries.lacking_files(session, shelf.user_id, File.post_id == ids[2], limit=9)
        await service.line_up(session, shelf.user_id, lacking, urgency=1)

    await fetch(shelf)

    order = [one.path.split("?")[0] for one in server.asked]
    assert order == ["/looked-at.jpg", "/signed.jpg", "/new.jpg", "/old.jpg"]


async def test_the_better_version_comes_beside_the_other(shelf: Shelf, server: Server) -> None:
    (post_id,) = await wanted(shelf, "a.mp4", kind="video")
    better = f"https_/{OPEN_HOST}/a_hd.mp4"
    async with shelf.database.begin() as session:
        session.add(shelf.file(post_id, better, role="hd"))
    server.serve("/a.mp4", clip())
    server.serve("/a_hd.mp4", clip(size="640x360"))

    await fetch(shelf)

    async with shelf.database.begin() as session:
        found = await session.get_one(File, (shelf.user_id, post_id, "hd", 0))
    assert (found.state, found.width) == ("present", 640)
    assert (await shelf.main_file(post_id)).width == 320


async def test_only_what_is_meant_is_fetched(shelf: Shelf, server: Server) -> None:
    first, second, third = await wanted(shelf, "a.jpg", "b.jpg", "c.jpg")
    for name in ("a", "b", "c"):
        server.serve(f"/{name}.jpg", PICTURE)
    async with shelf.database.begin() as session:
        await session.execute(update(Post).where(Post.id == second).values(stack_models=["imagine_x_9"]))

    await fetch(shelf, ids=[str(first)])
    assert [one.path for one in server.asked] == ["/a.jpg"]
    await fetch(shelf, filter="model:imagine_x_9")
    assert await states(shelf, [first, second, third]) == ["present", "present", "wanted"]


async def test_paused_it_fetches_nothing_until_it_goes_on(shelf: Shelf, server: Server) -> None:
    ids = await wanted(shelf, "a.jpg")
    server.serve("/a.jpg", PICTURE)
    await settle(shelf, paused=True)

    assert (await fetch(shelf))["paused"] == 1
    assert server.asked == []
    await settle(shelf, paused=False)
    await fetch(shelf)
    assert await states(shelf, ids) == ["present"]


async def test_cancelled_it_wants_nothing_more(shelf: Shelf, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    await wanted(shelf, *(f"{number}.jpg" for number in range(6)))
    arrived = asyncio.Event()

    async def never(_asked: Asked, _writer: asyncio.StreamWriter) -> None:
        arrived.set()
        await asyncio.Event().wait()

    server.paths.update({f"/{number}.jpg": never for number in range(6)})
    monkeypatch.setattr(rounds, "LOOK_EVERY_SECONDS", 0.01)
    fetching = asyncio.create_task(fetch(shelf))
    await arrived.wait()
    async with shelf.database.begin() as session:
        await session.execute(update(Job).values(cancel_requested=True))

    assert (await fetching)["cancelled"]
    assert await downloads(shelf) == {}


async def test_two_posts_that_want_the_same_file_ask_once(shelf: Shelf, server: Server) -> None:
    ids = await wanted(shelf, "a.jpg", "a.jpg")
    server.serve("/a.jpg", PICTURE)

    await fetch(shelf)

    assert await states(shelf, ids) == ["present", "present"]
    assert len(server.asked) == 1


async def test_the_trash_is_not_fetched(shelf: Shelf, server: Server) -> None:
    (post_id,) = await wanted(shelf, "a.jpg")
    async with shelf.database.begin() as session:
        await session.execute(update(Post).where(Post.id == post_id).values(deleted_at=clock.now()))

    await fetch(shelf)

    assert server.asked == []


async def test_what_came_by_another_way_failed_no_more(shelf: Shelf, server: Server) -> None:
    (post_id,) = await wanted(shelf, "a.jpg", host=OWN_HOST)
    server.says("/a.jpg", head(403, Content_Length=0))
    await fetch(shelf)
    shelf.put(f"https_/{OWN_HOST}/a.jpg", PICTURE)
    await shelf.look()

    async with shelf.database.begin() as session:
        assert (await queries.standing(session, shelf.user_id))["failed"] == []
        await service.tidy(session, shelf.user_id)
        assert await session.get(Download, (shelf.user_id, f"https_/{OWN_HOST}/a.jpg")) is None
    assert await states(shelf, [post_id]) == ["present"]
