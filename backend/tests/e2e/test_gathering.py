"""Gathering in a real browser: selecting, collections, the quick picker; by mouse, by touch and by keyboard."""

import re
from typing import Any

from playwright.async_api import Browser, Locator, Page, expect

from .conftest import STACKS, Served

TILE = "[role=gridcell]"


def bar(page: Page) -> Locator:
    """The bar of the selection."""
    return page.get_by_role("toolbar", name="Selection")


async def made(served: Served, **given: Any) -> dict[str, Any]:
    """A collection, made over the API."""
    async with served.client() as client:
        answer = await client.post("/api/collections", json=given)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found


async def ids_of(served: Served, count: int) -> list[str]:
    """The newest posts."""
    async with served.client() as client:
        answer = (await client.get("/api/cards", params={"chunk": 0, "sort": "date_desc", "tz": "UTC"})).json()
        return [card["id"] for card in answer["cards"][:count]]


async def test_by_keys_alone_posts_are_selected_and_put_into_a_new_collection(page: Page) -> None:
    """S109."""
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
    await expect(page.get_by_role("option", name=re.compile("^By keys .*, in it"))).to_be_visible()
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    await expect(bar(page)).to_be_hidden()

    await page.keyboard.press("g")
    await page.keyboard.press("c")
    await page.get_by_role("link", name="By keys").press("Enter")
    await expect(page.get_by_role("heading", name="By keys")).to_be_visible()
    await expect(page.locator(TILE)).to_have_count(2)


async def test_membership_of_several_is_none_some_or_all(page: Page, served: Served) -> None:
    """S109."""
    await made(served, name="Mixed", ids=await ids_of(served, 1))
    await page.locator(TILE).nth(0).click(modifiers=["Control"])
    await page.locator(TILE).nth(1).click()
    await bar(page).get_by_role("button", name="Collect").click()

    row = page.get_by_role("option", name=re.compile("^Mixed"))
    await expect(row).to_have_accessible_name(re.compile(r"^Mixed \d+, some are in it$"))
    await row.click()
    await expect(row).to_have_accessible_name(re.compile(r"^Mixed \d+, in it$"))
    await row.click()
    await expect(row).to_have_accessible_name(re.compile(r"^Mixed \d+, not in it$"))


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
    """S108."""
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


async def test_keys_judge_what_is_meant_and_each_is_taken_back(page: Page, served: Served) -> None:
    first = page.locator(TILE).first
    await first.focus()
    told = page.get_by_role("status")
    async with served.client() as client:
        address = f"/api/media/{(await ids_of(served, 1))[0]}"
        # Other tests judge the same post.
        status = (await client.get(address)).json()["status"] or ""

        await page.keyboard.press("4")
        await expect(told.filter(has_text="Rated 4")).to_be_visible()
        await page.keyboard.press("Shift+Digit1")
        await expect(told.filter(has_text="Approved")).to_be_visible()
        judged = (await client.get(address)).json()
    assert (judged["rating"], judged["status"]) == (4, "approved")

    await page.keyboard.press("Control+z")
    await expect(told.filter(has_text="Undone")).to_be_visible()
    await first.press("Enter")
    await expect(page.get_by_role("group", name="Rating: 4 of 5")).to_be_visible()
    await expect(page.get_by_role("combobox", name="Status")).to_have_value(status)
    await page.keyboard.press("4")
    await expect(page.get_by_role("group", name="Rating: none")).to_be_visible()


async def test_tags_are_added_in_the_viewer_and_filter_the_library(page: Page) -> None:
    await page.locator(TILE).nth(5).click()
    await page.get_by_role("dialog", name="Viewer").wait_for()
    await expect(page.get_by_text("No tags")).to_be_visible()
    await page.keyboard.press("t")
    await page.get_by_role("textbox", name="Add tags").fill("hand made")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Control+Enter")

    tag = page.get_by_role("link", name="hand made")
    await expect(tag).to_be_visible()
    await page.goto(page.url.partition("/?")[0] + "/?filter=tag:%22hand+made%22")
    await expect(page.locator(TILE)).to_have_count(1)
    await expect(page.get_by_role("button", name="Drop the filter tag: hand made")).to_be_visible()


async def test_the_trash_gives_back_what_was_put_in(page: Page) -> None:
    await page.locator(TILE).first.focus()
    await page.keyboard.press("Shift+ArrowRight")
    await expect(bar(page)).to_contain_text("2 selected")
    await page.keyboard.press("Delete")
    await expect(page.get_by_text(re.compile(r"^\d+ posts put in the trash$"))).to_be_visible()
    await expect(page.locator(".subbar")).to_contain_text(f"{STACKS - 2} posts")

    await page.keyboard.press("Control+z")
    await expect(page.locator(".subbar")).to_contain_text(f"{STACKS} posts")


async def own_order(page: Page, one: dict[str, Any]) -> Locator:
    """A collection in its own order: its tiles."""
    await page.goto(page.url.partition("/?")[0].rstrip("/") + f"/?filter=in:{one['id']}&sort=manual")
    tiles = page.locator(TILE)
    await expect(tiles).to_have_count(one["item_count"])
    await expect(page.get_by_role("heading", name=one["name"])).to_be_visible()
    return tiles


def order_of(tiles: Locator, ids: list[str]) -> Any:
    """That the tiles show these posts, one after the other."""
    return [expect(tiles.nth(at)).to_have_attribute("data-post-id", post) for at, post in enumerate(ids)]


async def test_a_collection_is_arranged_by_keys(page: Page, served: Served) -> None:
    a, b, c = ids = await ids_of(served, 3)
    tiles = await own_order(page, await made(served, name="Arranged", ids=ids))
    await tiles.first.focus()

    await page.keyboard.press("Alt+ArrowRight")
    for shown in order_of(tiles, [b, a, c]):
        await shown
    await expect(tiles.nth(1)).to_be_focused()
    await page.keyboard.press("Alt+ArrowRight")
    for shown in order_of(tiles, [b, c, a]):
        await shown
    await page.keyboard.press("Control+z")
    for shown in order_of(tiles, [b, a, c]):
        await shown


async def test_a_collection_is_arranged_by_dragging(page: Page, served: Served) -> None:
    a, b, c = ids = await ids_of(served, 3)
    tiles = await own_order(page, await made(served, name="Dragged", ids=ids))
    start, end = await tiles.nth(2).bounding_box(), await tiles.nth(0).bounding_box()
    assert start is not None
    assert end is not None

    await page.mouse.move(start["x"] + start["width"] / 2, start["y"] + 60)
    await page.mouse.down()
    await page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 60, steps=4)
    await page.mouse.move(end["x"] + 8, end["y"] + 60, steps=2)
    await page.mouse.up()

    for shown in order_of(tiles, [c, a, b]):
        await shown
    await expect(page.get_by_role("dialog", name="Viewer")).to_be_hidden()


async def test_rules_and_text_are_one_filter_with_a_count_while_it_changes(page: Page) -> None:
    """S063, S108."""
    await page.keyboard.press("g")
    await page.keyboard.press("c")
    await page.get_by_role("button", name="New smart collection").first.click()
    rules = page.get_by_role("region", name="Rules")
    await expect(rules).to_contain_text(re.compile(r"\d+ posts match"))

    await rules.get_by_role("textbox", name="The same as text").fill("liked:yes (fox OR type:image)")
    await expect(rules.get_by_role("group", name="Group of rules").get_by_role("radio", name="Any")).to_be_checked()
    await expect(rules.get_by_role("combobox", name="Which").first).to_have_value("yes")
    await rules.get_by_role("combobox", name="Which").first.select_option("no")
    await expect(rules.get_by_role("textbox", name="The same as text")).to_have_value("liked:no (fox OR type:image)")
    await rules.get_by_role("button", name="Explain counts").click()
    await expect(rules.locator(".rule .count").first).to_have_text(re.compile(r"^\d+$"))

    await rules.get_by_role("textbox", name="The same as text").fill("liked:no (fox")
    await expect(rules.get_by_role("textbox", name="The same as text")).to_have_attribute("aria-invalid", "true")
    await rules.get_by_role("textbox", name="The same as text").fill("liked:no")
    await page.get_by_role("textbox", name="Name").fill("Not liked")
    await page.get_by_role("button", name="Make collection").click()

    await expect(page.get_by_role("heading", name="Not liked")).to_be_visible()
    await expect(page.get_by_role("button", name="Drop the filter in: Not liked")).to_be_visible()


async def test_a_view_is_kept_as_preset_applied_and_deleted(page: Page) -> None:
    """S110."""
    await page.get_by_role("combobox", name="Search prompts").fill("liked:yes ")
    await page.wait_for_url("**filter=liked**")
    await page.get_by_role("button", name="Presets").click()
    await page.get_by_role("menuitem", name="Save this view…").click()
    await page.get_by_role("textbox", name="Name").fill("What I like")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Presets (1)")).to_be_visible()

    await page.get_by_role("button", name="Clear the search and all filters").click()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Presets (1)").click()
    await page.get_by_role("menuitemradio", name="What I like").click()
    await page.wait_for_url("**filter=liked**")

    await page.get_by_role("button", name="Presets (1)").click()
    await page.get_by_role("menuitem", name="Manage presets").click()
    await page.get_by_role("button", name="Delete What I like").click()
    await expect(page.get_by_text("No presets yet.")).to_be_visible()


async def test_what_a_person_prefers_is_there_on_another_device(page: Page, browser: Browser, served: Served) -> None:
    """S103."""
    async with page.expect_response(lambda answer: answer.request.method == "PUT") as kept:
        await page.get_by_role("radio", name="Squares").check(force=True)
        await page.get_by_role("slider", name="Size of the pictures").fill("1")
    assert (await (await kept.value).json())["preferences"]["shape"] == "square"

    profile = await browser.new_context()
    other = await profile.new_page()
    await other.goto(served.url)
    await expect(other.get_by_role("radio", name="Squares")).to_be_checked()
    await profile.close()
