"""Where media can be mirrored to: a folder on another disk, or a bucket; both speak of files by their places."""

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from sovia.keeping.looks import BLOCK, Pace
from sovia.keeping.mirroring.errors import MirrorAway, MirrorFull, MirrorRefuses, NotAsKnown
from sovia.kit import disk
from sovia.kit.buckets import Bucket, BucketAway, BucketFull, BucketRefuses
from sovia.kit.settings import Settings
from sovia.library import roots

MARKER = ".sovia-mirror"
# Small files are read whole before they are sent, large ones in passing.
WHOLE = 8 << 20
GONE = (errno.ENODEV, errno.EIO, errno.ENOTCONN, errno.ESTALE, errno.ENXIO, errno.EHOSTDOWN, errno.ETIMEDOUT)
AWAY_FOLDER = "Is its disk plugged in and mounted?"
AWAY_BUCKET = "Is the network up, and SOVIA_MIRROR_ENDPOINT right?"
REFUSED_FOLDER = (
    "Nothing can be written to the mirror. Check the rights of that folder, and whether its disk is read-only."
)
REFUSED_BUCKET = "The storage does not let us in. Check the bucket's name and both keys (SOVIA_MIRROR_...)."
NOT_WHOLE = "The storage did not keep a file whole. Nothing here was changed; look at that storage before going on."


@dataclass(frozen=True, slots=True)
class AtMirror:
    """A file as the mirror tells of it; `sha256` only where it keeps that beside it."""

    size: int
    e_tag: str | None = None
    sha256: str | None = None


class Target(Protocol):
    """A mirror. Each of these raises `MirrorAway`, `MirrorRefuses` or `MirrorFull` when it can not be done."""

    kind: str
    name: str
    location: str
    at_once: int

    def read_marker(self) -> str:
        """The id of this mirror; nothing when it was never marked."""

    def write_marker(self, mirror_id: str) -> None:
        """Mark it."""

    def look(self, place: str) -> AtMirror | None:
        """What lies there, without reading it."""

    def put(self, place: str, source: BinaryIO, sha256: bytes, pace: Pace) -> AtMirror:
        """Copy a file there, whole or not at all; `NotAsKnown` when its bytes are not these."""

    def read(self, place: str) -> Iterator[bytes]:
        """The bytes that lie there; FileNotFoundError when there are none."""


def target_of(settings: Settings) -> Target | None:
    """The mirror that the settings name, if any."""
    if settings.mirror_folder is not None:
        ours = (settings.media_root, settings.archive_root, *settings.media_roots)
        for path in ours:
            if settings.mirror_folder.is_relative_to(path) or path.is_relative_to(settings.mirror_folder):
                raise MirrorRefuses(
                    "The mirror can not lie inside a media folder, nor around one. Name another folder."
                )
        return FolderTarget(settings.mirror_folder)
    return BucketTarget(settings) if settings.mirror_bucket else None


class FolderTarget:
    """A folder that is there already, since an empty mount point must not be taken for the disk."""

    kind, at_once = "folder", 1

    def __init__(self, root: Path) -> None:
        self.root, self.name, self.location = root, root.name, str(root)

    def read_marker(self) -> str:
        with _folder_errors():
            if not self.root.is_dir():
                raise MirrorAway(AWAY_FOLDER)
            try:
                with os.fdopen(disk.open_beneath(self.root, MARKER), "rb") as file:
                    found = roots.MARKED.match(file.read(64).decode("ascii", "replace"))
            except FileNotFoundError:
                return ""
            return found[0] if found else ""

    def write_marker(self, mirror_id: str) -> None:
        with _folder_errors():
            disk.write_beneath(self.root, MARKER, _marker(mirror_id))

    def look(self, place: str) -> AtMirror | None:
        with _folder_errors():
            try:
                return AtMirror(disk.stat_beneath(self.root, place).st_size)
            except FileNotFoundError:
                self._still_here()
                return None

    def put(self, place: str, source: BinaryIO, sha256: bytes, pace: Pace) -> AtMirror:
        self._still_here()
        with _folder_errors(), disk.new_file_beneath(self.root, place) as part, part.open("wb") as file:
            size = 0
            for block in _known_blocks(source, sha256, pace):
                size += file.write(block)
            file.flush()
            os.fsync(file.fileno())
            # A disk that was taken out meanwhile leaves its mount point: nothing may be named there.
            self._still_here()
        return AtMirror(size)

    def read(self, place: str) -> Iterator[bytes]:
        with _folder_errors():
            try:
                file = os.fdopen(disk.open_beneath(self.root, place), "rb")
            except FileNotFoundError:
                self._still_here()
                raise
            with file:
                while block := file.read(BLOCK):
                    yield block

    def _still_here(self) -> None:
        if not (self.root / MARKER).exists():
            raise MirrorAway(AWAY_FOLDER)


class BucketTarget:
    """A bucket of S3-compatible storage."""

    kind, at_once = "bucket", 4

    def __init__(self, settings: Settings) -> None:
        self.name = settings.mirror_bucket
        self.location = "/".join((settings.mirror_endpoint.rstrip("/"), self.name, settings.mirror_prefix.strip("/")))
        keys = settings.mirror_access_key.get_secret_value(), settings.mirror_secret_key.get_secret_value()
        with _bucket_errors():
            self._bucket = Bucket(
                self.name, settings.mirror_prefix, settings.mirror_endpoint, settings.mirror_region, *keys
            )

    def read_marker(self) -> str:
        with _bucket_errors():
            try:
                content = b"".join(self._bucket.read(MARKER))
            except FileNotFoundError:
                return ""
        found = roots.MARKED.match(content[:64].decode("ascii", "replace"))
        return found[0] if found else ""

    def write_marker(self, mirror_id: str) -> None:
        with _bucket_errors():
            self._bucket.put(MARKER, _marker(mirror_id), hashlib.sha256(_marker(mirror_id)).hexdigest())

    def look(self, place: str) -> AtMirror | None:
        with _bucket_errors():
            found = self._bucket.look(place)
        return AtMirror(found.size, found.e_tag, found.sha256) if found else None

    def put(self, place: str, source: BinaryIO, sha256: bytes, pace: Pace) -> AtMirror:
        blocks = _known_blocks(source, sha256, pace)
        size = os.fstat(source.fileno()).st_size
        with _bucket_errors():
            found = self._bucket.put(place, b"".join(blocks) if size <= WHOLE else blocks, sha256.hex())
        if found.size != size:
            raise MirrorRefuses(NOT_WHOLE)
        return AtMirror(found.size, found.e_tag, found.sha256)

    def read(self, place: str) -> Iterator[bytes]:
        with _bucket_errors():
            yield from self._bucket.read(place)


def _marker(mirror_id: str) -> bytes:
    return f"{mirror_id}\nThis is a mirror of an 8xSovia library. Please leave this file here.\n".encode()


def _known_blocks(source: BinaryIO, sha256: bytes, pace: Pace) -> Iterator[bytes]:
    """The blocks of a file; after the last one `NotAsKnown` unless they are what the library knows."""
    digest = hashlib.sha256()
    while block := _read(source):
        pace.take(len(block))
        digest.update(block)
        yield block
    if digest.digest() != sha256:
        raise NotAsKnown


def _read(source: BinaryIO) -> bytes:
    try:
        return source.read(BLOCK)
    except OSError:
        # It is our own disk that fails here, not the mirror's.
        raise NotAsKnown from None


@contextmanager
def _folder_errors() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        if error.errno in disk.FULL:
            raise MirrorFull from None
        raise MirrorAway(AWAY_FOLDER) if error.errno in GONE else MirrorRefuses(REFUSED_FOLDER) from None


@contextmanager
def _bucket_errors() -> Iterator[None]:
    try:
        yield
    except BucketAway:
        raise MirrorAway(AWAY_BUCKET) from None
    except BucketRefuses:
        raise MirrorRefuses(REFUSED_BUCKET) from None
    except BucketFull:
        raise MirrorFull from None
