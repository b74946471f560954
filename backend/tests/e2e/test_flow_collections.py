"""Collections from end to end, beyond what test_gathering shows: by finger, snapshots, merging, the board."""

import re
from typing import Any

from playwright.async_api import Page, expect

from .conftest import Served
from .hands import drag, middle, touch

TILE = "[role=gridcell][data-post-id]"


async def made(served: Served, **given: Any) -> dict[str, Any]:
    """A collection, made over the API."""
    async with served.client() as client:
        answer = await client.post("/api/collections", json=given)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())


async def ids_of(served: Served, count: int, **asked: Any) -> list[str]:
    """Posts, the newest first."""
    async with served.client() as client:
        answer = (await client.get("/api/cards", params={"chunk": 0, "tz": "UTC", **asked})).json()
        return [card["root_id"] for card in answer["cards"][:count]]


async def test_by_finger_a_post_goes_into_a_new_collection_and_out_again(phone: Page) -> None:
    tile = phone.locator(TILE).nth(2)
    session = await phone.context.new_cdp_session(phone)
    x, y = await middle(tile)
    await touch(session, "touchStart", [{"x": x, "y": y}])
    bar = phone.get_by_role("toolbar", name="Selection")
    await expect(bar).to_be_visible()
    await touch(session, "touchEnd", [])
    await bar.get_by_role("button", name="Collect").tap()
    await phone.get_by_role("combobox", name="Find or make a collection").fill("By finger")
    await phone.get_by_role("option", name="Make").tap()
    await expect(phone.get_by_role("option", name=re.compile("^By finger .*, in it"))).to_be_visible()
    await phone.get_by_role("button", name="Close").first.tap()
    await bar.get_by_role("button", name="Select nothing").tap()

    await phone.get_by_role("link", name="Collections").tap()
    await phone.get_by_role("link", name="By finger").tap()
    await expect(phone.get_by_role("heading", name="By finger")).to_be_visible()
    await expect(phone.locator(TILE)).to_have_count(1)
    x, y = await middle(phone.locator(TILE).first)
    await touch(session, "touchStart", [{"x": x, "y": y}])
    await expect(bar).to_be_visible()
    await touch(session, "touchEnd", [])
    await bar.get_by_role("button", name="More").tap()
    await phone.get_by_role("menuitem", name="Take out of By finger").tap()
    await expect(phone.locator(TILE)).to_have_count(0)
    await phone.get_by_role("status").get_by_role("button", name="Undo").tap()
    await expect(phone.locator(TILE)).to_have_count(1)


async def test_a_smart_collection_is_kept_as_it_is_and_collections_are_merged(page: Page, served: Served) -> None:
    """S066: a snapshot; merging; both from the menu of a collection."""
    await made(served, name="All clips", is_smart=True, filter="type:video")
    two = await ids_of(served, 2)
    await made(served, name="Two of them", ids=two)
    await page.goto(f"{served.url}/?room=collections")
    await page.get_by_role("main").get_by_role("button", name="More about All clips").last.click()
    await page.get_by_role("menuitem", name="Keep what it finds now").click()
    await expect(page.get_by_role("status").filter(has_text="All clips as it is")).to_be_visible()

    await page.get_by_role("main").get_by_role("button", name="More about Two of them").last.click()
    await page.get_by_role("menuitem", name="Combine with…").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()


async def test_a_tile_that_shows_a_clip_means_its_stack(page: Page, served: Served) -> None:
    """A child's hit shows its stack with that child on top, and what is done to the tile is done to the stack."""
    async with served.client() as client:
        found = (await client.get("/api/cards", params={"filter": '"slow push in"', "tz": "UTC"})).json()["cards"]
        hit = next(card for card in found if card["id"] != card["root_id"])
        await page.goto(f"{served.url}/?filter=%22slow+push+in%22")
        tile = page.locator(f'{TILE}[data-post-id="{hit["id"]}"]')
        await tile.focus()
        await page.keyboard.press("5")
        await expect(page.get_by_role("status").filter(has_text="Rated 5")).to_be_visible()
        assert (await client.get(f"/api/media/{hit['root_id']}")).json()["rating"] == 5
        assert (await client.get(f"/api/media/{hit['id']}")).json()["rating"] == 0
        await page.keyboard.press("x")
        await page.keyboard.press("Delete")
        await expect(tile).to_have_count(0)
        trashed = (await client.get("/api/trash")).json()["items"]
        assert [one["id"] for one in trashed] == [hit["root_id"]]
        await page.keyboard.press("Control+z")
        await expect(tile).to_be_visible()


async def test_the_board_moves_posts_between_statuses_by_mouse_and_by_key(page: Page, served: Served) -> None:
    ids = await ids_of(served, 3)
    one = await made(served, name="To judge", ids=ids)
    await page.goto(f"{served.url}/?filter=in%3A{one['id']}&sort=manual")
    await page.get_by_role("button", name="Board of statuses").click()
    column = page.locator("[data-column]")
    await expect(column).to_have_count(6)
    none, review = page.locator('[data-column="none"]'), page.locator('[data-column="review"]')
    await expect(none.locator("[data-card]")).to_have_count(3)

    await drag(page, await middle(none.locator(f'[data-card="{ids[0]}"]')), await middle(review))
    await expect(review.locator(f'[data-card="{ids[0]}"]')).to_be_visible()
    await expect(page.get_by_role("dialog", name="Viewer")).to_be_hidden()
    card = page.locator(f'[data-card="{ids[1]}"]')
    await card.focus()
    await page.keyboard.press("Alt+ArrowRight")
    await expect(review.locator("[data-card]")).to_have_count(2)
    await expect(card).to_be_focused()
    await page.keyboard.press("Shift+Digit1")
    await expect(page.locator('[data-column="approved"]').locator("[data-card]")).to_have_count(1)
    await expect(page.get_by_role("status").filter(has_text="Approved")).to_be_visible()
    async with served.client() as client:
        assert (await client.get(f"/api/media/{ids[0]}")).json()["status"] == "review"
        assert (await client.get(f"/api/media/{ids[1]}")).json()["status"] == "approved"

    await page.keyboard.press("Control+z")
    await expect(page.locator('[data-column="approved"]').locator("[data-card]")).to_have_count(0)
    await page.get_by_role("button", name="As a grid").click()
    await expect(page.locator(TILE)).to_have_count(3)


async def test_a_preset_is_applied_on_a_phone(phone: Page, served: Served) -> None:
    """S110."""
    async with served.client() as client:
        kept = (await client.post("/api/presets", json={"name": "Clips only", "filter": "type:video"})).json()
        await phone.reload()
        await phone.get_by_role("button", name="Filters").tap()
        await phone.get_by_role("dialog", name="Filters").get_by_role("button", name="Presets").tap()
        await phone.get_by_role("menuitemradio", name="Clips only").tap()
        await phone.wait_for_url(re.compile("filter=type%3Avideo"))
        await client.delete(f"/api/presets/{kept['id']}")


async def test_tiles_are_carried_to_the_sidebar(page: Page, served: Served) -> None:
    """Flow 5: over a pinned collection they go into it, over the trash into the trash."""
    one = await made(served, name="At the side", pinned=True)
    await page.reload()
    link = page.get_by_role("navigation", name="Main").get_by_role("link", name="At the side")
    await expect(link).to_be_visible()
    tiles = page.locator(TILE)
    await tiles.nth(0).click(modifiers=["Control"])
    await tiles.nth(1).click(modifiers=["Control"])
    await drag(page, await middle(tiles.nth(1)), await middle(link))
    await expect(page.get_by_role("status").filter(has_text="2 posts added to At the side")).to_be_visible()
    await expect(page.get_by_role("dialog", name="Viewer")).to_be_hidden()
    async with served.client() as client:
        assert len((await client.get(f"/api/collections/{one['id']}")).json()["items"]) == 2
    await page.keyboard.press("Escape")

    thrown = await tiles.nth(2).get_attribute("data-post-id")
    trash = page.get_by_role("navigation", name="Main").get_by_role("link", name="Trash")
    await drag(page, await middle(tiles.nth(2)), await middle(trash))
    await expect(page.locator(f'[data-post-id="{thrown}"]')).to_have_count(0)
    await page.keyboard.press("Control+z")
    await expect(page.locator(f'[data-post-id="{thrown}"]')).to_be_visible()
