"""Presets: made, changed, deleted; one of them may be the default."""

from collections.abc import Sequence
from math import isfinite
from uuid import UUID, uuid4

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.collection.errors import PresetNotFound, TooManyPresets
from sovia.collection.filtering import document_of_text
from sovia.collection.schemas import NewPreset, PresetChange
from sovia.kit import clock
from sovia.library.gathered import Preset
from sovia.library.service import operating
from sovia.search.language.printer import print_filter

MOST_PRESETS = 500


async def presets(session: AsyncSession, user_id: UUID) -> Sequence[Preset]:
    """All presets, the default first, then by name."""
    query = select(Preset).where(Preset.user_id == user_id)
    order = (Preset.is_default.desc(), func.lower(Preset.name), Preset.id)
    return (await session.scalars(query.order_by(*order))).all()


async def create(session: AsyncSession, user_id: UUID, given: NewPreset) -> Preset:
    """Keep a filter under a name."""
    await operating.hold(session, user_id)
    if int(await session.scalar(select(func.count()).where(Preset.user_id == user_id)) or 0) >= MOST_PRESETS:
        raise TooManyPresets(MOST_PRESETS)
    now = clock.now()
    found = Preset(id=uuid4(), user_id=user_id, name=given.name, filter="", view={}, is_default=False)
    found.created_at = found.updated_at = now
    await _set(session, found, given)
    session.add(found)
    await session.flush()
    return found


async def change(session: AsyncSession, user_id: UUID, preset_id: UUID, given: PresetChange) -> Preset:
    """Change what is given."""
    await operating.hold(session, user_id)
    found = await preset_by_id(session, user_id, preset_id)
    await _set(session, found, given)
    found.updated_at = clock.now()
    await session.flush()
    return found


async def delete(session: AsyncSession, user_id: UUID, preset_id: UUID) -> None:
    """Forget a preset."""
    await session.delete(await preset_by_id(session, user_id, preset_id))
    await session.flush()


async def preset_by_id(session: AsyncSession, user_id: UUID, preset_id: UUID) -> Preset:
    """The user's preset, or `PresetNotFound`."""
    found: Preset | None = await session.scalar(select(Preset).where(Preset.user_id == user_id, Preset.id == preset_id))
    if found is None:
        raise PresetNotFound(preset_id)
    return found


async def _set(session: AsyncSession, found: Preset, given: PresetChange) -> None:
    if given.name is not None:
        found.name = given.name
    if given.filter is not None:
        found.filter = print_filter(document_of_text(given.filter))
    if given.view is not None:
        # JSON knows no numbers beyond all bounds.
        found.view = {
            name: None if isinstance(one, float) and not isfinite(one) else one for name, one in given.view.items()
        }
    if given.is_default is not None:
        if given.is_default:
            others = update(Preset).where(Preset.user_id == found.user_id, Preset.is_default)
            await session.execute(others.values(is_default=False))
        found.is_default = given.is_default


def _plain(value: object) -> object:
    """JSON knows no numbers beyond all bounds."""
    return None if isinstance(value, float) and not isfinite(value) else value
