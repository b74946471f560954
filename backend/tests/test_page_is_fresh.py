"""The built page at the top of the project comes from the sources in frontend/ as they are now."""

import hashlib
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FRONTEND = ROOT / "frontend"
TOP_FILES = (
    "index.html",
    "package.json",
    "package-lock.json",
    "svelte.config.js",
    "tsconfig.json",
    "vite.config.ts",
)


def stamp_of_sources() -> str:
    """The stamp that frontend/vite.config.ts writes into the page; the algorithm is described there."""
    found = [path.relative_to(FRONTEND).as_posix() for path in (FRONTEND / "src").rglob("*") if path.is_file()]
    paths = [*TOP_FILES, *(path for path in found if not path.endswith(".test.ts"))]
    digest = hashlib.sha256()
    for path in sorted(paths, key=lambda name: name.encode()):
        text = (FRONTEND / path).read_bytes().replace(b"\r\n", b"\n")
        digest.update(path.encode() + b"\0" + text + b"\0")
    return f"sha256:{digest.hexdigest()}"


def test_page_is_fresh() -> None:
    page = (ROOT / "index.html").read_text(encoding="utf-8")

    stamp = re.search(r'<meta name="sources" content="([^"]*)">', page)

    assert stamp is not None, "index.html carries no stamp"
    assert stamp[1] == stamp_of_sources(), "the page is older than its sources: cd frontend && npm run build"


def test_page_asks_no_other_host() -> None:
    page = (ROOT / "index.html").read_text(encoding="utf-8")

    loaded = re.findall(r'<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)="([^"]*)"', page)

    assert [address for address in loaded if not address.startswith("data:")] == []


def test_page_has_its_first_screen_and_its_own_script() -> None:
    page = (ROOT / "index.html").read_text(encoding="utf-8")

    assert re.findall(r"<script\b[^>]*>", page) == ["<script>", '<script type="text/plain" id="page">']
    assert "style=" not in re.sub(r"<script\b.*</script>", "", page, flags=re.DOTALL)
