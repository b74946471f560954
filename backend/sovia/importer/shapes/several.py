"""Many files in one: the members of an archive or a folder, each read by what it is, as if they were one export."""

import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from sovia.importer.errors import NotAnExport
from sovia.importer.problems import Problem
from sovia.importer.reading import Found, Reader
from sovia.importer.shapes import media, naming, twins
from sovia.importer.shapes.notes import Notes
from sovia.importer.shapes.sniff import reader_for, tape_over
from sovia.importer.unpacking import Unpacked

HEAD_BYTES = 512
# Of the account export: never opened, not even to look what they are; and what people uploaded.
PRIVATE = re.compile(r"(?:\A|/)prod-mc-(?:auth|billing)[^/]*\Z", re.IGNORECASE)
UPLOAD = re.compile(r"(?:\A|/)prod-mc-asset-server/[^/]+/content\Z", re.IGNORECASE)
# What damaged archives and files that went away make of being opened.
UNREADABLE = (OSError, EOFError, zlib.error, struct.error, zipfile.BadZipFile, NotImplementedError, RuntimeError)
# Said by name; of more than these only the number is told.
MOST_NAMED = 20
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Member:
    """One file: its name inside, its size there and unpacked, how to open it, and why it is not, if so.

    `left_out` is a word of the notes for a file that is not wanted at all.
    """

    name: str
    stored_bytes: int
    size: int
    open: Callable[[], BinaryIO]
    refused: str | None = None
    left_out: str | None = None


class Several:
    """The records of all members in their order, counted on from one to the next; complete when they are through."""

    def __init__(
        self,
        members: Iterator[Member],
        total_bytes: int,
        *,
        what: str,
        close: Callable[[], None],
        archives: "Callable[[BinaryIO], Several] | None" = None,
        read_media: media.MediaReader | None = None,
    ) -> None:
        """`what` is zip or folder; with `archives`, members that are archives are opened by it.

        Media become posts by `read_media`; without it they are only counted.
        """
        self._archives, self._read_media = archives, read_media
        self._members, self._what, self._close = members, what, close
        self.total_bytes = total_bytes
        self.damage: str | None = None
        self.notes = Notes()
        self.records = 0
        self.replaced_characters = 0
        self._shapes: dict[str, None] = {}
        self._passed_bytes = 0
        self._current: tuple[Member, Unpacked] | None = None
        self._looked_at = self._unknown = self._refused = 0
        self._first_reason = ""

    @property
    def shape(self) -> str:
        """What it is, and what is in it when that is one thing: `zip`, `zip of account_export`."""
        return f"{self._what} of {next(iter(self._shapes))}" if len(self._shapes) == 1 else self._what

    @property
    def read_bytes(self) -> int:
        """How far everything has been read, in bytes as they are stored."""
        found = self._passed_bytes
        if self._current is not None:
            member, file = self._current
            found += int(member.stored_bytes * file.read_bytes / max(1, file.total_bytes))
        return min(found, self.total_bytes)

    def close(self) -> None:
        """Let go of what is open."""
        if self._current is not None:
            self._current[1].close()
        self._close()

    def __iter__(self) -> Iterator[Found | Problem]:
        """Every record and every problem; `NotAnExport` when there is nothing of use in any member."""
        for member in self._members:
            self._looked_at += 1
            place = shown(member.name)
            for found in self._read(member):
                if isinstance(found, Problem):
                    found.reason = f"{place}: {found.reason}"
                else:
                    found.place = f"{place}, {found.place}" if found.place else place
                yield found
            self._passed_bytes += member.stored_bytes
        if self._unknown > MOST_NAMED:
            reason = f"{self._unknown - MOST_NAMED:,} more files hold no posts."
            yield Problem("more_unknown_files", reason, "warning").at(self.records, 0, 0)
        if self.records == 0 and not self.notes.left_out["media"]:
            raise NotAnExport(self._nothing())

    def _nothing(self) -> str:
        if not self._looked_at:
            return f"This {self._what} is empty."
        which = "Its only file is no" if self._looked_at == 1 else f"None of its {self._looked_at:,} files is an"
        return f"There are no posts in this {self._what}. {which} export. {self._first_reason}".strip()

    def _read(self, member: Member) -> Iterator[Found | Problem]:
        if PRIVATE.search(member.name):
            self.notes.leave_out("private")
        elif UPLOAD.search(member.name):
            self.notes.leave_out("uploads")
        elif member.left_out:
            self.notes.leave_out(member.left_out)
        elif member.refused:
            yield self._refuse(member, member.refused)
        elif self._read_media is None and media.is_named_like_media(member.name):
            self.notes.leave_out("media")
        else:
            try:
                yield from self._opened(member)
            except NotAnExport as error:
                yield from self._no_export(member, error.message)
            except UNREADABLE:
                yield self._refuse(member, "This file can not be opened.")

    def _opened(self, member: Member) -> Iterator[Found | Problem]:
        file = member.open()
        try:
            head = file.read(HEAD_BYTES)
            file.seek(0)
            if naming.media_in(head):
                yield from self._medium(member, file)
                return
            if head.startswith(naming.ZIP):
                yield from self._archive(member, file)
                return
            twin = twins.record_of(member.name, file)
            if twin is not None:
                self.records += 1
                yield Found(twin, self.records - 1, 0, 1)
                return
            file.seek(0)
            unpacked = Unpacked(file, member.size)
            self._current = (member, unpacked)
            reader = reader_for(tape_over(unpacked.read))
            yield from self._records(reader)
            if unpacked.damage:
                yield Problem("damaged", unpacked.damage).at(self.records, 0, 0)
        finally:
            self._current = None
            file.close()

    def _medium(self, member: Member, file: BinaryIO) -> Iterator[Found | Problem]:
        post = self._read_media(member.name, file) if self._read_media is not None else None
        if post is None:
            self.notes.leave_out("media")
            return
        self.records += 1
        self._shapes["media"] = None
        yield Found(post, self.records - 1, 0, 1)

    def _archive(self, member: Member, file: BinaryIO) -> Iterator[Found | Problem]:
        if self._archives is None:
            yield self._refuse(member, "This is an archive inside; import it by itself.")
            return
        inner = self._archives(file)
        try:
            yield from self._records(inner)
        finally:
            inner.close()

    def _records(self, reader: "Reader | Several") -> Iterator[Found | Problem]:
        """The records of a member, with their numbers in the whole; what it noticed is kept."""
        before = self.records
        try:
            for found in reader:
                self.records = before + reader.records
                if found.index is not None:
                    found.index += before
                yield found
        finally:
            self.records = before + reader.records
            self.replaced_characters += reader.replaced_characters
            self.notes.add(reader.notes)
            if reader.records:
                self._shapes[reader.shape] = None

    def _refuse(self, member: Member, reason: str) -> Problem:
        self._refused += 1
        self._first_reason = self._first_reason or f"{shown(member.name)}: {reason}"
        return Problem("refused_file", reason).at(self.records, 0, 0)

    def _no_export(self, member: Member, reason: str) -> Iterator[Problem]:
        self._unknown += 1
        self._first_reason = self._first_reason or f"{shown(member.name)}: {reason}"
        if self._unknown <= MOST_NAMED:
            yield Problem("unknown_file", reason, "warning").at(self.records, 0, 0)


def shown(name: str) -> str:
    """A member's name as it may be shown."""
    return naming.shown(name)[-LONGEST_NAME:]
