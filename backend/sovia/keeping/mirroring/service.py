"""Wanting the mirror brought up to date, and writing down what lies in it."""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.keeping.mirroring import queries
from sovia.keeping.mirroring.errors import MirrorAway, MirrorNotSet
from sovia.keeping.mirroring.models import Mirror, MirroredFile
from sovia.keeping.mirroring.targets import AWAY_BUCKET, AWAY_FOLDER, Target, target_of
from sovia.kit import clock
from sovia.kit.db import Database
from sovia.kit.errors import SoviaError
from sovia.kit.jobs import enqueue
from sovia.kit.settings import Settings

MIRROR, CHECK = "keeping.mirror_files", "keeping.check_mirror"


@dataclass(frozen=True)
class Lying:
    """A file that was put into the mirror, or looked at there: `fault` is nothing when it is right."""

    place: str
    sha256: bytes
    size_bytes: int
    e_tag: str | None
    verified_at: datetime
    fault: str | None = None


async def mirror_soon(session: AsyncSession, user_id: UUID, settings: Settings) -> UUID:
    """Have what is new copied to the mirror; `MirrorNotSet` without one."""
    if target_of(settings) is None:
        raise MirrorNotSet
    return await enqueue(session, MIRROR, user_id=user_id, title="Copying to the mirror")


async def check_soon(session: AsyncSession, user_id: UUID, settings: Settings, *, read: bool) -> UUID:
    """Have everything in the mirror looked at; with `read` every byte also of a bucket."""
    if target_of(settings) is None:
        raise MirrorNotSet
    return await enqueue(session, CHECK, user_id=user_id, title="Proving the mirror", payload={"read": read})


async def opened(database: Database, settings: Settings) -> tuple[Target, str]:
    """The mirror and its id, when it is there; marked as ours when it is new.

    One that was marked once and has no marker now is not there: rather a disk is not mounted than everything gone.
    """
    target = target_of(settings)
    if target is None:
        raise MirrorNotSet
    marked = await asyncio.to_thread(target.read_marker)
    async with database.begin() as session:
        known = await queries.mirror_at(session, target.location)
        if not marked:
            if known is not None:
                raise MirrorAway(AWAY_FOLDER if target.kind == "folder" else AWAY_BUCKET)
            marked = secrets.token_hex(8)
            await asyncio.to_thread(target.write_marker, marked)
        adding = insert(Mirror).values(id=marked, location=target.location, set_up_at=clock.now())
        if known is not None and known.id != marked:
            # Another disk lies at the same place now; what the first one held is no longer of use.
            await session.delete(known)
            await session.flush()
        await session.execute(adding.on_conflict_do_update(index_elements=["id"], set_={"location": target.location}))
    return target, marked


async def record(session: AsyncSession, user_id: UUID, mirror_id: str, found: Sequence[Lying]) -> None:
    """Write what lies in the mirror."""
    by_place = {one.place: one for one in found}
    if not by_place:
        return
    values: list[dict[str, Any]] = [
        {"user_id": user_id, "mirror_id": mirror_id, "place": one.place, "sha256": one.sha256, "e_tag": one.e_tag,
         "size_bytes": one.size_bytes, "verified_at": one.verified_at, "fault": one.fault}
        for one in by_place.values()
    ]  # fmt: skip
    adding = insert(MirroredFile).values(values)
    again = {name: adding.excluded[name] for name in ("sha256", "e_tag", "size_bytes", "verified_at", "fault")}
    await session.execute(adding.on_conflict_do_update(index_elements=["user_id", "mirror_id", "place"], set_=again))


async def note(database: Database, settings: Settings, error: SoviaError | None, **done: datetime) -> None:
    """Write how a run went, for people: what was wrong, or when it was done."""
    try:
        target = target_of(settings)
    except SoviaError:
        return
    if target is None:
        return
    values: dict[str, Any] = {
        "tried_at": clock.now(),
        "problem_code": error.code if error else None,
        "problem": error.message if error else None,
    }
    async with database.begin() as session:
        await session.execute(update(Mirror).where(Mirror.location == target.location).values(values | done))
