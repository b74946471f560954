"""Finding relatives: candidates from the index, checked against the library as it is now, each with its reasons."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.similarity import queries
from sovia.similarity.collecting import Document
from sovia.similarity.index import Index
from sovia.similarity.ranking import Asked, Ranking, shared
from sovia.similarity.segment import id_of, key_of, text_key
from sovia.similarity.vectors import DIGITS, Longs, Query, boosts, factor, query_of
from sovia.similarity.vocabulary import UNKNOWN
from sovia.similarity.words import words

SPARE, ATTEMPTS = 4, 8
REASONS = 5


@dataclass(frozen=True)
class Relative:
    """A post that resembles another, how much, and why."""

    id: UUID
    score: float
    words: list[str]
    boosts: list[str]


@dataclass(frozen=True)
class Candidate:
    """A post as a segment has it: the numbers of segment, member and text, and the cosine."""

    score: float
    key: tuple[int, int]
    root: tuple[int, int]
    cosine: float
    segment: int
    member: int


@dataclass(frozen=True)
class Checked:
    """A candidate whose words are still what the index has, and the post as it is now."""

    score: float
    post: Document
    candidate: Candidate


async def relatives(session: AsyncSession, user_id: UUID, index: Index, post_id: UUID, limit: int) -> list[Relative]:
    """The posts that resemble a post most, best first, one of each other stack at most; `PostNotFound` if it is none.

    Every post of the library is compared, roots and children. The score is the cosine of the prompts' TF-IDF vectors,
    x 1.5 for the same model, x 1.2 for a shared mode; equal scores come in the order of ids. A post without a prompt
    asks with the prompts of its stack; a stack without words, or with unknown ones only, gets the newest stacks with
    its model or mode, with score 0.
    """
    anchor = await queries.document(session, user_id, post_id)
    text = anchor.text or "\n".join(await queries.stack_prompts(session, user_id, anchor.root_id))
    query = query_for(index, text)
    if not query:
        return await _newest_alike(session, user_id, anchor, limit)
    found = await _checked(session, user_id, index, query, anchor, limit)
    return [
        Relative(
            hit.post.id,
            hit.score,
            shared_words(index, query, hit.candidate),
            boosts(anchor.recipe, hit.post.recipe),
        )
        for hit in found
    ]


def query_for(index: Index, text: str) -> Query:
    """A text as a vector in the words of the index's fit."""
    known = {index.vocabulary.find(word): count for word, count in Counter(words(text)).items()}
    known.pop(UNKNOWN, None)
    return query_of(known, index.vocabulary.idf)


def candidates(index: Index, asked: Asked, outdated: list[list[int]]) -> list[Candidate]:
    """The best post of each other stack over all segments, best first."""
    found: list[Candidate] = []
    floor = 0.0
    for number, segment in enumerate(index.segments):
        gone: Longs = np.array(outdated[number], dtype=np.int64)
        best = Ranking(segment, index.vocabulary.idf, asked, gone).best(floor)
        rows = zip(
            best.scores.tolist(),
            best.ids.tolist(),
            best.roots.tolist(),
            best.cosines.tolist(),
            best.members.tolist(),
            strict=True,
        )
        for score, key, root, cosine, member in rows:
            found.append(Candidate(score, (key[0], key[1]), (root[0], root[1]), cosine, number, member))
        found = _one_a_stack(found)[: asked.wanted]
        floor = found[-1].score if len(found) == asked.wanted else 0.0
    return found


def _one_a_stack(found: list[Candidate]) -> list[Candidate]:
    best: dict[tuple[int, int], Candidate] = {}
    for candidate in sorted(found, key=lambda hit: (-hit.score, hit.key)):
        best.setdefault(candidate.root, candidate)
    return list(best.values())


async def _checked(
    session: AsyncSession, user_id: UUID, index: Index, query: Query, anchor: Document, limit: int
) -> list[Checked]:
    """The best candidates that are still so; outdated ones are replaced by the next best."""
    outdated: list[list[int]] = [[] for _ in index.segments]
    wanted, best = limit + SPARE, list[Checked]()
    for _ in range(ATTEMPTS):
        asked = Asked(query, anchor.recipe, key_of(anchor.root_id), wanted)
        found = await asyncio.to_thread(candidates, index, asked, outdated)
        current = await queries.documents_by_id(session, user_id, [_id(hit) for hit in found])
        checked = [_check(index, anchor, hit, current.get(_id(hit))) for hit in found]
        best = [hit for hit in checked if hit is not None]
        if len(best) == len(found):
            break
        for hit, result in zip(found, checked, strict=True):
            if result is None:
                outdated[hit.segment].append(hit.member)
        wanted *= 2
    stacks = {hit.post.root_id: hit for hit in sorted(best, key=_rank, reverse=True)}
    return sorted(stacks.values(), key=_rank)[:limit]


def _rank(hit: Checked) -> tuple[float, int]:
    return -hit.score, hit.post.id.int


def _id(candidate: Candidate) -> UUID:
    return id_of(np.array(candidate.key, dtype=np.uint64))


def _check(index: Index, anchor: Document, hit: Candidate, post: Document | None) -> Checked | None:
    """The candidate with the post's present recipe, or nothing when it is gone, moved home or says something else."""
    if post is None or post.root_id == anchor.root_id:
        return None
    segment = index.segments[hit.segment]
    text = segment.texts_of(np.array([hit.member]))
    if tuple(segment.text_keys[text[0]].tolist()) != text_key(post.text):
        return None
    return Checked(round(hit.cosine * factor(anchor.recipe, post.recipe), DIGITS), post, hit)


def shared_words(index: Index, query: Query, hit: Candidate) -> list[str]:
    """The words that make most of the cosine, the strongest first."""
    segment = index.segments[hit.segment]
    text = int(segment.texts_of(np.array([hit.member]))[0])
    entries = np.arange(segment.text_starts[text], segment.text_starts[text + 1])
    shares = shared(segment, index.vocabulary.idf, query, entries)
    order = np.argsort(-shares, kind="stable")[:REASONS]
    return [index.vocabulary.word(int(segment.text_terms[entries[at]])) for at in order.tolist() if shares[at] > 0]


async def _newest_alike(session: AsyncSession, user_id: UUID, anchor: Document, limit: int) -> list[Relative]:
    roots = await queries.recent_roots(session, user_id, but=anchor.root_id)
    alike = [post for post in roots if factor(anchor.recipe, post.recipe) > 1]
    alike.sort(key=lambda post: -factor(anchor.recipe, post.recipe))
    return [Relative(post.id, 0.0, [], boosts(anchor.recipe, post.recipe)) for post in alike[:limit]]
