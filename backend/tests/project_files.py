"""The files of the project: what a clone of it would hold."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def committed() -> list[Path]:
    """Every file that is, or is about to be, in git; without git, every file of ours."""
    argv = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        names = [ROOT / name for name in listed.stdout.splitlines()]
    else:
        kept = ("backend", "frontend/src", "frontend/dev", "docs", "benchmarks", ".ci")
        names = [*ROOT.glob("*"), *(path for folder in kept for path in (ROOT / folder).rglob("*"))]
    return sorted(path for path in names if path.is_file() and "node_modules" not in path.parts)
