"""The door: a path of any kind as one stream of records."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from sovia.importer.problems import Problem
from sovia.importer.reading import Found
from sovia.importer.shapes import folders, media, naming, zips
from sovia.importer.shapes.notes import Notes
from sovia.importer.shapes.several import HEAD_BYTES, Several
from sovia.importer.shapes.sniff import reader_for, tape_over
from sovia.importer.unpacking import Unpacked


class Bytes(Protocol):
    """What is read: how much there is, how far it is, and why it ended early, if it did."""

    total_bytes: int
    damage: str | None

    @property
    def read_bytes(self) -> int:
        """How far it has been read."""

    def close(self) -> None:
        """Let go of it."""


class Records(Protocol):
    """The records of everything, once; what it says of the whole is complete at the end."""

    notes: Notes
    records: int
    replaced_characters: int

    @property
    def shape(self) -> str:
        """What it is, in a word or two."""

    def __iter__(self) -> Iterator[Found | Problem]:
        """Every record and every problem, in an order that is always the same."""


def opened(path: Path, keep_in: Path | None = None) -> tuple[Bytes, Records]:
    """What lies at a path: a file as it is, packed, or with many files in it, or a folder.

    Its media are read elsewhere, but for those in archives in a folder, which are kept in the media folder `keep_in`.
    `NotAnExport` when it is something else.
    """
    read_media = media.reader_of(keep_in)
    if path.is_dir():
        folder = folders.opened(path, read_media)
        return folder, folder
    file = path.open("rb")
    head = file.read(HEAD_BYTES)
    file.seek(0)
    if head.startswith(naming.ZIP):
        archive = zips.opened(file, None)
        return archive, archive
    size = path.stat().st_size
    if naming.media_in(head) and media.is_medium(path):
        # There is nothing else in it: what it says of itself is read as that of a folder's media is.
        medium = Several(iter(()), 0, what="medium", close=file.close)
        medium.notes.leave_out("media")
        return medium, medium
    unpacked = Unpacked(file, size)
    return unpacked, reader_for(tape_over(unpacked.read))
