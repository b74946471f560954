"""How soon the gallery is painted, and how it scrolls, in a real Chromium against a running server.

    python benchmarks/bench_page.py --server http://127.0.0.1:8000

Each visit is a fresh profile at 1280 x 860; then one of them comes again and again, with what it has kept. Times count
from the start of the navigation: the grid is painted in the first frame that shows a tile, thumbnails when all pictures
on the screen are decoded. Then one page is scrolled from top to bottom by wheel, jumping on whenever the wheel alone
would take minutes. Medians over the visits are printed.
"""

import argparse
import asyncio
import math
import shutil
import statistics

from playwright.async_api import Browser, Page, async_playwright
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
WATCH = """
window.seen = {grid: null, thumbnails: null, long: [], frames: [], most: 0}
new PerformanceObserver(list => { for (const task of list.getEntries()) seen.long.push(task.duration) })
  .observe({entryTypes: ['longtask']})
let before = null
const look = now => {
  const tiles = [...document.querySelectorAll('[role=gridcell]')].filter(tile => tile.offsetWidth)
  if (tiles.length && seen.grid === null) requestAnimationFrame(() => { seen.grid ??= performance.now() })
  const shown = tiles.filter(tile => tile.getBoundingClientRect().top < innerHeight)
  const pictures = shown.map(tile => tile.querySelector('img'))
  if (seen.thumbnails === null && pictures.length > 3 && pictures.every(one => one?.complete && one.naturalWidth))
    seen.thumbnails = performance.now()
  if (before !== null && window.scrolling) seen.frames.push(now - before)
  if (window.scrolling) seen.most = Math.max(seen.most, document.querySelectorAll('[role=grid] *').length)
  before = now
  requestAnimationFrame(look)
}
requestAnimationFrame(look)
"""


async def visit(browser: Browser, server: str) -> tuple[float, float, Page]:
    """Open the gallery; milliseconds until the grid and until its thumbnails."""
    profile = await browser.new_context(viewport={"width": 1280, "height": 860})
    page = await profile.new_page()
    await page.add_init_script(WATCH)
    return *await times(page, server), page


async def times(page: Page, server: str) -> tuple[float, float]:
    """Go there; milliseconds until the grid and until its thumbnails."""
    await page.goto(server, wait_until="commit")
    await page.wait_for_function("() => seen.grid !== null", timeout=60_000)
    try:
        await page.wait_for_function("() => seen.thumbnails !== null", timeout=10_000)
    except PlaywrightTimeoutError:
        print("no thumbnails: the newest posts have no files here")
    return await page.evaluate("seen.grid"), await page.evaluate("seen.thumbnails ?? NaN")


async def scroll(page: Page, seconds: float) -> None:
    """Wheel down as fast as a hand can, then the whole length in jumps of a twentieth, with wheeling after each."""
    await page.mouse.move(600, 500)
    await page.evaluate("seen.long.length = 0; window.scrolling = true")
    await wheel(page, seconds)
    box = await page.locator("[role=slider]").first.bounding_box()
    assert box, "the page has no scrubber"
    for part in range(1, 21):
        await page.mouse.click(box["x"] + box["width"] / 2, box["y"] + (box["height"] - 2) * part / 20)
        await page.mouse.move(600, 500)
        await wheel(page, seconds / 20)
    await page.evaluate("window.scrolling = false")


async def wheel(page: Page, seconds: float) -> None:
    """400 px every frame: about 24,000 px a second."""
    until = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < until:
        await page.mouse.wheel(0, 400)
        await page.wait_for_timeout(16)


async def main(server: str, visits: int, seconds: float) -> None:
    """Measure and print."""
    async with async_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("google-chrome")
        browser = await playwright.chromium.launch(executable_path=found, args=FLAGS.split())
        grids, thumbnails, page = [], [], None
        for _ in range(visits + 1):
            if page:
                await page.context.close()
            grid, pictures, page = await visit(browser, server)
            grids.append(grid)
            thumbnails.append(pictures)
        assert page
        # The first visit warms the server and is not counted.
        print(f"grid painted: median {statistics.median(grids[1:]):.0f} ms of {shown(grids[1:])}")
        print(f"thumbnails:   median {statistics.median(thumbnails[1:]):.0f} ms of {shown(thumbnails[1:])}")
        again = [await times(page, server) for _ in range(visits + 2)][2:]
        for at, name in enumerate(("grid painted, again:", "thumbnails, again:  ")):
            print(f"{name} median {statistics.median(one[at] for one in again):.0f} ms")
        await scroll(page, seconds)
        long, frames, most = await page.evaluate("[seen.long, seen.frames, seen.most]")
        frames.sort()
        middle, slow = frames[len(frames) // 2], frames[int(len(frames) * 0.95)]
        print(f"scrolling: {len(frames)} frames, p50 {middle:.1f} ms, p95 {slow:.1f} ms")
        print(f"main-thread tasks over 50 ms: {len(long)}, longest {max(long, default=0):.0f} ms; most elements {most}")
        await browser.close()


def shown(times: list[float]) -> list[float]:
    """Whole milliseconds; what never came stays not-a-number."""
    return [time if math.isnan(time) else round(time) for time in times]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", default="http://127.0.0.1:8000")
    parser.add_argument("--visits", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=20)
    given = parser.parse_args()
    asyncio.run(main(given.server, given.visits, given.seconds))
