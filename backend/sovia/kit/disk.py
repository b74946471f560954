"""Reading and writing files below a folder without ever leaving it: no symbolic link is followed, no half file seen."""

import errno
import os
import secrets
import shutil
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

PARTS = ".parts"
LEFT_OVER_SECONDS = 900
# Windows has no folder descriptors; there each component is looked at instead.
BY_DESCRIPTOR = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")
READ = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
# A named pipe without a writer would block the opener for ever.
READ_FILE = READ | getattr(os, "O_NONBLOCK", 0)
FOLDER = READ | getattr(os, "O_DIRECTORY", 0)
FULL = (errno.ENOSPC, errno.EDQUOT) if sys.platform != "win32" else (errno.ENOSPC,)


class NotBeneath(FileNotFoundError):
    """The path is not a plain relative path, or a symbolic link lies on it."""


def components(relative: str) -> tuple[str, ...]:
    """The parts of a relative path with `/` between them, or `NotBeneath` for anything that could lead elsewhere."""
    parts = tuple(relative.split("/"))
    for part in parts:
        if part in ("", ".", "..") or "\x00" in part or "\\" in part:
            raise NotBeneath(errno.ENOENT, "not a plain relative path")
    try:
        relative.encode()
    except UnicodeEncodeError:
        raise NotBeneath(errno.ENOENT, "not a plain relative path") from None
    return parts


def open_beneath(root: Path, relative: str) -> int:
    """A descriptor for reading the regular file at `relative` below `root`, which the caller closes.

    Every component is opened by itself and none may be a symbolic link; `root` itself may be one.
    FileNotFoundError (`NotBeneath` among them), PermissionError or another OSError when that cannot be done.
    """
    *folders, name = components(relative)
    descriptor = _open_folder(root, folders, name)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise NotBeneath(errno.ENOENT, "not a regular file")


def stat_beneath(root: Path, relative: str) -> os.stat_result:
    """What the system knows of the regular file at `relative` below `root`, or the errors of `open_beneath`."""
    descriptor = open_beneath(root, relative)
    try:
        return os.fstat(descriptor)
    finally:
        os.close(descriptor)


def write_beneath(root: Path, relative: str, content: bytes, *, durable: bool = True) -> None:
    """Put a whole file at `relative` below `root`: a reader sees the old one or the new one, never a part.

    Folders are made as needed. With `durable` the content is on the disk before the name is. OSError when it fails;
    `errno` is one of `FULL` when there is no room.
    """
    with new_file_beneath(root, relative, durable=durable) as part, part.open("wb") as file:
        file.write(content)


@contextmanager
def new_file_beneath(root: Path, relative: str, *, durable: bool = True) -> Iterator[Path]:
    """A path to write a new file at; it takes its name `relative` below `root` when the block ends well."""
    target = make_folder_beneath(root, PurePosixPath(relative).parent.as_posix()) / components(relative)[-1]
    part = new_part(root, relative)
    try:
        yield part
        if durable:
            sync(part)
        part.replace(target)
        if durable:
            sync(target.parent)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


class NewFiles:
    """Several new files below `root` that take their names together, with one wait for the disk instead of many."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._parts: dict[str, tuple[Path, Path]] = {}

    def add(self, relative: str) -> Path:
        """A path to write a new file at, which will be called `relative`; asked for twice, the same one."""
        if relative not in self._parts:
            folder = make_folder_beneath(self._root, PurePosixPath(relative).parent.as_posix())
            self._parts[relative] = new_part(self._root, relative), folder / components(relative)[-1]
        return self._parts[relative][0]

    def leave_out(self, relative: str) -> None:
        """Forget one of them."""
        self._parts.pop(relative)[0].unlink(missing_ok=True)

    def finish(self) -> None:
        """Give all of them their names, when the content of all is on the disk; none when that fails."""
        try:
            for part, _ in self._parts.values():
                sync(part)
            for part, target in self._parts.values():
                part.replace(target)
            for folder in {target.parent for _, target in self._parts.values()}:
                sync(folder)
        finally:
            self.give_up()

    def give_up(self) -> None:
        """Leave nothing of those that have no name yet."""
        for part, _ in self._parts.values():
            part.unlink(missing_ok=True)
        self._parts.clear()


def new_part(root: Path, relative: str) -> Path:
    """An empty file to write to before it gets its name `relative` below `root`."""
    name = components(relative)[-1]
    part = make_folder_beneath(root, PARTS) / f"{name}.{os.getpid()}.{secrets.token_hex(6)}.part"
    # Made here and by nobody else, so that nobody can have put a link in its place.
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
    return part


def make_folder_beneath(root: Path, relative: str) -> Path:
    """The folder at `relative` below `root`, made when missing; `NotBeneath` when a link or a file is in the way."""
    root.mkdir(parents=True, exist_ok=True)
    folder = root
    for part in components(relative) if relative != "." else ():
        folder = folder / part
        with suppress(FileExistsError):
            folder.mkdir()
        if not stat.S_ISDIR(folder.lstat().st_mode):
            raise NotBeneath(errno.ENOTDIR, "a file or a link is where a folder should be")
    return folder


def move_beneath(root: Path, relative: str, target: str) -> None:
    """Give the regular file at `relative` below `root` another name below it, in the place of what is called so.

    FileNotFoundError (`NotBeneath` among them) when it is not there.
    """
    stat_beneath(root, relative)
    folder = make_folder_beneath(root, PurePosixPath(target).parent.as_posix())
    root.joinpath(*components(relative)).replace(folder / components(target)[-1])


def remove_left_overs(root: Path) -> int:
    """Remove parts of files that a killed process left behind a while ago; how many."""
    removed, before = 0, time.time() - LEFT_OVER_SECONDS
    with suppress(FileNotFoundError), os.scandir(root / PARTS) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):
                if entry.stat(follow_symlinks=False).st_mtime < before:
                    Path(entry.path).unlink()
                    removed += 1
    return removed


def free_bytes(folder: Path) -> int:
    """How much room an ordinary user has on the disk of this folder, or of its nearest parent that exists."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def _open_folder(root: Path, folders: list[str], name: str) -> int:
    if not BY_DESCRIPTOR:
        return _open_by_looking(root, folders, name)
    here = os.open(root, FOLDER & ~os.O_NOFOLLOW)
    try:
        for folder in folders:
            here, above = os.open(folder, FOLDER, dir_fd=here), here
            os.close(above)
        return os.open(name, READ_FILE, dir_fd=here)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR, errno.ENAMETOOLONG):
            raise NotBeneath(errno.ENOENT, "a link or a file is in the way") from None
        raise
    finally:
        os.close(here)


def _open_by_looking(root: Path, folders: list[str], name: str) -> int:
    path = root
    for part in (*folders, name):
        path = path / part
        if stat.S_ISLNK(path.lstat().st_mode):
            raise NotBeneath(errno.ENOENT, "a link is in the way")
    return os.open(path, READ_FILE)


def sync(path: Path) -> None:
    """Return when what was written to a file, or the names in a folder, are on the disk."""
    if sys.platform == "win32" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
