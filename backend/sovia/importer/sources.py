"""Several files read one after the other, as if they were one export."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sovia.importer import folders
from sovia.importer.errors import FileChanged, NotAnExport
from sovia.importer.export import Chunk, Export
from sovia.importer.problems import Problem
from sovia.importer.said import Said


@dataclass(frozen=True, slots=True)
class Part:
    """One of the files: where it lies, the name to show, and its records when an earlier run has read it whole.

    Below `root`, if there is one, no link leads to it. `said` is what an earlier run has read of it.
    `as_it_was` asks for a file that still has its size; a folder may have changed.
    """

    path: Path
    name: str
    size: int = 0
    records: int | None = None
    root: Path | None = None
    as_it_was: bool = False
    said: Said = field(default_factory=Said)

    def opened(self, keep_in: Path | None) -> Export:
        """The file or folder, to be read; `NotAnExport`, of those `FileChanged`, or the system's error."""
        if self.root is not None:
            folders.refuse_links(self.root, self.path.relative_to(self.root).as_posix())
        if self.as_it_was and self.path.is_file() and self.path.stat().st_size != self.size:
            raise FileChanged(FileChanged.words)
        return Export(self.path, keep_in=keep_in, name=self.name, said=self.said)


class Source:
    """What is imported together. Like an `Export`, and made of them; what it says is complete at the end.

    A file that is no export is a problem of its own, unless it is the only one: then `NotAnExport` is raised.
    """

    def __init__(self, parts: Sequence[Part], *, keep_in: Path | None = None) -> None:
        """`keep_in` is the media folder, in which media that come along are kept; without it nothing is written."""
        self._keep_in = keep_in
        self._parts = parts
        self._open: Export | None = None
        self._shapes: Counter[str] = Counter()
        self._accounts: Counter[str] = Counter()
        self._refused: list[NotAnExport] = []
        self.bytes_total = sum(part.size for part in parts)
        if len(parts) == 1:
            self._open = parts[0].opened(keep_in)
            self.bytes_total = self._open.bytes_total

    @property
    def shape(self) -> str:
        """What the files are: one word, or `several` when they differ."""
        if len(self._shapes) > 1:
            return "several"
        return next(iter(self._shapes), "")

    def account(self) -> str | None:
        """Whose account was exported."""
        return self._accounts.most_common(1)[0][0] if self._accounts else None

    def chunks(self, *, after: int = 0) -> Iterator[Chunk]:
        """The records of all files in chunks, without the first `after` ones; the same files give the same chunks."""
        records = done = 0
        for number, part in enumerate(self._parts):
            if part.records is not None and records + part.records <= after:
                records, done = records + part.records, done + part.size
                self._belongs_to(part.said.account())
                continue
            last = 0
            for chunk in self._chunks_of(part, max(0, after - records)):
                last = chunk.records
                chunk.file, chunk.file_name = number, part.name
                chunk.records, chunk.bytes_done = chunk.records + records, chunk.bytes_done + done
                yield chunk
            records, done = records + last, done + part.size
        if self._refused and len(self._refused) == len(self._parts) > 1:
            raise NotAnExport("None of these files is an export.")

    def close(self) -> None:
        """Let go of the open file."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _chunks_of(self, part: Part, after: int) -> Iterator[Chunk]:
        """One file's chunks; its end is marked, so that a later run can pass over it."""
        try:
            self._open = export = self._open or part.opened(self._keep_in)
            held: Chunk | None = None
            for chunk in export.chunks(after=after):
                if held is not None:
                    yield held
                held = chunk
        except (NotAnExport, OSError) as error:
            if len(self._parts) == 1:
                raise
            yield self._passed_over(part, error)
            return
        finally:
            self.close()
        self._shapes[export.shape] += 1
        self._belongs_to(export.account())
        held = held or Chunk()
        held.ends_file, held.shape = True, export.shape
        yield held

    def _belongs_to(self, account: str | None) -> None:
        if account:
            self._accounts[account] += 1

    def _passed_over(self, part: Part, error: NotAnExport | OSError) -> Chunk:
        reason = error.message if isinstance(error, NotAnExport) else "The file can not be opened."
        if isinstance(error, NotAnExport):
            self._refused.append(error)
        code = error.code if isinstance(error, NotAnExport) else "unreadable_file"
        chunk = Chunk(problems=[Problem(code, f"{part.name}: {reason}")], ends_file=True)
        chunk.bytes_done = part.size
        return chunk
