"""The right bytes of a file brought back from the mirror; they are proven before they take a name here."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from sovia.keeping.looks import ROOT
from sovia.keeping.mirroring import queries, service
from sovia.keeping.mirroring.targets import Target, target_of
from sovia.keeping.queries import FaultyFile
from sovia.kit import disk
from sovia.kit.db import Database
from sovia.kit.errors import OutOfSpace, SoviaError
from sovia.kit.settings import Settings


class Bringing:
    """The mirror as a source of right bytes; without one it has none."""

    def __init__(
        self, settings: Settings, target: Target | None = None, places: dict[bytes, str] | None = None
    ) -> None:
        self._settings, self._target, self._places = settings, target, places or {}

    def copy(self, file: FaultyFile) -> Path | None:
        """A copy of the right bytes, not yet under its name; nothing when the mirror does not have them."""
        if self._target is None or not file.place.startswith(ROOT):
            return None
        for place in dict.fromkeys((self._places.get(file.was, file.place), file.place)):
            if (copy := self._copy_of(self._target, place, file)) is not None:
                return copy
        return None

    def _copy_of(self, target: Target, place: str, file: FaultyFile) -> Path | None:
        part, digest = disk.new_part(self._settings.media_root, file.place.removeprefix(ROOT)), hashlib.sha256()
        try:
            with part.open("wb") as new:
                for block in target.read(place):
                    digest.update(block)
                    new.write(block)
            disk.sync(part)
        except (OSError, SoviaError) as error:
            part.unlink(missing_ok=True)
            if isinstance(error, OSError) and error.errno in disk.FULL:
                raise OutOfSpace("The disk with https_/ is full. Make room, then mend again.") from None
            return None
        if digest.digest() != file.was:
            part.unlink()
            return None
        return part


async def source_of(database: Database, settings: Settings, user_id: UUID, files: Sequence[FaultyFile]) -> Bringing:
    """Where to bring these files back from; a mirror that is away has nothing, and its state says so."""
    try:
        if target_of(settings) is None:
            return Bringing(settings)
        target, mirror_id = await service.opened(database, settings)
    except SoviaError as error:
        await service.note(database, settings, error)
        return Bringing(settings)
    async with database.begin() as session:
        places = await queries.places_of(session, user_id, mirror_id, {one.was for one in files})
    return Bringing(settings, target, places)
