"""What people gave posts (marks, tags, places in collections), and the collections and presets themselves."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.library.gathered import Collection, CollectionItem, PostMark, PostTag, Preset

# So much of it goes with one stack: an importer holds one record at a time, and refuses very large ones.
MOST_BYTES = 1_000_000
OF_COLLECTIONS = (
    *("id", "name", "description", "notes", "color", "icon", "is_smart", "smart_filters", "parent_id", "position"),
    *("pinned", "alert", "sort", "cover_id", "seen_at", "created_at", "updated_at"),
)
OF_PRESETS = ("id", "name", "filter", "view", "is_default", "created_at", "updated_at")
Given = Mapping[UUID, Mapping[str, Any]]


async def given_to(session: AsyncSession, user_id: UUID, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """What each of these posts was given; posts without anything are not in it."""
    found: dict[UUID, dict[str, Any]] = {}
    marks = select(PostMark).where(PostMark.user_id == user_id, PostMark.post_id.in_(ids))
    for one in await session.scalars(marks):
        mine = {"rating": one.rating, "status": one.status}
        found.setdefault(one.post_id, {}).update({name: value for name, value in mine.items() if value})
    tags = select(PostTag.post_id, PostTag.tag).where(PostTag.user_id == user_id, PostTag.post_id.in_(ids))
    for post_id, tag in await session.execute(tags.order_by(PostTag.post_id, PostTag.tag)):
        found.setdefault(post_id, {}).setdefault("tags", []).append(tag)
    places = (
        select(CollectionItem)
        .join(Collection, Collection.id == CollectionItem.collection_id)
        .where(CollectionItem.user_id == user_id, CollectionItem.post_id.in_(ids), Collection.deleted_at.is_(None))
        .order_by(CollectionItem.post_id, CollectionItem.collection_id)
    )
    for item in await session.scalars(places):
        place = {"collection": str(item.collection_id), "position": item.position, "added_at": _plain(item.added_at)}
        found.setdefault(item.post_id, {}).setdefault("places", []).append(place)
    return {post_id: mine for post_id, mine in found.items() if mine}


class Gathered:
    """Collections and presets on their way out, each once, a collection after the one that it stands in."""

    def __init__(self, user_id: UUID, *, everything: bool) -> None:
        self._user_id = user_id
        self._everything = everything
        self._said: set[str] = set()
        self._begun = False

    async def parcels(self, session: AsyncSession, given: Given) -> list[dict[str, Any]]:
        """What goes with these posts, in parcels of a size that one record may have."""
        named = {place["collection"] for mine in given.values() for place in mine.get("places", ())}
        whole = self._everything and not self._begun
        self._begun = True
        if not whole and named <= self._said:
            return []
        parcels = _Parcels()
        for one in await self._collections(session, None if whole else named - self._said):
            self._said.add(str(one["id"]))
            parcels.add("collections", one)
        if whole:
            for preset in await session.scalars(select(Preset).where(Preset.user_id == self._user_id)):
                parcels.add("presets", {name: _plain(getattr(preset, name)) for name in OF_PRESETS})
        return parcels.all

    async def _collections(self, session: AsyncSession, named: set[str] | None) -> list[dict[str, Any]]:
        """Those named and what they stand in, or all; outer ones first. There are a few thousand at most."""
        query = select(Collection).where(Collection.user_id == self._user_id, Collection.deleted_at.is_(None))
        here = {str(one.id): one for one in await session.scalars(query.order_by(Collection.position, Collection.id))}
        found: dict[str, Collection] = {}
        for name in here if named is None else sorted(named):
            line: list[Collection] = []
            at = here.get(name)
            while at is not None and str(at.id) not in found and at not in line:
                line.append(at)
                at = here.get(str(at.parent_id))
            found |= {str(one.id): one for one in reversed(line)}
        rows = [one for name, one in found.items() if name not in self._said]
        return [{field: _plain(getattr(one, field)) for field in OF_COLLECTIONS} for one in rows]


class _Parcels:
    def __init__(self) -> None:
        self.all: list[dict[str, Any]] = []
        self._size = 0

    def add(self, kind: str, one: dict[str, Any]) -> None:
        size = len(orjson.dumps(one))
        if not self.all or self._size + size > MOST_BYTES:
            self.all.append({})
            self._size = 0
        self._size += size
        self.all[-1].setdefault(kind, []).append(one)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value) if isinstance(value, UUID) else value
