"""Clips of the demo: a moving picture and sometimes a pad, written as small H.264 files."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from sovia.ops.demo.canvas import to_image
from sovia.ops.demo.colour import Array
from sovia.ops.demo.evolving import frames_of
from sovia.ops.demo.motion import Camera, Particles
from sovia.ops.demo.noise import Random
from sovia.ops.demo.plan import Clip, Picture
from sovia.ops.demo.sound import RATE, pad

FRAME_RATE = 24
Bytes = npt.NDArray[np.uint8]


def clip_size(width: int, height: int) -> tuple[int, int]:
    """The frame size that goes with a picture's shape."""
    if width > height * 1.1:
        return 688, 464
    return (464, 688) if height > width * 1.1 else (560, 560)


def write_clip(path: Path, clip: Clip, picture: Picture, image: Image.Image) -> None:
    """Write the clip of a picture; the same plan gives the same file."""
    rng = np.random.default_rng(clip.seed)
    frames = _frames(rng, clip, picture, image)
    sound = pad(rng, clip.seconds) if clip.sound else None
    write_video(path, frames, clip_size(picture.width, picture.height), sound)


def _frames(rng: Random, clip: Clip, picture: Picture, image: Image.Image) -> Iterator[Bytes]:
    size = clip_size(picture.width, picture.height)
    count = int(clip.seconds * FRAME_RATE)
    warmth = float(rng.uniform(-1, 1)) * (2.5 if clip.mode == "extremely-crazy" else 1.0)
    specks = Particles(rng, size, clip.overlay) if clip.overlay != "none" else None
    if clip.motion == "evolve":
        evolve = frames_of(picture.scene, picture.palette, picture.seed, *size)
    else:
        larger = (int(size[0] * 1.2), int(size[1] * 1.2))
        camera = Camera(rng, ImageOps.fit(image, larger, Image.Resampling.LANCZOS), size, clip.motion)
    for number in range(count):
        time = number / max(1, count - 1)
        still = to_image(evolve(time)) if clip.motion == "evolve" else camera.frame(time)
        frame = np.array(still.point(_tint(warmth, time)))
        if specks is not None:
            specks.over(frame, time)
        yield frame


def _tint(warmth: float, time: float) -> list[int]:
    """A table for Pillow: every byte of every colour after a slow swing between warm and cool."""
    swing = 0.035 * warmth * np.sin(time * np.pi)
    light = 1 + 0.02 * np.sin(time * np.pi * 2)
    table: list[int] = []
    for part in (1 + swing, 1.0, 1 - swing):
        table += [min(255, int(value * part * light + 0.5)) for value in range(256)]
    return table


def write_video(path: Path, frames: Iterator[Bytes], size: tuple[int, int], sound: Array | None) -> None:
    """Encode frames (and two channels of sound) to an MP4 that can start before it is loaded."""
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with av.open(str(path), "w", format="mp4", options=options) as box:
        video = box.add_stream("libx264", rate=FRAME_RATE, options={"preset": "superfast", "crf": "23", "threads": "1"})
        video.width, video.height = size
        video.pix_fmt = "yuv420p"
        audio = box.add_stream("aac", rate=RATE, layout="stereo", options={"b": "96k"}) if sound is not None else None
        for number, pixels in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, FRAME_RATE)
            box.mux(video.encode(frame))
        box.mux(video.encode(None))
        if audio is not None and sound is not None:
            for start in range(0, sound.shape[1] - 1023, 1024):
                part = av.AudioFrame.from_ndarray(
                    np.ascontiguousarray(sound[:, start : start + 1024]), "fltp", "stereo"
                )
                part.sample_rate, part.pts, part.time_base = RATE, start, Fraction(1, RATE)
                box.mux(audio.encode(part))
            box.mux(audio.encode(None))
