"""Pure thinking about prompts as vectors: scikit-learn's idf and length, the query, boosts."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Integers = NDArray[np.int32]
Longs = NDArray[np.int64]
Keys = NDArray[np.uint64]

SAME_MODEL = 1.5
SAME_MODE = 1.2
# Scores that agree to nine digits count as equal, and then the smaller id comes first: sums of the same numbers in
# another order differ in the sixteenth digit.
DIGITS = 9


@dataclass(frozen=True)
class Recipe:
    """What a post was made with, as far as it boosts: its model, and the modes of the post and, on roots, its stack."""

    model: str | None
    modes: frozenset[str]

    @classmethod
    def of(cls, model: str | None, mode: str | None, stack_modes: Iterable[str] | None) -> "Recipe":
        """The recipe of a post; `stack_modes` only for roots."""
        return cls(model or None, frozenset(name for name in (mode, *(stack_modes or ())) if name))


@dataclass(frozen=True)
class Query:
    """A prompt as a vector of unit length: term numbers, ascending, and their weights.

    Weights are negative only for words that stand against a text, as `mean_less` makes them.
    """

    terms: Integers
    weights: Floats

    def __bool__(self) -> bool:
        return bool((self.weights > 0).any())


def inverse_document_frequency(frequency: Longs, documents: int) -> Floats:
    """`TfidfVectorizer(smooth_idf=True)`: as if one more document had every word."""
    found: Floats = np.log((1.0 + documents) / (1.0 + frequency)) + 1.0
    return found


def query_of(counts: dict[int, int], idf: Floats) -> Query:
    """The vector of a text from how often each known term occurs in it; empty when none does."""
    terms = np.array(sorted(counts), dtype=np.int32)
    weights = np.array([counts[term] for term in terms.tolist()], dtype=np.float64) * idf[terms]
    length = float(np.sqrt(np.dot(weights, weights)))
    return Query(terms, weights / length if length else weights)


def mean_less(wanted: Sequence[Query], rejected: Sequence[Query]) -> Query:
    """The mean of some vectors less the mean of others, of unit length again."""
    weights: dict[int, float] = {}
    for several, share in ((wanted, 1.0), (rejected, -1.0)):
        for query in several:
            for term, weight in zip(query.terms.tolist(), query.weights.tolist(), strict=True):
                weights[term] = weights.get(term, 0.0) + share * weight / len(several)
    terms = np.array(sorted(term for term, weight in weights.items() if weight), dtype=np.int32)
    found = np.array([weights[term] for term in terms.tolist()], dtype=np.float64)
    length = float(np.sqrt(np.dot(found, found)))
    return Query(terms, found / length if length else found)


def common(recipes: Sequence[Recipe]) -> Recipe:
    """What several posts were made with alike: only that boosts."""
    models = {recipe.model for recipe in recipes}
    modes = frozenset.intersection(*(recipe.modes for recipe in recipes))
    return Recipe(models.pop() if len(models) == 1 else None, modes)


def boosts(mine: Recipe, other: Recipe) -> list[str]:
    """The boosts that a pair of posts gets, in words."""
    found = ["same model"] if mine.model and mine.model == other.model else []
    return [*found, "same mode"] if mine.modes & other.modes else found


def factor(mine: Recipe, other: Recipe) -> float:
    """What the cosine of a pair of posts is multiplied by."""
    same_model = SAME_MODEL if mine.model and mine.model == other.model else 1.0
    return same_model * (SAME_MODE if mine.modes & other.modes else 1.0)


def factors(mine: Recipe, others: Collection[Recipe]) -> Floats:
    """`factor` for each of many recipes."""
    return np.array([factor(mine, other) for other in others], dtype=np.float64)


def spread(starts: Longs, rows: Longs) -> tuple[Longs, Longs]:
    """The positions of all entries of these rows of a ragged array, and for each entry the number of its row in `rows`.

    `starts` has one more item than the array has rows; row `r` is `starts[r] : starts[r + 1]`.
    """
    first = starts[rows]
    lengths = starts[rows + 1] - first
    owner = np.repeat(np.arange(len(rows)), lengths)
    before = np.cumsum(lengths) - lengths
    return np.arange(int(lengths.sum())) - before[owner] + first[owner], owner
