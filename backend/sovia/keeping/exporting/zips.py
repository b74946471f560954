"""A zip of any number of members in little memory: its list of members waits in a file, not in a list of objects.

Members are not packed, since media do not get smaller. All sizes are written in their long form (ZIP64).
"""

import io
import struct
import zlib
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

# Zips that hold the same are the same: midnight of 1980-01-01, the first moment that the format knows.
DATE, TIME = 0x21, 0
VERSION, UTF8, UNPACKED = 45, 0x800, 0
MADE_ON_UNIX, PLAIN_FILE = 3 << 8 | VERSION, 0o100644 << 16
LONG, LONG_SHORT = 0xFFFFFFFF, 0xFFFF
BLOCK = 1 << 20
LOCAL = struct.Struct("<IHHHHHIIIHH")
LOCAL_EXTRA = struct.Struct("<HHQQ")
ENTRY = struct.Struct("<IHHHHHHIIIHHHHHII")
ENTRY_EXTRA = struct.Struct("<HHQQQ")
END64 = struct.Struct("<IQHHIIQQQQ")
LOCATOR = struct.Struct("<IIQI")
END = struct.Struct("<IHHHHIIH")


class ZipWriter:
    """Writes one zip; one member at a time."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._entries = TemporaryFile(dir=path.parent)  # noqa: SIM115 - it lives as long as the zip
        self._count = 0

    def member(self, name: str) -> "Member":
        """A file in it, to be written and closed before the next."""
        return Member(self, self._file, name.encode())

    def note(self, name: bytes, crc: int, size: int, begins: int) -> None:
        """A member is whole."""
        extra = ENTRY_EXTRA.pack(1, ENTRY_EXTRA.size - 4, size, size, begins)
        head = (0x02014B50, MADE_ON_UNIX, VERSION, UTF8, UNPACKED, TIME, DATE, crc, LONG, LONG, len(name), len(extra))
        self._entries.write(ENTRY.pack(*head, 0, 0, 0, PLAIN_FILE, LONG) + name + extra)
        self._count += 1

    def finish(self) -> None:
        """Write the list of members; without it, what was written is no zip."""
        begins, size = self._file.tell(), self._entries.tell()
        self._entries.seek(0)
        while block := self._entries.read(BLOCK):
            self._file.write(block)
        ends = self._file.tell()
        whole = (END64.size - 12, MADE_ON_UNIX, VERSION, 0, 0, self._count, self._count, size, begins)
        self._file.write(END64.pack(0x06064B50, *whole) + LOCATOR.pack(0x07064B50, 0, ends, 1))
        self._file.write(END.pack(0x06054B50, 0, 0, LONG_SHORT, LONG_SHORT, LONG, LONG, 0))
        self._file.flush()

    def close(self) -> None:
        """Let go of the files, however it ended."""
        self._entries.close()
        self._file.close()


class Member(io.RawIOBase):
    """One file of a zip while it is written; its size and sum go into its head when it is closed."""

    def __init__(self, writer: ZipWriter, file: IO[bytes], name: bytes) -> None:
        super().__init__()
        self._writer, self._file, self._name = writer, file, name
        self._begins, self._crc, self._size = file.tell(), 0, 0
        file.write(self._head())

    def writable(self) -> bool:
        """Nothing else can be done with it."""
        return True

    def write(self, content: bytes) -> int:  # type: ignore[override]
        """More of it."""
        self._crc = zlib.crc32(content, self._crc)
        self._size += len(content)
        return self._file.write(content)

    def close(self) -> None:
        """It is whole."""
        if self.closed:
            return
        super().close()
        ends = self._file.tell()
        self._file.seek(self._begins)
        self._file.write(self._head())
        self._file.seek(ends)
        self._writer.note(self._name, self._crc, self._size, self._begins)

    def _head(self) -> bytes:
        extra = LOCAL_EXTRA.pack(1, LOCAL_EXTRA.size - 4, self._size, self._size)
        head = (0x04034B50, VERSION, UTF8, UNPACKED, TIME, DATE, self._crc, LONG, LONG, len(self._name), len(extra))
        return LOCAL.pack(*head) + self._name + extra
