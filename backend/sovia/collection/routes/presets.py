"""Presets over HTTP."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter

from sovia.account.deps import CurrentUser
from sovia.collection.schemas import NewPreset, PresetChange, PresetOut
from sovia.collection.service import presets as service
from sovia.kit.db import Session
from sovia.library.gathered import Preset

router = APIRouter(prefix="/api/presets", tags=["presets"])


@router.get("", response_model=list[PresetOut])
async def list_presets(user: CurrentUser, session: Session) -> Sequence[Preset]:
    """All presets, the default first."""
    return await service.presets(session, user.id)


@router.post("", response_model=PresetOut, status_code=201)
async def create(given: NewPreset, user: CurrentUser, session: Session) -> Preset:
    """Keep a filter with a view of it under a name; a new default takes the place of the old one."""
    return await service.create(session, user.id, given)


@router.patch("/{preset_id}", response_model=PresetOut)
async def change(preset_id: UUID, given: PresetChange, user: CurrentUser, session: Session) -> Preset:
    """Change what is given; the rest stays."""
    return await service.change(session, user.id, preset_id, given)


@router.delete("/{preset_id}", status_code=204)
async def delete(preset_id: UUID, user: CurrentUser, session: Session) -> None:
    """Forget a preset."""
    await service.delete(session, user.id, preset_id)
