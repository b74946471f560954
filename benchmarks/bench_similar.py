"""Similar posts: the reference's way (a fit in each request) beside ours (a prebuilt index), in one run.

    python benchmarks/bench_similar.py --posts 20000 --reference
    python benchmarks/bench_similar.py --posts 1000000 --corpus corpus.json

Text comes from a corpus file ({"sentences": [...], "phrases": [...]}), without one from a vocabulary with Zipf's law.
Shape as measured on real exports: half of the roots and a tenth of their children have no prompt of their own, half of
the children's prompts are used more than once, most children are of one mode. Index only: no database, no HTTP.
"""

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import cosine_similarity

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "backend"))

from sovia.similarity.collecting import Document
from sovia.similarity.generation import Addition, Fit, scratch
from sovia.similarity.index import Index, Shelf
from sovia.similarity.prints import COLOURS, Look, Looks, likeness_to_several
from sovia.similarity.ranking import Asked
from sovia.similarity.segment import key_of
from sovia.similarity.service.finding import candidates, query_for, shared_words
from sovia.similarity.vectors import Recipe, boosts, mean_less

MODELS = {
    "root": (["imagine_h_1", "imagine_x_1", None], [83, 12, 5]),
    "child": (["imagine_w_1", "imagine_xdit_1"], [56, 44]),
}
MODES = (["custom", "normal", "extremely-crazy", "extremely-spicy-or-crazy"], [880, 107, 6, 5])
CHILDREN = [0, 1, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 19, 25, 50]
LIMIT, SPARE = 6, 4
Texts = Callable[[int], str]


def texts_from(corpus: Path | None) -> Texts:
    """Prompt number k -> text, always the same."""
    if corpus is None:
        ranks = np.arange(1, 60_001)
        cumulative = np.cumsum(1 / ranks).tolist()
        names = [f"{'aeiou'[k % 5]}{k:x}" for k in ranks.tolist()]
        return lambda k: " ".join((r := random.Random(k)).choices(names, cum_weights=cumulative, k=r.randint(8, 60)))
    found = json.loads(corpus.read_bytes())
    sentences, phrases = found["sentences"], found["phrases"]

    def text(k: int) -> str:
        rng = random.Random(k)
        parts = rng.choices(sentences, k=rng.choice((1, 1, 2, 2, 3))) if rng.random() < 0.6 else []
        return " ".join([*parts, ", ".join(rng.choices(phrases, k=rng.randint(1, 6)))])

    return text


class Library:
    """Posts as columns: each one's text number (-1 for none), stack and recipe."""

    def __init__(self, posts: int, seed: int = 8) -> None:
        rng = random.Random(seed)
        used: list[int] = []
        self.texts: NDArray[np.int64] = np.empty(posts, np.int64)
        self.roots: NDArray[np.int64] = np.empty(posts, np.int64)
        self.recipes: list[Recipe] = []
        at = 0
        while at < posts:
            root, after = at, min(at + 1 + rng.choice(CHILDREN), posts)
            modes = rng.choices(MODES[0], MODES[1], k=after - root - 1)
            own = -1 if rng.random() < 0.46 else at
            self.texts[at], self.roots[root:after] = own, root
            self.recipes.append(Recipe(rng.choices(*MODELS["root"])[0], frozenset(modes)))
            for at, mode in enumerate(modes, root + 1):
                fresh = rng.random() < 0.5 or not used
                self.texts[at] = own if rng.random() < 0.09 else at if fresh else rng.choice(used)
                used.append(at) if fresh else None
                self.recipes.append(Recipe(rng.choices(*MODELS["child"])[0], frozenset([mode])))
            at = after

    def document(self, at: int, text: Texts) -> Document:
        number = int(self.texts[at])
        return Document(uid(at), uid(int(self.roots[at])), self.recipes[at], text(number) if number >= 0 else "")

    def in_order(self, text: Texts) -> Iterator[Document]:
        """Posts with words, those with one text after the other; each text is made once."""
        last, words = -1, ""
        for at in np.argsort(self.texts, kind="stable").tolist():
            number = int(self.texts[at])
            if number < 0:
                continue
            if number != last:
                last, words = number, text(number)
            yield Document(uid(at), uid(int(self.roots[at])), self.recipes[at], words)


def uid(at: int) -> UUID:
    return UUID(int=(at * 0x9E3779B97F4A7C15F39CC0605CEDC835) % (1 << 128))


def build(folder: Path, posts: int, corpus: Path | None) -> dict[str, object]:
    """Build the index; run in a process of its own so that its memory can be told."""
    library, text = Library(posts), texts_from(corpus)
    start = time.perf_counter()
    making = sum(len(document.text) for document in library.in_order(text)) and time.perf_counter() - start
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    with scratch(folder) as spools:
        fit = Fit(spools)
        fit.add(library.in_order(text))
        read = time.perf_counter() - start
        fit.publish(folder, posts=posts, seen_until=datetime.now(UTC), library_version=1)
        fit.close()
    took = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"read_s": read - making, "write_s": took - read, "grown_mb": (peak - before) / 1024}


def ours(index: Index, anchor: Document, limit: int = LIMIT) -> list[tuple[UUID, float]]:
    """What a request does between its two looks into the database, reasons and all."""
    query = query_for(index, anchor.text)
    if not query:
        return []
    asked = Asked(query, anchor.recipe, key_of(anchor.root_id), limit + SPARE)
    found = candidates(index, asked, [[] for _ in index.segments])[:limit]
    for hit in found:
        shared_words(index, query, hit)
        boosts(anchor.recipe, anchor.recipe)
    return [(UUID(int=hit.key[0] << 64 | hit.key[1]), hit.score) for hit in found]


def reference(documents: list[Document], anchor: int) -> list[tuple[UUID, float]]:
    """The reference's way: fit all prompts, compare, boost, sort, in each request."""
    vectorizer = TfidfVectorizer(max_features=1000, stop_words="english", ngram_range=(1, 2), min_df=1)
    matrix = vectorizer.fit_transform([document.text for document in documents])
    scores = cosine_similarity(matrix[anchor], matrix)[0]
    mine = documents[anchor].recipe
    scored = []
    for document, score in zip(documents, scores, strict=True):
        if document.id != documents[anchor].id:
            model = 1.5 if mine.model and mine.model == document.recipe.model else 1.0
            scored.append((document.id, float(score) * model * (1.2 if mine.modes & document.recipe.modes else 1.0)))
    scored.sort(key=lambda pair: -pair[1])
    return scored[:LIMIT]


def milliseconds(calls: list[Callable[[], object]]) -> list[float]:
    found = []
    for call in calls:
        start = time.perf_counter()
        call()
        found.append((time.perf_counter() - start) * 1000)
    return sorted(found)


def append(folder: Path, index: Index, library: Library, text: Texts, count: int) -> float:
    """Seconds to append posts that nobody has seen."""
    new = [replace(library.document(at, text), id=uid(10**9 + at)) for at in range(count)]
    new = [replace(document, text=f"{document.text} {text(10**8 + n)}") for n, document in enumerate(new)]
    start = time.perf_counter()
    with scratch(folder) as spools:
        addition = Addition(spools, index)
        addition.add(sorted(new, key=lambda document: document.text))
        addition.publish(folder, seen_until=datetime.now(UTC), library_version=2)
        addition.close()
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--reference", action="store_true", help="also measure the reference's way (slow)")
    parser.add_argument("--anchors", type=int, default=300)
    parser.add_argument("--build-in", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.build_in:
        print(json.dumps(build(given.build_in, given.posts, given.corpus)))
        return
    with tempfile.TemporaryDirectory() as name:
        measure(Path(name), given)


def measure(folder: Path, given: argparse.Namespace) -> None:
    argv = [sys.executable, __file__, *sys.argv[1:], "--build-in", str(folder)]
    built = json.loads(subprocess.run(argv, check=True, stdout=subprocess.PIPE).stdout)
    library, text = Library(given.posts), texts_from(given.corpus)
    rng = random.Random(1)
    sample = [library.document(at, text) for at in rng.sample(range(given.posts), min(given.anchors, given.posts))]
    anchors = [document for document in sample if document.text]
    before = rss()
    index = Shelf().find(folder)
    assert index is not None
    base = index.segments[0]
    size = sum(path.stat().st_size for path in folder.rglob("*.npy")) / 1e6
    print(f"posts {given.posts:,}: {base.texts:,} texts, {len(base.posting_texts):,} entries, {size:.0f} MB on disk")
    print(f"build {built['read_s']:.1f} s reading words + {built['write_s']:.1f} s, memory +{built['grown_mb']:.0f} MB")
    show("similar, first time", milliseconds([lambda a=a: ours(index, a) for a in anchors]))
    times = milliseconds([lambda a=a: ours(index, a) for a in anchors])
    show("similar, again", times)
    groups = [anchors[at : at + 4] for at in range(0, len(anchors) - 3, 4)]
    show("like three and not like a fourth", milliseconds([lambda some=some: several(index, some) for some in groups]))
    show(f"{given.posts:,} pictures compared", milliseconds(pictures(given.posts)))
    print(f"memory of the reader +{rss() - before:.0f} MB, file pages included")
    print(f"append 1,000 new posts {append(folder, index, library, text, 1000):.2f} s")
    if given.reference:
        documents = [library.document(at, text) for at in range(given.posts)]
        slow = milliseconds([lambda at=at: reference(documents, at) for at in rng.sample(range(given.posts), 3)])
        show("the reference's way", slow)
        print(f"ratio of medians {statistics.median(slow) / statistics.median(times):,.0f}x")


def several(index: Index, some: list[Document]) -> object:
    """The best for the mean of three prompts less a fourth."""
    *wanted, rejected = (query_for(index, document.text) for document in some)
    query = mean_less(wanted, [rejected])
    asked = Asked(query, some[0].recipe, key_of(some[0].root_id), LIMIT + SPARE)
    return candidates(index, asked, [[] for _ in index.segments]) if query else []


def pictures(count: int) -> list[Callable[[], object]]:
    """Comparing one picture with all others, twenty times."""
    rng = np.random.default_rng(8)
    looks = Looks(
        rng.integers(0, 1 << 63, count, dtype=np.uint64), rng.integers(0, 255, (count, COLOURS), dtype=np.uint8)
    )
    some = [Look(int(looks.structures[at]), looks.colours[at].tobytes()) for at in range(20)]
    return [lambda one=one: likeness_to_several(looks, [one], []) for one in some]


def rss() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def show(name: str, times: list[float]) -> None:
    print(
        f"{name}: p50 {statistics.median(times):.2f} ms, p95 {times[int(len(times) * 0.95)]:.2f}, max {times[-1]:.2f}"
    )


if __name__ == "__main__":
    main()
