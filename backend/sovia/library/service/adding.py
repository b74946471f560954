"""Adding posts in bulk: new ones are copied in, known ones are merged, never skipped and never blanked."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit.db import asyncpg_connection
from sovia.library.incoming import AddedCounts, NewPost, WantedFile, wanted_files
from sovia.library.lineage import Links, Standing, proposed, refuse_circles, root_of
from sovia.library.merging import combined
from sovia.library.queries.standing import standing_of
from sovia.library.service import known, settling, versions
from sovia.library.service.fresh import copy_files, copy_posts
from sovia.library.text import storable

# The doors for rooms that bring posts in.
__all__ = ["AddedCounts", "NewPost", "WantedFile", "add_posts", "storable", "wanted_files"]

# One import at a time writes a user's posts; others wait for its chunk, so that none meets a half-linked stack.
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('sovia.add_posts/' || $1::text, 0))"


async def add_posts(session: AsyncSession, user_id: UUID, posts: Sequence[NewPost]) -> AddedCounts:
    """Add or merge posts and the files they should have, in the session's transaction; a few thousand at a time.

    Posts may come in any order and more than once; children may come before their parents.
    Done twice, the second time writes nothing and leaves the library's version as it is.
    """
    counts = AddedCounts()
    batch = _by_id(posts, counts)
    if not batch:
        return counts
    files = {post_id: wanted_files(new) for post_id, new in batch.items()}
    for wanted in files.values():
        counts.files += len(wanted)
        counts.files_refused += sum(1 for one in wanted if one.state == "refused")

    connection = await asyncpg_connection(session)
    await connection.execute(LOCK, str(user_id))
    standing = await standing_of(connection, user_id, batch)
    links = proposed(batch, standing)
    refuse_circles(links, standing, batch)
    roots = {post_id: root_of(post_id, links, standing) for post_id in (*batch, *links.parents)}

    fresh = [new for post_id, new in batch.items() if post_id not in standing.known]
    await _add_fresh(connection, user_id, fresh, links, standing, roots, files)
    merged = await known.merge(connection, user_id, batch, standing, links, roots, files)
    _count(counts, batch, fresh, merged.changed)
    counts.linked_later = sum(1 for row in standing.waiting if row["id"] in links.parents)

    unsettled = _unsettled(links, standing, roots) | {roots[post_id] for post_id in merged.reworded if post_id in roots}
    await settling.settle(connection, user_id, unsettled)
    if fresh or merged.changed:
        await versions.touch(session, user_id)
    return counts


def _by_id(posts: Iterable[NewPost], counts: AddedCounts) -> dict[UUID, NewPost]:
    """Each post once, in the order of ids, so that rows are locked in one order everywhere."""
    found: dict[UUID, NewPost] = {}
    for new in posts:
        before = found.get(new.id)
        counts.duplicates += before is not None
        found[new.id] = new if before is None else combined(before, new)
    return dict(sorted(found.items(), key=lambda item: item[0].int))


async def _add_fresh(
    connection: asyncpg.Connection,
    user_id: UUID,
    fresh: Sequence[NewPost],
    links: Links,
    standing: Standing,
    roots: Mapping[UUID, UUID],
    files: Mapping[UUID, list[WantedFile]],
) -> None:
    await copy_posts(connection, user_id, fresh, links, standing, roots, files)
    await copy_files(connection, user_id, ((new.id, files[new.id]) for new in fresh))


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
    batch: Mapping[UUID, NewPost],
    fresh: Sequence[NewPost],
    changed: set[UUID],
) -> None:
    counts.new = len(fresh)
    counts.children_new = sum(1 for new in fresh if new.nested_in is not None or new.fills_only)
    counts.changed = sum(1 for post_id in changed if post_id in batch)
    counts.same = len(batch) - counts.new - counts.changed
