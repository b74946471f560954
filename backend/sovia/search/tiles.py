"""The index of a view as bytes: header, one byte of shape and one of flags per tile; pure."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

MAGIC = b"8XI1"
CHUNK = 256
ROW = np.dtype(
    [
        ("fields", ">i2"),
        ("id_length", ">i4"),
        ("id", "V16"),
        ("section_length", ">i4"),
        ("section", ">i4"),
        ("ratio_length", ">i4"),
        ("ratio", ">i2"),
        ("flags_length", ">i4"),
        ("flags", ">i2"),
    ]
)
COPY_HEADER_BYTES = 19
COPY_TRAILER_BYTES = 2
UNDATED = -(2**31)
DAYS_FROM_1970_TO_2000 = 10_957


@dataclass(frozen=True)
class Tiles:
    """All tiles of a view in order: ids as 16 raw bytes, section number, shape byte and flag byte of each."""

    ids: NDArray[np.void]
    sections: NDArray[np.int32]
    ratios: NDArray[np.uint8]
    flags: NDArray[np.uint8]


def tiles_from_copy(data: bytes) -> Tiles:
    """Read PostgreSQL's binary COPY of (uuid, int4, int2, int2) rows without NULLs; rows then have equal length."""
    rows = np.frombuffer(data, ROW, offset=COPY_HEADER_BYTES, count=_row_count(data))
    return Tiles(
        ids=np.ascontiguousarray(rows["id"]),
        sections=rows["section"].astype(np.int32),
        ratios=rows["ratio"].astype(np.uint8),
        flags=rows["flags"].astype(np.uint8),
    )


def _row_count(data: bytes) -> int:
    count, rest = divmod(len(data) - COPY_HEADER_BYTES - COPY_TRAILER_BYTES, ROW.itemsize)
    assert rest == 0, "a row of the index has an unexpected length"
    return count


def day_sections(tiles: Tiles) -> list[dict[str, Any]]:
    """Runs of equal days, labelled YYYY-MM-DD; those without a date have an empty label."""
    starts, counts = _runs(tiles.sections)
    days = tiles.sections[starts]
    labels = (days.astype(np.int64) + DAYS_FROM_1970_TO_2000).astype("datetime64[D]").astype(str)
    found = zip(starts.tolist(), counts.tolist(), days.tolist(), labels.tolist(), strict=True)
    return [
        {"label": "" if day == UNDATED else text, "start": start, "count": count} for start, count, day, text in found
    ]


def named_sections(counted: list[tuple[str, int]]) -> list[dict[str, Any]]:
    """Sections of these names and sizes, one after the other."""
    found, start = [], 0
    for name, count in counted:
        found.append({"label": name, "start": start, "count": count})
        start += count
    return found


def _runs(values: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    if not len(values):
        nothing = np.zeros(0, np.int64)
        return nothing, nothing
    starts = np.concatenate(([0], np.flatnonzero(values[1:] != values[:-1]) + 1)).astype(np.int64)
    return starts, np.diff(np.append(starts, len(values)))


def encode(tiles: Tiles, header: dict[str, Any]) -> bytes:
    """The index as the page reads it, see docs/formats/index.md."""
    text = orjson.dumps(header | {"chunk": CHUNK})
    text += b" " * (-len(text) % 4)
    lengths = np.array([len(tiles.ids), len(text)], "<u4").tobytes()
    return b"".join((MAGIC, lengths, text, tiles.ratios.tobytes(), tiles.flags.tobytes()))


def position_of(tiles: Tiles, post_id: bytes) -> int | None:
    """Where a post stands in the view, or nothing."""
    # Compared as pairs of integers, since NumPy compares raw bytes one at a time.
    pairs = tiles.ids.view(np.uint64).reshape(-1, 2)
    low, high = np.frombuffer(post_id, np.uint64)
    hits = np.flatnonzero((pairs[:, 0] == low) & (pairs[:, 1] == high))
    return int(hits[0]) if len(hits) else None
