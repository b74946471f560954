"""The media in a zip archive, as an export: member after member, each unpacked by itself and only when it is one."""

import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO, cast

from sovia.importer.embedded.children import Children
from sovia.importer.embedded.found import Found
from sovia.importer.embedded.generation import Generation
from sovia.importer.embedded.keeping import BLOCK, SMALL, Changed, Keeper, NotKept
from sovia.importer.embedded.layout import PUT, PUT_WORDS
from sovia.importer.embedded.naming import MEDIA, beside, is_poster
from sovia.importer.embedded.posts import new_post_of
from sovia.importer.embedded.taking import MAX_BESIDE, Taken, take, text_of
from sovia.importer.embedded.walking import NOT_ENTERED, TEXTS, Entry
from sovia.importer.export import Chunk
from sovia.importer.problems import Problem
from sovia.importer.shapes.media import is_named_like_media
from sovia.importer.unpacking import MOST_RATIO as ZIPS_RATIO
from sovia.kit import disk
from sovia.kit.errors import OutOfSpace, Unavailable
from sovia.library import media_types
from sovia.library.text import storable

ZIP = b"PK\x03\x04"
AT_ONCE, CHUNK_POSTS, CHUNK_BYTES = 32, 2000, 32_000_000
READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1
# Media are packed already; what shrinks like this is a trap.
UNSUSPECTED_BYTES, MOST_RATIO = 10_000_000, 50
MOST_NAMED = 100
# The provider's account export: its blobs are uploads of people, not results, and are not looked at.
ACCOUNT = "prod-grok-backend.json"
BROKEN = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError)


def is_zip(path: Path) -> bool:
    """Whether a path leads to a file that begins like a zip archive."""
    if path.is_dir():
        return False
    with path.open("rb") as file:
        return file.read(len(ZIP)) == ZIP


class Archive:
    """The media of a zip whose list of members was found to be of a bearable size. A record is a member."""

    shape = "zip of media"

    def __init__(self, path: Path, *, keep_in: Path | None = None) -> None:
        """Raises `zipfile.BadZipFile` and OSError."""
        self._keep_in = keep_in
        self._zip = zipfile.ZipFile(path)
        self.bytes_total = path.stat().st_size
        self.records = self._bytes_done = self._posters = self._put = 0
        self._children: Children | None = None

    def chunks(self, *, after: int = 0) -> Iterator[Chunk]:
        """The members in chunks, in the order of the archive, without the first `after` ones."""
        members = self._members()
        for info, _ in islice(members, after):
            self._count(info)
        chunk, size = Chunk(), 0
        while batch := list(islice(members, AT_ONCE)):
            for taken in self._taken(batch, chunk):
                post = new_post_of(taken)
                self._put += taken.place is not None
                chunk.posts += [post] if post else []
                size += sum(map(len, taken.embedded.found.texts.values()))
            if len(chunk.posts) + len(chunk.problems) >= CHUNK_POSTS or size >= CHUNK_BYTES:
                yield self._ended(chunk)
                chunk, size = Chunk(), 0
        if self._put:
            chunk.problems.append(Problem(PUT, f"{self._put:,} files {PUT_WORDS}", "warning"))
        for info in islice(filter(_is_suspicious, self._zip.infolist()), MOST_NAMED):
            name = storable(info.filename)[0][-200:]
            reason = f"{name}: it would unpack to more than {MOST_RATIO} times its size, as no medium does."
            chunk.problems.append(Problem("refused_file", reason))
        if self._posters:
            reason = f"{self._posters:,} files are smaller pictures of files beside them; they were left alone."
            chunk.problems.append(Problem("posters_left_out", reason, "warning"))
        yield self._ended(chunk)

    def account(self) -> str | None:
        """Media do not say whose they are."""
        return None

    def close(self) -> None:
        """Let go of the archive."""
        self._zip.close()
        if self._children is not None:
            self._children.close()

    def _members(self) -> Iterator[tuple[zipfile.ZipInfo, list[str]]]:
        """Members that may be media, with the texts beside them."""
        infos = [info for info in self._zip.infolist() if not info.is_dir() and _is_wanted(info)]
        folders: dict[str, set[str]] = {}
        for info in self._zip.infolist():
            folder, _, name = info.filename.rpartition("/")
            if name == ACCOUNT:
                return
            if name.lower().endswith((".txt", ".json", *MEDIA)):
                folders.setdefault(folder, set()).add(name)
        for info in infos:
            folder, _, name = info.filename.rpartition("/")
            if is_poster(name, folders.get(folder, ())):
                self._posters += 1
            else:
                yield info, [f"{folder}/{one}".lstrip("/") for one in beside(name, folders.get(folder, ()))]

    def _taken(self, batch: list[tuple[zipfile.ZipInfo, list[str]]], chunk: Chunk) -> list[Taken]:
        """The media of a batch; their copies are on the disk before anybody hears of them."""
        found: list[Taken] = []
        try:
            with Keeper(self._keep_in) if self._keep_in else nullcontext() as keeper:
                for info, texts in batch:
                    self._count(info)
                    try:
                        taken = self._take(info, texts, keeper)
                    except NotKept:
                        raise
                    except (OSError, Changed, *BROKEN):
                        reason = f"{storable(info.filename)[0][-200:]}: it can not be unpacked."
                        chunk.problems.append(Problem("unreadable_file", reason).at(self.records - 1, 0, 1))
                        continue
                    found += [taken] if taken else []
        except NotKept as error:
            if error.errno in disk.FULL:
                raise OutOfSpace("The disk with https_/ is full. Make room, then go on.") from None
            raise Unavailable("Files cannot be kept below https_/_local. Check the rights of that folder.") from None
        self._search(found)
        return found

    def _take(self, info: zipfile.ZipInfo, texts: list[str], keeper: Keeper | None) -> Taken | None:
        with self._zip.open(info) as member, tempfile.SpooledTemporaryFile(max_size=SMALL) as file:
            head = member.read(media_types.HEAD_BYTES)
            if media_types.sniff(head) is None:
                return None
            file.write(head)
            while block := member.read(BLOCK):
                file.write(block)
            taken = take(cast("IO[bytes]", file), info.filename, keeper=keeper, modified_at=_moment(info))  # type: ignore[arg-type]
        if taken is not None:
            said = {name.rpartition("/")[2]: self._text(name) for name in texts}
            taken.beside = {name: text for name, text in said.items() if text}
        return taken

    def _text(self, name: str) -> str:
        try:
            with self._zip.open(name) as member:
                return text_of(member.read(MAX_BESIDE + 1))
        except (KeyError, OSError, *BROKEN):
            return ""

    def _search(self, found: list[Taken]) -> None:
        """Texts hidden in pixels, looked for by a child in the copy that was kept."""
        silent = [taken for taken in found if taken.embedded.may_hide and not taken.place]
        if not silent or self._keep_in is None:
            return
        self._children = self._children or Children(self._keep_in.parent, None)
        entries = [Entry(taken.local_path, taken.size, []) for taken in silent]
        for taken, hidden in zip(silent, self._children.search(entries), strict=True):
            if hidden is not None:
                said: Found = taken.embedded.found
                said.texts |= hidden["texts"]
                taken.embedded.generation = Generation(**hidden["generation"]) if hidden["generation"] else None

    def _count(self, info: zipfile.ZipInfo) -> None:
        self.records += 1
        self._bytes_done += info.compress_size

    def _ended(self, chunk: Chunk) -> Chunk:
        chunk.records, chunk.bytes_done = self.records, min(self._bytes_done, self.bytes_total)
        return chunk


def _is_wanted(info: zipfile.ZipInfo) -> bool:
    """Whether a member may be unpacked at all; what is not safe is told by those who read the archive's exports."""
    parts = info.filename.split("/")
    if any(part.startswith(".") or part in NOT_ENTERED for part in parts) or info.filename.lower().endswith(TEXTS):
        return False
    if info.flag_bits & ENCRYPTED or info.compress_type not in READABLE or stat.S_ISLNK(info.external_attr >> 16):
        return False
    return info.file_size <= UNSUSPECTED_BYTES or info.file_size <= MOST_RATIO * max(1, info.compress_size)


def _is_suspicious(info: zipfile.ZipInfo) -> bool:
    """Whether a member named like a medium was left alone for what it would unpack to, and nobody else says so."""
    ratio = info.file_size / max(1, info.compress_size)
    return (
        is_named_like_media(info.filename)
        and info.file_size > UNSUSPECTED_BYTES
        and MOST_RATIO < ratio <= ZIPS_RATIO
        and not info.flag_bits & ENCRYPTED
    )


def _moment(info: zipfile.ZipInfo) -> datetime | None:
    try:
        return datetime(*info.date_time, tzinfo=UTC)
    except ValueError:
        return None
