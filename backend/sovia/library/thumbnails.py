"""Making thumbnails and placeholders from a decoded picture; `library.derived` says which there are and where."""

import io
from pathlib import Path

import numpy as np
from PIL import Image

from sovia.kit import disk
from sovia.library import thumbhash
from sovia.library.derived import SIZES, box, folder
from sovia.library.pictures import fitted

QUALITY = 72
METHOD = 4


def write(derived_root: Path, key: str, picture: Image.Image) -> None:
    """Make and store all three; a reader sees each one whole or not at all. OSError when the disk will not."""
    encoded, before = b"", None
    for size in SIZES:
        picture = fitted(picture, box(size))
        if picture is not before:
            encoded, before = webp(picture), picture
        disk.write_beneath(derived_root, f"{folder(key)}/{size}.webp", encoded, durable=False)


def webp(picture: Image.Image) -> bytes:
    """The picture as WebP, without any metadata."""
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=QUALITY, method=METHOD, exif=b"", icc_profile=None, xmp=b"")
    return out.getvalue()


def placeholder(derived_root: Path, key: str) -> bytes:
    """The blurred likeness, from the smallest thumbnail: the same bytes whenever it is asked for."""
    with Image.open(derived_root / folder(key) / f"{SIZES[-1]}.webp", formats=["WEBP"]) as smallest:
        side = thumbhash.LONGEST_SIDE
        image = fitted(smallest.convert("RGBA"), (side, side))
    return thumbhash.encode(np.asarray(image))
