"""Every item of a view of two million is reached: by wheel, by drag, by keyboard and by the time line."""

import json
import struct
from uuid import UUID

import pytest
from playwright.async_api import Browser, Page, Route, expect

from .conftest import Served, opened

COUNT = 2_000_000
MONTHS = 80
VERSION = 1_000_000_000


def index() -> bytes:
    """An index as the server writes it: all shapes, one section a month."""
    size = COUNT // MONTHS
    sections = [
        {"label": f"{2025 - at // 12}-{12 - at % 12:02d}-15", "start": at * size, "count": size} for at in range(MONTHS)
    ]
    header = {"version": VERSION, "total": COUNT, "sort": "date_desc", "chunk": 256, "sections": sections}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 4)
    shapes = bytes(100 + (at * 7919) % 56 for at in range(COUNT // 100)) * 100
    return b"8XI1" + struct.pack("<II", COUNT, len(text)) + text + shapes + bytes(COUNT)


def card(at: int) -> dict[str, object]:
    """What the tile at a place shows: its number."""
    post_id = str(UUID(int=at, version=4))
    return {
        "id": post_id,
        "root_id": post_id,
        "kind": "image",
        "ratio": 128,
        "flags": 0,
        "width": 64,
        "height": 64,
        "duration": None,
        "children": 0,
        "alt": f"item {at}",
        "created_at": "2025-01-15T12:00:00Z",
        "model": None,
        "mode": None,
        "thumbnail": None,
        "placeholder": None,
        "media": None,
    }


@pytest.fixture(scope="module")
def body() -> bytes:
    """The index, made once."""
    return index()


async def made_up(page: Page, body: bytes) -> None:
    """The page's questions about the view, answered here."""

    async def answer_index(route: Route) -> None:
        if "locate" in route.request.url:
            await route.fulfill(json={"position": None, "version": VERSION})
            return
        headers = {"X-Index-Version": str(VERSION), "ETag": '"two million"'}
        await route.fulfill(body=body, content_type="application/octet-stream", headers=headers)

    async def answer_cards(route: Route) -> None:
        chunk = int(route.request.url.split("chunk=")[1].split("&")[0]) if "chunk=" in route.request.url else 0
        cards = [card(at) for at in range(chunk * 256, min(COUNT, chunk * 256 + 256))]
        await route.fulfill(json={"version": VERSION, "chunk": chunk, "cards": cards})

    await page.route("**/api/index*", answer_index)
    await page.route("**/api/index/**", answer_index)
    await page.route("**/api/cards*", answer_cards)


async def here(page: Page) -> list[int]:
    """The numbers of the items on the screen."""
    await page.wait_for_function(
        "() => [...document.querySelectorAll('[role=gridcell]')].some(tile => /item \\d/.test(tile.ariaLabel ?? ''))"
    )
    found: list[int] = await page.evaluate(
        """() => [...document.querySelectorAll('[role=gridcell]')].filter(tile => {
          const { top, bottom } = tile.getBoundingClientRect()
          return bottom > 0 && top < innerHeight
        }).map(tile => Number(/item (\\d+)/.exec(tile.ariaLabel ?? '')?.[1] ?? NaN)).filter(Number.isFinite)"""
    )
    return sorted(found)


async def test_every_item_of_two_million_is_reached(browser: Browser, served: Served, body: bytes) -> None:
    async with opened(browser, served.url, viewport={"width": 1280, "height": 860}) as page:
        await made_up(page, body)
        await page.reload()
        await expect(page.locator("#app [role=gridcell]").first).to_be_visible()
        assert (await here(page))[0] == 0

        # By keyboard: to the end, and step by step back from there.
        await page.locator("#app [role=gridcell]").first.focus()
        await page.keyboard.press("End")
        last = page.get_by_role("gridcell", name=f"item {COUNT - 1}")
        await expect(last).to_be_focused()
        await page.keyboard.press("ArrowLeft")
        await expect(page.get_by_role("gridcell", name=f"item {COUNT - 2}")).to_be_focused()

        # By wheel: what is above the last screen follows without a gap.
        await page.mouse.move(600, 500)
        seen = set(await here(page))
        for _ in range(12):
            await page.mouse.wheel(0, -300)
            await page.wait_for_timeout(50)
            seen |= set(await here(page))
        assert sorted(seen) == list(range(min(seen), COUNT))
        assert len(seen) > 20

        # By the time line: its middle is the middle, its ends are the ends.
        slider = page.locator("[role=slider]").first
        box = await slider.bounding_box()
        assert box
        for share, about in ((0.5, COUNT / 2), (1, COUNT), (0, 0)):
            x, y = box["x"] + box["width"] / 2, box["y"] + 1 + (box["height"] - 2) * share
            await page.mouse.move(x, box["y"] + box["height"] * 0.3)
            await page.mouse.down()
            await page.mouse.move(x, y, steps=5)
            await page.mouse.up()
            shown = await here(page)
            assert abs(shown[len(shown) // 2] - about) < COUNT / 50, (share, shown)

        # By drag of the browser's own bar: a place is a place, however far down.
        await page.evaluate("""() => {
          const grid = document.querySelector('#app [role=grid]')
          let box = grid
          while (box && !(box.scrollHeight > box.clientHeight + 100 && getComputedStyle(box).overflowY !== 'visible'))
            box = box.parentElement
          const scroller = box ?? document.scrollingElement
          scroller.scrollTop = (scroller.scrollHeight - scroller.clientHeight) * 0.75
        }""")
        await page.wait_for_timeout(300)
        shown = await here(page)
        assert abs(shown[0] - COUNT * 0.75) < COUNT / 50
