"""Finding what resembles several posts and not others: by prompt, by picture, by recipe, or all of them mixed."""

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from uuid import UUID

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit.db import asyncpg_connection
from sovia.similarity import queries
from sovia.similarity.gallery import Hung
from sovia.similarity.index import Index
from sovia.similarity.keysets import KeySet
from sovia.similarity.prints import Look, likeness_to_several, of_colours, of_structure
from sovia.similarity.seen import Seen, common_shape, same_recipe
from sovia.similarity.service import finding
from sovia.similarity.service.finding import Relative, Wanted
from sovia.similarity.vectors import DIGITS, Floats, Longs, Query, common, mean_less

# How many of each kind a mix looks at; each of them is then scored in every way.
MIXED = 300
ATTEMPTS, GROWTH = 8, 4
# Recipes are compared by the database, which knows nothing of a scope.
MOST_BY_RECIPE = 2000


@dataclass(frozen=True)
class Question:
    """What is asked: posts to resemble and not to resemble, the stacks that alone count, the lowest score."""

    anchors: list[Seen]
    rejected: list[Seen]
    among: KeySet | None
    exclude_family: bool
    threshold: float
    limit: int

    @property
    def wanted(self) -> Wanted:
        """As the ranking of prompts takes it, without its vector."""
        asked = [*self.anchors, *self.rejected]
        stacks = frozenset(one.post.root_id for one in asked) if self.exclude_family else frozenset[UUID]()
        posts = frozenset(one.post.id for one in asked)
        recipe = common([one.post.recipe for one in self.anchors])
        nothing = Query(np.empty(0, np.int32), np.empty(0))
        return Wanted(nothing, recipe, stacks, posts, self.among, self.threshold)


@dataclass(frozen=True)
class Hit:
    """A post that resembles them, how much, and why. `looks` is how alike structure and colours are."""

    id: UUID
    root_id: UUID
    score: float
    relative: Relative | None = None
    looks: tuple[float, float] | None = None
    recipe: list[str] = field(default_factory=list)


async def by_prompt(session: AsyncSession, user_id: UUID, index: Index, question: Question) -> list[Hit]:
    """By the words of prompts: the mean of the anchors' vectors less that of the rejected ones."""
    query = await vector(session, user_id, index, question)
    if not query:
        return []
    wanted = replace(question.wanted, query=query)
    connection = await asyncpg_connection(session)
    found = await finding.ranked(partial(queries.documents_by_id, connection, user_id), index, wanted, question.limit)
    roots = {
        one.id: one.root_id
        for one in (await queries.documents_by_id(connection, user_id, [hit.id for hit in found])).values()
    }
    return [Hit(hit.id, roots[hit.id], hit.score, relative=hit) for hit in found if hit.id in roots]


async def vector(session: AsyncSession, user_id: UUID, index: Index, question: Question) -> Query:
    """What is looked for in words; anchors without any borrow those of the first one's stack."""
    texts = [one.post.text for one in question.anchors if one.post.text]
    if not texts:
        texts = ["\n".join(await queries.stack_prompts(session, user_id, question.anchors[0].post.root_id))]
    rejected = [finding.query_for(index, one.post.text) for one in question.rejected]
    return mean_less([finding.query_for(index, text) for text in texts], [one for one in rejected if one])


async def by_picture(session: AsyncSession, user_id: UUID, hung: Hung, question: Question) -> list[Hit]:
    """By what pictures look like; the same order as comparing all of them."""
    anchors, rejected = _looks(hung, question.anchors), _looks(hung, question.rejected)
    if not anchors:
        return []
    scores = np.round(await asyncio.to_thread(likeness_to_several, hung.looks, anchors, rejected), DIGITS)
    wanted, count, best = question.wanted, 2 * question.limit + len(question.anchors), list[Hit]()
    for _ in range(ATTEMPTS):
        places = _best(scores, count, question.threshold)
        names = {hung.thumbnail(place): place for place in places.tolist()}
        posts = await queries.posts_with_thumbnails(session, user_id, list(names))
        hits = [
            Hit(one.post.id, one.post.root_id, float(scores[names[one.thumbnail or ""]]))
            for one in posts
            if wanted.admits(one.post)
        ]
        best = _one_a_stack(hits)[: question.limit]
        if len(best) == question.limit or len(places) < count:
            break
        count *= GROWTH
    return await _with_looks(session, user_id, hung, anchors, best)


async def by_recipe(session: AsyncSession, user_id: UUID, question: Question) -> list[Hit]:
    """By model, mode and size: as many of them the same as possible, then newest first."""
    wanted, shape = question.wanted, common_shape([one.shape for one in question.anchors])
    found = await queries.posts_by_recipe(
        session, user_id, wanted.recipe, shape, but=wanted.stacks_left_out, limit=MOST_BY_RECIPE
    )
    hits: dict[UUID, Hit] = {}
    for one in found:
        score, same = same_recipe(wanted.recipe, shape, one)
        if wanted.admits(one.post) and score >= question.threshold:
            hits.setdefault(one.post.root_id, Hit(one.post.id, one.post.root_id, round(score, DIGITS), recipe=same))
    return list(hits.values())[: question.limit]


async def mixed(
    session: AsyncSession, user_id: UUID, index: Index, hung: Hung, question: Question, weights: dict[str, float]
) -> list[Hit]:
    """The best of each way, scored in every way that has a weight: the weighted mean, a boosted prompt at most 1."""
    wider = replace(question, threshold=0.0, limit=MIXED)
    found: list[Hit] = []
    if weights["prompt"]:
        found += await by_prompt(session, user_id, index, wider)
    if weights["picture"]:
        found += await by_picture(session, user_id, hung, wider)
    if weights["recipe"]:
        found += await by_recipe(session, user_id, wider)
    seen = await queries.posts_seen(session, user_id, list({hit.id for hit in found}))
    query = await vector(session, user_id, index, question)
    recipe, shape = question.wanted.recipe, common_shape([one.shape for one in question.anchors])
    told = finding.scores_of(index, query, recipe, [one.post for one in seen.values()])
    anchors, rejected = _looks(hung, question.anchors), _looks(hung, question.rejected)
    likeness = _scores_of(hung, seen.values(), anchors, rejected)
    hits = []
    for one in seen.values():
        same, why = same_recipe(recipe, shape, one)
        relative = told.get(one.post.id)
        parts = {
            "prompt": min(1.0, relative.score) if relative else 0.0,
            "picture": likeness.get(one.post.id, 0.0),
            "recipe": same,
        }
        score = sum(weights[name] * parts[name] for name in parts) / (sum(weights.values()) or 1.0)
        hits.append(Hit(one.post.id, one.post.root_id, round(score, DIGITS), relative, recipe=why))
    best = [hit for hit in _one_a_stack(hits) if hit.score >= question.threshold and hit.score > 0]
    return await _with_looks(session, user_id, hung, anchors, best[: question.limit])


def _looks(hung: Hung, several: Iterable[Seen]) -> list[Look]:
    return [look for one in several if (look := hung.look(one.thumbnail)) is not None]


def _best(scores: Floats, count: int, lowest: float) -> Longs:
    """The places of the best `count` scores that are high enough, and of all that equal the last of them."""
    if count < len(scores):
        lowest = max(lowest, float(np.partition(scores, -count)[-count]))
    found: Longs = np.flatnonzero((scores >= lowest) & (scores > 0))
    return found


def _one_a_stack(hits: Collection[Hit]) -> list[Hit]:
    best: dict[UUID, Hit] = {}
    for hit in sorted(hits, key=lambda one: (-one.score, one.id.int)):
        best.setdefault(hit.root_id, hit)
    return list(best.values())


def _scores_of(hung: Hung, several: Iterable[Seen], anchors: list[Look], rejected: list[Look]) -> dict[UUID, float]:
    places = {one.post.id: place for one in several if (place := hung.place(one.thumbnail)) is not None}
    if not anchors or not places:
        return {}
    scores = likeness_to_several(hung.at(list(places.values())), anchors, rejected)
    return dict(zip(places, scores.tolist(), strict=True))


async def _with_looks(
    session: AsyncSession, user_id: UUID, hung: Hung, anchors: list[Look], hits: list[Hit]
) -> list[Hit]:
    """The hits, each with how alike its structure and its colours are to the anchors."""
    seen = await queries.posts_seen(session, user_id, [hit.id for hit in hits])
    places = {one.post.id: place for one in seen.values() if (place := hung.place(one.thumbnail)) is not None}
    if not anchors or not places:
        return hits
    looks = hung.at(list(places.values()))
    structure = np.mean([of_structure(looks, one) for one in anchors], axis=0).tolist()
    colours = np.mean([of_colours(looks, one) for one in anchors], axis=0).tolist()
    told = dict(zip(places, zip(structure, colours, strict=True), strict=True))
    return [replace(hit, looks=told.get(hit.id)) for hit in hits]
