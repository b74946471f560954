"""Which files are meant by a wish to fetch: all, those of an import, of posts, or of what a filter finds."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.importer.queries import brought_by
from sovia.kit import clock
from sovia.library.models import File, Post
from sovia.search.clauses import conditions
from sovia.search.language.document import Document
from sovia.search.language.kinds import Moment
from sovia.search.language.parser import parse
from sovia.search.resolving import meaning_now


async def files_meant(session: AsyncSession, user_id: UUID, scope: dict[str, Any]) -> ColumnElement[bool] | None:
    """What must hold of a file to be meant; nothing when all are."""
    if scope.get("ids"):
        ids = [UUID(one) for one in scope["ids"]]
        return File.post_id.in_(ids)
    if scope.get("import"):
        return File.post_id.in_(brought_by(user_id, UUID(scope["import"])))
    if scope.get("filter"):
        document = Document(filter=parse(scope["filter"]).document.filter)
        moment = Moment(clock.now(), ZoneInfo(scope.get("zone") or "UTC"))
        wanted = await meaning_now(session, user_id, document, moment)
        roots = select(Post.id).where(*conditions(user_id, wanted)).scalar_subquery()
        stacks = select(Post.id).where(Post.user_id == user_id, Post.root_id.in_(roots))
        return File.post_id.in_(stacks)
    return None
