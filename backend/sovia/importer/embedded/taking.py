"""One file taken in: what it says, its fingerprint, the words beside it, and its copy in the archive."""

import io
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from sovia.importer.embedded.found import Found, decoded
from sovia.importer.embedded.generation import Generation
from sovia.importer.embedded.keeping import SMALL, Keeper, fingerprint
from sovia.importer.embedded.layout import mapped
from sovia.importer.embedded.reading import Embedded, read_media
from sovia.kit import disk
from sovia.library import media_types
from sovia.library.paths import Mapped, local_path
from sovia.library.text import storable

MAX_BESIDE = 1_000_000


@dataclass(slots=True)
class Taken:
    """A media file that became known; `name` is its path below what is imported, with forward slashes.

    `beside` are texts of files that belong to it, by their names. `place` is its address and its path below `https_`
    when it lies as files of addresses do.
    """

    name: str
    size: int
    sha256: str
    embedded: Embedded
    modified_at: datetime | None = None
    beside: dict[str, str] = field(default_factory=dict)
    place: Mapped | None = None

    @property
    def local_path(self) -> str:
        """Where the file is kept below the installation."""
        return local_path(self.sha256, self.embedded.media_type.extension)

    def as_json(self) -> dict[str, Any]:
        """For the way from a child process to us."""
        generation = self.embedded.generation
        return {
            "name": self.name,
            "size": self.size,
            "sha256": self.sha256,
            "modified": self.modified_at.timestamp() if self.modified_at else None,
            "beside": self.beside,
            "place": [self.place.url, self.place.path] if self.place else None,
            "mime": self.embedded.media_type.mime,
            "found": _plain(self.embedded.found),
            "generation": _plain(generation) if generation else None,
        }


def _plain(said: Found | Generation) -> dict[str, Any]:
    # Ten times as fast as the library's way, which copies every value.
    return {name: getattr(said, name) for name in said.__slots__}


def taken_from(said: dict[str, Any]) -> Taken:
    """What `as_json` made, as it was."""
    media_type = media_types.BY_MIME[said["mime"]]
    generation = Generation(**said["generation"]) if said["generation"] else None
    modified = datetime.fromtimestamp(said["modified"], UTC) if said["modified"] is not None else None
    place = Mapped(*said["place"]) if said["place"] else None
    embedded = Embedded(media_type, Found(**said["found"]), generation)
    return Taken(said["name"], said["size"], said["sha256"], embedded, modified, said["beside"], place)


def take(
    file: BinaryIO,
    name: str,
    *,
    keeper: Keeper | None = None,
    modified_at: datetime | None = None,
    below: str = "",
) -> Taken | None:
    """Take in one open file that can seek, or nothing when it is no medium; its name only tells, it is never opened.

    `below` is what the folder is called in which `name` begins.
    With a `keeper` a copy is put into the archive; without one nothing is written.
    Raises OSError when the file can not be read, and of those `keeping.Changed`, `NoPlace` and `NotKept`.
    """
    file.seek(0)
    if media_types.sniff(file.read(media_types.HEAD_BYTES)) is None:
        return None
    size = file.seek(0, 2)
    if size <= SMALL:
        # Read once, so that what is looked into, what is hashed and what is copied can not differ.
        file.seek(0)
        file = io.BytesIO(file.read(SMALL))
        size = file.getbuffer().nbytes
    embedded = read_media(file)
    if embedded is None:
        return None
    taken = Taken(storable(name)[0], size, fingerprint(file), embedded, modified_at)
    taken.place = mapped(f"{below}/{name}")
    if keeper is not None:
        keeper.keep(file, taken.place.path if taken.place else taken.local_path, taken.sha256, size)
    return taken


def text_beside(root: Path, name: str) -> str:
    """The text of a small file beside a medium; nothing when it is none, too large or not to be read."""
    try:
        with os.fdopen(disk.open_beneath(root, name), "rb") as file:
            raw = file.read(MAX_BESIDE + 1)
    except OSError:
        return ""
    return text_of(raw)


def text_of(raw: bytes) -> str:
    """The text of a small file, storable; nothing when there is more of it than `MAX_BESIDE`."""
    if len(raw) > MAX_BESIDE:
        return ""
    wide = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = raw.decode("utf-16", "replace") if wide else decoded(raw.removeprefix(b"\xef\xbb\xbf"))
    return storable(text)[0].strip()
