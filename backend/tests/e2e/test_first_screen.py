"""The first screen is painted before the page is there: the same tiles in the same places, and no click is lost."""

import re
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Route, expect

from .conftest import Served, opened

PAGE = re.compile(r'<script type="text/plain" id="page">.*?</script>', re.DOTALL)
TILES = """root => [...document.querySelectorAll(root + ' [data-post-id]')].map(tile => {
  const { x, y, width, height } = tile.getBoundingClientRect()
  return [tile.dataset.postId, x, y, width, height, tile.getAttribute('aria-label')]
}).filter(([, , y]) => y < innerHeight)"""


async def without_the_page(route: Route) -> None:
    """The document with its own script left out, and with patience for a busy machine."""
    answer = await route.fetch()
    text, headers = await answer.text(), {**answer.headers}
    for name in ("content-encoding", "content-length", "content-security-policy"):
        headers.pop(name, None)
    await route.fulfill(
        status=200, headers=headers, body=PAGE.sub("", text).replace("PATIENCE_MS = 150", "PATIENCE_MS = 60000")
    )


async def with_patience(route: Route) -> None:
    """The document as it is, but the first screen is waited for however busy the machine is."""
    answer = await route.fetch()
    text, headers = await answer.text(), {**answer.headers}
    for name in ("content-encoding", "content-length", "content-security-policy"):
        headers.pop(name, None)
    await route.fulfill(status=200, headers=headers, body=text.replace("PATIENCE_MS = 150", "PATIENCE_MS = 60000"))


async def tiles(page: Page, root: str) -> list[Any]:
    """Post, place and name of each tile that begins on the screen."""
    await page.wait_for_function("root => document.querySelector(root + ' [data-post-id]')", arg=root)
    found: list[Any] = await page.evaluate(TILES, root)
    return found


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1000, 700), (1280, 860), (1920, 1080)])
async def test_its_tiles_are_those_of_the_page(browser: Browser, served: Served, width: int, height: int) -> None:
    size = {"viewport": {"width": width, "height": height}}
    profile = await browser.new_context(viewport={"width": width, "height": height})
    page = await profile.new_page()
    await page.route(served.url, without_the_page)
    await page.goto(served.url)

    first = await tiles(page, "#first")

    await profile.close()
    async with opened(browser, served.url, **size) as whole:
        await expect(whole.locator("#app [data-post-id]").first).to_be_visible()
        await expect(whole.locator("#first")).to_have_count(0)
        await expect(whole.locator("[role=grid]")).to_have_count(1)
        assert first == await tiles(whole, "#app")
    assert len(first) >= 5


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_has_the_theme_of_the_page(browser: Browser, served: Served, scheme: str) -> None:
    profile = await browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    page = await profile.new_page()
    await page.route(served.url, without_the_page)
    await page.goto(served.url)

    await tiles(page, "#first")

    await expect(page.locator("html")).to_have_attribute("data-theme", scheme)
    await profile.close()


async def test_a_click_on_it_opens_the_post(browser: Browser, served: Served) -> None:
    profile = await browser.new_context(viewport={"width": 1280, "height": 860})
    page = await profile.new_page()
    await page.route(served.url, with_patience)
    # As soon as it is painted, before the page's own script can run.
    await page.add_init_script(
        """new MutationObserver((_, observer) => {
             const tile = document.querySelectorAll('#first [data-post-id]')[1]
             if (!tile) return
             observer.disconnect()
             window.clicked = tile.dataset.postId
             tile.click()
           }).observe(document, { childList: true, subtree: true })"""
    )
    await page.goto(served.url)

    await expect(page.locator("[role=dialog]")).to_be_visible()

    assert await page.evaluate("new URLSearchParams(location.search).get('post') === window.clicked")
    await profile.close()
