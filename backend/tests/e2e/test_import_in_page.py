"""A newcomer's first minute: an empty library, an export dropped on the page, pictures."""

import shutil
from pathlib import Path

import orjson
import pytest
from playwright.async_api import Browser, expect
from samples import write_library

from .conftest import opened, take_in
from .homes import Homes, serving

SHARED = Path(__file__).resolve().parents[4] / "shared" / "fixtures" / "gallery"
DROP = """([text, name]) => {
  const data = new DataTransfer()
  data.items.add(new File([text], name, {type: 'application/json'}))
  for (const kind of ['dragenter', 'dragover', 'drop'])
    document.body.dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}))
}"""


async def test_an_export_dropped_on_the_page_becomes_a_library(browser: Browser, tmp_path: Path) -> None:
    records = write_library(tmp_path, posts=12, seed=3)
    with serving(tmp_path) as url:
        async with opened(browser, url) as page:
            await expect(page.get_by_role("heading", name="Bring your pictures home")).to_be_visible()

            await page.evaluate(DROP, [orjson.dumps(records).decode(), "export.json"])

            await take_in(page)
            await page.get_by_role("button", name="Open the library").click()
            await expect(page.locator("[role=gridcell] img").first).to_be_visible(timeout=60_000)
            await expect(page.locator("[role=gridcell]")).to_have_count(12)


async def test_a_web_page_saved_as_an_export_is_explained(browser: Browser, homes: Homes, tmp_path: Path) -> None:
    with serving(homes.empty(tmp_path)) as url:
        async with opened(browser, f"{url}/?room=import") as page:
            await page.evaluate(DROP, ["<!doctype html><title>Sign in</title>", "export.json"])

            await expect(page.get_by_text("web page", exact=False).first).to_be_visible()


@pytest.mark.skipif(not SHARED.exists(), reason="the gallery of real pictures lies beside the checkout only")
async def test_the_gallery_of_real_pictures_is_browsable(browser: Browser, homes: Homes, tmp_path: Path) -> None:
    homes.empty(tmp_path)
    # Copied, because thumbnails are written beside the media.
    shutil.copytree(SHARED / "https_", tmp_path / "https_", copy_function=shutil.copyfile)
    with serving(tmp_path) as url:
        async with opened(browser, url) as page:
            await page.evaluate(DROP, [(SHARED / "export.json").read_text(), "export.json"])
            await take_in(page)
            await page.get_by_role("button", name="Open the library").click()
            await expect(page.locator("[role=gridcell] img").first).to_be_visible(timeout=60_000)
