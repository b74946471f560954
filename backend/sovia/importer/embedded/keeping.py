"""A media file comes home: copied below `https_/_local` under its content's name, once, whole or not at all."""

import errno
import hashlib
import io
import os
import shutil
import stat
from pathlib import Path
from typing import BinaryIO

from sovia.kit import disk
from sovia.library.paths import LOCAL

# Files up to this size are read once and written from memory.
SMALL = 8_000_000
BLOCK = 1 << 20
ROOT = "https_/"
FOLDER = f"{LOCAL.removeprefix(ROOT)}/"


class Changed(OSError):
    """The file became another one while it was read."""


class NotKept(OSError):
    """The copy can not be written; `errno` says why. It is the archive's disk that fails, not the file."""


def fingerprint(file: BinaryIO) -> str:
    """The SHA-256 of the whole file, as hexadecimal digits."""
    file.seek(0)
    digest = hashlib.sha256()
    while block := file.read(BLOCK):
        digest.update(block)
    return digest.hexdigest()


class NoPlace(OSError):
    """Something else lies where the file belongs: a folder, a link, or a file in place of a folder."""


class Keeper:
    """Copies files to their places below a media folder, several with one wait for the disk; use it in `with`.

    A copy shares nothing with the original that a later change of the original could reach: its bytes are its own, or,
    where the file system can, shared until either is written. All copies are on the disk before any has its name,
    which is when the block ends; when it ends badly, none of them stays.
    """

    def __init__(self, media_root: Path) -> None:
        self._root = media_root
        self._new: dict[str, disk.NewFiles] = {}
        self._names: set[str] = set()

    def __enter__(self) -> "Keeper":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        several, self._new = self._new.values(), {}
        try:
            for new in several:
                if kind is None:
                    new.finish()
        except OSError as error:
            raise _not_kept(error) from error
        finally:
            for new in several:
                new.give_up()

    def keep(self, file: BinaryIO, path: str, sha256: str, size: int) -> None:
        """Copy the file to its place `https_/_local/...`, unless it is there.

        A place anywhere else below `https_` says nothing of the content: what is there already stays.
        Raises `Changed` when what was copied is not what `sha256` says, and `NotKept` when it can not be written.
        """
        relative = path.removeprefix(ROOT)
        try:
            if not self._is_there(relative, size):
                self._copy(file, relative, sha256)
        except (Changed, NoPlace):
            raise
        except OSError as error:
            raise _not_kept(error) from error

    def _is_there(self, relative: str, size: int) -> bool:
        try:
            here = disk.stat_beneath(self._root, relative).st_size
            return here == size if relative.startswith(FOLDER) else here > 0
        except FileNotFoundError:
            return False

    def _copy(self, file: BinaryIO, relative: str, sha256: str) -> None:
        base = FOLDER if relative.startswith(FOLDER) else ""
        below = relative.removeprefix(base)
        if base not in self._new:
            self._new[base] = disk.NewFiles(disk.make_folder_beneath(self._root, base.rstrip("/") or "."))
        part = self._new[base].add(below) if base else self._placed(self._new[base], below)
        _copy(file, part)
        # What was in memory can not have changed since it was hashed.
        if not isinstance(file, io.BytesIO) and _fingerprint_at(part) != sha256:
            self._new[base].leave_out(below)
            raise Changed("the file changed while it was read")

    def _placed(self, new: disk.NewFiles, relative: str) -> Path:
        """Room for a file whose name is given, and may be taken by what is no file."""
        parts = relative.split("/")
        if any("/".join(parts[:depth]) in self._names for depth in range(1, len(parts))):
            raise NoPlace(errno.ENOTDIR, "a file lies there")
        try:
            part = new.add(relative)
        except disk.NotBeneath as error:
            raise NoPlace(error.errno, "something else lies there") from None
        if os.path.lexists(self._root / relative) and not stat.S_ISREG((self._root / relative).lstat().st_mode):
            new.leave_out(relative)
            raise NoPlace(errno.EEXIST, "something else lies there")
        self._names.add(relative)
        return part


def _not_kept(error: OSError) -> NotKept:
    return NotKept(error.errno or errno.EIO, "the copy can not be written")


def _fingerprint_at(part: Path) -> str:
    with part.open("rb") as copied:
        return fingerprint(copied)


def _copy(file: BinaryIO, part: Path) -> None:
    file.seek(0)
    with part.open("wb") as target:
        if not _cloned(file, target):
            file.seek(0)
            target.seek(0)
            target.truncate()
            shutil.copyfileobj(file, target, BLOCK)


def _cloned(file: BinaryIO, target: BinaryIO) -> bool:
    """Have the kernel copy, which shares blocks until they are written where the file system knows how."""
    try:
        source, size = file.fileno(), os.fstat(file.fileno()).st_size
        done = 0
        while done < size:
            count = os.copy_file_range(source, target.fileno(), size - done, done, done)
            if count == 0:
                return False
            done += count
    except (OSError, AttributeError):
        # In memory, in an archive, on another file system, or on a system without such a call.
        return False
    return True
