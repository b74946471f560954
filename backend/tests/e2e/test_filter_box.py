"""The search box in a real browser: fields become chips, mistakes are underlined and cured, offers taken by key."""

import re

from playwright.async_api import Page, expect

from .conftest import Served

TILE = "[role=gridcell]"


async def test_a_field_becomes_a_chip_that_can_be_dropped(page: Page) -> None:
    box = page.get_by_role("combobox", name="Search prompts")
    await box.click()
    await page.keyboard.type("fox -type:clip ")

    drop = page.get_by_role("button", name="Drop the filter not type: Clips")
    await expect(drop).to_be_visible()
    await expect(box).to_have_value("fox")
    await page.wait_for_url(re.compile(r"filter=-type%3Aclip\+fox"))

    await drop.click()
    await page.wait_for_url(re.compile(r"filter=fox$"))
    await expect(box).to_have_value("fox")


async def test_a_mistake_is_underlined_and_put_right_while_the_last_result_stays(page: Page) -> None:
    box = page.get_by_role("combobox", name="Search prompts")
    await box.click()
    await page.keyboard.type("fox")
    await page.wait_for_url("**filter=fox**")

    await page.keyboard.type(" modle:x (fox OR")
    await page.keyboard.press("Enter")
    await expect(page.locator(".mirror u")).to_have_text("modle")
    await expect(box).to_have_attribute("aria-invalid", "true")
    assert page.url.endswith("filter=fox")
    await expect(page.locator(TILE).first).to_be_visible()

    await page.get_by_role("button", name="Write model").click()
    await expect(box).to_have_value("fox model:x (fox OR")
    await expect(page.locator(".mirror u")).to_have_text("(fox OR")


async def test_the_underline_goes_with_a_text_longer_than_the_box(page: Page) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    box = page.get_by_role("combobox", name="Search prompts")
    await box.click()
    await page.keyboard.type(f"{'fox ' * 20} modle:x fox")
    await page.keyboard.press("Enter")
    mirror = page.locator(".mirror")
    await expect(mirror.locator("u")).to_have_text("modle")

    typed, drawn = await box.evaluate("it => it.scrollLeft"), await mirror.evaluate("it => it.scrollLeft")

    assert typed > 0
    assert drawn == typed


async def test_offers_are_taken_by_key(page: Page, served: Served) -> None:
    async with served.client() as client:
        offers = (await client.get("/api/suggest", params={"text": "liked:y"})).json()["suggestions"]
    assert [offer["value"] for offer in offers] == ["yes"]

    box = page.get_by_role("combobox", name="Search prompts")
    await box.click()
    await page.keyboard.type("liked:y")
    offer = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    await expect(offer).to_have_count(1)
    await expect(box).to_have_attribute("aria-expanded", "true")
    await page.keyboard.press("ArrowDown")
    await expect(offer).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("button", name="Drop the filter liked: Yes")).to_be_visible()
    await expect(box).to_be_focused()
    await expect(box).to_have_value("")


async def test_several_choices_of_a_field_are_one_chip(page: Page) -> None:
    rows = page.locator("details", has_text="Model").locator(".check-row")
    await rows.nth(0).click()
    await page.wait_for_url("**filter=model**")
    await rows.nth(1).click()

    await expect(page.get_by_role("button", name=re.compile("^Drop the filter model: .*, "))).to_be_visible()


async def test_words_are_marked_in_the_prompt(page: Page) -> None:
    await page.keyboard.press("/")
    await page.keyboard.type("fox")
    await page.wait_for_url("**filter=fox**")
    # The address comes before what was found.
    await expect(page.locator(TILE).first).to_have_accessible_name(re.compile("fox", re.IGNORECASE))
    await page.locator(TILE).first.click()
    panel = page.get_by_role("dialog", name="Viewer").get_by_role("complementary", name="Details")
    await expect(panel.locator("mark").first).to_have_text(re.compile("fox", re.IGNORECASE))


async def test_older_addresses_still_open(page: Page, served: Served) -> None:
    await page.goto(f"{served.url}/?type=video&search=fox")

    await expect(page.get_by_role("button", name="Drop the filter type: Clips")).to_be_visible()
    await expect(page.get_by_role("combobox", name="Search prompts")).to_have_value("fox")


async def test_a_word_that_no_prompt_has_is_offered_as_it_was_meant(page: Page) -> None:
    await page.keyboard.press("/")
    await page.keyboard.type("lighthose ")
    await expect(page.get_by_text("No prompt has “lighthose”.")).to_be_visible()
    await page.get_by_role("button", name="Search lighthouse").click()

    await page.wait_for_url("**filter=lighthouse**")
    await expect(page.locator("[role=gridcell][data-post-id]").first).to_be_visible()


async def test_presets_of_one_name_are_all_offered(page: Page, served: Served) -> None:
    made = [
        await (await page.request.post(f"{served.url}/api/presets", data={"name": "Twice", "filter": "fox"})).json()
        for _ in range(2)
    ]
    await page.reload()
    await page.keyboard.press("/")
    await expect(page.get_by_role("option", name="Twice")).to_have_count(2)
    for one in made:
        await page.request.delete(f"{served.url}/api/presets/{one['id']}")


async def test_an_empty_collection_says_that_it_is_empty(page: Page, served: Served) -> None:
    made = await (await page.request.post(f"{served.url}/api/collections", data={"name": "Bare"})).json()
    await page.goto(f"{served.url}/?filter={made['filter']}&sort=manual")
    await expect(page.get_by_role("heading", name="Nothing in this collection yet")).to_be_visible()
    await page.get_by_role("button", name="Open the library").click()
    await expect(page.locator("[role=gridcell][data-post-id]").first).to_be_visible()
