"""Files that are made to exhaust whoever reads them, with good records before and behind what is hostile."""

import gzip
import io
import zipfile
from collections.abc import Callable
from functools import cache

import orjson
from importer.records import child, number, root

BEFORE, BEHIND = orjson.dumps(root(1, child(2, of=1))), orjson.dumps(root(3))
GOOD = [number(n) for n in (1, 2, 3)]
PLAIN = orjson.dumps(root(4))[:-1]


def between(hostile: bytes) -> bytes:
    return b"[" + BEFORE + b"," + hostile + b"," + BEHIND + b"]"


def field(name: str, value: bytes) -> bytes:
    """A record that is good but for this field."""
    return between(PLAIN + b',"' + name.encode() + b'":' + value + b"}")


def nested(levels: int) -> bytes:
    opening = b"".join(b'{"id":"%s","prompt":"x","childPosts":[' % number(n + 100).encode() for n in range(levels))
    return between(opening + b"]}" * levels)


def family(count: int) -> bytes:
    several = b",".join(b'{"id":"%s","prompt":"x"}' % number(n + 100).encode() for n in range(count))
    return field("childPosts", b"[" + several + b"]")


def members(names: list[str]) -> bytes:
    """An archive of a good export, and empty members of these names around it."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names[: len(names) // 2]:
            archive.writestr(name, b"")
        archive.writestr("good.json", b"[" + BEFORE + b"," + BEHIND + b"]")
        for name in names[len(names) // 2 :]:
            archive.writestr(name, b"")
    return held.getvalue()


CLIMBING = ["../../evil.json", "/abs.json", "a\\..\\b.json", "C:evil.json", "..", "a/../../b.json", "\x01.json"]
CASES: dict[str, Callable[[], bytes]] = {
    "brackets": lambda: between(b"[" * 100_000),
    "braces": lambda: between(b'{"a":' * 100_000),
    "10,000 children in children": lambda: nested(10_000),
    "1e400": lambda: field("createTime", b"1e400"),
    "-1e400 as a length": lambda: field("videoDuration", b"-1e400"),
    "5,000 digits": lambda: field("createTime", b"9" * 5000),
    "5,000 digits behind the point": lambda: field("videoDuration", b"0." + b"9" * 5000),
    "5,000 digits as a side": lambda: field("resolution", b'{"width":%s,"height":1}' % (b"9" * 5000)),
    "200,000 keys": lambda: field("x", b"{" + b",".join(b'"k%d":1' % n for n in range(200_000)) + b"}"),
    "200,000 fields": lambda: between(PLAIN + b"".join(b',"k%d":1' % n for n in range(200_000)) + b"}"),
    "the same key 200,000 times": lambda: between(PLAIN + b',"prompt":"x"' * 200_000 + b"}"),
    "a text of nearly 50 MB": lambda: field("prompt", b'"' + b"x" * 49_000_000 + b'"'),
    "a name of 10 MB": lambda: between(PLAIN + b',"' + b"x" * 10_000_000 + b'":1}'),
    "a million combining marks": lambda: field("prompt", b'"' + "\u0301".encode() * 400_000 + b'"'),
    "100,000 children": lambda: family(100_000),
    "100,000 times nothing": lambda: between(b"null," * 99_000 + b"1"),
}
# Packing takes seconds, and what comes of it is small: made once.
PACKED: dict[str, Callable[[], bytes]] = {
    "spaces packed a thousand times": cache(
        lambda: gzip.compress(b"[" + BEFORE + b"," + b" " * 200_000_000 + BEHIND + b"]", 9)
    ),
    "a text packed a thousand times": cache(
        lambda: gzip.compress(b'[%s,{"id":"x","prompt":"%s"},%s]' % (BEFORE, b"x" * 200_000_000, BEHIND), 9)
    ),
    "100,000 members": cache(lambda: members([f"{n}.json" for n in range(100_000)])),
    "names that lead outside": lambda: members(CLIMBING),
}
