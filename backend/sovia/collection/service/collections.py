"""Collections made, changed, moved and deleted; each an operation that remembers the values before and after."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.collection.errors import BadPlace, TooManyCollections
from sovia.collection.filtering import kept_filters, refuse_cycle
from sovia.collection.queries import collection_by_id, collections, next_position
from sovia.collection.schemas import CollectionChange, NewCollection
from sovia.collection.service import items
from sovia.collection.targets import by_ids
from sovia.kit import clock
from sovia.library.gathered import Collection, Operation
from sovia.library.queries.posts import post_by_id
from sovia.library.service import operating
from sovia.library.text import searchable

MOST_COLLECTIONS = 5000
MOST_LEVELS = 8
STEP = 2**20
IDS = ("parent_id", "cover_id")
TIMES = ("deleted_at",)
Values = dict[str, Any]


async def create(session: AsyncSession, user_id: UUID, given: NewCollection) -> tuple[Collection, Operation | None]:
    """Make a collection, and put posts into it; undoing it deletes it again."""
    found = await make(session, user_id, given.name, parent_id=given.parent_id)
    await _set(session, found, given)
    count = 0 if given.ids is None else await items.fill(session, found, by_ids(user_id, given.ids))
    return found, await made(session, found, count)


async def make(
    session: AsyncSession, user_id: UUID, name: str, *, parent_id: UUID | None = None, like: Collection | None = None
) -> Collection:
    """A new, empty collection at the end of its parent, with what another one has of looks and filters."""
    await operating.hold(session, user_id)
    if int(await session.scalar(select(func.count()).where(Collection.user_id == user_id)) or 0) >= MOST_COLLECTIONS:
        raise TooManyCollections(MOST_COLLECTIONS)
    if parent_id is not None:
        await _check_place(session, user_id, None, parent_id)
    now = clock.now()
    found = Collection(
        id=uuid4(), user_id=user_id, name=name, name_key=searchable(name), parent_id=parent_id, description="",
        notes="", is_smart=False, pinned=False, alert=False, sort="manual", seen_at=now, created_at=now,
        updated_at=now, position=await next_position(session, user_id, parent_id) + STEP,
    )  # fmt: skip
    if like is not None:
        for field in ("description", "notes", "color", "icon", "is_smart", "smart_filters", "sort", "cover_id"):
            setattr(found, field, getattr(like, field))
    session.add(found)
    await session.flush()
    return found


async def made(session: AsyncSession, collection: Collection, count: int = 0) -> Operation | None:
    """Write down that a collection, of so many posts, is new; undoing it deletes it again."""
    change = {"id": str(collection.id), "before": {"deleted_at": str(clock.now())}, "after": {"deleted_at": None}}
    label = f"Made {collection.name}"
    operation = await operating.begin(session, collection.user_id, "create", label, {"collections": [change]})
    return await operating.finish(session, operation, max(1, count))


async def change(
    session: AsyncSession, user_id: UUID, collection_id: UUID, given: CollectionChange
) -> tuple[Collection, Operation | None]:
    """Change some of what is said of a collection."""
    await operating.hold(session, user_id)
    found = await collection_by_id(session, user_id, collection_id)
    before = _values(found)
    await _set(session, found, given)
    operation = await _changed(session, "edit", f"Changed {before['name']}", [(found, before)])
    return found, operation


async def delete(session: AsyncSession, user_id: UUID, collection_id: UUID) -> tuple[Collection, Operation | None]:
    """Delete a collection; its posts stay in the library, collections in it move one level up."""
    await operating.hold(session, user_id)
    found = await collection_by_id(session, user_id, collection_id)
    query = select(Collection).where(
        Collection.user_id == user_id, Collection.parent_id == found.id, Collection.deleted_at.is_(None)
    )
    inner = list(await session.scalars(query))
    before = [(one, _values(one)) for one in (found, *inner)]
    for one in inner:
        one.parent_id = found.parent_id
    found.deleted_at = clock.now()
    return found, await _changed(session, "delete", f"Deleted {found.name}", before)


async def place(
    session: AsyncSession, user_id: UUID, collection_id: UUID, *, parent_id: UUID | None, before: UUID | None
) -> tuple[Collection, Operation | None]:
    """Put a collection into another one, before one of those in there or at the end."""
    await operating.hold(session, user_id)
    found = await collection_by_id(session, user_id, collection_id)
    await _check_place(session, user_id, found.id, parent_id)
    beside = [one for one in await collections(session, user_id, as_tree=True) if one.parent_id == parent_id]
    others = [one for one in beside if one.id != found.id]
    at = next((number for number, one in enumerate(others) if one.id == before), None)
    if before is not None and at is None:
        raise BadPlace("The collection to stand before is not there.")
    others.insert(len(others) if at is None else at, found)
    values = [(one, _values(one)) for one in others]
    found.parent_id = parent_id
    for number, one in enumerate(others, 1):
        one.position = number * STEP
    return found, await _changed(session, "place", f"Moved {found.name}", values)


async def seen(session: AsyncSession, user_id: UUID, collection_id: UUID) -> Collection:
    """What a collection found until now is not new any more."""
    found = await collection_by_id(session, user_id, collection_id)
    found.seen_at = clock.now()
    await session.flush()
    return found


@operating.undoes("create", "edit", "delete", "place")
async def turn(session: AsyncSession, operation: Operation, back: bool) -> None:
    """Give collections the values from before, or after, where nobody changed them since."""
    changes = {UUID(one["id"]): one for one in operation.details["collections"]}
    query = select(Collection).where(Collection.user_id == operation.user_id, Collection.id.in_(changes))
    for found in await session.scalars(query.with_for_update()):
        one = changes[found.id]
        old, new = (one["after"], one["before"]) if back else (one["before"], one["after"])
        for name, value in new.items():
            if name in TIMES or _plain(getattr(found, name)) == old[name]:
                setattr(found, name, _typed(name, value))
        found.name_key, found.updated_at = searchable(found.name), clock.now()
    await session.flush()
    await _mend_places(session, operation.user_id, set(changes))


async def _mend_places(session: AsyncSession, user_id: UUID, ids: set[UUID]) -> None:
    """What stands in a collection that is gone, or below itself, stands at the top."""
    parents = {one.id: one for one in await collections(session, user_id)}
    for one in (parents[one] for one in ids if one in parents):
        above, at = set(), one
        while at.parent_id is not None and at.parent_id in parents and at.id not in above:
            above.add(at.id)
            at = parents[at.parent_id]
        if at.parent_id is not None or len(above) >= MOST_LEVELS:
            one.parent_id = None
    await session.flush()


async def _set(session: AsyncSession, found: Collection, given: CollectionChange) -> None:
    """The values that were given, checked."""
    fields = given.model_fields_set
    for name in ("color", "icon", "cover_id"):
        if name in fields:
            setattr(found, name, getattr(given, name))
    if given.cover_id is not None:
        await post_by_id(session, found.user_id, given.cover_id)
    for name in ("name", "description", "notes", "pinned", "alert", "sort"):
        if getattr(given, name) is not None:
            setattr(found, name, getattr(given, name))
    found.name_key = searchable(found.name)
    asks = given.filter is not None or given.smart_filters is not None
    if given.is_smart is not None or (asks and not found.is_smart):
        found.is_smart = asks if given.is_smart is None else given.is_smart
    if asks or (found.is_smart and found.smart_filters is None):
        found.smart_filters = kept_filters(given.filter, given.smart_filters)
    if found.is_smart and "sort" not in fields and found.sort == "manual":
        found.sort = "newest"
    await refuse_cycle(session, found.user_id, found)


async def _changed(
    session: AsyncSession, kind: str, label: str, before: list[tuple[Collection, Values]]
) -> Operation | None:
    """Write down what is different now."""
    changes = []
    for one, values in before:
        now = _values(one)
        names = [name for name in now if now[name] != values[name]]
        if names:
            one.updated_at = clock.now()
            was, became = ({name: side[name] for name in names} for side in (values, now))
            changes.append({"id": str(one.id), "before": was, "after": became})
    await session.flush()
    if not changes:
        return None
    user_id = before[0][0].user_id
    operation = await operating.begin(session, user_id, kind, label, {"collections": changes})
    return await operating.finish(session, operation, len(changes))


async def _check_place(session: AsyncSession, user_id: UUID, moved: UUID | None, parent_id: UUID | None) -> None:
    """`BadPlace` below itself or too deep, `CollectionNotFound` in one that is not there."""
    if parent_id is None:
        return
    await collection_by_id(session, user_id, parent_id)
    parents = {one.id: one.parent_id for one in await collections(session, user_id)}
    above = 0
    at: UUID | None = parent_id
    while at is not None and above <= MOST_LEVELS:
        if at == moved:
            raise BadPlace("A collection can not stand in itself.")
        above, at = above + 1, parents.get(at)
    if above + _height(parents, moved) > MOST_LEVELS:
        raise BadPlace(f"Collections go at most {MOST_LEVELS} levels deep.")


def _height(parents: Mapping[UUID, UUID | None], moved: UUID | None) -> int:
    """How many levels a collection and those in it are."""
    height, level = 0, {moved}
    while level and height <= MOST_LEVELS:
        height, level = height + 1, {one for one, parent in parents.items() if parent is not None and parent in level}
    return height


def _values(collection: Collection) -> Values:
    fields = ("name", "description", "notes", "color", "icon", "is_smart", "smart_filters", "parent_id", "position")
    more = ("pinned", "alert", "sort", "cover_id", "deleted_at")
    return {name: _plain(getattr(collection, name)) for name in (*fields, *more)}


def _plain(value: object) -> object:
    return str(value) if isinstance(value, (UUID, datetime)) else value


def _typed(name: str, value: object) -> object:
    if value is None:
        return None
    if name in IDS:
        return UUID(str(value))
    return datetime.fromisoformat(str(value)) if name in TIMES else value
