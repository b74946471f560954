"""What a hand does to the page: fingers as the browser's own touch events, and what it finds under them."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from playwright.async_api import CDPSession, Locator, Page

Point = tuple[float, float]
STEPS = 6
SECONDS = 60
# Twice the same place, an eighth of a second apart, after it has left the top.
AT_REST = """grid => new Promise((done, fail) => {
  let last = -1
  const until = Date.now() + 60000
  const look = () => {
    if (grid.scrollTop > 0 && grid.scrollTop === last) return done(last)
    if (Date.now() > until) return fail(new Error('it does not come to rest'))
    last = grid.scrollTop
    setTimeout(look, 125)
  }
  look()
})"""


async def swipe(page: Page, start: Point, end: Point) -> None:
    """One finger from here to there."""
    await fingers(page, [(start, end)])


async def pinch(page: Page, at: Point, *, apart: tuple[float, float]) -> None:
    """Two fingers around a point, from so far apart to so far apart."""
    x, y = at
    before, after = apart[0] / 2, apart[1] / 2
    await fingers(page, [((x - before, y), (x - after, y)), ((x + before, y), (x + after, y))])


async def fingers(page: Page, ways: list[tuple[Point, Point]]) -> None:
    """Several fingers, each from its start to its end."""
    session = await page.context.new_cdp_session(page)

    def points(part: float) -> list[dict[str, float]]:
        return [
            {"x": a[0] + (b[0] - a[0]) * part, "y": a[1] + (b[1] - a[1]) * part, "id": number}
            for number, (a, b) in enumerate(ways)
        ]

    await touch(session, "touchStart", points(0))
    for step in range(1, STEPS + 1):
        await touch(session, "touchMove", points(step / STEPS))
        await page.wait_for_timeout(16)
    await touch(session, "touchEnd", [])


async def touch(session: CDPSession, kind: str, points: list[dict[str, float]]) -> None:
    """One touch event."""
    await session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


async def middle(target: Locator) -> Point:
    """The middle of something."""
    box = await box_of(target)
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


async def box_of(target: Locator) -> dict[str, float]:
    """Where something stands on the screen."""
    box: Any = await target.bounding_box()
    assert box is not None
    return dict(box)


async def drag(page: Page, start: Point, end: Point) -> None:
    """With the mouse, from here to there."""
    await page.mouse.move(*start)
    await page.mouse.down()
    await page.mouse.move(*((a + b) / 2 for a, b in zip(start, end, strict=True)), steps=3)
    await page.mouse.move(*end, steps=3)
    await page.mouse.up()


async def eventually(fact: Callable[[], Awaitable[object]]) -> None:
    """Wait until something is so that no `expect` can say, however slow the machine."""
    until = time.monotonic() + SECONDS
    while not await fact():
        assert time.monotonic() < until, "it did not come to be so"
        await asyncio.sleep(0.05)


async def scrolled(page: Page) -> float:
    """How far down the gallery stands, once it has moved and come to rest."""
    place: float = await page.locator("[role=grid]").evaluate(AT_REST)
    return place
