"""CBOR as far as provenance data need it (RFC 8949): a value out of bytes, with limits of depth and of count."""

import struct
from dataclasses import dataclass

MAX_DEPTH = 24
MAX_VALUES = 20_000
SIMPLE = {20: False, 21: True}
FLOATS = {25: ">e", 26: ">f", 27: ">d"}


class Broken(ValueError):
    """The bytes are no CBOR, or more of it than anyone needs."""


def value_of(data: bytes) -> object:
    """The first value in the data; `Broken` when there is none."""
    return _Reader(data).value(0)


@dataclass(slots=True)
class _Reader:
    data: bytes
    at: int = 0
    count: int = 0

    def value(self, depth: int) -> object:
        self.count += 1
        if depth > MAX_DEPTH or self.count > MAX_VALUES:
            raise Broken
        head = self._take(1)[0]
        kind, info = head >> 5, head & 31
        if kind == 7:
            return self._simple(info)
        size = None if info == 31 else self._size(info)
        if kind in (4, 5):
            return self._several(size, kind, depth)
        if size is None:
            raise Broken
        return self._plain(kind, size, depth)

    def _plain(self, kind: int, size: int, depth: int) -> object:
        if kind == 0:
            return size
        if kind == 1:
            return -1 - size
        if kind == 2:
            return self._take(size)
        if kind == 3:
            return self._take(size).decode("utf-8", "replace")
        # A tag says what the value behind it means; the value itself is enough.
        return self.value(depth + 1)

    def _several(self, size: int | None, kind: int, depth: int) -> object:
        found: list[object] = []
        wanted = None if size is None else size * (2 if kind == 5 else 1)
        while wanted is None or len(found) < wanted:
            if wanted is None and self.data[self.at : self.at + 1] == b"\xff":
                self.at += 1
                break
            found.append(self.value(depth + 1))
        if kind == 4:
            return found
        return {key: value for key, value in zip(found[::2], found[1::2], strict=False) if isinstance(key, str)}

    def _size(self, info: int) -> int:
        if info < 24:
            return info
        if info > 27:
            raise Broken
        return int.from_bytes(self._take(1 << (info - 24)), "big")

    def _simple(self, info: int) -> object:
        if info in FLOATS:
            form = FLOATS[info]
            return struct.unpack(form, self._take(struct.calcsize(form)))[0]
        if info == 24:
            self._take(1)
        return SIMPLE.get(info)

    def _take(self, size: int) -> bytes:
        found = self.data[self.at : self.at + size]
        if len(found) < size:
            raise Broken
        self.at += size
        return found
