"""A look into files that hangs on some of them, for tests of what happens then."""

import time
from pathlib import Path
from typing import Any

from sovia.library.looking import examine


def examine_or_hang(wanted: dict[str, Any]) -> dict[str, Any]:
    """As the real one, but a file that begins with HANG is never done with."""
    if (Path(wanted["root"]) / wanted["path"]).read_bytes().startswith(b"HANG"):
        time.sleep(3600)
    return examine(wanted)
