"""Which shared words are named as the reason for a likeness: those that say something; the score is made of all.

Smooth idf gives "the" little weight, but a long prompt has many of them, so they would head most lists of reasons. They
stay in the vectors, where scikit-learn has them too; here they are only named when nothing else is shared. Words for
places, such as "behind", are not among them: in a prompt they say what is seen.
"""

from dataclasses import dataclass, field

import numpy as np

from sovia.similarity.segment import Segment
from sovia.similarity.vectors import DIGITS, Floats
from sovia.similarity.vocabulary import Vocabulary

REASONS = 5
_ENGLISH = """
    about across after again against all along also although always am among an and another any anything are around
    as at be because been before being both but by can cannot could did do does doing done down during each either
    else etc even ever every everything few for from further had has have having he her here hers herself him
    himself his how however if in instead into is it its itself just least less like ll many may me might more most
    much must my myself near neither no nor not now of off often on once one only onto or other others our ours
    ourselves out over own per quite rather re same several shall she should since so some something such than that
    the their theirs them themselves then there these they this those though through throughout thus to too toward
    towards under until up upon us ve very via was we were what when where whether which while who whom whose why
    will with within without would yet you your yours yourself yourselves
"""
FUNCTION_WORDS = frozenset(_ENGLISH.split())


@dataclass(frozen=True)
class Said:
    """The words named, what each adds to the cosine, how many more are shared, and what all of those add together."""

    words: list[str] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)
    others: int = 0
    rest: float = 0.0


def named_words(segment: Segment, vocabulary: Vocabulary, text: int, shares: Floats) -> Said:
    """The strongest words of a text, by what each adds to the product; function words when there are no others."""
    first, length = int(segment.text_starts[text]), float(segment.text_norms[text])
    common_to_both = np.flatnonzero(shares > 0)
    order = common_to_both[np.argsort(-shares[common_to_both], kind="stable")].tolist()
    telling: list[tuple[str, float]] = []
    common: list[tuple[str, float]] = []
    for at in order:
        word = vocabulary.word(int(segment.text_terms[first + at]))
        (common if word in FUNCTION_WORDS else telling).append((word, round(float(shares[at]) / length, DIGITS)))
        if len(telling) == REASONS:
            break
    named = telling or common[:REASONS]
    rest = round(float(shares.sum()) / length - sum(share for _, share in named), DIGITS)
    return Said([word for word, _ in named], [share for _, share in named], len(order) - len(named), rest)
