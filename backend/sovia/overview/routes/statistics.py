"""Statistics of a library, or of what a filter finds in it."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.account.deps import CurrentUser
from sovia.kit.db import Session
from sovia.overview import statistics
from sovia.overview.queries import statistics as queries
from sovia.overview.shapes import By
from sovia.search.deps import WantedFilter
from sovia.search.keeping import kept, key_of
from sovia.search.language.meaning import Meaning

router = APIRouter(prefix="/api", tags=["overview"])


@router.get("/statistics")
async def show_statistics(
    request: Request, asked: WantedFilter, user: CurrentUser, session: Session, by: By = "month"
) -> Response:
    """What a filter finds, over time and by type, model, mode, host, shape and size; bytes on disk.

    Counts are of stacks, as the gallery counts; each row has the `filter` that finds exactly these within the asked
    one, or null where no filter can say it; that of a host also finds hosts below it. A stack may have several models,
    hosts or shapes.
    """
    wanted, zone = await asked.meaning(session, user.id), asked.zone

    async def make() -> object:
        return await _statistics(session, user.id, wanted, by, zone)

    return await kept(request, session, user.id, f"{key_of('statistics', wanted)}:{by}:{zone}", make)


async def _statistics(session: AsyncSession, user_id: UUID, wanted: Meaning, by: By, zone: str) -> dict[str, Any]:
    stretches, undated = statistics.timeline(await queries.over_time(session, user_id, wanted, by, zone), by)
    rows = [*await queries.by_name(session, user_id, wanted), *await queries.of_posts(session, user_id, wanted)]
    fields: dict[str, Any] = {
        name: [] for name in ("type", "model", "mode", "host", "ratio", "size")
    } | statistics.by_field(rows)
    disk = await queries.on_disk(session, user_id, wanted)
    return {
        "by": by,
        "tz": zone,
        "totals": await queries.totals(session, user_id, wanted) | {"bytes": sum(row["bytes"] for row in disk)},
        "timeline": stretches,
        "undated": {"stacks": undated, "filter": "missing:date"},
        **fields,
        "disk": disk,
    }
