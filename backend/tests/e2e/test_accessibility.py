"""The page for everyone: what a checker of accessibility finds, by keyboard alone, and without motion."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hostile import child
from playwright.async_api import Browser, Page, expect
from samples import place_of, tiny_clip

from .conftest import TAKES_IN, Served, opened
from .hands import scrolled
from .homes import Homes, import_into, serving

AXE = Path(__file__).resolve().parents[3] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
TILE = "[role=gridcell]"
WIDTHS = [390, 1280]
SCHEMES = ["dark", "light"]
# What has the focus, where it stands, what it is called, and whether its look tells that it has the focus.
FOCUSED = """() => {
  const node = document.activeElement
  const looks = () => [node, node.closest('label'), node.closest('.search'), node.querySelector('.pill')]
    .filter(Boolean)
    .flatMap(one => [getComputedStyle(one), getComputedStyle(one, '::after')])
    .map(style => [style.boxShadow, style.outlineStyle, style.borderColor, style.content].join())
    .join()
  const focused = looks()
  node.blur()
  const ring = looks() !== focused
  node.focus({preventScroll: true})
  const box = node.getBoundingClientRect()
  const said = node.getAttribute('aria-label') || node.labels?.[0]?.innerText || node.innerText || node.tagName
  return {
    name: said.trim().split('\\n')[0],
    role: node.getAttribute('role') || node.tagName.toLowerCase(),
    x: box.x, y: box.y, width: box.width, height: box.height, ring,
  }
}"""


@pytest.fixture(scope="module")
def empty(homes: Homes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server nobody has brought anything to."""
    with serving(homes.empty(tmp_path_factory.mktemp("empty"))) as url:
        yield url


async def check(page: Page) -> None:
    """No finding that keeps people from using what is open now."""
    await page.wait_for_timeout(300)
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text("utf-8"))
    found: list[dict[str, Any]] = await page.evaluate(
        "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
    )
    grave = [
        f"{one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes'][:4]]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]
    assert grave == []


@pytest.mark.skipif(not AXE.exists(), reason="the checker comes with `npm ci` in frontend/")
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", SCHEMES)
async def test_a_checker_finds_nothing_grave(
    browser: Browser, served: Served, empty: str, scheme: str, width: int
) -> None:
    look: dict[str, Any] = {"viewport": {"width": width, "height": 844}, "color_scheme": scheme}
    async with opened(browser, served.url, **look) as page:
        await page.locator(f"{TILE} img").first.wait_for()
        await check(page)
        await page.locator(TILE).nth(2).click()
        await expect(page.get_by_role("heading", name="Similar by prompt")).to_be_visible()
        await page.keyboard.press("w")
        await check(page)
        await page.goto(f"{served.url}/?search=zzzzzz")
        await expect(page.get_by_text("No post matches")).to_be_visible()
        await check(page)
        await page.keyboard.press("?")
        await expect(page.get_by_role("dialog", name="Shortcuts")).to_be_visible()
        await check(page)
        await page.goto(f"{served.url}/?room=import")
        await expect(page.get_by_role("heading", name="On the server")).to_be_visible()
        await check(page)
        await page.get_by_label("Export files").set_input_files(served.home / "export.json")
        await expect(page.get_by_role("heading", name="This is what would change")).to_be_visible()
        await check(page)
        await page.get_by_role("button", name="Files and options").click()
        await check(page)
        await page.get_by_role("button", name="Continue to options").click()
        await check(page)
        await page.get_by_role("button", name=TAKES_IN).click()
        await expect(page.get_by_role("button", name="Open the library")).to_be_visible()
        await check(page)
        await page.goto(f"{served.url}/?room=jobs")
        await expect(page.get_by_text("export.json").first).to_be_visible()
        await check(page)
    async with opened(browser, empty, **look) as page:
        await expect(page.get_by_role("heading", name="Bring your pictures home")).to_be_visible()
        await check(page)


@pytest.mark.skipif(not AXE.exists(), reason="the checker comes with `npm ci` in frontend/")
async def test_a_checker_finds_nothing_grave_in_the_sheet_of_filters(browser: Browser, served: Served) -> None:
    async with opened(browser, served.url, viewport={"width": 390, "height": 844}) as page:
        await page.get_by_role("button", name="Filters").click()
        await expect(page.get_by_role("dialog", name="Filters")).to_be_visible()
        await check(page)


async def walk(page: Page, most: int = 60) -> list[dict[str, Any]]:
    """Everything that Tab reaches from the top of the page, until it comes back to where it began."""
    await page.evaluate("() => document.activeElement?.blur()")
    stops: list[dict[str, Any]] = []
    for _ in range(most):
        await page.keyboard.press("Tab")
        stop = await page.evaluate(FOCUSED)
        if stop["role"] == "body" or (stops and stop == stops[0]):
            break
        stops.append(stop)
    return stops


async def test_tab_reaches_every_control_of_the_library_in_its_order(page: Page) -> None:
    stops = await walk(page)
    names = [stop["name"] for stop in stops]

    for wanted in ("Library", "Import", "Jobs", "Shortcuts", "Theme", "Search prompts", "Order", "Size of the", "Date"):
        assert any(wanted in name for name in names), (wanted, names)
    assert [stop["role"] for stop in stops].count("gridcell") == 1
    order = [next(i for i, name in enumerate(names) if part in name) for part in ("Library", "Search", "Order", "Date")]
    assert order == sorted(order), names
    assert [stop for stop in stops if not stop["ring"]] == []
    assert [stop for stop in stops if stop["width"] == 0 or stop["height"] == 0] == []


async def test_tab_stays_in_the_viewer_and_reaches_its_controls(page: Page) -> None:
    await page.locator(TILE).nth(1).click()
    viewer = page.get_by_role("dialog", name="Viewer")
    await expect(viewer.get_by_role("heading", name="Similar by prompt")).to_be_visible()

    for _ in range(45):
        await page.keyboard.press("Tab")
        assert await page.evaluate("() => document.activeElement.closest('[role=dialog]') !== null")
    stops = await walk(page)
    names = " ".join(stop["name"] for stop in stops)
    for wanted in ("Close", "Like", "More", "Next", "Copy prompt", "Raw record"):
        assert wanted in names, (wanted, names)
    assert [stop for stop in stops if not stop["ring"]] == []


async def test_escape_closes_one_layer_at_a_time(page: Page) -> None:
    await page.locator(TILE).nth(1).click()
    viewer = page.get_by_role("dialog", name="Viewer")
    # Reasons for likeness end with "and 3 more".
    more = viewer.get_by_role("button", name="More", exact=True)
    await more.click()
    await expect(page.get_by_role("menu")).to_be_visible()

    await page.keyboard.press("Escape")
    await expect(page.get_by_role("menu")).to_be_hidden()
    await expect(viewer).to_be_visible()
    await expect(more).to_be_focused()

    await page.keyboard.press("h")
    await expect(more).to_be_hidden()
    await page.keyboard.press("Escape")
    await expect(more).to_be_visible()

    await page.keyboard.press("Escape")
    await expect(viewer).to_be_hidden()


async def test_escape_closes_the_sheet_of_keys_and_gives_the_focus_back(page: Page) -> None:
    tile = page.locator(TILE).nth(2)
    await tile.focus()
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Shortcuts")).to_be_visible()

    await page.keyboard.press("Escape")

    await expect(page.get_by_role("dialog", name="Shortcuts")).to_be_hidden()
    await expect(tile).to_be_focused()


async def test_back_closes_the_viewer_and_restores_focus_and_place(page: Page) -> None:
    await page.mouse.move(600, 500)
    await page.mouse.wheel(0, 1500)
    place = await scrolled(page)
    at = await page.evaluate("() => document.elementFromPoint(500, 500).closest('[role=gridcell]').dataset.postId")
    tile = page.locator(f'{TILE}[data-post-id="{at}"]')
    await tile.click()
    await expect(page.get_by_role("dialog", name="Viewer")).to_be_visible()

    await page.go_back()

    await expect(page.get_by_role("dialog", name="Viewer")).to_be_hidden()
    await expect(tile).to_be_focused()
    assert abs(await page.locator("[role=grid]").evaluate("grid => grid.scrollTop") - place) < 2


@pytest.fixture(scope="module")
def clips(homes: Homes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose only post is a clip that stands for itself."""
    home = homes.empty(tmp_path_factory.mktemp("clips"))
    record = child(1, 2)
    path = home / place_of(record["mediaUrl"])
    path.parent.mkdir(parents=True)
    path.write_bytes(tiny_clip("hover", seconds=2))
    import_into(home, [record])
    with serving(home) as url:
        yield url


@pytest.mark.parametrize(("motion", "plays"), [("reduce", 0), ("no-preference", 1)])
async def test_a_clip_plays_on_hover_unless_motion_is_unwanted(
    browser: Browser, clips: str, motion: str, plays: int
) -> None:
    """S105."""
    async with opened(browser, clips, reduced_motion=motion) as page:
        await page.locator(f"{TILE} img.shown").first.wait_for()
        await page.locator(TILE).hover()
        await expect(page.get_by_role("button", name="Like")).to_be_visible()
        await page.wait_for_timeout(300)

        await expect(page.locator(f"{TILE} video")).to_have_count(plays)
