"""A record that could not be used, fixed by a person and tried again."""

import asyncio
from pathlib import Path
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.importer.errors import Malformed, NotAnExport
from sovia.importer.following import set_going
from sovia.importer.gathering import gather_now
from sovia.importer.options import Options
from sovia.importer.queries import problem_by_number
from sovia.importer.schemas import RetriedOut
from sovia.importer.small import SmallExport
from sovia.importer.steering import locked
from sovia.importer.writing import keep_journal, terms_of
from sovia.kit import clock
from sovia.library.service import operating
from sovia.library.service.adding import add_posts
from sovia.library.service.edges import add_edges

MOST_POSTS = 3000


async def retry(
    session: AsyncSession, user_id: UUID, import_id: UUID, number: int, body: bytes, keep_in: Path | None = None
) -> RetriedOut:
    """Take the posts of a fixed text in, in the session's transaction; nothing when something is wrong with it still.

    Done twice, the second time the posts are here already. The import's report counts the problem as fixed.
    """
    found = await locked(session, user_id, import_id)
    problem = await problem_by_number(session, import_id, number)
    text = _text(body)
    try:
        export = await asyncio.to_thread(SmallExport, text, keep_in)
    except NotAnExport as error:
        return RetriedOut(accepted=False, posts=0, reason=error.message)
    errors = [one for one in export.problems if one.severity == "error"]
    if errors or not export.posts:
        reason = errors[0].reason if errors else "There is nothing to import in this text."
        return RetriedOut(accepted=False, posts=0, reason=reason)
    if len(export.posts) > MOST_POSTS:
        raise Malformed(f"These are {len(export.posts):,} posts; import them as a file.")
    options = Options.model_validate(found.options)
    for post in export.posts:
        options.place(post)
    if options.gathers:
        # Whoever gathers waits in this order.
        await operating.hold(session, user_id)
    terms = await terms_of(session, user_id, import_id, options)
    added = await add_posts(session, user_id, export.posts, terms)
    await add_edges(session, user_id, export.edges, terms)
    await keep_journal(session, import_id, terms.journal)
    counts = dict(found.counts)
    for name in ("new", "children_new", "changed", "same"):
        counts[name] = counts.get(name, 0) + getattr(added, name)
    if problem.fixed_at is None:
        problem.fixed_at = clock.now()
        counts["fixed"] = counts.get("fixed", 0) + 1
    found.counts = counts
    await session.flush()
    await gather_now(session, found)
    await set_going(session, user_id)
    return RetriedOut(accepted=True, posts=added.new + added.changed + added.same, reason=None)


def _text(body: bytes) -> bytes:
    """The text of the body, or `Malformed`."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Malformed("This is no JSON.") from None
    text = value.get("text") if isinstance(value, dict) else None
    if not isinstance(text, str) or not text.strip():
        raise Malformed('Send the fixed record as {"text": "..."}.')
    return text.encode()
