"""Families of one prompt: the stacks that share it exactly, but for case and signs, or nearly."""

from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit.db import asyncpg_connection
from sovia.similarity import queries
from sovia.similarity.index import Index
from sovia.similarity.service import finding
from sovia.similarity.service.finding import Wanted
from sovia.similarity.vectors import Recipe
from sovia.similarity.words import words

# Two prompts with the same words have this cosine, whatever their order; nearly the same ones this.
SAME_WORDS, NEARLY = 0.999999, 0.8
MOST = 200
NOTHING = Recipe(None, frozenset())


@dataclass(frozen=True)
class Family:
    """Posts of other stacks with how near they are, best first, and how many there are."""

    count: int = 0
    scores: dict[UUID, float] = field(default_factory=dict)


async def of(session: AsyncSession, user_id: UUID, index: Index | None, post_id: UUID, kind: str, limit: int) -> Family:
    """The family of a post; `PostNotFound` if it is none."""
    anchor = await queries.document(session, user_id, post_id)
    if not anchor.text or (kind != "exact" and index is None):
        return Family()
    if kind == "exact":
        ids, count = await queries.stacks_with_prompt_of(session, user_id, post_id, limit)
        return Family(count, dict.fromkeys(ids, 1.0))
    assert index is not None
    query = finding.query_for(index, anchor.text)
    if not query:
        return Family()
    lowest = NEARLY if kind == "near" else SAME_WORDS
    wanted = Wanted(query, NOTHING, frozenset([anchor.root_id]), lowest=lowest)
    connection = await asyncpg_connection(session)
    found = await finding.ranked(partial(queries.documents_by_id, connection, user_id), index, wanted, MOST)
    if kind == "normalised":
        mine = words(anchor.text)
        said = await queries.documents_by_id(connection, user_id, [hit.id for hit in found])
        found = [hit for hit in found if hit.id in said and words(said[hit.id].text) == mine]
    return Family(len(found), {hit.id: hit.score for hit in found[:limit]})
