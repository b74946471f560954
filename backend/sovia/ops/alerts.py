"""Which smart collections found something new: looked at again when the library has changed, and not too often."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sovia.collection.counting import found_by
from sovia.collection.queries import watched_collections
from sovia.kit.cache import AnswerCache
from sovia.library.queries.posts import version
from sovia.search.columns.keeper import Keeper

# While an import runs, the library changes every second.
LOOK_EVERY_SECONDS = 5.0
Alert = dict[str, object]


@dataclass
class Alerts:
    """What was last known of each user's watched collections."""

    cache: AnswerCache
    columns: Keeper | None = None
    known: dict[UUID, tuple[int, float, list[Alert]]] = field(default_factory=dict)

    async def of(self, session: AsyncSession, user_id: UUID, now: float) -> list[Alert]:
        """How many new stacks each watched collection of the user's has."""
        seen, at, alerts = self.known.get(user_id, (-1, float("-inf"), []))
        if now - at < LOOK_EVERY_SECONDS or (here := await version(session, user_id)) == seen:
            return alerts
        several = await watched_collections(session, user_id)
        found = await found_by(session, self.cache, self.columns, user_id, several)
        alerts = [
            {"id": str(one.id), "name": one.name, "new_count": found[one.id].new, "item_count": found[one.id].count}
            for one in several
        ]
        self.known[user_id] = (here, now, alerts)
        return alerts
