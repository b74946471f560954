"""A real server with a real library, and a real browser."""

import re
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Page, async_playwright, expect
from samples import Record

from .homes import Homes, serving

CHROMIUM = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
STACKS = 60
# What the button of a check says, by what it would bring.
TAKES_IN = re.compile(r"^(Import (\d|anyway)|Bring \d)")
# A machine with two cores may be busy with other tests; nobody waits longer for what is there.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)


@dataclass(frozen=True)
class Served:
    """A running installation: its address, its folder, and what was exported."""

    url: str
    home: Path
    records: list[Record]

    def client(self) -> httpx.AsyncClient:
        """Somebody who asks over HTTP, and waits as long as a page does."""
        return httpx.AsyncClient(base_url=self.url, timeout=PATIENCE / 1000)


@pytest.fixture(scope="session")
def homes(of_the_run: Path) -> Homes:
    """The installations that were made ready in this run."""
    (of_the_run / "homes").mkdir(exist_ok=True)
    return Homes(of_the_run / "homes")


@pytest.fixture(scope="session")
def served(homes: Homes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server whose library was imported with the command, its media in place, all looked into."""
    home = tmp_path_factory.mktemp("installation")
    records = homes.filled(home, posts=STACKS, children=1, seed=8)
    with serving(home) as url:
        yield Served(url, home, records)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, as the machine has it."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert found, "install Chromium (on Debian: apt-get install chromium)"
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=found, args=CHROMIUM)
        yield opened
        await opened.close()


@asynccontextmanager
async def fresh(browser: Browser, origin: str, **context: object) -> AsyncIterator[Page]:
    """An empty page in a fresh profile; anything it will log as an error, ask of others, or throw, fails the test."""
    complaints: list[str] = []
    profile = await browser.new_context(**{"viewport": {"width": 1280, "height": 860}} | context)  # type: ignore[arg-type]
    profile.set_default_timeout(PATIENCE)
    page = await profile.new_page()
    page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on(
        "request",
        lambda asked: None if asked.url.startswith((origin, "data:", "blob:")) else complaints.append(asked.url),
    )
    page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
    # What a person likes is kept in the database; every test begins with what is usual.
    await page.request.put(f"{origin.rstrip('/')}/api/users/me/preferences", data={"preferences": {}})
    yield page
    await profile.close()
    assert complaints == []


@asynccontextmanager
async def opened(browser: Browser, url: str, **context: object) -> AsyncIterator[Page]:
    """The page at this address in a fresh profile; it fails the test as `fresh` does."""
    async with fresh(browser, url.partition("/?")[0], **context) as page:
        await go_to(page, url)
        yield page


async def go_to(page: Page, url: str) -> None:
    """Open an address; the page is there when its first screen has given way to it."""
    await page.goto(url)
    await page.wait_for_selector("#app > *", state="attached")


async def take_in(page: Page) -> None:
    """Wait for the check of what was dropped or chosen, and take it in, to the end."""
    await expect(page.get_by_role("heading", name="This is what would change")).to_be_visible(timeout=60_000)
    await page.get_by_role("button", name=TAKES_IN).click()
    await expect(page.get_by_role("button", name="Open the library")).to_be_visible(timeout=60_000)


@pytest.fixture
async def page(browser: Browser, served: Served) -> AsyncIterator[Page]:
    """The library on a laptop's screen."""
    async with opened(browser, served.url) as found:
        await found.locator("[role=gridcell]").first.wait_for()
        yield found


@pytest.fixture
async def phone(browser: Browser, served: Served) -> AsyncIterator[Page]:
    """A phone: a finger instead of a mouse."""
    look: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    async with opened(browser, served.url, **look) as page:
        await page.locator("[role=gridcell] img").first.wait_for()
        yield page
