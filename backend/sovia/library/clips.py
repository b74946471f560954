"""Clips and sounds: read by the one demuxer of their type through an open file, so that no other is ever opened."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import BinaryIO

import av
import numpy as np
from av.container import InputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from sovia.library.media_types import MediaType
from sovia.library.pictures import MOST_PIXELS, fitted, plain, too_many_pixels
from sovia.library.unreadable import Unreadable

MICROSECONDS = 1_000_000
MOST_STREAMS = 64
MOST_SECONDS = 24 * 3600
MOST_FRAMES_PER_SECOND = 1000
# A clip may fade in from black: the poster is the first frame on which something is to be seen, among the first ones.
FRAMES_TRIED = 24
SOMETHING_TO_SEE = 12.0
LIMITS = {"probesize": "5000000", "analyzeduration": "5000000", "max_streams": str(MOST_STREAMS)}


@dataclass(frozen=True)
class ClipFacts:
    """What the container says; None where it is silent. The size is known from the first frame only."""

    duration_seconds: float | None
    frame_rate: float | None
    has_audio: bool


class Clip:
    """An opened clip or sound; closed by `with`."""

    def __init__(self, file: BinaryIO, media_type: MediaType) -> None:
        """`Unreadable` when the container is broken or states something impossible."""
        try:
            container = av.open(
                file,
                format=media_type.decoder,
                container_options=LIMITS,
                buffer_size=1 << 17,
                metadata_errors="replace",
            )
        except (av.FFmpegError, OSError, ValueError) as error:
            raise Unreadable(f"its container is broken ({_short(error)})") from error
        assert isinstance(container, InputContainer)
        self._container = container
        self._video = self._picture_stream()
        if self._video is not None:
            self._video.thread_count = 1

    def __enter__(self) -> "Clip":
        return self

    def __exit__(self, *error: object) -> None:
        self._container.close()

    def facts(self) -> ClipFacts:
        """What the container says of itself, or `Unreadable` when it is beyond our limits."""
        streams = self._container.streams
        if len(streams) > MOST_STREAMS:
            raise Unreadable(f"it holds {len(streams)} tracks; the limit is {MOST_STREAMS}")
        duration = self._duration()
        if duration is not None and duration > MOST_SECONDS:
            raise Unreadable(f"it claims to last {duration / 3600:.0f} hours")
        if self._video is not None:
            width, height = self._video.codec_context.width, self._video.codec_context.height
            if width * height > MOST_PIXELS:
                raise Unreadable(too_many_pixels(width, height))
        return ClipFacts(duration, self._frame_rate(), bool(streams.audio))

    def poster(self, *, at_least: tuple[int, int]) -> tuple[Image.Image, int, int]:
        """A telling early frame, upright, not much larger than `at_least`, and the full width and height as seen.

        `Unreadable` when no frame can be decoded.
        """
        frame = self._telling_frame()
        image = plain(Image.fromarray(frame.to_ndarray(format="rgb24")))
        width, height = frame.width, frame.height
        if frame.rotation % 180:
            width, height = height, width
        turned = image.rotate(frame.rotation, expand=True) if frame.rotation else image
        return fitted(turned, at_least), width, height

    def frames(self, most: int, *, begin: float | None = None) -> Iterator[tuple[float, VideoFrame]]:
        """At most so many frames with their times in seconds; from the whole picture before `begin`, if it is given."""
        if self._video is None:
            return
        start = float((self._video.start_time or 0) * (self._video.time_base or 0))
        if begin is not None:
            self._container.seek(int((begin + start) * MICROSECONDS))
        for number, frame in enumerate(self._container.decode(self._video)):
            if frame.width * frame.height > MOST_PIXELS:
                raise Unreadable(too_many_pixels(frame.width, frame.height))
            yield (frame.time or 0.0) - start, frame
            if number + 1 >= most:
                return

    def _telling_frame(self) -> VideoFrame:
        if self._video is None:
            raise Unreadable("it has no picture track")
        best, best_contrast = None, -1.0
        try:
            for number, frame in enumerate(self._container.decode(self._video)):
                if frame.width * frame.height > MOST_PIXELS:
                    raise Unreadable(too_many_pixels(frame.width, frame.height))
                contrast = _contrast(frame)
                if contrast > best_contrast:
                    best, best_contrast = frame, contrast
                if contrast >= SOMETHING_TO_SEE or number + 1 >= FRAMES_TRIED:
                    break
        except (av.FFmpegError, OSError, ValueError) as error:
            if best is None and not isinstance(error, Unreadable):
                raise Unreadable(f"its first picture cannot be decoded ({_short(error)})") from error
            if best is None:
                raise
        if best is None:
            raise Unreadable("it holds no pictures")
        return best

    def _picture_stream(self) -> VideoStream | None:
        # A cover picture inside a sound file is not a clip.
        streams = self._container.streams.video
        return next((stream for stream in streams if not stream.disposition & Disposition.attached_pic), None)

    @property
    def has_pictures(self) -> bool:
        """Whether there is something to see."""
        return self._video is not None

    def _duration(self) -> float | None:
        if self._container.duration is not None and self._container.duration > 0:
            return float(self._container.duration) / MICROSECONDS
        lengths = [
            float(stream.duration * stream.time_base)
            for stream in self._container.streams
            if stream.duration and stream.time_base
        ]
        longest = max(lengths, default=0.0)
        return longest if longest > 0 else None

    def _frame_rate(self) -> float | None:
        rate: Fraction | None = self._video.average_rate if self._video else None
        if rate is None or rate <= 0:
            return None
        if rate > MOST_FRAMES_PER_SECOND:
            raise Unreadable(f"it claims {float(rate):.0f} pictures a second")
        return float(rate)


def _contrast(frame: VideoFrame) -> float:
    """How much the brightness varies over the frame, from 0 (one even colour) to about 127."""
    small = frame.reformat(width=32, height=32, format="gray")
    return float(np.std(small.to_ndarray()))


def _short(error: Exception) -> str:
    text = error.strerror if isinstance(error, OSError) else str(error)
    return (str(text).splitlines() or ["no reason given"])[0][:120]
