"""Adding posts in bulk: new ones are copied in, known ones are merged, never skipped and never blanked."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit.db import asyncpg_connection
from sovia.library.arrivals import Arrival, Packer
from sovia.library.incoming import AddedCounts, NewPost, WantedFile, wanted_files
from sovia.library.lineage import Links, Standing, proposed, refuse_circles, root_of
from sovia.library.merging import combined
from sovia.library.queries.standing import standing_of
from sovia.library.service import known, settling, versions
from sovia.library.service.fresh import copy_posts
from sovia.library.service.wording import learn
from sovia.library.text import storable

# The doors for rooms that bring posts in.
__all__ = ["AddedCounts", "NewPost", "WantedFile", "add_arrivals", "add_posts", "storable", "wanted_files"]

# One import at a time writes a user's posts; others wait for its chunk, so that none meets a half-linked stack.
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('sovia.add_posts/' || $1::text, 0))"


async def add_posts(session: AsyncSession, user_id: UUID, posts: Sequence[NewPost]) -> AddedCounts:
    """Add or merge posts and the files they should have, in the session's transaction; a few thousand at a time.

    Posts may come in any order and more than once; children may come before their parents.
    Done twice, the second time writes nothing and leaves the library's version as it is.
    """
    return await add_arrivals(session, user_id, *Packer().packed(posts))


async def add_arrivals(
    session: AsyncSession, user_id: UUID, arrivals: Sequence[Arrival], words: Collection[str]
) -> AddedCounts:
    """The same for posts that were made ready elsewhere; `words` are those in them that may be new to the library."""
    counts = AddedCounts()
    batch = _by_id(arrivals, counts)
    if not batch:
        return counts
    for new in batch.values():
        counts.files += len(new.files)
        counts.files_refused += new.files_refused

    connection = await asyncpg_connection(session)
    await connection.execute(LOCK, str(user_id))
    standing = await standing_of(connection, user_id, batch)
    links = proposed(batch, standing)
    refuse_circles(links, standing, batch)
    roots = {post_id: root_of(post_id, links, standing) for post_id in (*batch, *links.parents)}

    fresh = [new for post_id, new in batch.items() if post_id not in standing.known]
    await copy_posts(connection, user_id, fresh, links, standing, roots)
    await learn(connection, user_id, words)
    merged = await known.merge(connection, user_id, batch, standing, links, roots)
    _count(counts, batch, fresh, merged.changed)
    counts.linked_later = sum(1 for row in standing.waiting if row["id"] in links.parents)

    unsettled = _unsettled(links, standing, roots) | {roots[post_id] for post_id in merged.reworded if post_id in roots}
    await settling.settle(connection, user_id, unsettled)
    if fresh or merged.changed:
        await versions.touch(session, user_id)
    return counts


def _by_id(arrivals: Iterable[Arrival], counts: AddedCounts) -> dict[UUID, Arrival]:
    """Each post once, in the order of ids, so that rows are locked in one order everywhere."""
    found: dict[UUID, Arrival] = {}
    for new in arrivals:
        before = found.get(new.id)
        counts.duplicates += before is not None
        found[new.id] = new if before is None else Arrival.of(combined(before.post(), new.post()))
    return dict(sorted(found.items(), key=lambda item: item[0].bytes))


def _unsettled(links: Links, standing: Standing, roots: Mapping[UUID, UUID]) -> set[UUID]:
    """The roots of stacks in which new edges and posts that were here already meet."""
    found: set[UUID] = set()
    here = {row["id"]: row for row in standing.waiting} | dict(standing.known)
    for child, parent in links.parents.items():
        if child in here:
            found.add(here[child]["root_id"])
        if child in here or parent in here or roots[child] in here:
            found.add(roots[child])
    return found


def _count(
    counts: AddedCounts,
    batch: Mapping[UUID, Arrival],
    fresh: Sequence[Arrival],
    changed: set[UUID],
) -> None:
    counts.new = len(fresh)
    counts.children_new = sum(1 for new in fresh if new.nested_in is not None or new.fills_only)
    counts.changed = sum(1 for post_id in changed if post_id in batch)
    counts.same = len(batch) - counts.new - counts.changed
