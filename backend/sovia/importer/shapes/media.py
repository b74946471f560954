"""Pictures, clips and sounds met in folders and archives: the seam to what reads the prompts inside them."""

from collections.abc import Callable, Iterator
from typing import BinaryIO

from sovia.importer.problems import Problem
from sovia.library.incoming import NewPost

EXTENSIONS = frozenset(
    (
        ".png",
        ".jpg",
        ".jpeg",
        ".webp",
        ".gif",
        ".avif",
        ".mp4",
        ".webm",
        ".mov",
        ".m4v",
        ".flac",
        ".mp3",
        ".wav",
        ".m4a",
    )
)
# Given the name of a file and the file, open at its beginning: what it says of itself.
MediaReader = Callable[[str, BinaryIO], Iterator[NewPost | Problem]]
# Without one, media are only counted.
reader: MediaReader | None = None


def is_named_like_media(name: str) -> bool:
    """Whether a file is probably a picture, clip or sound; what it is really is seen when it is opened."""
    dot = name.rfind(".")
    return dot >= 0 and name[dot:].lower() in EXTENSIONS
