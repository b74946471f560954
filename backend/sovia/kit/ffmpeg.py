"""The FFmpeg program that comes with the product: where it is, and running it on one file with limits."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import imageio_ffmpeg

from sovia.kit.processes import CHILD

LAST_WORDS = 400


class Failed(RuntimeError):
    """FFmpeg could not do it; the text is its last words."""


@cache
def binary() -> Path:
    """The program; RuntimeError when the wheel that brings it has none for this machine."""
    return Path(imageio_ffmpeg.get_ffmpeg_exe())


def only(demuxer: str, descriptor: int) -> list[str]:
    """Input arguments that open this open file by this demuxer and nothing else.

    A playlist named like a clip is then refused instead of followed: no other file and no address can be reached.
    """
    limits = ["-max_streams", "64", "-probesize", "5000000", "-analyzeduration", "5000000"]
    return [*limits, "-protocol_whitelist", "fd", "-f", demuxer, "-fd", str(descriptor), "-i", "fd:"]


def run(arguments: Sequence[str], *, seconds: float, keep: Sequence[int] = ()) -> None:
    """Run it to its end; `Failed` when that is not a good one, or does not come within `seconds`.

    It ends with this process, reads no standard input, overwrites its target, and inherits the descriptors `keep`.
    """
    guard = [sys.executable, "-I", "-S", str(CHILD), str(int(signal.SIGKILL)), str(os.getpid())]
    try:
        done = subprocess.run(
            [*guard, str(binary()), "-nostdin", "-hide_banner", "-v", "error", "-y", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=seconds,
            check=False,
            pass_fds=tuple(keep),
        )
    except subprocess.TimeoutExpired:
        raise Failed(f"stopped after {seconds:.0f} s") from None
    if done.returncode:
        raise Failed(done.stderr.decode(errors="replace").strip()[-LAST_WORDS:] or f"exit code {done.returncode}")
