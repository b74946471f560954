"""A bag (RFC 8493): the media under names of a template, what is known of each beside it, and a manifest of it all."""

import hashlib
import os
import sqlite3
import tempfile
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

from sovia.keeping.exporting import naming, texts
from sovia.keeping.exporting.records import Portion, Row, records_of
from sovia.keeping.exporting.zips import ZipWriter
from sovia.kit import disk
from sovia.library import roots

BLOCK = 1 << 20
Told = Callable[[int], Awaitable[None]]


class Target(ABC):
    """Where a bag is written; beside it, `scratch` is a folder for what must wait until the end."""

    scratch: Path

    @abstractmethod
    def open(self, name: str) -> IO[bytes]:
        """A file of the bag to write to."""

    @abstractmethod
    def finish(self) -> None:
        """All is written."""

    @abstractmethod
    def close(self) -> None:
        """Let go of it, however it ended."""


class Folder(Target):
    """A folder, which must be new or empty."""

    def __init__(self, root: Path) -> None:
        self._root = self.scratch = root

    def open(self, name: str) -> IO[bytes]:
        """A file below the folder, by a plain relative name."""
        path = disk.make_folder_beneath(self._root, str(Path(name).parent)) / disk.components(name)[-1]
        return path.open("xb")

    def finish(self) -> None:
        """It is whole as it is."""

    def close(self) -> None:
        """Nothing is held."""


class Zip(Target):
    """A zip archive."""

    def __init__(self, path: Path) -> None:
        self._zip = ZipWriter(path)
        self.scratch = path.parent

    def open(self, name: str) -> IO[bytes]:
        """A member."""
        return cast("IO[bytes]", self._zip.member(name))

    def finish(self) -> None:
        """The archive's own list."""
        self._zip.finish()

    def close(self) -> None:
        """Without its list it is none."""
        self._zip.close()


class Names:
    """Names that were given; on the disk, since there may be millions."""

    def __init__(self) -> None:
        # An empty name is a database of its own in a file that nobody sees.
        self._known = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._known.execute("PRAGMA journal_mode = OFF")
        self._known.execute("CREATE TABLE names (name TEXT PRIMARY KEY) WITHOUT ROWID")
        self._known.execute("BEGIN")

    def is_new(self, name: str) -> bool:
        """Whether it was not given before; from now on it was."""
        return self._known.execute("INSERT OR IGNORE INTO names VALUES (?)", (name,)).rowcount == 1

    def close(self) -> None:
        """Forget them."""
        self._known.close()


@dataclass
class Bag:
    """A bag being written. Files of the library that can not be read are counted and left out."""

    target: Target
    media_root: Path
    template: str
    tally: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._manifest = tempfile.TemporaryFile(dir=self.target.scratch)  # noqa: SIM115 - it lives as long as the bag
        self._posts = tempfile.TemporaryFile(dir=self.target.scratch)  # noqa: SIM115
        self._posts.write(texts.HEAD)
        self._names = Names()

    def add(self, portion: Portion) -> None:
        """Some stacks: their media, what is known of each, and their records."""
        for record in records_of(portion):
            self._posts.write(b",\n" if self.tally["stacks"] else b"")
            self._posts.write(texts.line(record))
            self.tally["stacks"] += 1
        for post in portion.posts:
            self._add_post(post, portion.files.get(post["id"], ()), portion.given.get(post["id"], {}))

    def close(self) -> None:
        """Let go of what was noted on the way, however it ended."""
        self._manifest.close()
        self._posts.close()
        self._names.close()
        self.target.close()

    def finish(self) -> dict[str, int]:
        """Write the records and the tags; what is in the bag."""
        self._posts.write(texts.END)
        self._posts.seek(0)
        self._write("data/posts.json", self._posts)
        files, size = self.tally["files"], self.tally["bytes"]
        self._manifest.seek(0)
        with self.target.open("manifest-sha256.txt") as file:
            while block := self._manifest.read(BLOCK):
                file.write(block)
        for name, content in {
            "bagit.txt": texts.BAGIT,
            "bag-info.txt": texts.bag_info(files, size),
        }.items():
            with self.target.open(name) as file:
                file.write(content)
        self.target.finish()
        return dict(self.tally)

    def _add_post(self, post: Row, files: Sequence[Row], given: Row) -> None:
        self.tally["posts"] += 1
        for row in files:
            place = row["found_path"] or row["path"]
            if row["state"] not in ("present", "corrupt") or not place:
                continue
            name = "data/" + naming.name_of(self.template, post, row["path"] or place, row["role"])
            try:
                descriptor = roots.open_place(self.media_root, place)
            except OSError:
                self.tally["left_out"] += 1
                continue
            with os.fdopen(descriptor, "rb") as source:
                # Two posts may have one file.
                if not self._names.is_new(name):
                    continue
                self._write(name, source)
            if row["role"] == "media":
                self._write_bytes(f"{name}.json", texts.sidecar(post, files, given))
                self._write_bytes(f"{name}.xmp", texts.xmp(post, given))

    def _write(self, name: str, source: IO[bytes]) -> None:
        self._write_blocks(name, iter(lambda: source.read(BLOCK), b""))

    def _write_bytes(self, name: str, content: bytes) -> None:
        self._write_blocks(name, iter([content]))

    def _write_blocks(self, name: str, blocks: Iterator[bytes]) -> None:
        digest = hashlib.sha256()
        with self.target.open(name) as file:
            for block in blocks:
                digest.update(block)
                file.write(block)
                self.tally["bytes"] += len(block)
        self.tally["files"] += 1
        escaped = name.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        self._manifest.write(f"{digest.hexdigest()}  {escaped}\n".encode())
