"""Reads files as an import does, in a process of its own, and says the most memory that it took, in kB."""

import resource
import sys
from pathlib import Path

from sovia.importer.ahead import made_ready
from sovia.importer.errors import NotAnExport
from sovia.importer.options import Options
from sovia.importer.sources import Part

for name in sys.argv[1:]:
    path = Path(name)
    try:
        for _ in made_ready([Part(path, path.name)], Options()):
            pass
    except NotAnExport:
        continue
sys.stdout.write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))
