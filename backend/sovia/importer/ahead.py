"""An export made ready ahead of the database: read, parsed and packed in a process of its own when it is large."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from sovia.importer import export
from sovia.importer.options import Options
from sovia.importer.problems import Problem
from sovia.importer.said import Said
from sovia.importer.sources import Part, Source
from sovia.kit.elsewhere import items_of
from sovia.library.arrivals import Arrival, Columns, Packer, from_columns, in_columns
from sovia.library.belongings import Belongings
from sovia.library.incoming import Edge

# Below, starting a process costs more than it brings.
LARGE_BYTES = 3_000_000


@dataclass(slots=True)
class ReadyChunk:
    """A chunk whose posts are packed; `words` are those in them that no earlier chunk had."""

    posts: list[Arrival]
    words: set[str]
    problems: list[Problem]
    edges: list[Edge]
    belongings: list[Belongings]
    said: Said
    children: int
    records: int
    bytes_done: int
    file: int
    file_name: str
    shape: str
    ends_file: bool

    def __reduce__(self) -> tuple[Any, ...]:
        """How it crosses from the process that reads."""
        _, *others = (getattr(self, one.name) for one in fields(self))
        return _crossed, (in_columns(self.posts), others)

    def with_next(self, piece: "ReadyChunk") -> "ReadyChunk":
        """One chunk of this and of the piece of the same file that follows it."""
        piece.said.add(self.said)
        return replace(
            piece,
            posts=self.posts + piece.posts,
            words=self.words | piece.words,
            problems=self.problems + piece.problems,
            edges=self.edges + piece.edges,
            belongings=self.belongings + piece.belongings,
            children=self.children + piece.children,
        )


def _crossed(posts: Columns, others: list[Any]) -> ReadyChunk:
    return ReadyChunk(from_columns(posts), *others)


@dataclass(slots=True)
class About:
    """What an export says of itself: its size at the beginning, the rest when its chunks are through."""

    bytes_total: int
    shape: str = ""
    account: str | None = None


class Ahead:
    """The chunks of files, without the first `after` records; `about` is complete when they are through.

    `keep_in` is the media folder, in which media that come along are kept. Without `searched` the posts are good for
    comparing only.
    Opening raises `NotAnExport`, or the system's error; so does iterating.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        options: Options,
        *,
        after: int = 0,
        keep_in: Path | None = None,
        searched: bool = True,
    ) -> None:
        large = any(one.path.is_dir() or one.path.stat().st_size >= LARGE_BYTES for one in parts if one.path.exists())
        given = (parts, options, after, keep_in, searched)
        target = f"{__name__}:{made_ready.__name__}"
        self._items = items_of(target, *given) if large else made_ready(*given)
        first = next(self._items)
        assert isinstance(first, About)
        self.about = first

    def chunks(self) -> Iterator[ReadyChunk]:
        """Each once, in order; as large as is good to write, from the pieces in which they were read."""
        held: ReadyChunk | None = None
        for item in self._items:
            if isinstance(item, About):
                self.about = item
                continue
            held = held.with_next(item) if held else item
            if held.ends_file or max(len(held.posts), len(held.problems)) >= export.CHUNK_POSTS:
                yield held
                held = None
        if held:
            yield held

    def close(self) -> None:
        """End the reading, wherever it is."""
        self._items.close()


def made_ready(
    parts: Sequence[Part],
    options: Options,
    after: int = 0,
    keep_in: Path | None = None,
    searched: bool = True,
) -> Generator[About | ReadyChunk, None, None]:
    """What is known at first, the packed chunks, what is known at last."""
    source = Source(parts, keep_in=keep_in)
    try:
        yield About(source.bytes_total)
        packer = Packer(searched=searched)
        for chunk in source.chunks(after=after):
            for post in chunk.posts:
                options.place(post)
            posts, words = packer.packed(chunk.posts)
            yield ReadyChunk(
                *(
                    posts,
                    words,
                    chunk.problems,
                    chunk.edges,
                    chunk.belongings,
                    chunk.said,
                    chunk.children,
                    chunk.records,
                    chunk.bytes_done,
                ),
                *(chunk.file, chunk.file_name, chunk.shape, chunk.ends_file),
            )
        yield About(source.bytes_total, source.shape, source.account())
    finally:
        source.close()
