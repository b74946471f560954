"""Writing the index's files: a new generation from all posts, a segment from what changed since."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import numpy as np

from sovia.similarity.collecting import Collector, Document
from sovia.similarity.disk import save, sync_folder
from sovia.similarity.index import Index, Pointer, appearing, new_name
from sovia.similarity.segment import Segment, key_of, text_key
from sovia.similarity.vectors import Keys
from sovia.similarity.vocabulary import FrozenWords, GrowingWords, save_words
from sovia.similarity.writing import fitted_idf, write_segment

BASE = "base"
# An appended segment takes in the one before it unless that one is more than so many times larger. So there are few
# segments, and each post is written a few times only.
MERGE_UP_TO = 2


class Fit:
    """Takes every post of a library, in the order `Collector` wants, then writes a new generation."""

    def __init__(self, scratch: Path) -> None:
        self._words = GrowingWords()
        self._collector = Collector(scratch, self._words)

    def add(self, documents: Iterable[Document]) -> None:
        """Take some posts."""
        for document in documents:
            self._collector.add(document)

    def publish(self, folder: Path, *, posts: int, seen_until: datetime, library_version: int) -> Pointer:
        """Write the generation and make it the current one. `posts` counts those without words, too."""
        found = self._collector.collected()
        name = new_name("generation")
        with appearing(folder / name) as home:
            final = save_words(home, list(self._words))
            by_number = fitted_idf(found, len(final), posts)
            idf = np.empty_like(by_number)
            idf[final] = by_number
            save(home / "word_idf.npy", idf)
            write_segment(home / BASE, found, idf, final)
            sync_folder(home)
        sync_folder(folder)
        pointer = Pointer(
            generation=name,
            segments=(BASE,),
            stamp=name,
            fitted_at=seen_until,
            fitted_posts=posts,
            appended_posts=0,
            seen_until=seen_until,
            library_version=library_version,
        )
        pointer.save(folder)
        return pointer

    def close(self) -> None:
        """Remove what lies in the scratch folder."""
        self._collector.close()


class Addition:
    """Takes posts that may have changed, keeps those that did, then appends them to the current generation."""

    def __init__(self, scratch: Path, index: Index) -> None:
        self._index = index
        self._collector = Collector(scratch, FrozenWords(index.vocabulary))

    def add(self, documents: Sequence[Document]) -> None:
        """Take some posts; those that the index already has as they are now are left out."""
        known = [_known(segment, documents) for segment in self._index.segments]
        for at, document in enumerate(documents):
            newest = next((entries[at] for entries in reversed(known) if entries[at] is not None), None)
            if newest != _facts(document):
                self._collector.add(document)

    def publish(self, folder: Path, *, seen_until: datetime, library_version: int) -> int:
        """Append the changed posts, or only note that nothing changed; how many changed."""
        pointer, added = self._index.pointer, self._collector.members
        names = list(pointer.segments)
        if added:
            names = self._write(folder / pointer.generation, names)
        replace(
            pointer,
            segments=tuple(names),
            stamp=names[-1] if added else pointer.stamp,
            appended_posts=pointer.appended_posts + added,
            seen_until=seen_until,
            library_version=library_version,
        ).save(folder)
        return added

    def close(self) -> None:
        """Remove what lies in the scratch folder."""
        self._collector.close()

    def _write(self, home: Path, names: list[str]) -> list[str]:
        for segment in reversed(self._index.segments[1:]):
            if segment.members > MERGE_UP_TO * self._collector.members:
                break
            self._collector.take(segment)
            names.pop()
        name = new_name("segment")
        with appearing(home / name) as part:
            part.rmdir()
            write_segment(part, self._collector.collected(), self._index.vocabulary.idf)
        sync_folder(home)
        return [*names, name]


@contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """A folder for spools, on the same disk as the index."""
    with TemporaryDirectory(dir=folder, suffix=".part") as found:
        yield Path(found)


Facts = tuple[tuple[int, int], tuple[int, int], object]


def _facts(document: Document) -> Facts:
    return text_key(document.text), key_of(document.root_id), document.recipe


def _known(segment: Segment, documents: Sequence[Document]) -> list[Facts | None]:
    """What the segment says of each post, nothing for those it does not have."""
    members = segment.find(keys_of([document.id for document in documents]))
    has = np.flatnonzero(members >= 0)
    texts = segment.text_keys[segment.texts_of(members[has])].tolist()
    roots = segment.member_roots[members[has]].tolist()
    recipes = segment.member_recipes[members[has]].tolist()
    found: list[Facts | None] = [None] * len(documents)
    for at, text, root, recipe in zip(has.tolist(), texts, roots, recipes, strict=True):
        found[at] = (text[0], text[1]), (root[0], root[1]), segment.recipes[recipe]
    return found


def keys_of(ids: Sequence[UUID]) -> Keys:
    """Ids as pairs of numbers."""
    return np.array([key_of(post_id) for post_id in ids], dtype=np.uint64).reshape(-1, 2)
