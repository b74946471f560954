"""What a media file says of itself, from its headers alone: any bytes may come in, and reading them ends soon."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sovia.importer.embedded import avif, gif, jpeg, mp4, png, webm, webp
from sovia.importer.embedded.found import Found
from sovia.importer.embedded.generation import Generation
from sovia.importer.embedded.recognising import recognised
from sovia.library import media_types
from sovia.library.media_types import MediaType

Reader = Callable[[BinaryIO, Found], None]
READERS: dict[str, Reader] = {
    media_types.PNG.mime: png.read,
    media_types.JPEG.mime: jpeg.read,
    media_types.WEBP.mime: webp.read,
    media_types.GIF.mime: gif.read,
    media_types.AVIF.mime: avif.read,
    media_types.WEBM.mime: webm.read,
    media_types.MP4.mime: mp4.read,
    media_types.QUICKTIME.mime: mp4.read,
    media_types.M4A.mime: mp4.read,
}
# Pictures larger than this are not searched for texts hidden in their pixels.
MOST_PIXELS = 40_000_000


@dataclass(slots=True)
class Embedded:
    """A media file as its headers describe it: its type, all its texts as they stand there, and what they mean.

    `generation` is None when nothing in it says how it was made.
    """

    media_type: MediaType
    found: Found
    generation: Generation | None = None

    @property
    def may_hide(self) -> bool:
        """Whether texts may be hidden in its pixels: a PNG with transparency that says nothing else."""
        found = self.found
        return (
            found.has_alpha and self.generation is None and 0 < (found.width or 0) * (found.height or 0) <= MOST_PIXELS
        )


def read_media(source: Path | bytes | BinaryIO) -> Embedded | None:
    """What a media file says, or nothing when it is none of the kinds that are shown, whatever its name is.

    Reads headers only and never decodes pixels. Takes a path, the bytes, or an open file that can seek.
    Raises OSError alone, and only when the file itself can not be read.
    """
    if isinstance(source, Path):
        with source.open("rb") as opened:
            return read_media(opened)
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    file.seek(0)
    media_type = media_types.sniff(file.read(media_types.HEAD_BYTES))
    if media_type is None:
        return None
    found = Found()
    reader = READERS.get(media_type.mime)
    if reader is not None:
        reader(file, found)
    return Embedded(media_type, found, recognised(found.texts))
