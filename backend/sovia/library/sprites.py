"""Scrub sprites: frames of a clip in one picture, so that passing over a tile shows any moment of it at once.

The same pass over the clip takes the look of its first and last frame, by which a clip that goes on is known again.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
from av.video.frame import VideoFrame
from PIL import Image

from sovia.kit import disk
from sovia.library.clips import Clip
from sovia.library.derived import NO_SPRITE, SPRITE, folder
from sovia.library.media_types import sniff
from sovia.library.pictures import fitted
from sovia.library.unreadable import Unreadable

# So many frames in a square of five by five: the page moves over it without asking anything of the clip.
SIDE = 5
COUNT = SIDE * SIDE
BOX = (240, 136)
QUALITY = 60
# A clip longer than this is not read through: it is entered at each moment instead.
READ_THROUGH_SECONDS = 40.0
MOST_FRAMES = 6000
FRAMES_NEAR_END = 900
FIELDS = (9, 8)


@dataclass(frozen=True)
class Strip:
    """Frames at even distances, small and upright, and the looks of the first and the last one: 64 bits each."""

    frames: list[Image.Image]
    first: int
    last: int


def is_settled(derived_root: Path, key: str) -> bool:
    """Whether the sprite is there, or was tried in vain."""
    return any(_has_bytes(derived_root / folder(key) / name) for name in (SPRITE, NO_SPRITE))


def make(derived_root: Path, key: str, file: BinaryIO) -> Strip | None:
    """Make the sprite of an opened clip; nothing when it cannot be, which is remembered so that nobody tries again."""
    try:
        strip = strip_of(file)
    except Unreadable as error:
        disk.write_beneath(derived_root, f"{folder(key)}/{NO_SPRITE}", error.reason.encode() or b"failed")
        return None
    disk.write_beneath(derived_root, f"{folder(key)}/{SPRITE}", _sheet(strip.frames), durable=False)
    return strip


def strip_of(file: BinaryIO) -> Strip:
    """Frames of a clip, or `Unreadable` when none can be decoded."""
    file.seek(0)
    media_type = sniff(file.read(4096))
    file.seek(0)
    if media_type is None:
        raise Unreadable("it is no clip")
    with Clip(file, media_type) as clip:
        seconds = clip.facts().duration_seconds or 0.0
        found = _Collected(seconds)
        frames = clip.frames(MOST_FRAMES) if seconds <= READ_THROUGH_SECONDS else _entered(clip, found.moments, seconds)
        try:
            for at, frame in frames:
                found.see(at, frame)
        except (av.FFmpegError, OSError, ValueError) as error:
            # What was decoded up to a broken place can be shown.
            if found.last is None:
                raise Unreadable("none of its pictures can be decoded") from error
    return found.strip()


class _Collected:
    """Takes from the frames that pass those that are wanted."""

    def __init__(self, seconds: float) -> None:
        self.moments = [seconds * (number + 0.5) / COUNT for number in range(COUNT)]
        self.last: VideoFrame | None = None
        self._first = 0
        self._frames: list[Image.Image] = []

    def see(self, at: float, frame: VideoFrame) -> None:
        """One frame, later than those before."""
        if self.last is None:
            self._first = look_of(_small(frame, BOX))
        wanted = self.moments[len(self._frames) :]
        due = sum(moment <= at for moment in wanted)
        if due:
            self._frames += [_small(frame, BOX)] * due
        self.last = frame

    def strip(self) -> Strip:
        """What was taken; where the clip ends before it says, its last frame goes on."""
        if self.last is None:
            raise Unreadable("it holds no pictures")
        end = _small(self.last, BOX)
        return Strip(self._frames + [end] * (COUNT - len(self._frames)), self._first, look_of(end))


def look_of(frame: Image.Image) -> int:
    """Which of two neighbours in 8 rows of 9 fields of grey is brighter, as 64 bits: as in the prints of pictures."""
    grey = np.asarray(frame.convert("L").resize(FIELDS, Image.Resampling.BOX))
    bits = np.packbits((grey[:, 1:] > grey[:, :-1]).reshape(64), bitorder="little")
    return int.from_bytes(bits.tobytes(), "little")


def _entered(clip: Clip, moments: list[float], seconds: float) -> Iterator[tuple[float, VideoFrame]]:
    yield from clip.frames(1)
    for moment in moments:
        for _, frame in clip.frames(1, begin=moment):
            # It is the whole picture before the moment; what matters is that it is near.
            yield moment, frame
    yield from clip.frames(FRAMES_NEAR_END, begin=max(0.0, seconds - 1.0))


def _small(frame: VideoFrame, box: tuple[int, int]) -> Image.Image:
    scale = min(1.0, box[0] / frame.width, box[1] / frame.height)
    size = {"width": max(2, round(frame.width * scale)), "height": max(2, round(frame.height * scale))}
    image = Image.fromarray(frame.reformat(**size, format="rgb24", interpolation="AREA").to_ndarray())
    turned = image.rotate(frame.rotation, expand=True) if frame.rotation else image
    return fitted(turned, box)


def _sheet(frames: list[Image.Image]) -> bytes:
    width, height = frames[0].size
    sheet = Image.new("RGB", (width * SIDE, height * SIDE))
    for number, frame in enumerate(frames):
        whole = frame if frame.size == (width, height) else frame.resize((width, height))
        sheet.paste(whole, (number % SIDE * width, number // SIDE * height))
    out = io.BytesIO()
    sheet.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()


def _has_bytes(path: Path) -> bool:
    try:
        return path.lstat().st_size > 0
    except OSError:
        return False
