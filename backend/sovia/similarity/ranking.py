"""The best relatives in one segment, exactly: the same order as scoring every post, without scoring every post.

Postings are summed from the rarest word to the commonest. Two facts bound what the words not yet summed can add to any
text: vectors have unit length, so it is at most the length of that part of the query (Cauchy and Schwarz), and at most
the sum over those words of query weight times the greatest weight of the word in any text (MaxScore, Turtle and Flood
1995). Once no unseen text can reach the posts already found, the commonest words are never read. Sums are in single
precision and only choose candidates, with `SLACK` to spare; scores are computed from the texts' own words in double.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from sovia.similarity.keysets import KeySet
from sovia.similarity.segment import Segment
from sovia.similarity.vectors import DIGITS, Floats, Keys, Longs, Query, Recipe, Singles, factors, spread

SLACK = 1e-4
# Groups of postings after which bounds are looked at: looking costs nearly as much as summing the first of them.
FIRST_GROUP, GROWTH = 350_000, 6
# Of so many texts one is looked at to guess how high the best ones are.
EVERY = 64
# Scoring one text from its own words costs about as much as summing so many postings.
TEXT_COST = 250


@dataclass(frozen=True)
class Asked:
    """What is looked for: a vector, the recipe that boosts, the stack to leave out, and how many stacks.

    `stacks_left_out` and `posts_left_out` are left out as well; with `among`, only stacks in it count.
    """

    query: Query
    recipe: Recipe
    own_root: tuple[int, int]
    wanted: int
    stacks_left_out: KeySet | None = None
    posts_left_out: KeySet | None = None
    among: KeySet | None = None

    def admits(self, roots: Keys, ids: Keys) -> NDArray[np.bool_]:
        """Which posts count, by the roots of their stacks and their own ids."""
        high, low = (np.uint64(half) for half in self.own_root)
        found: NDArray[np.bool_] = (roots[:, 0] != high) | (roots[:, 1] != low)
        if self.stacks_left_out:
            found &= ~self.stacks_left_out.has(roots)
        if self.posts_left_out:
            found &= ~self.posts_left_out.has(ids)
        if self.among is not None:
            found &= self.among.has(roots)
        return found


@dataclass(frozen=True)
class Found:
    """Posts of other stacks, the best of each stack, best first: score, cosine, member number."""

    scores: Floats
    cosines: Floats
    members: Longs
    ids: Keys
    roots: Keys

    def lowest(self, wanted: int) -> float:
        """The score of the last wanted stack; 0 when there are fewer."""
        return float(self.scores[wanted - 1]) if len(self.scores) >= wanted else 0.0

    def at(self, rows: Longs | NDArray[np.bool_]) -> "Found":
        """Only these rows."""
        return Found(self.scores[rows], self.cosines[rows], self.members[rows], self.ids[rows], self.roots[rows])

    def best_of_each_stack(self, wanted: int) -> "Found":
        """The best post of each stack, by score, then by id; at least `wanted` stacks if there are so many."""
        taken = 4 * wanted
        while True:
            rows = self._best_rows(taken)
            rows = rows[np.lexsort((self.ids[rows, 1], self.ids[rows, 0], -self.scores[rows]))]
            firsts = _firsts(self.roots[rows])
            if len(firsts) >= wanted or len(rows) == len(self.scores):
                return self.at(rows[firsts])
            taken *= 8

    def _best_rows(self, count: int) -> Longs:
        if count >= len(self.scores):
            return np.arange(len(self.scores))
        lowest = np.partition(self.scores, -count)[-count]
        above = np.flatnonzero(self.scores > lowest)
        equal = np.flatnonzero(self.scores == lowest)
        missing = count - len(above)
        if len(equal) > missing:
            # Many posts with one text score alike: the smallest ids come first.
            halves = self.ids[equal, 0]
            equal = equal[halves <= np.partition(halves, missing - 1)[missing - 1]]
        return np.concatenate((above, equal))


class Ranking:
    """One question to one segment; `outdated` are the numbers of members that do not count any more."""

    def __init__(self, segment: Segment, idf: Floats, asked: Asked, outdated: Longs) -> None:
        self._segment, self._idf, self._asked, self._outdated = segment, idf, asked, outdated
        self._factors = factors(asked.recipe, segment.recipes)
        self._greatest = float(self._factors.max(initial=1.0))

    def best(self, floor: float = 0.0) -> Found:
        """The best posts, at most one a stack, at least the wanted number unless fewer can beat `floor` (a score)."""
        sums, rest, floor = self._candidates(floor)
        texts = np.flatnonzero(sums > max(floor / self._greatest - rest - SLACK, 0.0))
        return self._scored(texts, sums[texts] + rest, floor).best_of_each_stack(self._asked.wanted)

    def _candidates(self, floor: float) -> tuple[Singles, float, float]:
        """Sums by text, what they may lack, and the lowest score worth a look."""
        columns, weights, sizes = self._postings()
        lacking = _bounds(weights, self._segment.term_peaks[columns])
        sums = np.zeros(self._segment.texts, dtype=np.float32)
        left, group, done = int(sizes.sum()), FIRST_GROUP, 0
        while done < len(columns):
            upto = max(int(np.searchsorted(np.cumsum(sizes[done:]), group, side="right")), 1) + done
            sums += self._sum(columns[done:upto], weights[done:upto])
            left, group, done = left - int(sizes[done:upto].sum()), group * GROWTH, upto
            if 0 < left <= FIRST_GROUP:
                continue
            # What another segment or an earlier group has found may do: finding more costs as well.
            if not self._is_enough(sums, floor, float(lacking[done]), left):
                floor = max(floor, self._floor(sums))
            if left and self._is_enough(sums, floor, float(lacking[done]), left):
                break
        return sums, float(lacking[done]), floor

    def _is_enough(self, sums: Singles, floor: float, lacking: float, left: int) -> bool:
        """Whether scoring every text that may still reach the floor costs less than summing what is left."""
        bar = floor / self._greatest - lacking - SLACK
        return bar > 0 and int(np.count_nonzero(sums > bar)) * TEXT_COST < max(left, FIRST_GROUP)

    def _postings(self) -> tuple[Longs, Floats, Longs]:
        """Where the query's words are among the segment's, the rarest first; their weights and numbers of texts."""
        segment, query = self._segment, self._asked.query
        columns = np.searchsorted(segment.terms, query.terms)
        columns = np.minimum(columns, max(len(segment.terms) - 1, 0))
        present = segment.terms[columns] == query.terms if len(segment.terms) else np.zeros(len(columns), bool)
        # What counts against a text can only lower its score, so it has no part in finding candidates.
        present &= query.weights > 0
        columns, weights = columns[present], query.weights[present]
        sizes = segment.term_starts[columns + 1] - segment.term_starts[columns]
        order = np.argsort(sizes, kind="stable")
        return columns[order], weights[order], sizes[order]

    def _sum(self, columns: Longs, weights: Floats) -> Singles:
        segment = self._segment
        firsts, ends = segment.term_starts[columns], segment.term_starts[columns + 1]
        spans = list(zip(firsts.tolist(), ends.tolist(), strict=True))
        starts = np.cumsum([0, *(ends - firsts)]).astype(np.int32)
        texts, shares = segment.posting_texts.read(spans), segment.posting_weights.read(spans)
        postings = csc_array((shares, texts, starts), shape=(segment.texts, len(spans)))
        found: Singles = postings @ weights.astype(np.float32)
        return found

    def _floor(self, sums: Singles) -> float:
        """A score that the wanted number of stacks reach for certain: that of the best texts so far."""
        count = 4 * self._asked.wanted
        while True:
            texts = _high(sums, count)
            best = texts[np.argpartition(sums[texts], -count)[-count:]] if count < len(texts) else texts
            found = self._scored(best, None, 0.0).best_of_each_stack(self._asked.wanted)
            lowest = found.lowest(self._asked.wanted)
            if lowest or count >= len(texts):
                return lowest
            count *= 8

    def _scored(self, texts: Longs, at_most: Floats | Singles | None, floor: float) -> Found:
        """The posts of these texts, with exact scores; without those not asked for or below `floor`."""
        segment, asked = self._segment, self._asked
        members, owner = spread(segment.member_starts, texts)
        boost = self._factors[segment.member_recipes[members]]
        keep = np.ones(len(members), bool) if at_most is None else at_most[owner] * boost > floor - SLACK
        members, owner, boost = members[keep], owner[keep], boost[keep]
        roots, ids = segment.member_roots[members], segment.member_ids[members]
        keep = asked.admits(roots, ids)
        if len(self._outdated):
            keep &= ~np.isin(members, self._outdated)
        used, back = np.unique(owner[keep], return_inverse=True)
        cosines = cosines_of(segment, self._idf, asked.query, texts[used])[back]
        scores: Floats = (cosines * boost[keep]).round(DIGITS)
        return Found(scores, cosines, members[keep], ids[keep], roots[keep]).at(scores > 0)


def _firsts(roots: Keys) -> Longs:
    """Where each different root stands first, in order."""
    if not len(roots):
        return np.empty(0, dtype=np.int64)
    order = np.lexsort((roots[:, 1], roots[:, 0]))
    new = np.append(True, (roots[order[1:]] != roots[order[:-1]]).any(axis=1))
    return np.sort(order[new])


def _high(sums: Singles, count: int) -> Longs:
    """The texts with the highest sums: `count` at least where so many have any, seldom many more.

    A bar is guessed from every 64th text, since sorting out half a million of them takes longer than summing them.
    """
    some = sums[::EVERY]
    spare = count // EVERY + 8
    bar = max(float(np.partition(some, -spare)[-spare]), 0.0) if spare < len(some) else 0.0
    found = np.flatnonzero(sums > bar)
    return found if bar <= 0 or len(found) >= count else np.flatnonzero(sums > 0)


def cosines_of(segment: Segment, idf: Floats, query: Query, texts: Longs) -> Floats:
    """The cosine of each of these texts with the query, in double precision."""
    entries, owner = spread(segment.text_starts, texts)
    shares = shared(segment, idf, query, entries)
    return np.bincount(owner, shares, len(texts)) / segment.text_norms[texts]


def shared(segment: Segment, idf: Floats, query: Query, entries: Longs) -> Floats:
    """What each of these words of texts adds to the product with the query; 0 for words that are not in it."""
    terms = segment.text_terms[entries]
    at = np.minimum(np.searchsorted(query.terms, terms), len(query.terms) - 1)
    weights = np.where(query.terms[at] == terms, query.weights[at], 0.0)
    return weights * segment.text_counts[entries] * idf[terms]


def _bounds(weights: Floats, peaks: Singles) -> Floats:
    """For each number of words summed: the most that the words after them can add to any text's cosine."""
    lengths = np.sqrt(np.cumsum((weights * weights)[::-1]))[::-1]
    sums = np.cumsum((weights * peaks)[::-1])[::-1]
    return np.append(np.minimum(lengths, sums), 0.0)
