"""Which files are meant by a wish to fetch: all, or those of an import, of posts, of a mending, of a filter."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.importer.queries import brought_by
from sovia.kit import clock
from sovia.library.gathered import OperationItem
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
    if scope.get("operation"):
        return File.post_id.in_(
            select(OperationItem.post_id).where(OperationItem.operation_id == UUID(scope["operation"]))
        )
    if scope.get("import"):
        return File.post_id.in_(brought_by(user_id, UUID(scope["import"])))
    if scope.get("filter"):
        document = Document(filter=parse(scope["filter"]).document.filter)
        moment = Moment(clock.now(), ZoneInfo(scope.get("zone") or "UTC"))
        wanted = await meaning_now(session, user_id, document, moment)
        # Found once: a plan that asks the filter again for every file takes hours where little is known of the tables.
        roots = select(Post.id).where(*conditions(user_id, wanted)).cte("wanted_roots").prefix_with("MATERIALIZED")
        stacks = select(Post.id).where(Post.user_id == user_id, Post.root_id.in_(select(roots.c.id)))
        found = stacks.cte("wanted_posts").prefix_with("MATERIALIZED")
        return File.post_id.in_(select(found.c.id))
    return None
