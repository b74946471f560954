"""The bytes of the index."""

import struct
from uuid import uuid4

import numpy as np
import orjson

from sovia.search.tiles import ROW, Tiles, day_sections, encode, named_sections, position_of, tiles_from_copy


def tiles(*rows: tuple[bytes, int, int, int]) -> Tiles:
    ids = np.array([row[0] for row in rows], "V16")
    columns = list(zip(*(row[1:] for row in rows), strict=True)) or [(), (), ()]
    return Tiles(ids, np.array(columns[0], "i4"), np.array(columns[1], "u1"), np.array(columns[2], "u1"))


def test_a_binary_copy_is_read_column_by_column() -> None:
    post_id = uuid4()
    row = struct.pack(">hi16siiihih", 4, 16, post_id.bytes, 4, 9403, 2, 105, 2, 20)
    found = tiles_from_copy(b"PGCOPY\n\xff\r\n\0" + bytes(8) + row * 3 + b"\xff\xff")

    assert ROW.itemsize == len(row)
    assert (len(found.ids), bytes(found.ids[2])) == (3, post_id.bytes)
    assert (found.sections.tolist(), found.ratios.tolist(), found.flags.tolist()) == ([9403] * 3, [105] * 3, [20] * 3)


def test_an_empty_copy_gives_an_empty_index() -> None:
    found = tiles_from_copy(b"PGCOPY\n\xff\r\n\0" + bytes(8) + b"\xff\xff")

    assert (len(found.ids), day_sections(found)) == (0, [])


def test_days_are_runs_and_undated_posts_have_an_empty_label() -> None:
    found = tiles((b"a" * 16, 9403, 1, 0), (b"b" * 16, 9403, 1, 0), (b"c" * 16, 0, 1, 0), (b"d" * 16, -(2**31), 1, 0))

    assert day_sections(found) == [
        {"label": "2025-09-29", "start": 0, "count": 2},
        {"label": "2000-01-01", "start": 2, "count": 1},
        {"label": "", "start": 3, "count": 1},
    ]


def test_named_sections_follow_each_other() -> None:
    assert named_sections([("a", 2), ("", 3)]) == [
        {"label": "a", "start": 0, "count": 2},
        {"label": "", "start": 2, "count": 3},
    ]


def test_the_page_can_read_header_shapes_and_flags() -> None:
    body = encode(tiles((b"a" * 16, 1, 105, 4), (b"b" * 16, 1, 200, 17)), {"version": 7})
    magic, count, header_bytes = struct.unpack("<4sII", body[:12])

    assert (magic, count, header_bytes % 4) == (b"8XI1", 2, 0)
    assert orjson.loads(body[12 : 12 + header_bytes]) == {"version": 7, "chunk": 256}
    assert list(body[12 + header_bytes :]) == [105, 200, 4, 17]


def test_a_post_is_found_by_its_bytes() -> None:
    found = tiles((b"a" * 16, 1, 1, 0), (b"ab" * 8, 1, 1, 0))

    assert (position_of(found, b"ab" * 8), position_of(found, b"z" * 16)) == (1, None)
