"""Sprites and the looks of first and last frames: one pass, small, the same each time; what is broken is tried once."""

import io
from pathlib import Path

import av
import numpy as np
import pytest
from media_files import clip
from PIL import Image
from shelves import Shelf
from sqlalchemy import select

from sovia.library import sprites
from sovia.library.derived import folder
from sovia.library.models import ClipFrames
from sovia.library.unreadable import Unreadable

KEY = "cd" * 32


def growing(seconds: int = 3, *, turn: int = 0, rate: int = 10) -> bytes:
    """A clip whose frames get brighter, with a bar that tells left from right."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for number in range(seconds * rate):
            pixels = np.full((180, 320, 3), 40 + 200 * number // (seconds * rate), np.uint8)
            pixels[:, 300:] = 0
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode())
    return out.getvalue()


def test_moments_stand_in_their_order() -> None:
    strip = sprites.strip_of(io.BytesIO(growing()))

    bright = [float(np.asarray(frame.convert("L"))[:, :100].mean()) for frame in strip.frames]
    assert len(bright) == sprites.COUNT
    assert bright == sorted(bright)
    assert (bright[0] < 60, bright[-1] > 200) == (True, True)
    assert {frame.size for frame in strip.frames} == {(240, 135)}


def test_a_long_clip_is_entered_instead_of_read(monkeypatch: pytest.MonkeyPatch) -> None:
    content = growing(6)
    whole = sprites.strip_of(io.BytesIO(content))

    monkeypatch.setattr(sprites, "READ_THROUGH_SECONDS", 1.0)
    entered = sprites.strip_of(io.BytesIO(content))

    assert (entered.first, entered.last) == (whole.first, whole.last)
    assert len(entered.frames) == sprites.COUNT


def test_a_clip_that_goes_on_begins_as_the_other_ended() -> None:
    first, other = growing(2), clip()
    strip = sprites.strip_of(io.BytesIO(first))
    with av.open(io.BytesIO(first)) as container:
        *_, frame = container.decode(video=0)

    assert sprites.look_of(frame.to_image()) == strip.last
    assert sprites.strip_of(io.BytesIO(other)).first != strip.last


def test_a_sprite_is_whole_and_the_same_each_time(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        with io.BytesIO(clip(seconds=2)) as file:
            assert sprites.make(tmp_path / name, KEY, file) is not None
        made.append((tmp_path / name / folder(KEY) / "sprite.webp").read_bytes())

    assert made[0] == made[1]
    with Image.open(io.BytesIO(made[0])) as sheet:
        assert (sheet.format, sheet.width % 5, sheet.height % 5) == ("WEBP", 0, 0)
        assert not sheet.info.get("exif")


def test_what_is_broken_is_tried_once(tmp_path: Path) -> None:
    """SEC15: a clip without a frame that can be decoded."""
    content = clip(seconds=1)
    with pytest.raises(Unreadable):
        sprites.strip_of(io.BytesIO(b"#EXTM3U\nfile:///etc/passwd"))

    with io.BytesIO(content[:200]) as file:
        assert sprites.make(tmp_path, KEY, file) is None

    assert sprites.is_settled(tmp_path, KEY)


async def test_the_job_keeps_the_looks(shelf: Shelf) -> None:
    (post_id,) = await shelf.want(clip(seconds=2), kind="video")
    await shelf.look()
    key = (await shelf.post(post_id)).thumbnail

    async with shelf.database.begin() as session:
        (row,) = await session.scalars(select(ClipFrames))
    assert (row.thumbnail, row.first is not None, row.last is not None) == (key, True, True)
    before = shelf.derived()
    await shelf.look()
    assert shelf.derived() == before
