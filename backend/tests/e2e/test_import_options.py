"""Tags and a collection chosen in the wizard, by keyboard alone; what comes in has them, undone it has not."""

from collections.abc import Iterator

import orjson
import pytest
from playwright.async_api import Browser, expect
from samples import sample_export

from .conftest import TAKES_IN, opened
from .homes import Homes, serving
from .test_import_in_page import DROP


@pytest.fixture(scope="module")
def url(homes: Homes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(homes.empty(tmp_path_factory.mktemp("options"))) as found:
        yield found


async def test_tags_and_a_new_collection_are_chosen_by_keyboard_and_go_with_the_import(
    browser: Browser, url: str
) -> None:
    records = sample_export(posts=5, children=1, seed=41)
    async with opened(browser, f"{url}/?room=import") as page:
        await page.evaluate(DROP, [orjson.dumps(records).decode(), "export.json"])
        await page.get_by_role("button", name="Files and options").focus()
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Continue to options").focus()
        await page.keyboard.press("Enter")
        await page.get_by_label("Tag", exact=True).focus()
        await page.keyboard.type("Night  Sky,wrong")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("button", name="Take away the tag night sky")).to_be_visible()
        await page.keyboard.press("Backspace")
        await expect(page.get_by_role("button", name="Take away the tag wrong")).to_have_count(0)
        await page.keyboard.type("still")
        await page.keyboard.press("Tab")
        await page.keyboard.type("made b")
        await page.keyboard.press("Tab")
        await page.locator("input[type=date]").fill("1999-01-01")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("button", name="Take away the tag still")).to_contain_text(
            "made before 1999-01-01"
        )
        await page.get_by_role("combobox", name="Collection", exact=True).focus()
        await page.keyboard.type("A new")
        await page.keyboard.press("Tab")
        await expect(page.get_by_label("Name of the new collection")).to_be_focused()
        await page.keyboard.type("By the sea")
        await page.get_by_role("button", name=TAKES_IN).focus()
        await page.keyboard.press("Enter")

        told = page.get_by_text("5 posts tagged by their rules; 5 posts put into By the sea.")
        await expect(told).to_be_visible()
        await page.get_by_role("button", name="Undo this import").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="This import was undone")).to_be_visible(timeout=60_000)
        await expect(told).to_have_count(0)
        [made] = await (await page.request.get(f"{url}/api/collections")).json()
        assert (made["name"], made["item_count"]) == ("By the sea", 0)
