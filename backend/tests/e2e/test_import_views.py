"""What an import brought, seen in the library: as a view of its own, as a strip over the grid that moves nothing."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from playwright.async_api import Browser, Page, expect
from samples import sample_export, write_library

from .conftest import opened, take_in
from .hands import scrolled
from .homes import BACKEND, Homes, import_into, serving
from .test_import_wizard import drop

# The tile in the middle of the window, and where it stands.
MIDDLE = """() => {
  const grid = document.querySelector('[role=grid]')
  const box = grid.getBoundingClientRect()
  const tile = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2).closest('[role=gridcell]')
  return tile && {label: tile.getAttribute('aria-label') || tile.id, top: Math.round(tile.getBoundingClientRect().top)}
}"""
SEND = """async ([text, name]) => {
  const form = new FormData()
  form.append('file', new File([text], name))
  const answer = await fetch('/api/imports', {method: 'POST', body: form})
  return (await answer.json()).id
}"""


KILLED = """
import os, signal, sys
from sovia import tables
from sovia.cli.main import main
from sovia.importer import export, service

export.CHUNK_POSTS = export.PIECE_POSTS = 5
deed = service.write_chunk

async def killing(*given):
    await deed(*given)
    os.kill(os.getpid(), signal.SIGKILL)

service.write_chunk = killing
sys.argv = ["run", "import", sys.argv[1]]
main()
"""


@pytest.fixture(scope="module")
def url(homes: Homes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = homes.empty(tmp_path_factory.mktemp("views"))
    import_into(home, write_library(home, posts=80, children=0, seed=41))
    with serving(home) as found:
        yield found


@pytest.fixture
async def page(browser: Browser, url: str) -> AsyncIterator[Page]:
    async with opened(browser, url) as found:
        await found.locator("[role=gridcell]").first.wait_for()
        yield found


def later(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same records, made after all others: they come above what is looked at."""
    for number, record in enumerate(records):
        record["createTime"] = f"2031-01-{number + 1:02d}T10:00:00Z"
    return records


async def test_a_report_is_opened_as_a_view(page: Page) -> None:
    await drop(page, sample_export(posts=4, children=0, seed=42), "four.json")
    await take_in(page)

    await page.get_by_role("button", name="Open as view").click()

    await expect(page.locator("[role=gridcell]")).to_have_count(4)
    await expect(page.get_by_text(re.compile(r"of \d+ posts"))).to_be_visible()
    await page.get_by_role("button", name="Clear filters").click()
    await expect(page.get_by_text(re.compile(r"of \d+ posts"))).to_be_hidden()


async def test_what_comes_in_meanwhile_moves_nothing_and_is_a_click_away(page: Page) -> None:
    await page.locator("[role=gridcell]").first.hover()
    await page.mouse.wheel(0, 1400)
    # At the top, what comes in would simply stand there.
    assert await scrolled(page) > 0
    await page.wait_for_function(f"() => (({MIDDLE})() || {{}}).label")
    before = await page.evaluate(MIDDLE)

    await page.evaluate(SEND, [orjson.dumps(later(sample_export(posts=5, children=0, seed=43))).decode(), "late.json"])

    strip = page.get_by_role("status").filter(has_text="5 new posts")
    await expect(strip).to_contain_text("late.json", timeout=60_000)
    assert await page.evaluate(MIDDLE) == before
    await strip.get_by_role("button", name="Show them").press("Enter")
    await expect(page.locator("[role=gridcell]")).to_have_count(5)
    await expect(strip).to_be_hidden()


async def test_links_are_pasted_by_keyboard_alone(browser: Browser, url: str) -> None:
    links = [one["mediaUrl"] for one in sample_export(posts=3, children=0, seed=44)]
    async with opened(browser, f"{url}/?room=import") as page:
        box = page.get_by_label("Links, one a line, or JSON")
        await box.focus()
        await page.keyboard.insert_text("\n".join([*links, "https://grok.com/imagine/post/not-an-id"]))
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_role("heading", name="This is what would change")).to_be_visible(timeout=60_000)
        await page.keyboard.press("Enter")

        await expect(page.get_by_role("heading", name="3 new posts in the library")).to_be_visible(timeout=60_000)


async def test_an_interrupted_import_is_gone_on_with(browser: Browser, homes: Homes, tmp_path: Path) -> None:
    homes.empty(tmp_path)
    records = sample_export(posts=12, children=0, seed=45)
    export = tmp_path / "export.json"
    export.write_bytes(orjson.dumps(records))
    # Ended after its first chunk, as by a power cut.
    environment = {**os.environ, "SOVIA_HOME": str(tmp_path), "PYTHONPATH": str(BACKEND), "DATABASE_URL": ""}
    killed = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, str(export), env=environment)
    assert await killed.wait() == -signal.SIGKILL
    with serving(tmp_path) as url:
        async with opened(browser, f"{url}/?room=import") as page:
            row = page.get_by_role("button", name="export.json")
            await expect(row).to_contain_text("Interrupted")
            await row.click()
            await expect(page.get_by_role("heading", name="This import was interrupted")).to_be_visible()
            await page.get_by_role("button", name="Go on with it").click()
            await expect(page.get_by_role("heading", name="12 new posts in the library")).to_be_visible(timeout=60_000)
