"""From gathered texts to the files of a segment: idf, lengths, and the words' postings, a slice at a time."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

from sovia.similarity.collecting import Collected
from sovia.similarity.disk import new_array, save, settle, sync_folder, write_json
from sovia.similarity.vectors import Floats, Integers, Longs, inverse_document_frequency

# How many words of texts are in memory at once.
SLICE = 1 << 21


def slices(starts: Longs) -> Iterator[tuple[int, int]]:
    """Runs of rows of a ragged array with about `SLICE` entries each (or one row, if that has more)."""
    first, rows = 0, len(starts) - 1
    while first < rows:
        after = int(np.searchsorted(starts, starts[first] + SLICE, side="right")) - 1
        after = min(max(after, first + 1), rows)
        yield first, after
        first = after


def fitted_idf(found: Collected, vocabulary_size: int, documents: int) -> Floats:
    """The weight of each word; every post is a document, so that a text counts as often as it is used."""
    frequency = np.zeros(vocabulary_size, dtype=np.float64)
    uses = np.diff(found.member_starts)
    for first, after in slices(found.text_starts):
        lengths = np.diff(found.text_starts[first : after + 1])
        terms = found.text_terms[found.text_starts[first] : found.text_starts[after]]
        frequency += np.bincount(terms, np.repeat(uses[first:after], lengths), vocabulary_size)
    return inverse_document_frequency(frequency.astype(np.int64), documents)


def write_segment(folder: Path, found: Collected, idf: Floats, final: Integers | None = None) -> None:
    """Write the segment's files. `idf` is by final number of a word; `final` gives it for the gathered numbers."""
    folder.mkdir()
    entries = int(found.text_starts[-1])
    terms = new_array(folder / "text_terms.npy", np.int32, entries)
    norms = new_array(folder / "text_norms.npy", np.float64, len(found.text_keys))
    for first, after in slices(found.text_starts):
        span = slice(int(found.text_starts[first]), int(found.text_starts[after]))
        gathered = found.text_terms[span]
        terms[span] = gathered if final is None else final[gathered]
        weights = found.text_counts[span] * idf[terms[span]]
        norms[first:after] = np.sqrt(np.add.reduceat(weights * weights, found.text_starts[first:after] - span.start))
    _write_postings(folder, found, terms, norms, idf)
    settle(terms)
    settle(norms)
    for name in ("text_starts", "text_counts", "text_keys", "member_starts", "member_ids", "member_roots"):
        save(folder / f"{name}.npy", getattr(found, name))
    save(folder / "member_recipes.npy", found.member_recipes)
    order = np.argsort(found.member_ids[:, 0], kind="stable")
    save(folder / "lookup_keys.npy", found.member_ids[order, 0])
    save(folder / "lookup_members.npy", order.astype(np.int32))
    write_json(folder / "recipes.json", [[recipe.model, sorted(recipe.modes)] for recipe in found.recipes])
    sync_folder(folder)


def _write_postings(folder: Path, found: Collected, terms: Integers, norms: Floats, idf: Floats) -> None:
    per_term = np.zeros(len(idf), dtype=np.int64)
    for first, after in slices(found.text_starts):
        per_term += np.bincount(terms[found.text_starts[first] : found.text_starts[after]], minlength=len(idf))
    present = np.flatnonzero(per_term)
    starts = np.zeros(len(present) + 1, dtype=np.int64)
    np.cumsum(per_term[present], out=starts[1:])
    texts = new_array(folder / "posting_texts.npy", np.int32, int(starts[-1]))
    weights = new_array(folder / "posting_weights.npy", np.float32, int(starts[-1]))
    peaks = np.zeros(len(idf), dtype=np.float32)
    free = np.zeros(len(idf), dtype=np.int64)
    free[present] = starts[:-1]
    for first, after in slices(found.text_starts):
        span = slice(int(found.text_starts[first]), int(found.text_starts[after]))
        owner = np.repeat(norms[first:after], np.diff(found.text_starts[first : after + 1]))
        shares = (found.text_counts[span] * idf[terms[span]] / owner).astype(np.float32)
        rows = (found.text_starts[first : after + 1] - span.start).astype(np.int32)
        by_term = csr_array((shares, terms[span], rows), shape=(after - first, len(idf))).tocsc()
        here = np.diff(by_term.indptr).astype(np.int64)
        target = np.arange(by_term.nnz) + np.repeat(free - by_term.indptr[:-1], here)
        texts[target] = by_term.indices + first
        weights[target] = by_term.data
        np.maximum.at(peaks, terms[span], shares)
        free += here
    settle(texts)
    settle(weights)
    for name, values in (("terms", present.astype(np.int32)), ("term_starts", starts), ("term_peaks", peaks[present])):
        save(folder / f"{name}.npy", values)
