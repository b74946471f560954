"""Sets of words in the binary form in which PostgreSQL sends and takes them."""

from collections.abc import Collection


def pack_words(words: Collection[str] | bytes) -> bytes:
    """The words as the binary form of a `tsvector`; the server sorts them itself. Bytes are packed already."""
    if isinstance(words, bytes):
        return words
    # Each word ends in a zero byte and two more that say it has no positions.
    ended = "\0\0\0".join((*words, "")) if words else ""
    return len(words).to_bytes(4, "big") + ended.encode()


def unpack_words(data: bytes) -> list[str]:
    """The words of a `tsvector` in its binary form."""
    found, at = [], 4
    for _ in range(int.from_bytes(data[:4], "big")):
        end = data.index(b"\0", at)
        found.append(data[at:end].decode())
        at = end + 3 + 2 * (int.from_bytes(data[end + 1 : end + 3], "big"))
    return found
