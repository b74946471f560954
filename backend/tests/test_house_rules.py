"""The house rules that no linter knows: sizes, who commits, who reads the environment, who prints, what is kept."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from project_files import ROOT, committed

SOURCES = ROOT / "backend" / "sovia"
FILE_LINES, FUNCTION_LINES, PAGE_LINES = 300, 50, 250
# The first line of each says what the file is for; these kinds of file can not, or are made by a tool.
MADE_BY_TOOLS = (".lock", "package-lock.json", "index.html", ".gitkeep")
NOT_FOR_US = re.compile(
    # Registries and mirrors: lock files must serve any of them.
    r"https?://(?:[\w.-]*\.)?(?:py(?:pi|thonhosted)|npm(?:js)?|registry)\.[\w.-]+"
    # Folders of the machine it was written on.
    r"|(?<![\w.-])/(?:work|root|home/\w+|Users/\w+)/"
)


FILES = committed()
PYTHON = [path for path in FILES if path.suffix == ".py"]
OURS = [path for path in PYTHON if path.is_relative_to(SOURCES)]
PAGE = [
    path
    for path in FILES
    if path.is_relative_to(ROOT / "frontend") and path.suffix in (".ts", ".svelte", ".css", ".js")
]


@cache
def tree(path: Path) -> ast.Module:
    """A file as Python reads it; read when a rule is looked at, not by every process that collects the tests."""
    return ast.parse(path.read_text(encoding="utf-8"))


def named(path: Path, node: ast.AST | None = None) -> str:
    line = f":{node.lineno}" if isinstance(node, (ast.stmt, ast.expr, ast.excepthandler)) else ""
    return f"{path.relative_to(ROOT)}{line}"


def functions(within: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(within) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))


def room(path: Path) -> str:
    """The file's place below the package, such as "kit/db.py"."""
    return path.relative_to(SOURCES).as_posix()


def test_python_files_fit_on_a_few_screens() -> None:
    lengths = {named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in PYTHON}

    assert {name: lines for name, lines in lengths.items() if lines > FILE_LINES} == {}


def test_page_files_fit_on_a_few_screens() -> None:
    lengths = {named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in PAGE}

    assert {name: lines for name, lines in lengths.items() if lines > PAGE_LINES} == {}


def test_functions_fit_on_one_screen() -> None:
    long = [
        f"{named(path, found)} {found.name}"
        for path in PYTHON
        for found in functions(tree(path))
        # A migration is a list that autogenerate writes.
        if path.parent.name != "versions"
        if (found.end_lineno or 0) - found.lineno + 1 > FUNCTION_LINES
    ]

    assert long == []


def test_every_python_file_says_what_it_is_for() -> None:
    silent = [named(path) for path in PYTHON if not ast.get_docstring(tree(path))]

    assert silent == []


def test_every_page_file_says_what_it_is_for() -> None:
    opening = ("//", "/*", "<!--")
    silent = [named(path) for path in PAGE if not path.read_text(encoding="utf-8").lstrip().startswith(opening)]

    assert silent == []


def calls(within: ast.AST, *names: str) -> Iterator[ast.Call]:
    """Calls of a function or method with one of these names."""
    for node in ast.walk(within):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in names:
                yield node


def test_only_the_database_module_commits() -> None:
    commits = [named(path, call) for path in OURS for call in calls(tree(path), "commit") if room(path) != "kit/db.py"]

    assert commits == []


def test_only_the_settings_read_the_environment() -> None:
    readers = []
    for path in OURS:
        for node in ast.walk(tree(path)):
            reads = isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv") and not passed_on(node, path)
            if reads and room(path) != "kit/settings.py":
                readers.append(named(path, node))

    assert readers == []


def pairs(found: ast.Dict) -> list[tuple[ast.expr | None, ast.expr]]:
    return list(zip(found.keys, found.values, strict=True))


def passed_on(node: ast.Attribute, path: Path) -> bool:
    """Whether the environment is only handed whole to a child process: `{**os.environ, ...}`."""
    dictionaries = (found for found in ast.walk(tree(path)) if isinstance(found, ast.Dict))
    return any(key is None and value is node for found in dictionaries for key, value in pairs(found))


def test_only_the_command_line_prints() -> None:
    printing = [
        named(path, call) for path in OURS for call in calls(tree(path), "print") if not room(path).startswith("cli/")
    ]

    assert printing == []


def test_imports_stand_at_the_top() -> None:
    hidden = [
        named(path, node)
        for path in OURS
        for found in functions(tree(path))
        for node in ast.walk(found)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    ]

    assert hidden == []


def test_only_the_outermost_functions_catch_everything() -> None:
    # The job loop, the command line, and the loops of children, which pass on what was raised.
    allowed = {"kit/dispatch.py", "cli/main.py", "kit/sandbox_child.py", "kit/elsewhere.py"}
    catching = [
        named(path, node)
        for path in OURS
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and catches_everything(node) and room(path) not in allowed
    ]

    assert catching == []


def catches_everything(handler: ast.ExceptHandler) -> bool:
    """A bare except, or one of Exception or more, that does not pass it on."""
    names = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    broad = any(name is None or getattr(name, "id", "") in ("Exception", "BaseException") for name in names)
    passes_on = any(isinstance(node, ast.Raise) and node.exc is None for node in ast.walk(handler))
    return broad and not passes_on


def test_nothing_committed_names_a_registry_or_a_machine() -> None:
    found = []
    for path in FILES:
        text = path.read_bytes().decode("utf-8", "replace") if path.stat().st_size < 3_000_000 else ""
        if path != Path(__file__) and path.suffix not in (".png", ".webp", ".jpg", ".mp4"):
            found += [f"{named(path)}: {match[0]}" for match in NOT_FOR_US.finditer(text)]

    assert found == []


@pytest.mark.parametrize("name", sorted(path.name for path in ROOT.glob("requirements*.lock")))
def test_every_locked_package_has_a_hash_and_no_place(name: str) -> None:
    lines = (ROOT / name).read_text().splitlines()

    assert [line for line in lines if "://" in line or line.startswith("-")] == []
    packages = "\n".join(lines).replace("\\\n", " ").splitlines()
    assert packages
    assert [line for line in packages if line.strip() and "--hash=sha256:" not in line] == []


def pins(name: str) -> set[str]:
    return set(re.findall(r"^[\w.\[\]-]+==[\w.]+", (ROOT / name).read_text(), re.MULTILINE))


def test_tests_run_with_the_packages_of_the_product() -> None:
    assert pins("requirements.lock") - pins("requirements-dev.lock") == set()


def test_page_lock_names_no_host() -> None:
    assert "resolved" not in (ROOT / "frontend" / "package-lock.json").read_text()


def test_rooms_are_entered_from_above_and_by_their_doors() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo"],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": "backend", "PATH": ""},
    )

    assert done.returncode == 0, done.stdout
