"""A clip made of a clip, kept beside its thumbnails; when it can not be made, that is kept, and nobody tries again."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from sovia.kit import disk, ffmpeg
from sovia.library.derived import folder
from sovia.library.probing import media_type_of

# What FFmpeg is told: the demuxer, the descriptor it reads from, the file it writes.
Arguments = Callable[[str, int, Path], list[str]]


def make(
    derived_root: Path, key: str, clip: BinaryIO, arguments: Arguments, *, name: str, failed: str, seconds: float
) -> bool:
    """Make the file `name` of an opened clip in so many seconds. False when FFmpeg cannot; `failed` then says why."""
    demuxer = media_type_of(clip).decoder
    # FFmpeg begins where the descriptor stands, and reading ahead has moved it.
    os.lseek(clip.fileno(), 0, os.SEEK_SET)
    try:
        with disk.new_file_beneath(derived_root, f"{folder(key)}/{name}", durable=False) as part:
            ffmpeg.run(arguments(demuxer, clip.fileno(), part), seconds=seconds, keep=[clip.fileno()])
    except ffmpeg.Failed as error:
        # Never empty: an empty file would not count as a try.
        disk.write_beneath(derived_root, f"{folder(key)}/{failed}", str(error).encode() or b"failed")
        return False
    return True
