"""What filters ask by `similar:`: the posts whose prompts are most like those of some posts, by the index."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sovia.kit.settings import current
from sovia.search.resembling import finds_similar
from sovia.similarity import queries
from sovia.similarity.index import SHELF, folder_of
from sovia.similarity.service import asking
from sovia.similarity.service.asking import Question

MOST_FOUND = 200
# Below this, posts have one frequent word in common.
LEAST_ALIKE = 0.1


@finds_similar
async def similar_to(session: AsyncSession, user_id: UUID, anchors: tuple[UUID, ...]) -> Sequence[tuple[UUID, float]]:
    """The posts most like these and how much, the best of each stack; none as long as there is no index."""
    index = SHELF.find(folder_of(current().state_root, user_id))
    seen = await queries.posts_seen(session, user_id, list(anchors)) if index else {}
    if index is None or not seen:
        return ()
    asked = [seen[one] for one in anchors if one in seen]
    question = Question(asked, [], None, exclude_family=False, threshold=LEAST_ALIKE, limit=MOST_FOUND)
    return [(hit.id, hit.score) for hit in await asking.by_prompt(session, user_id, index, question)]
