"""A file as a stream of UTF-8 bytes, whatever it is packed in and however it is encoded."""

import codecs
import gzip
import zipfile
import zlib
from collections.abc import Callable
from typing import BinaryIO

from sovia.importer.errors import NotAnExport
from sovia.importer.shapes import naming

HEAD_BYTES = 4096
# With the one method there is: two bytes alone may be damage.
GZIP = b"\x1f\x8b\x08"
# No export packs so well; what does is a bomb.
MOST_RATIO = 300
UNSUSPECTED_BYTES = 200_000_000
DAMAGED = "The compressed file is damaged or incomplete; what came before the damage was read."
BOMB = f"The file unpacks to more than {MOST_RATIO} times its size, as no export does; reading stopped there."
MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Without a byte order mark, the first bracket of UTF-16 has a zero beside it.
UNMARKED = {b"[\x00": "utf-16-le", b"{\x00": "utf-16-le", b"\x00[": "utf-16-be", b"\x00{": "utf-16-be"}


class Unpacked:
    """A file to read from once, from its beginning; `damage` says why it ended early, if it did."""

    def __init__(self, file: BinaryIO, total_bytes: int) -> None:
        """Takes the file over, and closes it when it is no text: `NotAnExport` says what it is."""
        self._file = file
        self.total_bytes = total_bytes
        self.damage: str | None = None
        self._unpacked = 0
        self._refill: Callable[[int], bytes] = self._file.read
        try:
            self._begin()
        except BaseException:
            self._file.close()
            raise

    def _begin(self) -> None:
        head = self._peek()
        if head.startswith(GZIP):
            self._refill = gzip.GzipFile(fileobj=self._file).read
            head = self._peek(packed=True)
        self._decode = _decoder(head)
        self._held = head.removeprefix(codecs.BOM_UTF8)

    def read(self, size: int) -> bytes:
        """Up to about this many bytes more; empty at the end. May be shorter than asked for before the end."""
        while True:
            block, self._held = (self._held, b"") if self._held else (self._unpack(size), b"")
            if self._decode is None:
                return block
            text = self._decode.decode(block, final=not block)
            if text or not block:
                return text.encode("utf-8", "surrogatepass") if text else b""

    @property
    def read_bytes(self) -> int:
        """How far the file on disk has been read."""
        return min(self._file.tell(), self.total_bytes)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _peek(self, *, packed: bool = False) -> bytes:
        head = self._unpack(HEAD_BYTES)
        if not packed and head.startswith(GZIP):
            self._file.seek(0)
        return head

    def _unpack(self, size: int) -> bytes:
        try:
            block = self._refill(size)
        except (EOFError, gzip.BadGzipFile, zipfile.BadZipFile, zlib.error):
            self.damage = DAMAGED
            return b""
        self._unpacked += len(block)
        if self._unpacked > UNSUSPECTED_BYTES and self._unpacked > MOST_RATIO * self._file.tell():
            self.damage = BOMB
            return b""
        return block


def _decoder(head: bytes) -> codecs.IncrementalDecoder | None:
    """A decoder for UTF-16; nothing for UTF-8, which needs none. `NotAnExport` for what is no text."""
    other = naming.other_file(head)
    if other:
        raise NotAnExport(other)
    encoding = "utf-16" if head.startswith(MARKS) else UNMARKED.get(head[:2])
    return codecs.getincrementaldecoder(encoding)("replace") if encoding else None
