"""Copies of clips in H.264 with AAC, which every browser plays: for clips in H.265, AV1 or whatever one does not."""

import os
from pathlib import Path
from typing import BinaryIO

from sovia.kit import ffmpeg
from sovia.library import transcoding
from sovia.library.derived import COPY, NO_COPY, folder

TIME_LIMIT_SECONDS = 1800.0
LONGEST_SECONDS = 3600
MOST_BYTES = 4_000_000_000
# Larger than a full screen gains nothing that a person sees while it plays; both sides even, as H.264 wants them.
SCALE = "scale=w='min(iw,2560)':h='min(ih,2560)':force_original_aspect_ratio=decrease:force_divisible_by=2"


def state(derived_root: Path, key: str) -> str:
    """`ready`, `failed` when it was tried in vain, or `none`."""
    for name, found in ((COPY, "ready"), (NO_COPY, "failed")):
        try:
            if (derived_root / folder(key) / name).lstat().st_size > 0:
                return found
        except OSError:
            continue
    return "none"


def make(derived_root: Path, key: str, clip: BinaryIO) -> bool:
    """Make the copy of an opened clip. False when FFmpeg cannot, which is remembered."""
    return transcoding.make(derived_root, key, clip, _arguments, name=COPY, failed=NO_COPY, seconds=TIME_LIMIT_SECONDS)


def _arguments(demuxer: str, descriptor: int, target: Path) -> list[str]:
    return [
        *ffmpeg.only(demuxer, descriptor),
        *("-t", str(LONGEST_SECONDS), "-fs", str(MOST_BYTES)),
        *("-map", "0:v:0", "-map", "0:a:0?", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1"),
        *("-vf", SCALE, "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-pix_fmt", "yuv420p", "-threads", "2"),
        *("-c:a", "aac", "-b:a", "160k", "-ac", "2"),
        *("-movflags", "+faststart", "-f", "mp4", os.fspath(target)),
    ]
