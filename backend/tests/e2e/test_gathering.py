"""Gathering in a real browser: selecting, collections, the quick picker; by mouse, by touch and by keyboard."""

import re
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Locator, Page, expect

from .conftest import STACKS, Served, opened

TILE = "[role=gridcell]"


def bar(page: Page) -> Locator:
    """The bar of the selection."""
    return page.get_by_role("toolbar", name="Selection")


async def made(served: Served, **given: Any) -> dict[str, Any]:
    """A collection, made over the API."""
    async with httpx.AsyncClient(base_url=served.url) as client:
        answer = await client.post("/api/collections", json=given)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found


async def ids_of(served: Served, count: int) -> list[str]:
    """The newest posts."""
    async with httpx.AsyncClient(base_url=served.url) as client:
        answer = (await client.get("/api/cards", params={"chunk": 0, "sort": "date_desc", "tz": "UTC"})).json()
        return [card["id"] for card in answer["cards"][:count]]


async def test_by_keys_alone_posts_are_selected_and_put_into_a_new_collection(page: Page) -> None:
    await page.locator(TILE).first.focus()
    await page.keyboard.press("x")
    await page.keyboard.press("Shift+ArrowRight")
    await expect(bar(page)).to_contain_text("2 selected")

    await page.keyboard.press("a")
    field = page.get_by_role("combobox", name="Find or make a collection")
    await expect(field).to_be_focused()
    await page.keyboard.type("By keys")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status").filter(has_text="2 posts added to By keys")).to_be_visible()
    await expect(page.get_by_role("option", name="By keys, in it")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    await expect(bar(page)).to_be_hidden()

    await page.keyboard.press("g")
    await page.keyboard.press("c")
    await page.get_by_role("link", name="By keys").press("Enter")
    await expect(page.get_by_role("heading", name="By keys")).to_be_visible()
    await expect(page.locator(TILE)).to_have_count(2)


async def test_membership_of_several_is_none_some_or_all(page: Page, served: Served) -> None:
    await made(served, name="Mixed", ids=await ids_of(served, 1))
    await page.locator(TILE).nth(0).click(modifiers=["Control"])
    await page.locator(TILE).nth(1).click()
    await bar(page).get_by_role("button", name="Collect").click()

    row = page.get_by_role("option", name=re.compile("^Mixed"))
    await expect(row).to_have_accessible_name("Mixed, some are in it")
    await row.click()
    await expect(row).to_have_accessible_name("Mixed, in it")
    await row.click()
    await expect(row).to_have_accessible_name("Mixed, not in it")


async def test_everything_is_a_filter_with_exceptions(page: Page) -> None:
    await page.locator(TILE).first.focus()
    await page.keyboard.press("Control+a")
    await expect(bar(page)).to_contain_text(f"{STACKS} selected")

    await page.locator(TILE).nth(2).click()
    await expect(bar(page)).to_contain_text(f"{STACKS - 1} selected, 1 left out")
    await page.keyboard.press("Control+i")
    await expect(bar(page)).to_contain_text("1 selected")
    await bar(page).get_by_role("button", name="Select nothing").click()
    await expect(bar(page)).to_be_hidden()


@pytest.fixture
async def phone(browser: Browser, served: Served) -> Any:
    """A phone: a finger instead of a mouse."""
    look: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    async with opened(browser, served.url, **look) as page:
        await page.locator(f"{TILE} img").first.wait_for()
        yield page


async def hold(page: Page, target: Locator) -> None:
    """Put a finger on something until it is selected."""
    box = await target.bounding_box()
    assert box is not None
    session = await page.context.new_cdp_session(page)
    point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    await session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    await expect(bar(page)).to_be_visible()
    await session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


async def test_a_held_finger_selects_and_taps_go_on(phone: Page) -> None:
    await hold(phone, phone.locator(TILE).nth(1))
    await expect(bar(phone)).to_contain_text("1 selected")
    await expect(phone.get_by_role("dialog", name="Viewer")).to_be_hidden()

    await phone.locator(TILE).nth(3).tap()
    await expect(bar(phone)).to_contain_text("2 selected")
    await bar(phone).get_by_role("button", name="Select nothing").tap()
    await expect(bar(phone)).to_be_hidden()


async def test_a_collection_is_nested_by_keys_deleted_and_brought_back(page: Page, served: Served) -> None:
    await made(served, name="Upper")
    await made(served, name="Lower")
    await page.keyboard.press("g")
    await page.keyboard.press("c")
    tree = page.get_by_role("tree", name="Collections")
    lower = tree.get_by_role("treeitem", name=re.compile("^Lower"))

    await lower.focus()
    await page.keyboard.press("Alt+ArrowRight")
    await expect(lower).to_have_attribute("aria-level", "2")
    await expect(lower).to_be_focused()

    await page.get_by_role("button", name="More about Lower").click()
    await page.get_by_role("menuitem", name="Delete").click()
    await expect(lower).to_be_hidden()
    await page.keyboard.press("Control+z")
    await expect(lower).to_be_visible()
    await expect(page.get_by_role("status").filter(has_text="Undone")).to_be_visible()
