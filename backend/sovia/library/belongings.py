"""What people gave posts and gathered of them, as an export of this product brings it back."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID


class Place(NamedTuple):
    """A post's place in a collection."""

    collection_id: UUID
    position: int
    added_at: datetime


@dataclass(slots=True)
class Belongings:
    """What belongs to one post beside its record; `collections` and `presets` are of the whole library.

    Collections come before those in them; both hold checked values by the names of our columns. `earlier` are the
    fingerprints of records that newer ones replaced.
    """

    post_id: UUID
    liked_here: bool = False
    rating: int = 0
    status: str | None = None
    tags: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    earlier: list[str] = field(default_factory=list)
    collections: list[dict[str, Any]] = field(default_factory=list)
    presets: list[dict[str, Any]] = field(default_factory=list)
