"""The index of one user's library in files: generations that never change, and one pointer that is replaced.

    <state>/similarity/<user>/CURRENT            the pointer: which generation, which of its segments, as of when
                              <generation>/      the words of one fit, and
                              <generation>/<segment>/  base, then what was appended since

A generation is written under a name ending in `.part` and renamed when it is whole; then the pointer is replaced. A
segment is appended likewise. Readers, in any process, look at the pointer at each question and open what it names; what
they hold open stays readable after it was removed. A writer holds the file LOCK, which the system lets go when it dies.
"""

import fcntl
import json
import os
import shutil
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from uuid import UUID, uuid4

from sovia.similarity.disk import write_json
from sovia.similarity.errors import IndexIsBusy
from sovia.similarity.segment import Segment
from sovia.similarity.vocabulary import Vocabulary

FORMAT = 1
POINTER = "CURRENT"
PART = ".part"
OPEN_AT_MOST = 16


@dataclass(frozen=True)
class Pointer:
    """What the current index consists of and knows: all changes of posts until `seen_until`, and later ones maybe.

    `fitted_posts` is how many posts there were at the last fit, `appended_posts` how many were appended since.
    """

    generation: str
    segments: tuple[str, ...]
    stamp: str
    fitted_at: datetime
    fitted_posts: int
    appended_posts: int
    seen_until: datetime
    library_version: int
    format: int = FORMAT

    def save(self, folder: Path) -> None:
        """Make this the current index, in one step."""
        values = asdict(self) | {"fitted_at": self.fitted_at.isoformat(), "seen_until": self.seen_until.isoformat()}
        write_json(folder / POINTER, values)

    @classmethod
    def load(cls, folder: Path) -> "Pointer | None":
        """The current pointer, or nothing when there is none or another version of the program wrote it."""
        try:
            found = json.loads((folder / POINTER).read_bytes())
        except (FileNotFoundError, json.JSONDecodeError):
            return None
        if found.get("format") != FORMAT:
            return None
        times = {name: datetime.fromisoformat(found[name]) for name in ("fitted_at", "seen_until")}
        return cls(**found | times | {"segments": tuple(found["segments"])})


@dataclass(frozen=True)
class Index:
    """An opened index: the words of its fit and its segments, oldest first."""

    pointer: Pointer
    vocabulary: Vocabulary
    segments: tuple[Segment, ...]

    @classmethod
    def open(cls, folder: Path, pointer: Pointer) -> "Index":
        """The index a pointer names; FileNotFoundError when it was replaced and removed since."""
        home = folder / pointer.generation
        return cls(pointer, Vocabulary.open(home), tuple(Segment.open(home / name) for name in pointer.segments))

    @property
    def posts(self) -> int:
        """How many posts it holds; one that changed counts again."""
        return sum(segment.members for segment in self.segments)


def folder_of(state_root: Path, user_id: UUID) -> Path:
    """Where the index of a user's library lies."""
    return state_root / "similarity" / str(user_id)


class Shelf:
    """The indexes that this process has open, the latest used ones; safe for threads."""

    def __init__(self) -> None:
        self._open: OrderedDict[Path, tuple[tuple[int, int], Index]] = OrderedDict()
        self._lock = Lock()

    def find(self, folder: Path) -> Index | None:
        """The current index in a folder, or nothing when none was built yet."""
        for _ in range(3):
            try:
                return self._find(folder)
            except FileNotFoundError:
                continue
        return None

    def _find(self, folder: Path) -> Index | None:
        try:
            state = (folder / POINTER).stat()
        except FileNotFoundError:
            return None
        mark = (state.st_mtime_ns, state.st_ino)
        with self._lock:
            known = self._open.get(folder)
            if known and known[0] == mark:
                self._open.move_to_end(folder)
                return known[1]
            pointer = Pointer.load(folder)
            if pointer is None:
                return None
            index = Index.open(folder, pointer)
            self._open[folder] = (mark, index)
            self._open.move_to_end(folder)
            while len(self._open) > OPEN_AT_MOST:
                self._open.popitem(last=False)
            return index


SHELF = Shelf()


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Be the only writer of a folder, among all processes of this machine; `IndexIsBusy` when there is one."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "LOCK").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise IndexIsBusy from None
        yield


@contextmanager
def appearing(folder: Path) -> Iterator[Path]:
    """A folder under a passing name that gets its name when the block ends well, and is removed when it does not."""
    part = folder.with_name(folder.name + PART)
    part.mkdir()
    try:
        yield part
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def new_name(kind: str) -> str:
    """A name for a generation or a segment that no other has."""
    return f"{kind}-{uuid4().hex[:12]}"


def sweep(folder: Path) -> None:
    """Remove what the pointer does not name: unfinished work of a writer that died, and what was replaced.

    Only a writer may call it. A reader that has just read an older pointer finds its files gone and reads it again.
    """
    pointer = Pointer.load(folder)
    homes = [path for path in folder.iterdir() if path.is_dir()]
    segments = [path for home in homes for path in home.iterdir() if path.is_dir()]
    kept = {pointer.generation, *pointer.segments} if pointer else set()
    for path in homes + segments:
        if path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)
    for path in folder.glob(f"{POINTER}.*{PART}"):
        if path.name != f"{POINTER}.{os.getpid()}{PART}":
            path.unlink(missing_ok=True)
