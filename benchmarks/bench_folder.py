"""How fast a folder of small PNGs with prompts inside is read: headers alone, with fingerprints, and with copies.

    python benchmarks/bench_folder.py [--files 4000] [--folder FOLDER]

Makes its own files in a folder that is removed afterwards, unless `--folder` names one, which is only read.
"""

import argparse
import os
import struct
import tempfile
import time
import zlib
from collections.abc import Callable
from pathlib import Path

from sovia.importer.embedded.folder import open_media
from sovia.importer.embedded.reading import read_media
from sovia.importer.embedded.walking import Tally, walk
from sovia.importer.export import Export

PARAMETERS = (
    "a lighthouse at dusk number {number}, storm, (masterpiece:1.2), red fox, glass, highly detailed, volumetric light"
    "\nNegative prompt: blurry, watermark, lowres, jpeg artifacts\nSteps: 30, Sampler: DPM++ 2M, Schedule type: Karras"
    ", CFG scale: 5.5, Seed: {number}, Size: 832x1216, Model hash: 31e35c80fc, Model: sd_xl_base, Version: v1.10.1"
)


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def make(folder: Path, files: int, kilobytes: int) -> None:
    """Small pictures whose pixels are noise, so that each is as large as it says."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1024, kilobytes, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(os.urandom(1024 * kilobytes), 0))
    for number in range(files):
        place = folder / f"{number // 1000:03}"
        place.mkdir(exist_ok=True)
        text = chunk(b"tEXt", b"parameters\0" + PARAMETERS.format(number=number).encode())
        (place / f"{number:06}.png").write_bytes(b"\x89PNG\r\n\x1a\n" + header + text + pixels + chunk(b"IEND", b""))


def timed(what: str, files: int, work: Callable[[], int]) -> None:
    started = time.perf_counter()
    done = work()
    seconds = time.perf_counter() - started
    print(f"{what:42} {done:8,} of {files:,} files {done / seconds:10,.0f} files/s")


def headers(folder: Path) -> int:
    return sum(read_media(folder / entry.name) is not None for entry in walk(folder, Tally()))


def taken(folder: Path, keep_in: Path | None) -> int:
    opened = open_media(folder, keep_in=keep_in)
    try:
        return sum(len(one.posts) for one in opened.chunks())
    finally:
        opened.close()


def exported(folder: Path) -> int:
    found = Export(folder)
    try:
        return sum(len(one.posts) for one in found.chunks())
    finally:
        found.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=4000)
    parser.add_argument("--kilobytes", type=int, default=8)
    parser.add_argument("--folder", type=Path)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = wanted.folder or Path(name, "media")
        if wanted.folder is None:
            folder.mkdir()
            make(folder, wanted.files, wanted.kilobytes)
        files = sum(1 for _ in walk(folder, Tally()))
        print(f"load: {os.getloadavg()}")
        timed("headers, one process", files, lambda: headers(folder))
        timed("posts with fingerprints, in children", files, lambda: taken(folder, None))
        timed("the same through the door of all exports", files, lambda: exported(folder))
        timed("the same, and copies", files, lambda: taken(folder, Path(name, "https_")))
        timed("again, when the copies are there", files, lambda: taken(folder, Path(name, "https_")))


if __name__ == "__main__":
    main()
