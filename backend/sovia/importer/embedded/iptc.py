"""Texts in IPTC data inside Photoshop's blocks of a JPEG (IPTC IIM 4.2; Adobe's file format, image resources)."""

from collections.abc import Iterator

from sovia.importer.embedded.found import MAX_PARTS, Found, decoded

BLOCK = b"8BIM"
IPTC_BLOCK = 0x0404
NAMES = {5: "Title", 40: "Instructions", 80: "Creator", 105: "Headline", 110: "Credit", 120: "Caption"}


def read(body: bytes, found: Found) -> None:
    """Add the texts of the record for applications under the names `iptc:...`."""
    for kind, block in _blocks(body):
        if kind == IPTC_BLOCK:
            _datasets(block, found)


def _blocks(body: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while body[at : at + 4] == BLOCK:
        kind = int.from_bytes(body[at + 4 : at + 6], "big")
        # A name whose length is a byte before it, padded to an even number together.
        name = body[at + 6] + 1 if at + 6 < len(body) else 1
        start = at + 6 + name + name % 2
        size = int.from_bytes(body[start : start + 4], "big")
        yield kind, body[start + 4 : start + 4 + size]
        at = start + 4 + size + size % 2


def _datasets(block: bytes, found: Found) -> None:
    at = 0
    for _ in range(MAX_PARTS):
        if block[at : at + 1] != b"\x1c" or at + 5 > len(block):
            return
        record, number, size = block[at + 1], block[at + 2], int.from_bytes(block[at + 3 : at + 5], "big")
        # The highest bit says that the length is longer than two bytes; no text here is.
        if size & 0x8000:
            return
        if record == 2 and number in NAMES:
            found.add("iptc:" + NAMES[number], decoded(block[at + 5 : at + 5 + size]))
        at += 5 + size
