"""Hover previews: the first seconds of a clip, small and mute, so that passing over a tile costs a few kilobytes."""

import os
from pathlib import Path
from typing import BinaryIO

from sovia.kit import ffmpeg
from sovia.library import transcoding
from sovia.library.derived import NO_PREVIEW, PREVIEW, folder

SECONDS = 6
FRAMES_PER_SECOND = 12
HEIGHT = 320
TIME_LIMIT_SECONDS = 60
# Never larger than the source, both sides even as H.264 wants them; a very wide clip is bounded like its thumbnails.
SCALE = (
    f"fps={FRAMES_PER_SECOND},"
    f"scale=w='min(iw,{HEIGHT * 5 // 2})':h='min(ih,{HEIGHT})'"
    ":force_original_aspect_ratio=decrease:force_divisible_by=2,setsar=1"
)


def is_settled(derived_root: Path, key: str) -> bool:
    """Whether the preview is there, or was tried in vain."""
    return any(_has_name(derived_root / folder(key) / name) for name in (PREVIEW, NO_PREVIEW))


def make(derived_root: Path, key: str, clip: BinaryIO) -> bool:
    """Make the preview of an opened clip. False when FFmpeg cannot, which is remembered so that nobody tries again."""
    return transcoding.make(
        derived_root, key, clip, _arguments, name=PREVIEW, failed=NO_PREVIEW, seconds=TIME_LIMIT_SECONDS
    )


def _arguments(demuxer: str, descriptor: int, target: Path) -> list[str]:
    return [
        *ffmpeg.only(demuxer, descriptor),
        *("-t", str(SECONDS)),
        *("-map", "0:v:0", "-an", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1"),
        *("-vf", SCALE),
        *("-c:v", "libx264", "-preset", "veryfast", "-crf", "29", "-pix_fmt", "yuv420p", "-threads", "2"),
        *("-movflags", "+faststart", "-fflags", "+bitexact", "-flags", "+bitexact"),
        *("-f", "mp4", os.fspath(target)),
    ]


def _has_name(path: Path) -> bool:
    try:
        return path.lstat().st_size > 0
    except OSError:
        return False
