"""Similar posts written a second time, the slow way: scikit-learn over every post, then a plain sort."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import numpy as np

from sovia.similarity.collecting import Document
from sovia.similarity.generation import Fit, scratch
from sovia.similarity.index import SHELF, Index
from sovia.similarity.ranking import Asked
from sovia.similarity.segment import id_of, key_of
from sovia.similarity.service.finding import candidates, query_for
from sovia.similarity.vectors import DIGITS, Recipe
from sovia.similarity.words import words

NOW = datetime(2025, 9, 29, 12, tzinfo=UTC)
VOCABULARY = [
    *(f"word{number}" for number in range(200)),
    *("مدينة", "قطة", "سوداء", "مَدِينَة", "الليل"),
    *("夜晚的城市", "黑猫", "灯光", "夜の街", "猫が好き", "แมวดำ", "naïve", "café"),
]
WEIGHTS = [1 / (place + 1) for place in range(len(VOCABULARY))]


def random_documents(count: int, seed: int) -> list[Document]:
    """Posts in stacks with few recipes, many repeated prompts and some empty ones."""
    rng = random.Random(seed)
    pool = [_prompt(rng) for _ in range(count // 5)]
    found: list[Document] = []
    roots: list[UUID] = []
    for _ in range(count):
        post_id = UUID(int=rng.getrandbits(128))
        root_id = rng.choice(roots) if roots and rng.random() < 0.6 else post_id
        if root_id == post_id:
            roots.append(post_id)
        recipe = Recipe(rng.choice(("imagine", "aurora", None)), frozenset(rng.sample("xyz", rng.randrange(3))))
        text = rng.choice(pool) if rng.random() < 0.6 else _prompt(rng)
        found.append(Document(post_id, root_id, recipe, text))
    return found


def _prompt(rng: random.Random) -> str:
    if rng.random() < 0.1:
        return ""
    return " ".join(rng.choices(VOCABULARY, WEIGHTS, k=rng.randint(1, 25)))


def fitted(folder: Path, documents: Sequence[Document]) -> Index:
    """An index of these posts, as a job would make it."""
    folder.mkdir(parents=True, exist_ok=True)
    with scratch(folder) as spools:
        fit = Fit(spools)
        fit.add(sorted((post for post in documents if post.text), key=lambda post: (post.text, post.id)))
        fit.publish(folder, posts=len(documents), seen_until=NOW, library_version=1)
        fit.close()
    index = SHELF.find(folder)
    assert index is not None
    return index


class BruteForce:
    """Every post against every other; `later` posts are transformed with the words of the first ones' fit."""

    def __init__(self, documents: Sequence[Document], later: Sequence[Document] = ()) -> None:
        # Loading it takes seconds, which other processes that only need the rest of this file would pay as well.
        from sklearn.feature_extraction.text import TfidfVectorizer

        vectorizer = TfidfVectorizer(analyzer=words)
        vectorizer.fit([post.text for post in documents])
        self.documents = [*documents, *later]
        self._vectors = vectorizer.transform([post.text for post in self.documents])

    def relatives(self, anchor: Document, limit: int) -> list[tuple[UUID, float]]:
        """The best post of each other stack: id and score, best first, equal scores by id."""
        cosines = (self._vectors @ self._vectors[self.documents.index(anchor)].T).toarray().ravel()
        best: dict[UUID, tuple[float, UUID]] = {}
        for post, cosine in zip(self.documents, cosines.tolist(), strict=True):
            score = round(cosine * self._boost(anchor.recipe, post.recipe), DIGITS)
            if post.root_id != anchor.root_id and score > 0:
                rank = (-score, post.id)
                best[post.root_id] = min(rank, best.get(post.root_id, rank))
        return [(post_id, -score) for score, post_id in sorted(best.values())[:limit]]

    @staticmethod
    def _boost(mine: Recipe, other: Recipe) -> float:
        model = 1.5 if mine.model is not None and mine.model == other.model else 1.0
        return model * (1.2 if set(mine.modes) & set(other.modes) else 1.0)


def by_index(index: Index, anchor: Document, limit: int) -> list[tuple[UUID, float]]:
    """The same answer from the index."""
    query = query_for(index, anchor.text)
    if not query:
        return []
    asked = Asked(query, anchor.recipe, key_of(anchor.root_id), limit)
    found = candidates(index, asked, [[] for _ in index.segments])
    return [(id_of(np.array(hit.key, dtype=np.uint64)), hit.score) for hit in found]
