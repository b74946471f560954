"""The viewer walks through what the gallery shows, in the order in which it is shown; the order by resemblance."""

import re
from typing import Any

from playwright.async_api import Page, expect

from .conftest import Served

TILE = "[role=gridcell][data-post-id]"


async def cards_of(served: Served, **asked: str) -> list[dict[str, Any]]:
    """The cards of a view."""
    async with served.client() as client:
        answer = await client.get("/api/cards", params={"chunk": 0, "tz": "UTC", **asked})
        assert answer.status_code == 200, answer.text
        return list(answer.json()["cards"])


async def walks(page: Page, ids: list[str]) -> None:
    """From the first tile through the viewer to these posts and back to the first."""
    tiles = page.locator(TILE)
    for at, post in enumerate(ids[:3]):
        await expect(tiles.nth(at)).to_have_attribute("data-post-id", post)
    await tiles.first.click()
    await expect(page.get_by_role("dialog", name="Viewer")).to_be_visible()
    for post in ids[1:]:
        await page.keyboard.press("ArrowRight")
        await page.wait_for_url(re.compile(f"post={post}"))
    for post in reversed(ids[:-1]):
        await page.keyboard.press("ArrowLeft")
        await page.wait_for_url(re.compile(f"post={post}"))
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog", name="Viewer")).to_be_hidden()


async def test_a_collection_is_walked_in_its_own_order(page: Page, served: Served) -> None:
    cards = await cards_of(served)
    ids = [cards[at]["id"] for at in (9, 2, 7, 4)]
    async with served.client() as client:
        made = (await client.post("/api/collections", json={"name": "Walked", "ids": ids})).json()
    await page.goto(f"{served.url}/?filter=in%3A{made['id']}&sort=manual")

    await walks(page, ids)


async def test_what_was_searched_for_is_walked_in_the_order_it_was_found(page: Page, served: Served) -> None:
    await page.keyboard.press("/")
    await page.keyboard.type("lighthouse")
    await page.wait_for_url("**filter=lighthouse**")
    await page.get_by_role("combobox", name="Order").select_option("date_asc")
    found = [card["id"] for card in await cards_of(served, filter="lighthouse", sort="date_asc")]

    await walks(page, found[:5])


async def test_similar_posts_are_shown_and_walked_from_the_most_alike_to_the_least(page: Page, served: Served) -> None:
    anchor = str((await cards_of(served, filter="lighthouse"))[0]["id"])
    await page.goto(f"{served.url}/?room=similar&of={anchor}")
    await expect(page.locator("[data-hit]").nth(1)).to_be_visible(timeout=60_000)
    await page.get_by_role("button", name="Show in library").click()
    await page.wait_for_url(re.compile("filter=similar.*sort=resemblance"))
    order = page.get_by_role("combobox", name="Order")
    await expect(order).to_have_value("resemblance")
    alike = [card["id"] for card in await cards_of(served, filter=f"similar:{anchor}", sort="resemblance")]
    assert alike[0] == anchor

    await walks(page, alike[:4])

    await page.get_by_role("button", name=re.compile("Drop the filter similar")).click()
    await page.wait_for_url(lambda url: "resemblance" not in url and "similar" not in url)
    await expect(order.locator("option[value=resemblance]")).to_have_count(0)
