"""Settings, commands and errors are in the docs, and links in the docs lead somewhere."""

import ast
import re
from pathlib import Path

import pytest

from sovia.kit.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "backend" / "sovia"
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "benchmarks" / "RESULTS.md"]


def codes() -> list[str]:
    """Every error code that a class of the server names."""
    found = set()
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                found |= {code for line in node.body if (code := code_of(line))}
    return sorted(found)


def code_of(line: ast.stmt) -> str | None:
    """The value of `code = "..."`."""
    if isinstance(line, ast.Assign) and isinstance(line.value, ast.Constant) and isinstance(line.value.value, str):
        return line.value.value if [ast.unparse(target) for target in line.targets] == ["code"] else None
    return None


@pytest.mark.parametrize("name", sorted(str(field.validation_alias) for field in Settings.model_fields.values()))
def test_every_setting_is_in_the_docs(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs/how-to/settings.md").read_text()


@pytest.mark.parametrize("code", codes())
def test_every_error_is_in_the_docs(code: str) -> None:
    assert f"`{code}`" in (ROOT / "docs/formats/errors.md").read_text()


def test_errors_in_the_docs_exist() -> None:
    listed = re.findall(r"^\| `(\w+)`", (ROOT / "docs/formats/errors.md").read_text(), re.MULTILINE)
    elsewhere = "\n".join(path.read_text() for path in SOURCES.rglob("*.py"))

    assert [code for code in listed if f'"{code}"' not in elsewhere] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text())

    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []
