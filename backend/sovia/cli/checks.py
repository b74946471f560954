"""The dry run of `./run import --check`."""

from uuid import UUID

from sovia.importer import checking, queries, service, steering
from sovia.importer.service import Report
from sovia.importer.sources import Part
from sovia.kit import settings
from sovia.kit.db import Database


async def check(
    database: Database, user_id: UUID, import_id: UUID, parts: list[Part], show: service.OnProgress
) -> Report:
    """Say what the files would change, and write nothing but that."""
    home = settings.current().home
    state = await checking.check_import(database, user_id, import_id, parts, home, on_progress=show)
    async with database.begin() as session:
        found = await queries.import_by_id(session, user_id, import_id)
        # Its files are read where they lie, so nobody can go on with it later.
        await steering.cancel_import(session, user_id, import_id)
        return Report(import_id, state, found.shape or "", found.counts, (found.check_result or {}).get("seconds", 0.0))
