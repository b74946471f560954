"""Pictures, clips and sounds met in archives and folders: the seam to what reads the prompts inside them."""

import importlib
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO, Protocol

from sovia.kit import disk
from sovia.kit.errors import OutOfSpace, Unavailable
from sovia.library.incoming import NewPost

READERS = "sovia.importer.embedded"
EXTENSIONS = frozenset(
    (
        *(".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif"),
        *(".mp4", ".webm", ".mov", ".m4v", ".mkv"),
        *(".flac", ".mp3", ".wav", ".m4a", ".ogg", ".opus"),
    )
)
# Given a file's name and the file, open at its beginning: the post that it becomes, or nothing when it is no medium.
MediaReader = Callable[[str, BinaryIO], NewPost | None]


def is_named_like_media(name: str) -> bool:
    """Whether a file is probably a picture, clip or sound; what it is really is seen when it is opened."""
    dot = name.rfind(".")
    return dot >= 0 and name[dot:].lower() in EXTENSIONS


def is_medium(path: Path) -> bool:
    """Whether this file is a picture, clip or sound that can be read."""
    folder = _module("folder")
    return folder is not None and bool(folder.is_media(path))


def reader_of(keep_in: Path | None) -> MediaReader | None:
    """What reads members of archives, keeping a copy of each in this media folder; nothing when it is not installed."""
    taking, posts, keeping = (_module(name) for name in ("taking", "posts", "keeping"))
    if taking is None or posts is None or keeping is None:
        return None

    def read(name: str, file: BinaryIO) -> NewPost | None:
        try:
            with keeping.Keeper(keep_in) if keep_in is not None else nullcontext() as keeper:
                taken = taking.take(file, name, keeper=keeper)
        except keeping.NotKept as error:
            if error.errno in disk.FULL:
                raise OutOfSpace("The disk with https_/ is full. Make room, then go on.") from None
            raise Unavailable("Files cannot be kept below https_/. Check the rights of that folder.") from None
        found: NewPost | None = posts.new_post_of(taken) if taken is not None else None
        return found

    return read


class Media(Protocol):
    """A medium, or the media below a folder or in an archive, with the interface of `Export`."""

    bytes_total: int

    def chunks(self, *, after: int = 0) -> Iterator[Any]:
        """The files in chunks, without the first `after` ones."""

    def close(self) -> None:
        """Let go of them."""


def media_of(path: Path, keep_in: Path | None, name: str | None) -> Media | None:
    """The media at a path; nothing when it is another file, or when what reads them is not installed.

    `name` is what a single file was called before it came here.
    """
    folder, archive = _module("folder"), _module("archive")
    if folder is None or archive is None:
        return None
    found: Media
    if archive.is_zip(path):
        found = archive.Archive(path, keep_in=keep_in)
        return found
    if not (path.is_dir() or folder.is_media(path)):
        return None
    found = folder.open_media(path, keep_in=keep_in, name=name)
    return found


def chunks_after(media: Media, base: int, done: int, after: int) -> Iterator[Any]:
    """The chunks of media, counted on from the records and bytes that were read before."""
    for chunk in media.chunks(after=max(0, after - base)):
        chunk.records += base
        chunk.bytes_done += done
        # What is no medium was looked at by the readers of exports.
        said = ("nothing_to_import", "other_files", "links_left_out")
        chunk.problems = [one for one in chunk.problems if one.code not in said]
        for one in chunk.problems:
            one.index = one.index + base if one.index is not None else None
        yield chunk


def _module(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(f"{READERS}.{name}")
    except ModuleNotFoundError:
        return None
