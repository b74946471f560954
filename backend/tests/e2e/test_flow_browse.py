"""Browsing from end to end: layouts, sizes, days, the time line, previews, places; by mouse, keyboard and touch."""

import re
from typing import Any

from playwright.async_api import Browser, Locator, Page, expect

from .conftest import Served, opened
from .hands import box_of, middle, pinch, scrolled, touch

TILE = "[role=gridcell][data-post-id]"
HEIGHT = """([id, least, most]) => {
  const height = document.querySelector(`[data-post-id='${id}']`)?.offsetHeight ?? 0
  return height > least && height < most
}"""
SCROLLED = "place => Math.abs(document.querySelector('[role=grid]').scrollTop - place) < 2"
MADE = "async address => (await fetch(address)).status === 200"
SCRUBBED = """() => {
  const clip = document.querySelector('video')
  return clip.paused && clip.currentTime > clip.duration * .6
}"""


def tile_of(page: Page, post: str | None) -> Locator:
    """The tile that shows a post."""
    return page.locator(f'{TILE}[data-post-id="{post}"]')


async def is_high(page: Page, post: str, least: float, most: float = 10_000) -> None:
    """Wait until a tile is as high as that."""
    await page.wait_for_function(HEIGHT, arg=[post, least, most])


async def newest(served: Served, **asked: str) -> list[dict[str, Any]]:
    """The cards of the library, newest first."""
    async with served.client() as client:
        answer = await client.get("/api/cards", params={"chunk": 0, "tz": "UTC", **asked})
        return list(answer.json()["cards"])


async def test_every_layout_keeps_the_picture_that_has_the_focus(page: Page) -> None:
    """S115: five layouts by key and by pointer, each kept in the address and one step of Back."""
    await page.locator(TILE).first.focus()
    for _ in range(2):
        await page.keyboard.press("PageDown")
    here = await page.evaluate("document.activeElement.dataset.postId")

    for name in ("square", "masonry", "list", "feed", "justified"):
        await page.keyboard.press("l")
        await page.wait_for_url(re.compile(f"layout={name}"))
        await expect(tile_of(page, here)).to_be_focused()
        await expect(tile_of(page, here)).to_be_in_viewport()
    await page.get_by_role("radio", name="Squares").check(force=True)
    await expect(tile_of(page, here)).to_be_in_viewport()
    await page.go_back()
    await expect(page.get_by_role("radio", name="Rows")).to_be_checked()


async def test_the_wheel_and_keys_change_sizes_around_the_picture_that_is_meant(page: Page) -> None:
    tile = page.locator(TILE).nth(4)
    here = str(await tile.get_attribute("data-post-id"))
    before = (await box_of(tile))["height"]
    at = await middle(tile)
    await page.mouse.move(*at)
    await page.keyboard.down("Control")
    await page.mouse.wheel(0, -100)
    await page.keyboard.up("Control")
    await is_high(page, here, before * 1.1)
    under = "([x, y]) => document.elementFromPoint(x, y).closest('[data-post-id]')?.dataset.postId"
    box = await box_of(tile_of(page, here))
    assert box["y"] <= at[1] <= box["y"] + box["height"], await page.evaluate(under, list(at))

    await tile_of(page, here).focus()
    for _ in range(6):
        await page.keyboard.press("-")
    await is_high(page, here, 0, before * 0.9)
    await expect(tile_of(page, here)).to_be_focused()
    await expect(tile_of(page, here)).to_be_in_viewport()


async def test_two_fingers_change_sizes(phone: Page) -> None:
    tile = phone.locator(TILE).nth(3)
    here = str(await tile.get_attribute("data-post-id"))
    before = (await box_of(tile))["height"]

    await pinch(phone, await middle(tile), apart=(60, 200))
    await is_high(phone, here, before * 1.2)
    await expect(phone.get_by_role("dialog", name="Viewer")).to_be_hidden()


async def test_keys_jump_by_days_and_to_a_date(page: Page, served: Served) -> None:
    cards = await newest(served)
    days = [card["created_at"][:10] for card in cards]
    second, last = days.index(sorted(set(days), reverse=True)[1]), days.index(min(days))
    zone = "Intl.DateTimeFormat().resolvedOptions().timeZone"
    assert await page.evaluate(zone) in ("UTC", "Etc/UTC")
    await page.locator(TILE).first.focus()

    await page.keyboard.press("d")
    await expect(tile_of(page, cards[second]["id"])).to_be_focused()
    await page.keyboard.press("Shift+D")
    await expect(tile_of(page, cards[0]["id"])).to_be_focused()
    await page.keyboard.press("Shift+Y")
    await page.keyboard.press(".")
    dialog = page.get_by_role("dialog", name="Go to")
    await dialog.get_by_label("Date").fill(min(days))
    await page.keyboard.press("Enter")
    await expect(dialog).to_be_hidden()
    await expect(tile_of(page, cards[last]["id"])).to_be_focused()
    await expect(tile_of(page, cards[last]["id"])).to_be_in_viewport()


async def test_the_list_of_months_is_a_click_on_a_heading_away(page: Page) -> None:
    await page.locator(".sticky .title").click()
    dialog = page.get_by_role("dialog", name="Go to")
    await dialog.get_by_role("button", name="September 2025").click()

    await expect(dialog).to_be_hidden()
    await expect(page.locator("[role=rowheader]").first).to_be_visible()


async def test_the_time_line_is_dragged_with_date_count_and_picture_and_stepped_by_keys(page: Page) -> None:
    line = page.get_by_role("slider", name="Date")
    box = await box_of(line)
    x = box["x"] + box["width"] / 2
    await page.mouse.move(x, box["y"] + 20)
    await page.mouse.down()
    await page.mouse.move(x, box["y"] + box["height"] * 0.6, steps=4)
    pill = line.locator(".pill")
    await expect(pill).to_contain_text(re.compile(r"\d+ \w+ 2025"))
    await expect(pill.locator("img")).to_be_visible()
    await page.mouse.move(x, box["y"] + box["height"] - 2, steps=3)
    await page.mouse.up()
    await expect(line).to_have_attribute("aria-valuenow", "59")

    await line.focus()
    await page.keyboard.press("Home")
    await expect(line).to_have_attribute("aria-valuetext", re.compile(r"\w+ 2025, \d+ posts"))
    await expect(line).not_to_have_attribute("aria-valuenow", "59")


async def test_the_time_line_knows_any_order(page: Page) -> None:
    await page.get_by_role("combobox", name="Order").select_option("model")
    line = page.get_by_role("slider", name="Place in the library")
    await expect(line).to_have_attribute("aria-valuetext", re.compile("imagine_h_1|imagine_x_1"))
    await line.focus()
    await page.keyboard.press("End")
    await expect(line).to_have_attribute("aria-valuetext", re.compile("No model"))


async def test_a_finger_drags_the_pill_of_the_time_line(phone: Page) -> None:
    grid = phone.locator("[role=grid]")
    session = await phone.context.new_cdp_session(phone)
    await grid.evaluate("grid => { grid.scrollTop = 200 }")
    pill = phone.get_by_role("slider", name="Date").locator(".pill")
    await expect(pill).to_be_in_viewport()
    x, y = await middle(pill)
    await touch(session, "touchStart", [{"x": x, "y": y}])
    for step in range(1, 6):
        await touch(session, "touchMove", [{"x": x, "y": y + 80 * step}])
    await expect(pill).to_contain_text(re.compile(r"\d+ \w+ 2025"))
    await touch(session, "touchEnd", [])

    assert await grid.evaluate("grid => grid.scrollTop") > 400


async def test_a_clip_plays_under_the_pointer_alone_and_is_scrubbed(page: Page) -> None:
    """S105: one preview at a time, no bytes of it before, gone when the pointer leaves."""
    await page.goto(page.url.partition("?")[0] + "?filter=type%3Avideo&stack=none")
    clips = page.locator(f"{TILE}:has(img.shown)")
    await expect(clips.nth(3)).to_be_visible()
    assert await page.locator("video").count() == 0

    for at in (0, 2):
        await clips.nth(at).hover()
        await expect(clips.nth(at).locator("video.ready")).to_be_visible()
        await expect(page.locator("video")).to_have_count(1)
    box = await box_of(clips.nth(2))
    await page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] / 2)
    await page.wait_for_function(SCRUBBED)
    await page.mouse.move(4, 400)
    await expect(page.locator("video")).to_have_count(0)


async def test_passing_over_a_clip_shows_any_moment_of_it_at_once(page: Page, browser: Browser, served: Served) -> None:
    """S105: from its sprite, before the clip is there; without a sprite nothing is missing; none where motion hurts."""
    cards = [card for card in await newest(served, filter="type:video", stack="none") if card["preview"]]
    await page.wait_for_function(MADE, arg=f"/derived/{cards[0]['thumbnail']}/sprite.webp", timeout=120_000)
    videos = page.url.partition("?")[0] + "?filter=type%3Avideo&stack=none"
    await page.route("**/preview.mp4", lambda route: route.fulfill(status=204))
    await page.route("**/media/**", lambda route: route.fulfill(status=204))
    await page.goto(videos)
    tile = tile_of(page, cards[0]["id"])
    await expect(tile.locator("img.shown")).to_be_visible()
    box = await box_of(tile)

    await tile.hover()
    await expect(tile.locator(".scrubs")).to_be_visible()
    sprite = tile.locator(".sprite")
    places = []
    for share in (0.1, 0.9):
        at = box["x"] + box["width"] * share
        await page.mouse.move(at, box["y"] + box["height"] / 2, steps=3)
        await expect(sprite).to_be_visible()
        places.append(await sprite.get_attribute("style"))
    assert places[0] != places[1]
    await page.mouse.move(4, 400)
    await expect(sprite).to_have_count(0)

    async with opened(browser, videos, reduced_motion="reduce") as calm:
        await tile_of(calm, cards[0]["id"]).hover()
        await expect(
            tile_of(calm, cards[0]["id"]).get_by_role("button", name="Like", exact=False).first
        ).to_be_visible()
        await calm.mouse.move(at, box["y"] + box["height"] / 2, steps=3)
        await expect(calm.locator("video, .sprite")).to_have_count(0)


async def test_filters_are_steps_of_back_and_a_second_browser_shows_the_same(
    page: Page, browser: Browser, served: Served
) -> None:
    """S102: filters in the address, usual values left out, Back takes one step back."""
    assert "?" not in page.url
    await page.get_by_role("combobox", name="Order").select_option("date_asc")
    await page.get_by_role("combobox", name="Stacks").select_option("none")
    await page.locator("details", has_text="Liked").locator(".check-row").first.click()
    await page.wait_for_url(re.compile("filter=liked"))
    assert re.search(r"sort=date_asc.*stack=none", page.url.replace("filter", "", 1))
    # The address is there before the posts are.
    await expect(page.get_by_role("button", name="Clear filters")).to_be_visible()
    await expect(page.get_by_role("status").filter(has_text=re.compile(r"\d of \d+ posts"))).to_be_visible()
    await expect(page.get_by_role("grid", name="Posts")).to_have_attribute("aria-busy", "false")
    shown = await page.locator(TILE).first.get_attribute("data-post-id")
    async with opened(browser, page.url) as other:
        await expect(other.locator(TILE).first).to_have_attribute("data-post-id", str(shown))

    await page.go_back()
    await page.wait_for_url(lambda url: "filter" not in url and "stack=none" in url)
    await page.go_back()
    await page.go_back()
    await page.wait_for_url(lambda url: "sort" not in url and "stack" not in url)
    await page.go_forward()
    await page.wait_for_url(re.compile("sort=date_asc"))


async def test_rooms_keep_filters_place_and_selection(page: Page) -> None:
    """S101."""
    await page.mouse.move(600, 500)
    await page.mouse.wheel(0, 900)
    await scrolled(page)
    tile = page.locator(f"{TILE}:visible").nth(2)
    await tile.click(modifiers=["Control"])
    grid = page.locator("[role=grid]")
    place = await grid.evaluate("grid => grid.scrollTop")
    await page.keyboard.press("Escape")
    await tile.click(modifiers=["Control"])
    await page.get_by_role("link", name="Statistics").click()
    await expect(page.get_by_role("heading", name="Statistics")).to_be_visible()
    await page.go_back()

    await expect(page.get_by_role("toolbar", name="Selection")).to_contain_text("1 selected")
    await page.wait_for_function(SCROLLED, arg=place)


async def test_a_place_and_a_post_are_opened_by_their_address(browser: Browser, served: Served) -> None:
    """S116: a post that no list on screen has opens by its address, and closing it leads to its place."""
    card = (await newest(served))[41]
    async with opened(browser, f"{served.url}/?at={card['id']}") as page:
        await expect(tile_of(page, card["id"])).to_be_in_viewport()
    async with opened(browser, f"{served.url}/?post={card['id']}") as page:
        await expect(page.get_by_role("dialog", name="Viewer")).to_be_visible()
        await expect(tile_of(page, card["id"])).to_be_attached()
        await page.keyboard.press("Escape")
        await expect(tile_of(page, card["id"])).to_be_in_viewport()
        await expect(tile_of(page, card["id"])).to_be_focused()
