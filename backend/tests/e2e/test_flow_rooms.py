"""Search, similar, prompts and statistics from end to end; by mouse, by keyboard and by touch."""

import re
from contextlib import suppress

import pytest
from playwright.async_api import Browser, Page, expect
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from .conftest import Served, opened
from .hands import swipe
from .test_accessibility import AXE, check

TILE = "[role=gridcell][data-post-id]"
HIT = "[data-hit]"


async def test_a_collection_that_is_not_there_is_said_with_the_one_that_may_be_meant(
    page: Page, served: Served
) -> None:
    async with served.client() as client:
        await client.post("/api/collections", json={"name": "Lighthouses", "is_smart": True, "filter": "lighthouse"})
    await page.goto(f"{served.url}/?filter=in%3Alighthuses")
    await expect(page.get_by_text("No collection is called “lighthuses”.")).to_be_visible()
    await page.get_by_role("button", name="Look in Lighthouses").click()

    await expect(page.get_by_role("heading", name="Lighthouses")).to_be_visible()
    await expect(page.locator(TILE).first).to_be_visible()


async def test_typing_asks_once_and_the_last_answer_stays(page: Page) -> None:
    """S114: ten keys are one view, and a late answer never takes the place of a newer one."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/api/index?" in request.url else None)
    await page.keyboard.press("/")
    await page.keyboard.type("lighthouse", delay=15)
    await page.wait_for_url("**filter=lighthouse**")
    await expect(page.locator(TILE).first).to_be_visible()

    assert len([url for url in asked if "filter=l" in url and "filter=lighthouse" not in url]) <= 1
    assert len([url for url in asked if "filter=lighthouse&" in url]) >= 1


async def test_by_keys_alone_similar_posts_are_found_walked_rejected_and_returned_from(page: Page) -> None:
    tile = page.locator(TILE).first
    await tile.focus()
    await page.keyboard.press("s")
    await page.wait_for_url(re.compile("room=similar"))
    hits = page.locator(HIT)
    await expect(hits.nth(2)).to_be_visible(timeout=60_000)
    ids = [await one.get_attribute("data-hit") for one in await hits.all()]

    await hits.first.focus()
    await page.keyboard.press("Enter")
    viewer = page.get_by_role("dialog", name="Viewer")
    await expect(viewer).to_be_visible()
    for wanted in ids[1:3]:
        await page.keyboard.press("ArrowRight")
        await page.wait_for_url(re.compile(f"post={wanted}"))
    await page.keyboard.press("ArrowLeft")
    await page.wait_for_url(re.compile(f"post={ids[1]}"))
    await page.keyboard.press("Escape")
    await expect(page.locator(f'[data-hit="{ids[1]}"]')).to_be_focused()

    await page.keyboard.press("Delete")
    await expect(page.locator(f'[data-hit="{ids[1]}"]')).to_have_count(0)
    await page.keyboard.press("Control+z")
    await expect(page.locator(f'[data-hit="{ids[1]}"]')).to_be_visible()
    await page.go_back()
    await expect(tile).to_be_visible()


async def test_a_finger_walks_through_similar_posts(phone: Page, served: Served) -> None:
    anchor = await phone.locator(TILE).first.get_attribute("data-post-id")
    await phone.goto(f"{served.url}/?room=similar&of={anchor}")
    hits = phone.locator(HIT)
    await expect(hits.nth(1)).to_be_visible(timeout=60_000)
    second = await hits.nth(1).get_attribute("data-hit")
    await hits.first.tap()
    await expect(phone.get_by_role("dialog", name="Viewer")).to_be_visible()
    await swipe(phone, (320, 220), (60, 226))
    await phone.wait_for_url(re.compile(f"post={second}"))


async def test_prompts_are_searched_opened_and_lead_to_their_posts(page: Page) -> None:
    """S050: the prompt library in the page."""
    await page.locator(TILE).first.focus()
    await page.keyboard.press("g")
    await page.keyboard.press("p")
    await expect(page.get_by_role("status").filter(has_text=re.compile(r"\d+ different prompts"))).to_be_visible()
    await page.get_by_role("searchbox", name="Search prompts").fill("lighthouse")
    await expect(page.get_by_role("status").filter(has_text="with these words")).to_be_visible()
    await expect(page.locator("mark").first).to_have_text(re.compile("lighthouse", re.IGNORECASE))
    await page.get_by_role("link", name="Show in library").first.click()

    await page.wait_for_url(re.compile("filter=same-prompt"))
    await expect(page.locator(TILE).first).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("heading", name="Prompts")).to_be_visible()


async def test_each_bar_of_the_statistics_is_a_filter(page: Page) -> None:
    await page.locator(TILE).first.focus()
    await page.keyboard.press("g")
    await page.keyboard.press("s")
    await expect(page.get_by_role("heading", name="Made over time")).to_be_visible()
    await page.get_by_role("button", name="As a table").click()
    await expect(page.get_by_role("table")).to_be_visible()
    row = page.get_by_role("link", name=re.compile("^imagine_h_1")).first
    count = re.search(r"(\d+)\s*of", str(await row.text_content()))
    await row.press("Enter")

    await page.wait_for_url(re.compile("filter=model"))
    assert count is not None
    await expect(page.locator(".subbar [role=status]").first).to_contain_text(count[1])


@pytest.mark.skipif(not AXE.exists(), reason="the checker comes with `npm ci` in frontend/")
@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
async def test_a_checker_finds_nothing_grave_in_these_rooms(
    browser: Browser, served: Served, width: int, scheme: str
) -> None:
    async with served.client() as client:
        cards = (await client.get("/api/cards", params={"chunk": 0, "tz": "UTC"})).json()["cards"]
        one = (await client.post("/api/collections", json={"name": "Boarded", "ids": [cards[5]["id"]]})).json()
        await client.post("/api/posts/trash", json={"ids": [cards[6]["id"]]})
        rooms = {
            "room=prompts": "section[aria-label=Prompts] li",
            "room=statistics": "dl",
            f"room=similar&of={cards[0]['id']}": HIT,
            "room=collections": "article",
            "room=trash": "[data-trashed]",
            f"filter=in%3A{one['id']}&board=1": "[data-card]",
        }
        async with opened(browser, served.url, viewport={"width": width, "height": 844}, color_scheme=scheme) as page:
            for address, there in rooms.items():
                await page.goto(f"{served.url}/?{address}")
                await expect(page.locator(there).first).to_be_visible(timeout=60_000)
                assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
                await check(page)
        await client.post("/api/trash/restore", json={"all": True})


async def test_a_server_that_has_gone_is_said_in_every_room_and_breaks_none(browser: Browser, served: Served) -> None:
    """S112: a message with its cause, a way to try again, nothing thrown in the page."""
    profile = await browser.new_context(viewport={"width": 1280, "height": 860})
    page = await profile.new_page()
    thrown: list[str] = []
    page.on("pageerror", lambda error: thrown.append(str(error)))
    await page.goto(served.url)
    await page.locator(TILE).first.wait_for()
    await page.route("**/api/**", lambda route: route.abort())

    await page.locator(TILE).first.focus()
    await page.keyboard.press("f")
    await expect(page.get_by_text("The like was not saved.")).to_be_visible()
    await page.keyboard.press("Delete")
    await expect(page.get_by_text("Nothing was put in the trash.")).to_be_visible()
    for key in "pst":
        await page.keyboard.press("g")
        await page.keyboard.press(key)
        await expect(page.get_by_role("button", name="Try again").first).to_be_visible()

    await page.unroute("**/api/**")
    with suppress(PlaywrightTimeoutError):
        # It may have tried by itself before the hand was there.
        await page.get_by_role("button", name="Try again").first.click(timeout=5000)
    await expect(page.get_by_role("heading", name="The trash is empty")).to_be_visible()
    assert thrown == []
    await profile.close()


async def test_what_is_like_a_post_is_asked_for_once(page: Page) -> None:
    """S113."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/similar?" in request.url else None)
    for _ in range(2):
        await page.locator(TILE).nth(1).click()
        await expect(page.get_by_role("heading", name="Similar by prompt")).to_be_visible()
        await expect(page.locator("[aria-label*=alike]").or_(page.get_by_text("%")).first).to_be_visible()
        await page.keyboard.press("Escape")

    assert len(asked) == 1


async def test_the_usual_preset_opens_a_page_that_wants_nothing_else(browser: Browser, served: Served) -> None:
    """S110: a default preset applies on load, and an address of one's own comes first."""
    async with served.client() as client:
        given = {"name": "Usual", "filter": "type:video", "is_default": True, "view": {"sort": "date_asc"}}
        kept = (await client.post("/api/presets", json=given)).json()
        try:
            async with opened(browser, served.url) as page:
                await page.wait_for_url(re.compile("filter=type%3Avideo&sort=date_asc"))
            async with opened(browser, f"{served.url}/?filter=fox") as page:
                await expect(page.locator(TILE).first).to_be_visible()
                await page.wait_for_timeout(500)
                assert "type" not in page.url
        finally:
            await client.delete(f"/api/presets/{kept['id']}")
