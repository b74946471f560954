"""A folder of media, or one medium, as an export: walked in order, read by children, cut into chunks of posts."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from sovia.importer.embedded.children import Answer, Children
from sovia.importer.embedded.layout import PUT, PUT_WORDS
from sovia.importer.embedded.posts import new_post_of
from sovia.importer.embedded.taking import taken_from
from sovia.importer.embedded.walking import Entry, Tally, walk
from sovia.importer.errors import NotAnExport
from sovia.importer.export import Chunk
from sovia.importer.problems import Problem
from sovia.kit import disk
from sovia.library import media_types
from sovia.library.paths import LOCAL
from sovia.library.text import storable

# Few enough that the answers about files with large workflows fit in memory.
WINDOW = 256
CHUNK_POSTS, CHUNK_BYTES = 2000, 32_000_000


def open_media(path: Path, *, keep_in: Path | None = None, name: str | None = None) -> "Folder":
    """A media file, or a folder of them, with the interface of `importer.export.Export`.

    `keep_in` is the media folder (`https_`): there a copy of each file is put while it is read, and its post leads to
    it. Without it nothing is written, as in a dry run; the posts are the same. `name` is what a single file was called
    before it was uploaded.
    `NotAnExport` for a file that is no medium.
    """
    return Folder(path, keep_in=keep_in, name=name)


def is_media(path: Path) -> bool:
    """Whether a file begins like a picture, clip or sound."""
    with path.open("rb") as file:
        return media_types.sniff(file.read(media_types.HEAD_BYTES)) is not None


class Folder:
    """The media below one path. What it says of itself is complete when its chunks are through."""

    def __init__(self, path: Path, *, keep_in: Path | None = None, name: str | None = None) -> None:
        """Raises `NotAnExport` for a file that is something else."""
        self._path, self._keep_in, self._name = path, keep_in, name
        self._is_file = not path.is_dir()
        if self._is_file and not is_media(path):
            raise NotAnExport("This is no picture, clip or sound that can be shown.")
        self._tally = Tally()
        self.bytes_total = sum(entry.size for entry in self._entries())
        self.shape = "media file" if self._is_file else "folder of media"
        self.records = self._bytes_done = self._media = 0
        self._children: Children | None = None

    def chunks(self, *, after: int = 0) -> Iterator[Chunk]:
        """The files in chunks, in the order of their names, without the first `after` ones. A record is a file.

        The same folder always gives the same chunks.
        """
        self._tally = Tally()
        self._children = Children(self._path.parent if self._is_file else self._path, self._keep_in)
        if self._keep_in is not None:
            disk.remove_left_overs(self._keep_in.parent / LOCAL)
        entries = self._entries()
        for entry in islice(entries, after):
            self._count(entry)
        chunk, size = Chunk(), 0
        for answers in self._ahead(entries, self._children):
            for entry, answer in answers:
                size += self._take(chunk, entry, answer)
                if len(chunk.posts) + len(chunk.problems) >= CHUNK_POSTS or size >= CHUNK_BYTES:
                    yield self._ended(chunk)
                    chunk, size = Chunk(), 0
        chunk.problems += self._about_the_folder(after)
        yield self._ended(chunk)

    def account(self) -> str | None:
        """Media do not say whose they are."""
        return None

    def close(self) -> None:
        """End the children that read."""
        children, self._children = self._children, None
        if children is not None:
            children.close()

    def _entries(self) -> Iterator[Entry]:
        if self._is_file:
            return iter([Entry(self._path.name, self._path.stat().st_size, [])])
        return walk(self._path, self._tally)

    def _ahead(self, entries: Iterator[Entry], children: Children) -> Iterator[list[tuple[Entry, Answer]]]:
        """The answers, some files at a time; the children read the next ones while these are dealt with."""
        with ThreadPoolExecutor(1, thread_name_prefix="ahead") as thread:
            coming: Future[list[tuple[Entry, Answer]]] | None = None
            while window := list(islice(entries, WINDOW)):
                following = thread.submit(self._answers, window, children)
                if coming is not None:
                    yield coming.result()
                coming = following
            if coming is not None:
                yield coming.result()

    def _answers(self, window: list[Entry], children: Children) -> list[tuple[Entry, Answer]]:
        """What each file says; of those that say nothing, also what their pixels hide."""
        answers = children.read(window)
        silent = [(entry, answer) for entry, answer in answers if answer.get("hides")]
        searched = children.search([entry for entry, _ in silent])
        for (_, answer), hidden in zip(silent, searched, strict=True):
            if hidden is not None:
                answer["generation"] = hidden["generation"]
                answer["found"]["texts"] |= hidden["texts"]
                answer["found"]["left_out"] += hidden["left_out"]
        return answers

    def _take(self, chunk: Chunk, entry: Entry, answer: Answer) -> int:
        """One file into the chunk; how much room its words take."""
        self._count(entry)
        if "failed" in answer:
            reason = f"{storable(entry.name)[0]}: {answer['failed']}."
            chunk.problems.append(Problem("unreadable_file", reason).at(self.records - 1, self._bytes_done, 1))
        elif "other" in answer:
            self._tally.others += 1
        else:
            self._media += 1
            if self._is_file and self._name:
                answer["name"] = storable(self._name.replace("\\", "/").rpartition("/")[2])[0]
            taken = taken_from(answer)
            self._tally.put += taken.place is not None
            post = new_post_of(taken)
            chunk.posts += [post] if post else []
            return sum(map(len, answer["found"]["texts"].values()))
        return 0

    def _count(self, entry: Entry) -> None:
        self.records += 1
        self._bytes_done += entry.size

    def _ended(self, chunk: Chunk) -> Chunk:
        chunk.records, chunk.bytes_done = self.records, min(self._bytes_done, self.bytes_total)
        return chunk

    def _about_the_folder(self, after: int) -> Iterator[Problem]:
        tally = self._tally
        if not self._media and not after:
            yield Problem("nothing_to_import", "There is no picture, clip or sound in this folder.", "warning")
        for count, code, words in (
            (tally.put, PUT, PUT_WORDS),
            (tally.others, "other_files", "are no pictures, clips or sounds"),
            (tally.posters, "posters_left_out", "are smaller pictures of files beside them"),
            (tally.links, "links_left_out", "are links, which are not followed"),
        ):
            if count:
                rest = "" if code == PUT else "; they were left alone."
                yield Problem(code, f"{count:,} files {words}{rest}", "warning")
        if tally.unreadable:
            yield Problem("unreadable_folders", f"{tally.unreadable:,} folders can not be opened.")
