"""What a file is and holds: type by its first bytes, dimensions, duration, fingerprint, and its picture."""

import hashlib
import os
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image

from sovia.library import media_types
from sovia.library.clips import Clip
from sovia.library.containers import is_cut_short
from sovia.library.media_types import MediaType
from sovia.library.pictures import Picture
from sovia.library.unreadable import Unreadable

CUT_SHORT = "it is cut short: the file ends before it says it does"


@dataclass(frozen=True)
class Facts:
    """What is known of a whole file. Sizes in pixels as seen, that is, turned upright; None where it has none."""

    mime_type: str
    width: int | None = None
    height: int | None = None
    duration_seconds: float | None = None
    frame_rate: float | None = None
    has_audio: bool | None = None


def media_type_of(file: BinaryIO) -> MediaType:
    """The type on our list whose signature the file carries, or `Unreadable`; the position goes back to the start."""
    file.seek(0)
    head = file.read(media_types.HEAD_BYTES)
    file.seek(0)
    if not head:
        raise Unreadable("it is empty (0 bytes)")
    found = media_types.sniff(head)
    if found is None:
        raise Unreadable(media_types.why_refused(head))
    return found


def fingerprint(file: BinaryIO) -> bytes:
    """The sha256 of the whole file."""
    file.seek(0)
    return hashlib.file_digest(file, "sha256").digest()  # type: ignore[arg-type]


def probe(file: BinaryIO, *, at_least: tuple[int, int]) -> tuple[Facts, Image.Image | None]:
    """The facts, and the picture (of a clip an early frame) not smaller than `at_least` where the source is larger.

    The picture is decoded in every case, since only that proves that it is whole. `Unreadable` when it is not.
    """
    media_type = media_type_of(file)
    if is_cut_short(file, media_type):
        raise Unreadable(CUT_SHORT)
    file.seek(0, os.SEEK_SET)
    if media_type.kind == "image":
        picture = Picture(file, media_type)
        pixels = picture.decoded(at_least=at_least)
        return Facts(media_type.mime, picture.width, picture.height), pixels
    with Clip(file, media_type) as clip:
        said = clip.facts()
        if media_type.kind == "audio" or not clip.has_pictures:
            if not said.has_audio:
                raise Unreadable("it holds neither pictures nor sound")
            return Facts(media_type.mime, duration_seconds=said.duration_seconds, has_audio=True), None
        poster, width, height = clip.poster(at_least=at_least)
    return Facts(media_type.mime, width, height, said.duration_seconds, said.frame_rate, said.has_audio), poster
