"""Zip archives: their members one by one, streamed, with limits that are looked at before anything is unpacked."""

import os
import stat
import struct
import zipfile
from functools import partial
from typing import BinaryIO, cast

from sovia.importer.embedded.naming import speaks_for_another
from sovia.importer.errors import NotAnExport
from sovia.importer.shapes.media import MediaReader
from sovia.importer.shapes.several import Member, Several
from sovia.importer.unpacking import MOST_RATIO

END = b"PK\x05\x06"
END_SIZE = 22
LONGEST_COMMENT = 65_535
# Archives with very many files have a longer end; the one that counts stands right before its locator.
LONG_END, LOCATOR = b"PK\x06\x06", b"PK\x06\x07"
LONG_END_SIZE, LOCATOR_SIZE = 56, 20
# The list of members is held in memory, so its size is looked at first.
MOST_MEMBERS = 200_000
MOST_LIST_BYTES = 24_000_000
# Small members may pack as well as they like.
UNSUSPECTED_BYTES = 10_000_000
MOST_TOTAL_BYTES = 200_000_000_000
# The provider's own export: of its members, this alone is opened.
ACCOUNT = "prod-grok-backend.json"
READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1


def opened(file: BinaryIO, read_media: MediaReader | None = None) -> Several:
    """The members of the archive in this file, which is taken over. `NotAnExport` when it is damaged or a trap."""
    try:
        total = file.seek(0, os.SEEK_END)
        _look_at_the_end(file, total)
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, struct.error, OSError, ValueError, NotImplementedError):
        file.close()
        raise NotAnExport("This is a zip archive, but it is damaged or incomplete. Fetch it again.") from None
    except NotAnExport:
        file.close()
        raise
    infos = [info for info in archive.infolist() if not info.is_dir() and not _is_clutter(info.filename)]
    account = any(_last(info.filename) == ACCOUNT for info in infos)
    if read_media is None:
        infos = _without_texts_of_media(infos)
    members = (_member(archive, info, account=account) for info in infos)

    def close() -> None:
        archive.close()
        file.close()

    if sum(info.file_size for info in infos) > MOST_TOTAL_BYTES:
        close()
        raise NotAnExport("This zip archive would unpack to more than 200 GB, as no export does. Nothing was read.")
    return Several(iter(members), total, what="zip", close=close, read_media=read_media)


def _without_texts_of_media(infos: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """Members but for those that come in with the medium beside them."""
    folders: dict[str, set[str]] = {}
    for info in infos:
        folder, _, name = info.filename.rpartition("/")
        folders.setdefault(folder, set()).add(name)
    return [info for info in infos if not speaks_for_another(_last(info.filename), folders[_folder(info.filename)])]


def _folder(name: str) -> str:
    return name.rpartition("/")[0]


def _look_at_the_end(file: BinaryIO, total: int) -> None:
    """Refuse an archive whose list of members would not fit in memory, before the list is read."""
    size = min(total, END_SIZE + LONGEST_COMMENT + LOCATOR_SIZE + LONG_END_SIZE)
    file.seek(total - size)
    tail = file.read(size)
    at = tail.rfind(END)
    if at < 0 or len(tail) - at < END_SIZE:
        raise zipfile.BadZipFile
    members, list_bytes = struct.unpack_from("<HL", tail, at + 10)
    long_end = at - LOCATOR_SIZE - LONG_END_SIZE
    if long_end >= 0 and tail.startswith(LOCATOR, at - LOCATOR_SIZE) and tail.startswith(LONG_END, long_end):
        members, list_bytes = struct.unpack_from("<QQ", tail, long_end + 32)
    if members > MOST_MEMBERS or list_bytes > MOST_LIST_BYTES:
        raise NotAnExport(f"This zip archive has more than {MOST_MEMBERS:,} files. Unpack it, and import the folder.")
    file.seek(0)


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, *, account: bool) -> Member:
    left_out = "others" if account and _last(info.filename) != ACCOUNT else None
    opens = partial(_open, archive, info)
    return Member(info.filename, info.compress_size, info.file_size, opens, _why_refused(info), left_out)


def _open(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO:
    return cast(BinaryIO, archive.open(info))


def _why_refused(info: zipfile.ZipInfo) -> str | None:
    if info.flag_bits & ENCRYPTED:
        return "This file is encrypted. Unpack the archive with its password, and import the folder."
    if stat.S_ISLNK(info.external_attr >> 16):
        return "This is a link, which is not followed."
    if leads_outside(info.orig_filename):
        return "The name of this file leads out of the archive; it was not opened."
    if info.compress_type not in READABLE:
        return "This file is packed in a way that is not read. Unpack the archive, and import the folder."
    if info.file_size > UNSUSPECTED_BYTES and info.file_size > MOST_RATIO * max(1, info.compress_size):
        return f"This file would unpack to more than {MOST_RATIO} times its size, as no export does; it was not opened."
    return None


def leads_outside(name: str) -> bool:
    """Whether a name would climb, if it were used as a path (it never is)."""
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or "\x00" in name or (len(name) > 1 and name[1] == ":")


def _is_clutter(name: str) -> bool:
    """What a desktop leaves in archives without being asked."""
    return name.startswith("__MACOSX/") or _last(name).startswith((".", "Thumbs.db", "desktop.ini"))


def _last(name: str) -> str:
    return name.rpartition("/")[2]
