"""Adding posts in bulk: new ones are copied in, known ones are merged, never skipped and never blanked."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit.db import asyncpg_connection
from sovia.library.arrivals import Arrival, Packer
from sovia.library.incoming import AddedCounts, Journal, Likes, NewPost, Terms, WantedFile, wanted_files
from sovia.library.lineage import Links, Standing, proposed, refuse_circles, root_of
from sovia.library.merging import combined
from sovia.library.queries.standing import standing_of
from sovia.library.service import known, settling, versions
from sovia.library.service.fresh import copy_posts
from sovia.library.service.wording import learn
from sovia.library.text import storable

# The doors for rooms that bring posts in.
__all__ = [
    "AddedCounts",
    "Journal",
    "Likes",
    "NewPost",
    "Terms",
    "WantedFile",
    "add_arrivals",
    "add_posts",
    "storable",
    "wanted_files",
]

# More contradictions about one post than any export holds; each costs a round of statements.
MOST_LAYERS = 64
# One import at a time writes a user's posts; others wait for its chunk, so that none meets a half-linked stack.
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('sovia.add_posts/' || $1::text, 0))"


async def add_posts(
    session: AsyncSession, user_id: UUID, posts: Sequence[NewPost], terms: Terms | None = None
) -> AddedCounts:
    """Add or merge posts and the files they should have, in the session's transaction; a few thousand at a time.

    Posts may come in any order and more than once; children may come before their parents.
    Done twice, the second time writes nothing and leaves the library's version as it is.
    """
    return await add_arrivals(session, user_id, *Packer().packed(posts), terms)


async def add_arrivals(
    session: AsyncSession,
    user_id: UUID,
    arrivals: Sequence[Arrival],
    words: Collection[str],
    terms: Terms | None = None,
) -> AddedCounts:
    """The same for posts that were made ready elsewhere; `words` are those in them that may be new to the library."""
    terms, counts, fate = terms or Terms(), AddedCounts(), Fate()
    if not arrivals:
        return counts
    connection = await asyncpg_connection(session)
    await connection.execute(LOCK, str(user_id))
    for layer in layers(arrivals):
        await _add_layer(connection, user_id, layer, terms, counts, fate)
    await learn(connection, user_id, words)
    fate.count(counts)
    counts.duplicates = len(arrivals) - len(fate.all)
    if fate.fresh or fate.changed or counts.linked_later:
        await versions.touch(session, user_id)
    return counts


@dataclass(slots=True)
class Fate:
    """What became of each post of one call, whatever happened to it on the way."""

    all: set[UUID] = field(default_factory=set)
    fresh: set[UUID] = field(default_factory=set)
    inside: set[UUID] = field(default_factory=set)
    changed: set[UUID] = field(default_factory=set)
    skipped: set[UUID] = field(default_factory=set)

    def count(self, counts: AddedCounts) -> None:
        """Count each post once."""
        changed = (self.changed & self.all) - self.fresh
        counts.new, counts.children_new = len(self.fresh), len(self.inside)
        counts.changed, counts.skipped = len(changed), len(self.skipped)
        counts.same = len(self.all) - len(self.fresh) - len(changed) - len(self.skipped)


async def _add_layer(
    connection: asyncpg.Connection,
    user_id: UUID,
    batch: dict[UUID, Arrival],
    terms: Terms,
    counts: AddedCounts,
    fate: Fate,
) -> None:
    """Add or merge posts of which none comes twice."""
    fate.all |= batch.keys()
    standing = await standing_of(connection, user_id, batch)
    back = set_apart(batch, standing, terms, fate.skipped)
    for post_id in batch.keys() - fate.fresh:
        counts.files += len(batch[post_id].files)
        counts.files_refused += batch[post_id].files_refused
    links = proposed(batch, standing)
    refuse_circles(links, standing, batch)
    roots = {post_id: root_of(post_id, links, standing) for post_id in (*batch, *links.parents)}

    fresh = [new for post_id, new in batch.items() if post_id not in standing.known]
    await copy_posts(connection, user_id, fresh, links, standing, roots, terms.import_id)
    merged = await known.merge(connection, user_id, batch, standing, links, roots, terms)
    _tell(terms, batch, standing, back)

    here = back | {new.id for new in fresh}
    fate.fresh |= here
    fate.inside |= {one for one in here if batch[one].nested_in is not None or batch[one].fills_only}
    fate.changed |= merged.changed
    counts.linked_later += sum(1 for row in standing.waiting if row["id"] in links.parents)
    unsettled = _unsettled(links, standing, roots) | {roots[post_id] for post_id in merged.reworded if post_id in roots}
    await settling.settle(connection, user_id, unsettled)


def set_apart(batch: dict[UUID, Arrival], standing: Standing, terms: Terms, skipped: set[UUID]) -> set[UUID]:
    """Leave out what was deleted here; the posts that come back, as if they were new.

    What stays deleted is nobody's parent either: what came inside it waits for it.
    """
    gone = {post_id: row for post_id, row in standing.known.items() if row["deleted_at"] is not None}
    if not gone:
        return set()
    back = {one for one, row in gone.items() if one in batch and not terms.leaves_alone(row["deleted_at"])}
    for post_id in gone.keys() - back:
        del standing.known[post_id]
        if batch.pop(post_id, None):
            skipped.add(post_id)
    for post_id, new in batch.items():
        if new.nested_in in gone and new.nested_in not in back:
            batch[post_id] = new._replace(parent_id=new.parent_id or new.nested_in, nested_in=None)
    for post_id in back:
        standing.known[post_id] = {**gone[post_id], "parent_id": None, "wanted_parent_id": None}
        standing.above[post_id] = None
    return back


def _tell(terms: Terms, batch: Mapping[UUID, Arrival], standing: Standing, back: set[UUID]) -> None:
    """Keep which posts were here already, and which came back that another import had brought."""
    for post_id in batch.keys() & standing.known.keys():
        owner = standing.known[post_id]["import_id"]
        if post_id in back and owner is not None:
            terms.journal.taken_over[post_id] = owner
        elif post_id not in back and (owner is None or owner != terms.import_id):
            terms.journal.seen.add(post_id)


def layers(posts: Iterable[Arrival]) -> list[dict[UUID, Arrival]]:
    """The posts so that none comes twice in one layer, in the order of ids, so that rows are locked in one order.

    What comes again goes through the same merge as in a later call, so that it does not matter where calls begin
    and end. The same record again is left out; of very many that differ, the last ones count as one.
    """
    found: list[dict[UUID, Arrival]] = [{}]
    again: dict[UUID, list[Arrival]] = {}
    for new in posts:
        first = found[0].setdefault(new.id, new)
        if first is not new:
            again.setdefault(new.id, [first]).append(new)
    for post_id, several in again.items():
        distinct: list[Arrival] = []
        for new in several:
            if new in distinct:
                continue
            if len(distinct) < MOST_LAYERS:
                distinct.append(new)
            else:
                distinct[-1] = Arrival.of(combined(distinct[-1].post(), new.post()))
        found += [{} for _ in range(len(distinct) - len(found))]
        for layer, new in zip(found, distinct, strict=False):
            layer[post_id] = new
    return [dict(sorted(layer.items(), key=lambda item: item[0].bytes)) for layer in found]


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
