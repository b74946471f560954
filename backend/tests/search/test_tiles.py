"""The tiles of a view: their order, their stacks, and the bytes of the index."""

import struct

import numpy as np
import orjson
import pytest

from sovia.search.rows import Rows, read
from sovia.search.sections import UNDATED
from sovia.search.tiles import Tiles, by_date, encode, gathered, in_batches, ordered, with_hits

MINUTE = 60_000_000


def ids(*letters: str) -> np.ndarray:
    return np.array([letter.encode() * 16 for letter in letters], "V16")


def tiles(*rows: tuple[str, int, int]) -> Tiles:
    return Tiles(ids(*(row[0] for row in rows)), *(np.array([row[at] for row in rows], "u1") for at in (1, 2)))


def rows(*given: tuple[str, int], keys: tuple[list[int], ...] = (), families: tuple[int, ...] = ()) -> Rows:
    shape = np.zeros(len(given), "u1")
    created = np.array([moment for _, moment in given], "i8")
    numbers = [np.array(key, "i8") for key in keys]
    return Rows(ids(*(name for name, _ in given)), shape, shape, created, numbers, np.array(families, "i8"))


def test_a_binary_copy_is_read_column_by_column() -> None:
    row = struct.pack(">hi16sihiq", 3, 16, b"a" * 16, 2, 105, 8, 9403)
    found = read(b"PGCOPY\n\xff\r\n\0" + bytes(8) + row * 3 + b"\xff\xff", "ratio:i2", "n0:i8")

    assert (len(found), bytes(found["id"][2])) == (3, b"a" * 16)
    assert (found["ratio"].tolist(), found["n0"].tolist()) == ([105] * 3, [9403] * 3)


def test_an_empty_copy_has_no_rows() -> None:
    assert len(read(b"PGCOPY\n\xff\r\n\0" + bytes(8) + b"\xff\xff", "ratio:i2")) == 0


@pytest.mark.parametrize(("oldest_first", "expected"), [(False, "cabd"), (True, "bacd")])
def test_equal_moments_go_by_id_and_undated_posts_come_last(oldest_first: bool, expected: str) -> None:
    found = by_date(rows(("a", 5), ("b", 4), ("c", 5), ("d", UNDATED)), oldest_first=oldest_first)

    assert "".join("abcd"[at] for at in found) == expected


def test_keys_come_before_dates() -> None:
    found = ordered(rows(("a", 5), ("b", 6), ("c", 7), keys=([2, 1, 2], [0, 0, 9])), [True, False])

    assert "".join("abc"[at] for at in found) == "acb"


def test_a_batch_ends_where_ten_minutes_pass_or_prompts_differ() -> None:
    moments = (("a", 0), ("b", 9 * MINUTE), ("c", 18 * MINUTE), ("d", 29 * MINUTE), ("e", 1), ("f", UNDATED))
    found = in_batches(rows(*moments, families=(7, 7, 7, 7, 8, 7)))

    assert found[0] == found[1] == found[2]
    assert len({*found.tolist()}) == 4


def test_a_group_stands_where_its_first_post_stands() -> None:
    found, kept = gathered(tiles(("a", 1, 0), ("b", 2, 0), ("c", 3, 0), ("d", 4, 4)), np.array([9, 5, 9, 5]))

    assert (kept.tolist(), found.flags.tolist(), found.others(0, 2)) == ([0, 1], [16, 16], [1, 1])
    assert [found.position_of(letter.encode() * 16) for letter in "abcdx"] == [0, 1, 0, 1, None]


def test_a_tile_shows_what_was_found_in_its_stack() -> None:
    found = with_hits(
        tiles(("a", 1, 16), ("b", 2, 0)), ids("a", "b", "z"), tiles(("k", 9, 1), ("b", 8, 1), ("z", 7, 1))
    )

    assert found.shown is not None
    assert [bytes(one)[:1] for one in found.shown] == [b"k", b"b"]
    assert (found.ratios.tolist(), found.flags.tolist()) == ([9, 2], [17, 0])
    assert found.position_of(b"a" * 16) == 0


def test_the_page_can_read_header_shapes_and_flags() -> None:
    body = encode(tiles(("a", 105, 4), ("b", 200, 17)), {"version": 7})
    magic, count, header_bytes = struct.unpack("<4sII", body[:12])

    assert (magic, count, header_bytes % 4) == (b"8XI1", 2, 0)
    assert orjson.loads(body[12 : 12 + header_bytes]) == {"version": 7, "chunk": 256}
    assert list(body[12 + header_bytes :]) == [105, 200, 4, 17]


def test_a_post_is_found_by_its_bytes() -> None:
    found = tiles(("a", 1, 0), ("b", 1, 0))

    assert (found.position_of(b"b" * 16), found.position_of(b"z" * 16)) == (1, None)
