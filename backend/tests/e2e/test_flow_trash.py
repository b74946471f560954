"""The trash in a real browser: thrown away, taken back, emptied on purpose; by keyboard, by mouse, by touch."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect

from .conftest import Served

TILE = "[role=gridcell]"
TRASHED = "[data-trashed]"


@pytest.fixture
async def thrown(served: Served) -> AsyncIterator[list[str]]:
    """Three posts in the trash; afterwards everything is back."""
    async with served.client() as client:
        cards = (await client.get("/api/cards", params={"chunk": 0, "sort": "date_desc", "tz": "UTC"})).json()["cards"]
        ids = [card["id"] for card in cards[:3]]
        for one in ids:
            assert (await client.post("/api/posts/trash", json={"ids": [one]})).status_code == 200
        yield ids[::-1]
        await client.post("/api/trash/restore", json={"all": True})


async def test_by_keys_alone_a_post_is_thrown_away_found_in_the_trash_and_taken_back(
    page: Page, served: Served
) -> None:
    tile = page.locator(TILE).first
    thrown = await tile.get_attribute("data-post-id")
    await tile.focus()
    await page.keyboard.press("Delete")
    await expect(page.locator(f'[data-post-id="{thrown}"]')).to_have_count(0)

    await page.keyboard.press("g")
    await page.keyboard.press("t")
    found = page.locator(f'[data-trashed="{thrown}"]')
    await expect(found).to_be_visible()
    await expect(page.get_by_role("link", name="Trash")).to_have_attribute("aria-current", "page")
    await found.focus()
    await page.keyboard.press("r")
    await expect(page.get_by_role("status").filter(has_text="1 post back in the library")).to_be_visible()
    await expect(page.get_by_role("heading", name="The trash is empty")).to_be_visible()

    await page.keyboard.press("g")
    await page.keyboard.press("b")
    await expect(page.locator(f'[data-post-id="{thrown}"]')).to_be_visible()


async def test_several_are_taken_back_at_once_and_that_is_undone(thrown: list[str], page: Page) -> None:
    await page.goto(page.url.partition("?")[0] + "?room=trash")
    tiles = page.locator(TRASHED)
    await expect(tiles).to_have_count(3)
    assert [await tile.get_attribute("data-trashed") for tile in await tiles.all()] == thrown
    await tiles.first.focus()
    await page.keyboard.press("x")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("x")
    await expect(page.get_by_role("status").filter(has_text="2 selected")).to_be_visible()

    await page.get_by_role("button", name="Take back", exact=True).first.click()
    await expect(tiles).to_have_count(1)
    await page.keyboard.press("Control+z")
    await expect(tiles).to_have_count(3)


async def test_the_trash_is_emptied_by_typing_how_much_it_is_and_that_is_undone(thrown: list[str], page: Page) -> None:
    await page.goto(page.url.partition("?")[0] + "?room=trash")
    await page.get_by_role("button", name="Empty the trash").click()
    dialog = page.get_by_role("dialog", name="Empty the trash")
    go = dialog.get_by_role("button", name="Empty the trash")
    field = dialog.get_by_role("textbox", name="Type 3 to empty it")
    await expect(field).to_be_focused()
    await field.fill("4")
    await expect(go).to_be_disabled()
    await page.keyboard.press("Enter")
    await expect(dialog).to_be_visible()
    await field.fill("3")
    await page.keyboard.press("Enter")

    await expect(dialog).to_be_hidden()
    await expect(page.get_by_role("heading", name="The trash is empty")).to_be_visible()
    await page.get_by_role("status").get_by_role("button", name="Undo").click()
    await expect(page.locator(TRASHED)).to_have_count(3)


async def test_a_finger_opens_the_trash_chooses_and_takes_back(thrown: list[str], phone: Page) -> None:
    await phone.get_by_role("button", name="More").tap()
    await phone.get_by_role("dialog", name="More").get_by_role("link", name="Trash").tap()
    await expect(phone.locator(TRASHED)).to_have_count(3)

    await phone.locator(TRASHED).nth(1).tap()
    await expect(phone.get_by_role("status").filter(has_text="1 selected")).to_be_visible()
    await phone.get_by_role("button", name="Take back", exact=True).first.tap()
    await expect(phone.locator(TRASHED)).to_have_count(2)
    await expect(phone.locator(f'[data-trashed="{thrown[1]}"]')).to_have_count(0)
