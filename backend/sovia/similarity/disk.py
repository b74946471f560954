"""Arrays in files: written once and durably, read by memory mapping, and spools for what does not fit in memory."""

import json
import os
import weakref
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

# Smaller files are read: a mapping costs more than it saves, and an empty file cannot be mapped.
MAPPED_FROM_BYTES = 1 << 16
SPILL_AT = 1 << 18


def load(path: Path) -> NDArray[Any]:
    """The array in a file, mapped read-only when it is large."""
    found: NDArray[Any] = np.load(path, mmap_mode="r" if path.stat().st_size >= MAPPED_FROM_BYTES else None)
    # A plain array over the same memory: indexing a `memmap` costs several times as much.
    return np.asarray(found)


class Pieces:
    """An array in a file of which pieces are read when they are wanted.

    For large arrays that are copied anyway: it costs the same as copying from a mapping, and what was read stays the
    system's to keep instead of becoming the process's memory. The file may be deleted meanwhile.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            np.lib.format.read_magic(file)
            (self._length,), _, self._dtype = np.lib.format.read_array_header_1_0(file)
            self._first = file.tell()
        self._handle = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._handle)

    def read(self, spans: Sequence[tuple[int, int]]) -> NDArray[Any]:
        """The items of these spans (first, behind the last), one after the other."""
        found, at = np.empty(sum(end - start for start, end in spans), self._dtype), 0
        for start, end in spans:
            piece = found[at : at + end - start]
            if os.preadv(self._handle, [piece.data], self._first + start * self._dtype.itemsize) != piece.nbytes:
                raise EOFError(f"{self._length} items expected")
            at += len(piece)
        return found


def save(path: Path, values: NDArray[Any]) -> None:
    """Write an array and wait until it is on the disk."""
    with path.open("wb") as file:
        np.save(file, values)
        file.flush()
        os.fsync(file.fileno())


def new_array(path: Path, dtype: DTypeLike, length: int) -> NDArray[Any]:
    """A writable mapped array of a file to come; `settle` it when it is filled."""
    found: NDArray[Any] = np.lib.format.open_memmap(path, mode="w+", dtype=dtype, shape=(length,))
    return found


def settle(values: NDArray[Any]) -> None:
    """Wait until a mapped array is on the disk."""
    if isinstance(values, np.memmap) and values.size:
        values.flush()


def write_json(path: Path, value: object) -> None:
    """Replace a small file in one step: a reader sees the old or the new one, also after a crash."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with part.open("wb") as file:
        file.write(json.dumps(value).encode())
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Spool:
    """Numbers appended in order, kept on the disk beyond the last few."""

    def __init__(self, path: Path, typecode: str) -> None:
        self._path, self._recent = path, array(typecode)
        self._dtype = np.dtype(typecode)
        self._file = path.open("w+b")
        self.length = 0

    def add(self, value: int) -> None:
        """Append one number."""
        self._recent.append(value)
        self.length += 1
        if len(self._recent) >= SPILL_AT:
            self._spill()

    def extend(self, values: NDArray[Any]) -> None:
        """Append an array."""
        self._spill()
        self._file.write(np.ascontiguousarray(values, dtype=self._dtype).tobytes())
        self.length += values.size

    def values(self) -> NDArray[Any]:
        """All numbers so far, mapped when there are many."""
        self._spill()
        self._file.flush()
        if not self.length:
            return np.empty(0, self._dtype)
        return np.asarray(np.memmap(self._path, dtype=self._dtype, mode="r", shape=(self.length,)))

    def remove(self) -> None:
        """Close and delete the file; arrays made of it stay readable."""
        self._file.close()
        self._path.unlink()

    def _spill(self) -> None:
        self._recent.tofile(self._file)
        self._recent = array(self._recent.typecode)
