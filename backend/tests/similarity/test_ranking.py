"""The index answers exactly what comparing every post with every other answers."""

import os
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from similarity.brute_force import NOW, BruteForce, by_index, fitted, random_documents
from sklearn.feature_extraction.text import TfidfVectorizer

from sovia.similarity import collecting, disk, ranking, writing
from sovia.similarity.collecting import Document
from sovia.similarity.generation import Addition, scratch
from sovia.similarity.index import SHELF, Index
from sovia.similarity.vectors import Recipe

POSTS, ANCHORS, LIMIT = 2000, 150, 12


@pytest.fixture(params=["everything summed", "stopped as early as allowed"])
def pruning(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "stopped as early as allowed":
        monkeypatch.setattr(ranking, "FIRST_GROUP", 20)
        monkeypatch.setattr(ranking, "GROWTH", 2)
        monkeypatch.setattr(ranking, "TEXT_COST", 0)


@pytest.mark.usefixtures("pruning")
@pytest.mark.parametrize("seed", [1, 2])
def test_order_and_scores_equal_brute_force(tmp_path: Path, seed: int) -> None:
    documents = random_documents(POSTS, seed)
    index, oracle = fitted(tmp_path, documents), BruteForce(documents)

    for anchor in documents[:ANCHORS]:
        assert by_index(index, anchor, LIMIT) == oracle.relatives(anchor, LIMIT)


def test_early_stopping_skips_common_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "FIRST_GROUP", 20)
    monkeypatch.setattr(ranking, "TEXT_COST", 0)
    documents = random_documents(POSTS, 1)
    index = fitted(tmp_path, documents)
    summed = []
    whole = ranking.Ranking._sum
    monkeypatch.setattr(
        ranking.Ranking, "_sum", lambda self, *terms: summed.append(len(terms[0])) or whole(self, *terms)
    )

    anchors = [post for post in documents[:ANCHORS] if post.text]
    for anchor in anchors:
        by_index(index, anchor, 3)

    assert sum(summed) < sum(len(set(anchor.text.split())) for anchor in anchors)


def test_slices_and_spills_do_not_change_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    documents = random_documents(300, 3)
    whole = fitted(tmp_path / "whole", documents).segments[0]
    monkeypatch.setattr(writing, "SLICE", 50)
    monkeypatch.setattr(disk, "SPILL_AT", 7)

    sliced = fitted(tmp_path / "sliced", documents).segments[0]

    for name in ("text_terms", "text_norms", "term_peaks", "member_ids"):
        assert (getattr(whole, name) == getattr(sliced, name)).all(), name
    everything = [(0, int(whole.term_starts[-1]))]
    for name in ("posting_texts", "posting_weights"):
        assert (getattr(whole, name).read(everything) == getattr(sliced, name).read(everything)).all(), name


def test_a_file_cut_off_is_told_from_a_whole_one(tmp_path: Path) -> None:
    disk.save(tmp_path / "numbers.npy", np.arange(100))
    os.truncate(tmp_path / "numbers.npy", (tmp_path / "numbers.npy").stat().st_size - 8)

    pieces = disk.Pieces(tmp_path / "numbers.npy")

    assert pieces.read([(97, 99), (3, 5)]).tolist() == [97, 98, 3, 4]
    with pytest.raises(EOFError):
        pieces.read([(98, 100)])


def test_idf_equals_scikit_learns(tmp_path: Path) -> None:
    """S045."""
    documents = random_documents(500, 4)
    spaced = [post for post in documents if post.text.isascii()]
    index = fitted(tmp_path, spaced)

    learned = TfidfVectorizer().fit([post.text for post in spaced])

    found = {word: index.vocabulary.idf[index.vocabulary.find(word)] for word in learned.vocabulary_}
    assert found == pytest.approx(dict(zip(learned.get_feature_names_out(), learned.idf_, strict=True)), abs=1e-12)


def append(index: Index, folder: Path, documents: list[Document]) -> Index:
    with scratch(folder) as spools:
        addition = Addition(spools, index)
        addition.add(sorted((post for post in documents if post.text), key=lambda post: (post.text, post.id)))
        addition.publish(folder, seen_until=NOW, library_version=2)
        addition.close()
    found = SHELF.find(folder)
    assert found is not None
    return found


@pytest.mark.usefixtures("pruning")
def test_appended_posts_rank_as_if_transformed_with_the_fit(tmp_path: Path) -> None:
    documents = random_documents(900, 5)
    first, later = documents[:500], documents[500:]
    index = fitted(tmp_path, first)
    for start in range(0, 400, 80):
        index = append(index, tmp_path, later[start : start + 80])

    oracle = BruteForce(first, later)

    for anchor in documents[::9]:
        assert by_index(index, anchor, LIMIT) == oracle.relatives(anchor, LIMIT)


def test_many_small_additions_make_few_segments(tmp_path: Path) -> None:
    documents = random_documents(300, 6)
    index = fitted(tmp_path, documents[:100])

    for start in range(100, 300, 4):
        index = append(index, tmp_path, documents[start : start + 4])

    assert len(index.segments) <= 7
    assert index.posts == sum(1 for post in documents if post.text)


def test_posts_that_did_not_change_are_not_appended(tmp_path: Path) -> None:
    documents = random_documents(200, 7)
    index = fitted(tmp_path, documents)
    moved = replace(documents[3], recipe=Recipe("another", frozenset()), text="word1 word2")

    index = append(index, tmp_path, [*documents[:3], moved])

    again = append(index, tmp_path, [moved])

    assert [segment.members for segment in index.segments[1:]] == [1]
    assert again.pointer.segments == index.pointer.segments


WORDS = st.sampled_from(["red", "cat", "fox", "red cat", "城市", "夜", "قطة", "a", ""])
POST = st.tuples(
    st.lists(WORDS, max_size=5), st.integers(0, 9), st.sampled_from([None, "m", "n"]), st.sets(st.sampled_from("xy"))
)


@settings(max_examples=60, deadline=None)
@given(st.lists(POST, min_size=1, max_size=40), st.integers(1, 20), st.data())
def test_any_library_ranks_as_brute_force_does(posts: list, limit: int, data: st.DataObject) -> None:
    documents = [
        Document(
            UUID(int=number * 7919 % 1009), UUID(int=10_000 + stack), Recipe(model, frozenset(modes)), " ".join(text)
        )
        for number, (text, stack, model, modes) in enumerate(posts)
    ]
    worded = [post for post in documents if collecting.words(post.text)]
    if not worded:
        return
    anchor = data.draw(st.sampled_from(worded))
    with TemporaryDirectory() as folder:
        index = fitted(Path(folder), documents)

        assert by_index(index, anchor, limit) == BruteForce(documents).relatives(anchor, limit)
