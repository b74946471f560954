"""What is derived from a file and where it lies: thumbnails by height, the hover preview, all under the file's sha256.

A size is a height. The grid shows rows of one height, so pictures of every shape come out equally sharp at the same
size; a very wide one is bounded in width. None is larger than its source: the three may then be the same picture.
"""

from pathlib import Path

SIZES = (640, 320, 160)
WIDEST = 2.5
PREVIEW = "preview.mp4"
NO_PREVIEW = "preview.failed"
# Frames of a clip in one picture of five by five.
SPRITE = "sprite.webp"
NO_SPRITE = "sprite.failed"
# A copy of a clip that not every browser plays.
COPY = "play.mp4"
NO_COPY = "play.failed"
NAMES = frozenset((*(f"{size}.webp" for size in SIZES), PREVIEW, SPRITE, COPY))


def folder(key: str) -> str:
    """Where everything derived from the file with this sha256 (hex) lies, below the folder of derived files."""
    return f"{key[:2]}/{key}"


def box(size: int) -> tuple[int, int]:
    """The most a thumbnail of this size may measure: width, height."""
    return round(size * WIDEST), size


LARGEST = box(SIZES[0])


def has_thumbnails(derived_root: Path, key: str) -> bool:
    """Whether all three are there; an empty one, left by a power cut, does not count."""
    try:
        return all((derived_root / folder(key) / f"{size}.webp").stat().st_size for size in SIZES)
    except OSError:
        return False
