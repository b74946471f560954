"""What a filter that can be read may still have got wrong: it names a collection that is not there."""

from difflib import get_close_matches
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.library.gathered import Collection
from sovia.search.language.document import Document
from sovia.search.language.kinds import Moment
from sovia.search.language.meaning import meaning_of
from sovia.search.resolving import NONE, key_of_name, named_in

# Among so many names the nearest is looked for.
MOST_NAMES = 2000
NEAR = 0.5


async def hints_of(session: AsyncSession, user_id: UUID, document: Document, moment: Moment) -> list[dict[str, Any]]:
    """Each collection that is named and not there, with the name that comes nearest (null when none does)."""
    asked = set(named_in(meaning_of(document, moment))) - {NONE}
    if not asked:
        return []
    query = select(Collection.id, Collection.name, Collection.name_key).where(
        Collection.user_id == user_id, Collection.deleted_at.is_(None)
    )
    rows = (await session.execute(query.order_by(Collection.updated_at.desc()).limit(MOST_NAMES))).all()
    known = {row.name_key: row.name for row in rows}
    unknown = sorted(asked - known.keys() - {key_of_name(str(row.id)) for row in rows})
    return [_hint(name, known) for name in unknown]


def _hint(name: str, known: dict[str, str]) -> dict[str, Any]:
    near = get_close_matches(name, list(known), 1, NEAR)
    instead = known[near[0]] if near else None
    message = f"No collection is called “{name}”."
    return {"field": "in", "value": name, "message": message, "fix": instead}
