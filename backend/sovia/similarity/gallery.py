"""The prints of a library in memory, about 200 bytes a picture: what came since is added when one looks."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.similarity import queries
from sovia.similarity.prints import COLOURS, Look, Looks, unsigned

MOST_LIBRARIES = 8
# How many pictures that were not looked at yet are counted.
MOST_COUNTED = 1000


@dataclass
class Hung:
    """The pictures of one library: their names (32 bytes each), their prints, and up to where they were read."""

    names: list[bytes] = field(default_factory=list)
    places: dict[bytes, int] = field(default_factory=dict)
    looks: Looks = field(default_factory=lambda: Looks(np.empty(0, np.uint64), np.empty((0, COLOURS), np.uint8)))
    number: int = 0
    # How many pictures have no print yet, as of which version of the library.
    waiting: int = 0
    counted_at: int = -1

    def place(self, thumbnail: str | None) -> int | None:
        """Where the print of a picture stands."""
        return self.places.get(_name(thumbnail)) if thumbnail else None

    def at(self, places: list[int]) -> Looks:
        """The prints at these places."""
        return Looks(self.looks.structures[places], self.looks.colours[places])

    def look(self, thumbnail: str | None) -> Look | None:
        """The print of a picture."""
        place = self.place(thumbnail)
        if place is None:
            return None
        return Look(int(self.looks.structures[place]), self.looks.colours[place].tobytes())

    def thumbnail(self, place: int) -> str:
        """The name that posts have the picture under."""
        return self.names[place].hex()

    def add(self, rows: list[tuple[int, str, int, bytes]]) -> None:
        """Take prints that came."""
        fresh = [row for row in rows if _name(row[1]) not in self.places]
        for _, thumbnail, _, _ in fresh:
            self.places[_name(thumbnail)] = len(self.names)
            self.names.append(_name(thumbnail))
        if fresh:
            structures = np.array([unsigned(row[2]) for row in fresh], dtype=np.uint64)
            colours = np.frombuffer(b"".join(row[3] for row in fresh), np.uint8).reshape(-1, COLOURS)
            looks = self.looks
            self.looks = Looks(np.append(looks.structures, structures), np.concatenate((looks.colours, colours)))
        self.number = max([self.number, *(row[0] for row in rows)])


class Gallery:
    """The pictures of the libraries used last."""

    def __init__(self) -> None:
        self._hung: OrderedDict[UUID, Hung] = OrderedDict()
        self._lock = asyncio.Lock()

    async def of(self, session: AsyncSession, user_id: UUID, version: int) -> Hung:
        """The user's pictures as they are now; `version` is the library's."""
        async with self._lock:
            found = self._hung.setdefault(user_id, Hung())
            self._hung.move_to_end(user_id)
            while len(self._hung) > MOST_LIBRARIES:
                self._hung.popitem(last=False)
            # A print that is committed late may have a lower number than one that was read.
            overlap = max(0, found.number - MOST_COUNTED)
            found.add(await queries.prints_behind(session, user_id, overlap))
            if found.waiting or found.counted_at != version:
                found.waiting = len(await queries.thumbnails_without_print(session, user_id, MOST_COUNTED))
                found.counted_at = version
            return found


def _name(thumbnail: str) -> bytes:
    return bytes.fromhex(thumbnail)
