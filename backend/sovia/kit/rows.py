"""Fields of rows in the binary form of PostgreSQL's COPY, so that rows can be made ready far from the database.

The form is that of https://www.postgresql.org/docs/current/sql-copy.html: a field is its length in four bytes and its
value, -1 for NULL; a row is its number of fields in two bytes and the fields.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from struct import Struct, unpack

from sovia.kit.wordsets import pack_words

HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END = b"\xff\xff"
NULL = b"\xff\xff\xff\xff"
# Around what a socket takes at once.
BLOCK = 262_144
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
TEXT_OID = 25

_length = Struct(">i").pack
_small = Struct(">ih").pack
_int = Struct(">ii").pack
_long = Struct(">iq").pack
_double = Struct(">id").pack
_list = Struct(">iiIii").pack
_TRUE, _FALSE = b"\0\0\0\1\1", b"\0\0\0\1\0"


def uuid(value: bytes | None) -> bytes:
    """A UUID from its 16 bytes."""
    return NULL if value is None else b"\0\0\0\x10" + value


def text(value: str | None) -> bytes:
    """Text."""
    if value is None:
        return NULL
    data = value.encode()
    return _length(len(data)) + data


def data(value: bytes | None) -> bytes:
    """`bytea`, and every other type whose binary form the bytes are."""
    return NULL if value is None else _length(len(value)) + value


def boolean(value: bool | None) -> bytes:
    """`boolean`."""
    return NULL if value is None else _TRUE if value else _FALSE


def small(value: int | None) -> bytes:
    """`smallint`."""
    return NULL if value is None else _small(2, value)


def integer(value: int | None) -> bytes:
    """`integer`."""
    return NULL if value is None else _int(4, value)


def double(value: float | None) -> bytes:
    """`double precision`."""
    return NULL if value is None else _double(8, value)


def moment(value: datetime | None) -> bytes:
    """`timestamptz`, from an aware time."""
    return NULL if value is None else _long(8, (value - EPOCH) // MICROSECOND)


def json(value: bytes | None) -> bytes:
    """`jsonb`, from its text."""
    return NULL if value is None else _length(len(value) + 1) + b"\1" + value


def words(value: Collection[str] | bytes) -> bytes:
    """A `tsvector` without positions."""
    return data(pack_words(value))


def texts(value: Sequence[str]) -> bytes:
    """`text[]`."""
    if not value:
        body = Struct(">iiI").pack(0, 0, TEXT_OID)
    else:
        body = _list(1, 0, TEXT_OID, len(value), 1) + b"".join(map(text, value))
    return _length(len(body)) + body


def count(fields: int) -> bytes:
    """The beginning of a row of so many fields."""
    return fields.to_bytes(2, "big")


def file_of(rows: Iterable[bytes]) -> Iterator[bytes]:
    """The whole stream that `COPY ... WITH (FORMAT binary)` takes, in blocks."""
    held, size = [HEAD], 0
    for one in rows:
        held.append(one)
        size += len(one)
        if size >= BLOCK:
            yield b"".join(held)
            held, size = [], 0
    held.append(END)
    yield b"".join(held)


def split(fields: bytes) -> list[bytes | None]:
    """The values of fields that stand one after the other; None for NULL."""
    found: list[bytes | None] = []
    at, end = 0, len(fields)
    while at < end:
        value = _field(fields, at)
        found.append(value)
        at += 4 + len(value or b"")
    return found


def first(fields: bytes, number: int) -> list[bytes | None]:
    """The values of the first so many fields."""
    found: list[bytes | None] = []
    at = 0
    for _ in range(number):
        value = _field(fields, at)
        found.append(value)
        at += 4 + len(value or b"")
    return found


def _field(fields: bytes, at: int) -> bytes | None:
    size = int.from_bytes(fields[at : at + 4], "big", signed=True)
    return None if size < 0 else fields[at + 4 : at + 4 + size]


def time_of(value: bytes | None) -> datetime | None:
    """The aware time that `moment` packed."""
    return None if value is None else EPOCH + int.from_bytes(value, "big", signed=True) * MICROSECOND


def whole_of(value: bytes | None) -> int | None:
    """The number that `small` or `integer` packed."""
    return None if value is None else int.from_bytes(value, "big", signed=True)


def float_of(value: bytes | None) -> float | None:
    """The number that `double` packed."""
    return None if value is None else float(unpack(">d", value)[0])
