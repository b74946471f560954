"""What the headers of a media file hold: named texts and a few facts, gathered within hard limits."""

import zlib
from dataclasses import dataclass, field

from sovia.library.text import storable

# All texts of one file together, unpacked. Workflows of ComfyUI with pictures in them reach a few megabytes.
MAX_METADATA = 4_000_000
MAX_TEXTS = 256
MAX_NAME = 200
# Boxes, chunks and segments looked at in one file.
MAX_PARTS = 20_000
MAX_SIDE = 1 << 24


@dataclass(slots=True)
class Found:
    """Texts by the name the file gives them, in the order of the file; `left_out` says what was too large or broken.

    `written_at` is the time the file itself names, as it stands there. `has_alpha` is set for PNG alone.
    """

    texts: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    width: int | None = None
    height: int | None = None
    duration_seconds: float | None = None
    written_at: str | None = None
    has_alpha: bool = False
    room: int = MAX_METADATA

    def takes(self, size: int, name: str) -> bool:
        """Whether a part of this many bytes is read; one that is too large is noted."""
        if size <= self.room and len(self.texts) < MAX_TEXTS:
            return True
        self.leave_out(f"{name} is too large to be kept")
        return False

    def add(self, name: str, text: str) -> None:
        """Keep a text; the same one twice is kept once, another one of the same name gets a number."""
        text = storable(text.strip("\x00"))[0]
        name = storable(name)[0][:MAX_NAME] or "unnamed"
        if not text.strip() or self.texts.get(name) == text or not self.takes(len(text) + len(name), name):
            return
        self.room -= len(text) + len(name)
        number, plain = 2, name
        while name in self.texts:
            name, number = f"{plain} ({number})", number + 1
        self.texts[name] = text

    def add_packed(self, name: str, packed: bytes) -> None:
        """Keep a text that zlib has packed, as far as there is room for it unpacked."""
        unpacked = inflated(packed, self.room)
        if unpacked is None:
            self.leave_out(f"{name} is damaged or too large to be unpacked")
        else:
            self.add(name, decoded(unpacked))

    def leave_out(self, what: str) -> None:
        """Note what did not come along."""
        if len(self.left_out) < MAX_TEXTS:
            self.left_out.append(storable(what)[0][: 2 * MAX_NAME])

    def measure(self, width: int, height: int) -> None:
        """Keep the first size that makes sense."""
        if self.width is None and 0 < width < MAX_SIDE and 0 < height < MAX_SIDE:
            self.width, self.height = width, height


def decoded(raw: bytes) -> str:
    """Text of a field without a declared encoding: many tools write UTF-8 where the standard says Latin-1."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def inflated(packed: bytes, limit: int, *, gzipped: bool = False) -> bytes | None:
    """The unpacked bytes; nothing when they are damaged or more than `limit`."""
    unpacker = zlib.decompressobj(31 if gzipped else 15)
    try:
        found = unpacker.decompress(packed, limit + 1)
    except zlib.error:
        return None
    return found if unpacker.eof and len(found) <= limit else None
