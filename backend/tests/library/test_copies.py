"""Copies of clips that a browser cannot play: made once, when asked for, with sound, and served like a preview."""

import io

import av
import httpx
import pytest
from media_files import TEST_PICTURE, made_by_ffmpeg, picture
from shelves import Shelf

from sovia.kit import dispatch


def h265() -> bytes:
    source = TEST_PICTURE.format(size="160x90", rate=12, seconds=1)
    sound = ("-f", "lavfi", "-i", "sine=duration=1")
    codec = ("-c:v", "libx265", "-x265-params", "log-level=none", "-c:a", "aac", "-pix_fmt", "yuv420p")
    return made_by_ffmpeg(".mp4", "-f", "lavfi", "-i", source, *sound, *codec)


async def test_a_copy_is_made_once_and_served(shelf: Shelf, live_client: httpx.AsyncClient) -> None:
    (post_id,) = await shelf.want(h265(), kind="video")
    await shelf.look()

    first = (await live_client.post(f"/api/media/{post_id}/copy")).json()
    await dispatch.work(shelf.database, drain=True)
    second = (await live_client.post(f"/api/media/{post_id}/copy")).json()
    served = await live_client.get(second["url"])

    assert (first["state"], second["state"], second["job_id"]) == ("making", "ready", None)
    assert served.headers["content-type"] == "video/mp4"
    assert "immutable" in served.headers["cache-control"]
    with av.open(io.BytesIO(served.content)) as clip:
        codecs = [stream.codec_context.name for stream in clip.streams]
    assert codecs == ["h264", "aac"]


async def test_what_cannot_be_copied_says_so(
    shelf: Shelf, live_client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    (post_id,) = await shelf.want(h265(), kind="video")
    await shelf.look()
    file = await shelf.main_file(post_id)
    folder = shelf.home / "https_/_derived" / (file.sha256 or b"").hex()[:2] / (file.sha256 or b"").hex()
    (folder / "play.failed").write_text("no")

    answer = (await live_client.post(f"/api/media/{post_id}/copy")).json()

    assert answer == {"state": "failed", "url": None, "job_id": None}


async def test_pictures_and_missing_clips_have_no_copy(shelf: Shelf, live_client: httpx.AsyncClient) -> None:
    here, missing = await shelf.want(picture(), None)
    await shelf.look()

    for post_id in (here, missing):
        assert (await live_client.post(f"/api/media/{post_id}/copy")).status_code == 404
