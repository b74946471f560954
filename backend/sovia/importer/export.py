"""An export file cut into chunks of posts that are ready to be added, with the problems met on the way."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sovia.importer.problems import Problem
from sovia.importer.reading import Found
from sovia.importer.said import Said
from sovia.importer.shapes import media
from sovia.importer.shapes.inline import Inline
from sovia.importer.shapes.opening import opened
from sovia.library.belongings import Belongings
from sovia.library.incoming import Edge, NewPost

# Written together: so many that round trips do not count, so few that there are some steps of progress a second.
CHUNK_POSTS = 2000
# Read together: parsed records take several times the memory of packed ones.
PIECE_POSTS = 500


@dataclass(slots=True)
class Chunk:
    """Some records' posts and problems; `records` and `bytes_done` count from the beginning of the file.

    `edges` are the inputs of posts beyond their parents, `belongings` what an export of our own says of them,
    `said` is what these records say of the whole file.
    Of several files, `file` and `file_name` say which one it is of, and `ends_file` and `shape` are set at its end.
    """

    posts: list[NewPost] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    belongings: list[Belongings] = field(default_factory=list)
    said: Said = field(default_factory=Said)
    children: int = 0
    records: int = 0
    bytes_done: int = 0
    file: int = 0
    file_name: str = ""
    shape: str = ""
    ends_file: bool = False


class Export:
    """One path to import: a file of any shape, an archive or a folder.

    What it says of itself is complete when its chunks are through.
    """

    def __init__(
        self, path: Path, *, keep_in: Path | None = None, name: str | None = None, said: Said | None = None
    ) -> None:
        """`keep_in` is the media folder, in which media that come along are kept; without it nothing is written.

        `name` is what a single file was called before it came here, `said` what the records say that are passed over.
        Raises `NotAnExport` for a file that is something else.
        """
        self._file, self.reader = opened(path, keep_in)
        self._inline = Inline(keep_in)
        self._media = media.media_of(path, keep_in, name)
        self.bytes_total = self._file.total_bytes + (self._media.bytes_total if self._media else 0)
        self._media_posts = 0
        self._said = Said()
        if said is not None:
            self._said.add(said)

    def chunks(self, *, after: int = 0) -> Iterator[Chunk]:
        """The file's records in chunks, without the first `after` ones, which an interrupted run has taken in.

        The same file always gives the same chunks.
        """
        chunk, last = Chunk(), 0
        for found in self.reader:
            records = self.reader.records
            if after and records <= after:
                continue
            # Everything about one record stays in one chunk, so that none of it is passed over by a later run.
            if records != last and max(len(chunk.posts), len(chunk.problems)) >= min(PIECE_POSTS, CHUNK_POSTS):
                yield self._ended(chunk, last)
                chunk = Chunk()
            last = records
            if isinstance(found, Problem):
                chunk.problems.append(found)
            else:
                self._take(chunk, found)
        chunk = self._ended(chunk, self.reader.records)
        for more in self._media_chunks(after):
            if chunk.posts or chunk.problems:
                yield chunk
            chunk = more
        chunk.problems += self._about_the_file()
        yield chunk

    @property
    def shape(self) -> str:
        """What the file is, in a word or two."""
        return self.reader.shape

    def account(self) -> str | None:
        """Whose account was exported."""
        return self._said.account()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
        if self._media is not None:
            self._media.close()

    def _media_chunks(self, after: int) -> Iterator[Chunk]:
        """Media come after everything else at the path."""
        if self._media is None:
            return
        self.reader.notes.left_out.pop("media", None)
        for chunk in media.chunks_after(self._media, self.reader.records, self._file.total_bytes, after):
            self._media_posts += len(chunk.posts)
            yield chunk

    def _take(self, chunk: Chunk, found: Found) -> None:
        if isinstance(found.record, NewPost):
            chunk.posts.append(found.record)
            return
        parsed = self._inline.parse(found.record, second_hand=found.second_hand)
        chunk.posts += parsed.posts
        chunk.edges += parsed.edges
        chunk.belongings += parsed.belongings
        chunk.problems += [found.placed(one) for one in parsed.problems]
        chunk.said.without_zone += parsed.times_without_zone
        for post in parsed.posts:
            if post.nested_in is not None:
                chunk.children += 1
                chunk.said.child_of(post.source_user_id)

    def _ended(self, chunk: Chunk, records: int) -> Chunk:
        chunk.records, chunk.bytes_done = records, self._file.read_bytes
        self._said.add(chunk.said)
        return chunk

    def _about_the_file(self) -> Iterator[Problem]:
        reader = self.reader
        if self._file.damage:
            yield Problem("damaged", self._file.damage)
        if reader.records == self._media_posts == 0:
            yield Problem("nothing_to_import", "There is nothing to import in this file.", "warning")
        yield from reader.notes.problems()
        if reader.replaced_characters:
            reason = f"{reader.replaced_characters:,} characters that can not be stored were replaced."
            yield Problem("replaced_characters", reason, "warning")
        if self._said.without_zone:
            reason = f"{self._said.without_zone:,} times name no zone and were read as UTC."
            yield Problem("times_without_zone", reason, "warning")
