"""Who is whose child: parents that are here, parents that come later, circles refused, and what stacks sum up."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sovia.library.arrivals import Arrival
from sovia.library.text import effective_prompt

Row = Mapping[str, Any]


@dataclass(slots=True)
class Standing:
    """What the library knows of a batch: its posts and named parents that are here, and who waits for its posts.

    `above` maps every known post in play, and each of its ancestors, to its parent.
    """

    known: dict[UUID, Row]
    waiting: Sequence[Row]
    above: dict[UUID, UUID | None] = field(default_factory=dict)


@dataclass(slots=True)
class Links:
    """`parents` holds every new edge, of new posts and of known ones; `wanted` the parents still missing.

    `refused` are the posts whose edge would have closed a circle.
    """

    parents: dict[UUID, UUID] = field(default_factory=dict)
    wanted: dict[UUID, UUID] = field(default_factory=dict)
    refused: set[UUID] = field(default_factory=set)


def proposed(batch: Mapping[UUID, Arrival], standing: Standing) -> Links:
    """The edges that a batch asks for; a post that already has the parent it wanted keeps it."""
    known, links = standing.known, Links()
    for post_id, new in batch.items():
        row = known.get(post_id)
        settled = row is not None and row["parent_id"] is not None
        if settled and row is not None and row["wanted_parent_id"] is None:
            continue
        named = new.parent_id if new.parent_id != post_id else None
        if named is not None and (named in batch or named in known):
            links.parents[post_id] = named
            continue
        if new.nested_in is not None and new.nested_in != post_id and not settled:
            links.parents[post_id] = new.nested_in
        if named is not None:
            links.wanted[post_id] = named
    for row in standing.waiting:
        if row["id"] not in links.parents or row["id"] in links.wanted:
            links.parents[row["id"]] = row["wanted_parent_id"]
            links.wanted.pop(row["id"], None)
    return links


def refuse_circles(links: Links, standing: Standing, batch: Mapping[UUID, Arrival]) -> None:
    """Drop, from every circle that the new edges would close, the edge that says least; deterministic.

    An edge that only a post's own field claims says less than one that nesting shows.
    """

    def weight(child: UUID) -> tuple[bool, UUID]:
        new = batch.get(child)
        return (new is not None and new.nested_in == links.parents[child], child)

    clear: set[UUID] = set()
    # A circle goes through posts that are parents and children at once, of which most batches have none.
    middle = {parent for parent in links.parents.values() if parent in links.parents or parent in standing.above}
    for start in sorted(middle):
        trail: dict[UUID, None] = {}
        at: UUID | None = start
        while at is not None and at not in clear and at not in trail:
            trail[at] = None
            at = links.parents.get(at) or standing.above.get(at)
        if at is not None and at in trail:
            walked = list(trail)
            circle = [one for one in walked[walked.index(at) :] if one in links.parents]
            least = min(circle, key=weight)
            del links.parents[least]
            links.refused.add(least)
        clear.update(trail)


def root_of(post_id: UUID, links: Links, standing: Standing) -> UUID:
    """The topmost ancestor, over new edges and known ones."""
    at = post_id
    while True:
        parent = links.parents.get(at)
        if parent is None and at in standing.above:
            parent = standing.above[at]
        elif parent is None and at in standing.known:
            root: UUID = standing.known[at]["root_id"]
            return root
        if parent is None:
            return at
        at = parent


@dataclass(slots=True)
class Summary:
    """What a root says of its whole stack."""

    children: int = 0
    kinds: set[str] = field(default_factory=set)
    models: set[str] = field(default_factory=set)
    modes: set[str] = field(default_factory=set)


def summaries(fresh: Iterable[Arrival], roots: Mapping[UUID, UUID]) -> defaultdict[UUID, Summary]:
    """By root, what the new posts of each stack add up to."""
    found: defaultdict[UUID, Summary] = defaultdict(Summary)
    for new in fresh:
        summary = found[roots[new.id]]
        summary.children += roots[new.id] != new.id
        summary.kinds.add(new.kind)
        if new.model:
            summary.models.add(new.model)
        if new.mode:
            summary.modes.add(new.mode)
    return found


def inherited_prompts(batch: Mapping[UUID, Arrival], links: Links, known: Mapping[UUID, Row]) -> dict[UUID, str]:
    """For new posts without words of their own, the nearest ancestor's; others are left out."""
    found: dict[UUID, str] = {}
    for post_id, new in batch.items():
        if new.words or post_id in known:
            continue
        at = links.parents.get(post_id)
        while at is not None:
            row, above = known.get(at), batch.get(at)
            if row is not None:
                words = effective_prompt(row["original_prompt"], row["prompt"], row["inherited_prompt"])
            else:
                words = above.words if above else ""
            if words:
                found[post_id] = words
            at = None if words or row is not None else links.parents.get(at)
    return found
