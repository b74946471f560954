"""Which posts an import shares with others: what must stay when it is undone, what must come back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, any_, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.importer.models import Import, ImportChange
from sovia.importer.queries import array_of
from sovia.library.models import Post
from sovia.library.undoing import files_of


async def own_posts(
    session: AsyncSession, found: Import, *, deleted_at: datetime | None, limit: int, after: UUID | None = None
) -> list[UUID]:
    """The first posts, by their ids, that belong to an import and were deleted then, or are not deleted."""
    when = Post.deleted_at.is_(None) if deleted_at is None else Post.deleted_at == deleted_at
    query = select(Post.id).where(Post.user_id == found.user_id, Post.import_id == found.id, when)
    if after is not None:
        query = query.where(Post.id > after)
    return list(await session.scalars(query.order_by(Post.id).limit(limit)))


async def changed_posts(session: AsyncSession, found: Import, after: UUID | None, limit: int) -> list[ImportChange]:
    """The first posts, by their ids, that were here before an import and were changed by it."""
    query = select(ImportChange).where(ImportChange.import_id == found.id, ImportChange.before.is_not(None))
    if after is not None:
        query = query.where(ImportChange.post_id > after)
    return list(await session.scalars(query.order_by(ImportChange.post_id).limit(limit)))


def files_given(changes: Sequence[ImportChange]) -> list[object]:
    """The paths of the files that an import has given to posts."""
    return [file[1] for one in changes for file in files_of(one.after or {}).values() if file]


async def kept_elsewhere(
    session: AsyncSession, found: Import, after: UUID | None, limit: int
) -> tuple[dict[UUID, list[UUID]], UUID | None]:
    """Posts of an import that another one brought too, which was not undone: by that one, and where to go on."""
    others = select(Import.id).where(Import.user_id == found.user_id, Import.id != found.id, Import.undone_at.is_(None))
    query = (
        select(ImportChange.post_id, ImportChange.import_id)
        .join(Post, (Post.user_id == found.user_id) & (Post.id == ImportChange.post_id))
        .where(ImportChange.import_id.in_(others), ImportChange.brought, Post.import_id == found.id)
        .where(Post.deleted_at.is_(None))
        .ext(distinct_on(ImportChange.post_id))
        .order_by(ImportChange.post_id, ImportChange.import_id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(ImportChange.post_id > after)
    owners: dict[UUID, list[UUID]] = {}
    rows = (await session.execute(query)).all()
    for post_id, import_id in rows:
        owners.setdefault(import_id, []).append(post_id)
    return owners, rows[-1][0] if len(rows) == limit else None


async def lost_elsewhere(session: AsyncSession, found: Import, limit: int) -> dict[UUID, list[UUID]]:
    """Posts that an import brought too, and that are in the trash since another one was undone: by that one."""
    query = (
        select(Post.id, Import.id)
        .join(ImportChange, (ImportChange.import_id == found.id) & (ImportChange.post_id == Post.id))
        .join(Import, Import.id == Post.import_id)
        .where(Post.user_id == found.user_id, ImportChange.brought, Post.deleted_at == Import.undone_at)
        .where(Import.id != found.id)
        .limit(limit)
    )
    owners: dict[UUID, list[UUID]] = {}
    for post_id, owner in (await session.execute(query)).all():
        owners.setdefault(owner, []).append(post_id)
    return owners


async def note_sightings(session: AsyncSession, several: Mapping[UUID, Collection[UUID]]) -> None:
    """Keep that imports brought posts which belong to others now."""
    rows = [{"import_id": import_id, "post_id": one} for import_id, ids in several.items() for one in ids]
    if rows:
        row = insert(ImportChange)
        again = row.on_conflict_do_update(index_elements=["import_id", "post_id"], set_={"brought": True})
        await session.execute(again, rows)


async def later_changes(
    session: AsyncSession, found: Import, ids: Sequence[UUID]
) -> dict[UUID, list[tuple[ImportChange, bool]]]:
    """What later imports changed of these posts, by post, the earliest first; with whether that import stands."""
    if not ids:
        return {}
    query = (
        select(ImportChange, Import.undone_at.is_(None))
        .join(Import, Import.id == ImportChange.import_id)
        .where(Import.user_id == found.user_id, Import.id != found.id)
        .where(Import.started_at >= found.started_at, ImportChange.before.is_not(None))
        .where(ImportChange.post_id == any_(array_of(ids, Uuid())))
        .order_by(Import.started_at, Import.id)
    )
    changes: dict[UUID, list[tuple[ImportChange, bool]]] = {}
    for one, live in (await session.execute(query)).all():
        changes.setdefault(one.post_id, []).append((one, live))
    return changes
