"""The job that looks for files and into them: what it writes, twice, in parts, killed, and with broken files."""

import shutil
from datetime import timedelta
from pathlib import Path

import hanging
import pytest
from media_files import PLAYLIST, picture, sound
from samples import bomb_png, broken_files, tiny_clip, tiny_picture
from shelves import Shelf
from sqlalchemy import select, update

from sovia.kit.jobs import Job
from sovia.library import rounds
from sovia.library.models import File
from sovia.library.queries import posts
from sovia.library.service import filing


async def test_a_picture_is_known_after_the_look(shelf: Shelf) -> None:
    (post_id,) = await shelf.want(picture("PNG"))

    result = await shelf.look()

    post, file = await shelf.post(post_id), await shelf.main_file(post_id)
    assert (result["found"], result["present"]) == (1, 1)
    assert (file.state, file.mime_type, file.width, file.height) == ("present", "image/png", 300, 200)
    assert (post.media_state, post.mime_type, post.width, post.height) == ("present", "image/png", 300, 200)
    assert post.ratio == 151
    assert file.sha256 is not None
    assert post.thumbnail == file.sha256.hex()
    assert post.placeholder is not None
    assert len(post.placeholder) <= 30
    assert {name.rpartition("/")[2] for name in shelf.derived()} == {"160.webp", "320.webp", "640.webp"}


async def test_a_clip_gets_its_length_thumbnails_and_preview(shelf: Shelf) -> None:
    (post_id,) = await shelf.want(tiny_clip("one", seconds=1, sound=True), kind="video")

    await shelf.look()

    post, file = await shelf.post(post_id), await shelf.main_file(post_id)
    assert post.duration_seconds == pytest.approx(1, abs=0.1)
    assert (file.frame_rate, file.has_audio, file.mime_type) == (24, True, "video/mp4")
    assert {name.rpartition("/")[2] for name in shelf.derived()} == {
        "160.webp",
        "320.webp",
        "640.webp",
        "preview.mp4",
        "sprite.webp",
    }


@pytest.mark.parametrize("loud", [True, False])
async def test_a_card_tells_whether_a_clip_can_be_heard(shelf: Shelf, loud: bool) -> None:
    (post_id,) = await shelf.want(tiny_clip("one", seconds=1, sound=loud), kind="video")
    async with shelf.database.begin() as session:
        (before,) = await posts.cards(session, shelf.user_id, [post_id])

    await shelf.look()

    async with shelf.database.begin() as session:
        (after,) = await posts.cards(session, shelf.user_id, [post_id])
    assert (before["sound"], after["sound"]) == (None, loud)


async def test_a_sound_gets_its_length_and_no_picture(shelf: Shelf) -> None:
    (post_id,) = await shelf.want(sound(".flac"), kind="audio")

    await shelf.look()

    post = await shelf.post(post_id)
    assert (post.media_state, post.thumbnail, post.mime_type) == ("present", None, "audio/flac")
    assert post.duration_seconds == pytest.approx(1, abs=0.1)


async def test_a_missing_file_is_counted_and_found_when_it_comes(shelf: Shelf) -> None:
    (post_id,) = await shelf.want(None)
    assert (await shelf.look())["missing"] == 1
    assert ((await shelf.main_file(post_id)).state, (await shelf.post(post_id)).media_state) == ("missing", "missing")

    shelf.put(f"https_/assets.grok.com/users/u/{post_id}/content.jpg", picture())
    await shelf.look()

    file = await shelf.main_file(post_id)
    assert (file.state, file.found_path) == ("present", f"{file.path}.jpg")
    assert (await shelf.post(post_id)).media_state == "present"


async def test_a_library_without_a_media_folder_misses_all_its_files(shelf: Shelf) -> None:
    (post_id,) = await shelf.want(None)
    shutil.rmtree(shelf.home / "https_")

    assert (await shelf.look())["missing"] == 1
    assert (await shelf.main_file(post_id)).state == "missing"


async def test_broken_files_are_corrupt_with_a_reason(shelf: Shelf) -> None:
    broken = {**broken_files(), "wide": bomb_png(8001, 8001), "playlist": PLAYLIST}
    ids = dict(zip(broken, await shelf.want(*broken.values()), strict=True))
    (whole,) = await shelf.want(picture())

    result = await shelf.look()

    assert (result["corrupt"], result["present"]) == (len(broken), 1)
    for name, post_id in ids.items():
        file, post = await shelf.main_file(post_id), await shelf.post(post_id)
        assert (name, file.state, post.media_state, post.thumbnail) == (name, "corrupt", "corrupt", None)
        assert file.reason
        assert file.reason.startswith("it ")
    assert (await shelf.post(whole)).media_state == "present"


async def test_running_it_again_changes_nothing(shelf: Shelf) -> None:
    contents = [tiny_picture("a"), tiny_clip("b"), None, broken_files()["empty"], tiny_picture("a")]
    await shelf.want(*contents)
    await shelf.look()
    before, version = await shelf.everything(), await shelf.version()

    result = await shelf.look()

    assert await shelf.everything() == before
    assert await shelf.version() == version
    assert (result["found"], result["missing"], result.get("present", 0)) == (0, 0, 0)


async def test_equal_bytes_share_what_is_derived(shelf: Shelf) -> None:
    first, second = await shelf.want(tiny_picture("same"), tiny_picture("same"))

    await shelf.look()

    assert (await shelf.post(first)).thumbnail == (await shelf.post(second)).thumbnail
    assert len(shelf.derived()) == 3


async def test_a_changed_file_is_looked_into_again(shelf: Shelf) -> None:
    (post_id,) = await shelf.want(picture("JPEG", (300, 200)))
    await shelf.look()
    version = await shelf.version()

    shelf.put((await shelf.main_file(post_id)).path or "", picture("JPEG", (200, 300), 2))
    await shelf.look()

    post = await shelf.post(post_id)
    assert (post.width, post.height, post.media_state) == (200, 300, "present")
    assert await shelf.version() > version


async def test_a_repaired_file_is_corrupt_no_more(shelf: Shelf) -> None:
    (post_id,) = await shelf.want(b"")
    await shelf.look()

    shelf.put((await shelf.main_file(post_id)).path or "", picture())
    await shelf.look()

    file = await shelf.main_file(post_id)
    assert (file.state, file.reason) == ("present", None)


async def test_a_deleted_file_is_missing_but_its_picture_stays(shelf: Shelf) -> None:
    gone, _ = await shelf.want(tiny_picture("gone"), tiny_picture("stays"))
    await shelf.look()

    (shelf.home / ((await shelf.main_file(gone)).path or "")).unlink()
    await shelf.look()

    post = await shelf.post(gone)
    assert (post.media_state, post.thumbnail is not None) == ("missing", True)


async def test_a_disk_that_is_not_there_makes_nothing_missing(shelf: Shelf) -> None:
    (post_id,) = await shelf.want(picture())
    await shelf.look()

    shutil.move(shelf.home / "https_", shelf.home / "unmounted")
    (shelf.home / "https_").mkdir()
    await shelf.look()

    assert (await shelf.main_file(post_id)).state == "present"


async def test_lost_thumbnails_are_made_again(shelf: Shelf) -> None:
    await shelf.want(picture())
    await shelf.look()
    before = shelf.derived()

    shutil.rmtree(shelf.home / "https_" / "_derived")
    await shelf.look()

    assert shelf.derived() == before


async def test_other_files_of_a_post_are_known_but_not_shown(shelf: Shelf) -> None:
    (post_id,) = await shelf.want(picture("JPEG", (300, 200)))
    path = "https_/assets.grok.com/users/u/hd/content"
    shelf.put(path, picture("JPEG", (600, 400)))
    async with shelf.database.begin() as session:
        session.add(shelf.file(post_id, path, role="hd"))

    await shelf.look()

    async with shelf.database.begin() as session:
        better = await session.get_one(File, (shelf.user_id, post_id, "hd", 0))
    assert (better.state, better.width) == ("present", 600)
    assert (await shelf.post(post_id)).width == 300
    assert len(shelf.derived()) == 3


async def test_the_newest_posts_come_first(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    await shelf.want(*(tiny_picture(str(number)) for number in range(6)))
    asked = []
    ask = rounds.Looking._ask

    def noted(self: rounds.Looking, file: rounds.FoundFile) -> object:
        asked.append(file.post_id)
        return ask(self, file)

    monkeypatch.setattr(rounds.Looking, "_ask", noted)
    await shelf.look()

    assert asked == shelf.posts[::-1]


async def test_a_hanging_file_stops_no_other(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    # The child sleeps on the request for one file, as a decoder in an endless loop would do.
    monkeypatch.setenv("PYTHONPATH", str(Path(hanging.__file__).parent))
    monkeypatch.setattr(rounds, "EXAMINE", "hanging:examine_or_hang")
    monkeypatch.setattr(rounds, "SECONDS_PER_FILE", 2.0)
    good, bad = await shelf.want(tiny_picture("good"), b"HANG" + tiny_picture("bad"))

    await shelf.look()

    assert (await shelf.main_file(good)).state == "present"
    file = await shelf.main_file(bad)
    assert (file.state, file.reason) == ("corrupt", "it takes too long to decode")


async def test_a_full_disk_fails_the_job_and_blames_no_file(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    (post_id,) = await shelf.want(picture())
    monkeypatch.setattr(rounds, "ROOM_TO_LEAVE", 1 << 60)

    with pytest.raises(AssertionError, match="Make room"):
        await shelf.look()

    assert (await shelf.main_file(post_id)).state == "wanted"


async def test_an_older_look_never_covers_a_newer_one(shelf: Shelf) -> None:
    (post_id,) = await shelf.want(None)
    await shelf.look()
    late = filing.Examined(post_id, "media", 0, state="present", mime_type="image/png", width=9, height=9)

    async with shelf.database.begin() as session:
        await filing.record_examined(session, shelf.user_id, [late])

    assert ((await shelf.main_file(post_id)).state, (await shelf.post(post_id)).media_state) == ("missing", "missing")


async def test_a_person_can_stop_it(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    await shelf.want(*(tiny_picture(str(number)) for number in range(20)))
    monkeypatch.setattr(rounds, "WRITTEN_AT_ONCE", 1)
    monkeypatch.setattr(rounds, "SECONDS_BETWEEN_WORDS", 0)
    say = rounds.Round.say

    async def stop_soon(self: rounds.Round, done: int, total: int | None, note: str, **more: bool) -> None:
        if done >= 3:
            async with self.job.database.begin() as session:
                await session.execute(update(Job).where(Job.id == self.job.id).values(cancel_requested=True))
        await say(self, done, total, note, **more)

    monkeypatch.setattr(rounds.Round, "say", stop_soon)
    result = await shelf.look()

    assert result["cancelled"]
    assert 3 <= result["present"] < 20


async def test_progress_is_told(shelf: Shelf) -> None:
    await shelf.want(*(tiny_picture(str(number)) for number in range(5)))

    await shelf.look()

    async with shelf.database.begin() as session:
        job = (await session.scalars(select(Job).where(Job.kind == filing.LOOK))).one()
    assert (job.progress_done, job.progress_total) == (5, 5)
    assert job.finished_at is not None
    assert job.started_at is not None
    assert job.finished_at - job.started_at < timedelta(seconds=60)
