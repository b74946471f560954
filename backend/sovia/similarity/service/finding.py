"""Finding relatives: candidates from the index, checked against the library as it is now, each with its reasons."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.similarity import queries
from sovia.similarity.collecting import Document
from sovia.similarity.generation import keys_of
from sovia.similarity.index import Index
from sovia.similarity.keysets import KeySet
from sovia.similarity.ranking import Asked, Ranking, cosines_of, shared
from sovia.similarity.reasons import Said, named_words
from sovia.similarity.segment import id_of, key_of, text_key
from sovia.similarity.vectors import DIGITS, Longs, Query, Recipe, boosts, factor, query_of
from sovia.similarity.vocabulary import UNKNOWN
from sovia.similarity.words import words

# Tells of those posts that are there what they say now.
Read = Callable[[list[UUID]], Awaitable[Mapping[UUID, Document]]]
SPARE, ATTEMPTS = 2, 8
NOBODY = (0, 0)


@dataclass(frozen=True)
class Relative:
    """A post that resembles another, how much, and why."""

    id: UUID
    score: float
    said: Said
    boosts: list[str]


@dataclass(frozen=True)
class Wanted:
    """A question to the index: a vector and what boosts, what is left out, what alone counts, the lowest score."""

    query: Query
    recipe: Recipe
    stacks_left_out: frozenset[UUID] = frozenset()
    posts_left_out: frozenset[UUID] = frozenset()
    among: KeySet | None = None
    lowest: float = 0.0

    def asked(self, wanted: int) -> Asked:
        """As the ranking takes it."""
        stacks, left = KeySet.of(self.stacks_left_out), KeySet.of(self.posts_left_out)
        return Asked(self.query, self.recipe, NOBODY, wanted, stacks, left, self.among)

    def admits(self, post: Document) -> bool:
        """Whether a post as it is now may be an answer."""
        if post.root_id in self.stacks_left_out or post.id in self.posts_left_out:
            return False
        return self.among is None or bool(self.among.has(np.array([key_of(post.root_id)], dtype=np.uint64))[0])


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


async def relatives(
    read: Read, session: AsyncSession, user_id: UUID, index: Index, anchor: Document, limit: int
) -> list[Relative]:
    """The posts that resemble a post most, best first, one of each other stack at most.

    Every post of the library is compared, roots and children. The score is the cosine of the prompts' TF-IDF vectors,
    x 1.5 for the same model, x 1.2 for a shared mode; equal scores come in the order of ids. A post without a prompt
    asks with the prompts of its stack; a stack without words, or with unknown ones only, gets the newest stacks with
    its model or mode, with score 0.
    """
    text = anchor.text or "\n".join(await queries.stack_prompts(session, user_id, anchor.root_id))
    query = query_for(index, text)
    if not query:
        return await _newest_alike(session, user_id, anchor, limit)
    wanted = Wanted(query, anchor.recipe, frozenset([anchor.root_id]))
    return await ranked(read, index, wanted, limit)


async def ranked(read: Read, index: Index, wanted: Wanted, limit: int) -> list[Relative]:
    """The posts that answer a question best, one of each stack at most, each with its reasons."""
    return [
        Relative(
            hit.post.id,
            hit.score,
            shared_words(index, wanted.query, hit.candidate),
            boosts(wanted.recipe, hit.post.recipe),
        )
        for hit in await _checked(read, index, wanted, limit)
    ]


def query_for(index: Index, text: str) -> Query:
    """A text as a vector in the words of the index's fit."""
    known = {index.vocabulary.find(word): count for word, count in Counter(words(text)).items()}
    known.pop(UNKNOWN, None)
    return query_of(known, index.vocabulary.idf)


def candidates(index: Index, asked: Asked, outdated: list[list[int]], lowest: float = 0.0) -> list[Candidate]:
    """The best post of each other stack over all segments, best first."""
    found: list[Candidate] = []
    floor = lowest
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
        floor = found[-1].score if len(found) == asked.wanted else lowest
    return found


def _one_a_stack(found: list[Candidate]) -> list[Candidate]:
    best: dict[tuple[int, int], Candidate] = {}
    for candidate in sorted(found, key=lambda hit: (-hit.score, hit.key)):
        best.setdefault(candidate.root, candidate)
    return list(best.values())


async def _checked(read: Read, index: Index, question: Wanted, limit: int) -> list[Checked]:
    """The best candidates that are still so; outdated ones are replaced by the next best."""
    outdated: list[list[int]] = [[] for _ in index.segments]
    wanted, best = limit + SPARE, list[Checked]()
    for _ in range(ATTEMPTS):
        found = await asyncio.to_thread(candidates, index, question.asked(wanted), outdated, question.lowest)
        current = await read([_id(hit) for hit in found])
        checked = [_check(index, question, hit, current.get(_id(hit))) for hit in found]
        best = [hit for hit in checked if hit is not None]
        if len(best) == len(found):
            break
        for hit, result in zip(found, checked, strict=True):
            if result is None:
                outdated[hit.segment].append(hit.member)
        wanted *= 2
    best = [hit for hit in best if hit.score >= question.lowest]
    stacks = {hit.post.root_id: hit for hit in sorted(best, key=_rank, reverse=True)}
    return sorted(stacks.values(), key=_rank)[:limit]


def _rank(hit: Checked) -> tuple[float, int]:
    return -hit.score, hit.post.id.int


def _id(candidate: Candidate) -> UUID:
    return id_of(np.array(candidate.key, dtype=np.uint64))


def _check(index: Index, question: Wanted, hit: Candidate, post: Document | None) -> Checked | None:
    """The candidate with the post's present recipe, or nothing when it is gone, moved home or says something else."""
    if post is None or not question.admits(post):
        return None
    segment = index.segments[hit.segment]
    text = segment.texts_of(np.array([hit.member]))
    if tuple(segment.text_keys[text[0]].tolist()) != text_key(post.text):
        return None
    return Checked(round(hit.cosine * factor(question.recipe, post.recipe), DIGITS), post, hit)


def shared_words(index: Index, query: Query, hit: Candidate) -> Said:
    """The words that make most of the cosine and what each adds to it, the strongest first."""
    segment = index.segments[hit.segment]
    text = int(segment.texts_of(np.array([hit.member]))[0])
    entries = np.arange(segment.text_starts[text], segment.text_starts[text + 1])
    return named_words(segment, index.vocabulary, text, shared(segment, index.vocabulary.idf, query, entries))


def scores_of(index: Index, query: Query, recipe: Recipe, posts: Sequence[Document]) -> dict[UUID, Relative]:
    """How much some posts resemble a vector; those whose words the index does not have as they are now are left out."""
    found: dict[UUID, Relative] = {}
    for number, segment in enumerate(index.segments) if query else ():
        members = segment.find(keys_of([post.id for post in posts]))
        here = np.flatnonzero(members >= 0)
        texts = segment.texts_of(members[here])
        cosines = cosines_of(segment, index.vocabulary.idf, query, texts)
        for at, text, cosine in zip(here.tolist(), texts.tolist(), cosines.tolist(), strict=True):
            post = posts[at]
            score = round(cosine * factor(recipe, post.recipe), DIGITS)
            if score <= 0 or tuple(segment.text_keys[text].tolist()) != text_key(post.text):
                continue
            hit = Candidate(score, key_of(post.id), key_of(post.root_id), cosine, number, int(members[at]))
            found[post.id] = Relative(post.id, score, shared_words(index, query, hit), boosts(recipe, post.recipe))
    return found


async def _newest_alike(session: AsyncSession, user_id: UUID, anchor: Document, limit: int) -> list[Relative]:
    roots = await queries.recent_roots(session, user_id, but=anchor.root_id)
    alike = [post for post in roots if factor(anchor.recipe, post.recipe) > 1]
    alike.sort(key=lambda post: -factor(anchor.recipe, post.recipe))
    return [Relative(post.id, 0.0, Said(), boosts(anchor.recipe, post.recipe)) for post in alike[:limit]]
