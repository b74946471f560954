"""The five steps of an import, walked in a browser: checked before it is written, taken in, taken back."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import orjson
import pytest
from playwright.async_api import Browser, Page, Route, expect
from samples import sample_export, walk

from .conftest import TAKES_IN, opened, take_in
from .homes import Homes, serving
from .test_import_in_page import DROP

CHECKED = "This is what would change"


@pytest.fixture(scope="module")
def home(homes: Homes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return homes.empty(tmp_path_factory.mktemp("wizard"))


@pytest.fixture(scope="module")
def url(home: Path) -> Iterator[str]:
    """One library for all of these tests; each brings posts of its own, by another seed."""
    with serving(home) as found:
        yield found


@pytest.fixture
async def room(browser: Browser, url: str) -> AsyncIterator[Page]:
    """The import room."""
    async with opened(browser, f"{url}/?room=import") as page:
        await expect(page.get_by_role("heading", name="What to import")).to_be_visible()
        yield page


async def drop(page: Page, records: object, name: str = "export.json") -> None:
    text = records if isinstance(records, str) else orjson.dumps(records).decode()
    await page.evaluate(DROP, [text, name])


async def checked(page: Page) -> None:
    await expect(page.get_by_role("heading", name=CHECKED)).to_be_visible(timeout=60_000)


async def test_an_import_goes_through_its_five_steps_and_back_out(room: Page) -> None:
    """S111."""
    records = sample_export(posts=9, children=2, seed=10)
    total = len(list(walk(records)))

    await drop(room, records)
    await checked(room)
    await expect(room.get_by_text("Nothing has been written yet.")).to_be_visible()
    await room.get_by_role("button", name="New", exact=False).first.click()
    await expect(room.get_by_role("region", name="New").locator("li").first).to_be_visible()
    await room.get_by_role("button", name="Files and options").click()
    await expect(room.get_by_role("heading", name="The files behind the posts")).to_be_visible()
    await expect(room.get_by_text("assets.grok.com")).to_be_visible()
    await room.get_by_role("button", name="Continue to options").click()
    await room.get_by_role("radio", name="Keep mine").check(force=True)
    await room.get_by_role("button", name=TAKES_IN).click()
    await expect(room.get_by_role("heading", name=f"{total} new posts in the library")).to_be_visible(timeout=60_000)

    await room.get_by_role("button", name="Undo this import").click()
    await expect(room.get_by_role("heading", name="This import was undone")).to_be_visible(timeout=60_000)
    await expect(room.get_by_role("status").filter(has_text="The import was undone").first).to_be_visible()
    await room.keyboard.press("Control+z")
    await expect(room.get_by_role("heading", name=f"{total} new posts in the library")).to_be_visible(timeout=60_000)


async def test_one_key_takes_in_what_was_dropped_anywhere(browser: Browser, url: str) -> None:
    async with opened(browser, url) as page:
        await page.get_by_role("link", name="Import").first.wait_for()

        await drop(page, sample_export(posts=3, children=0, seed=11))
        await checked(page)
        await page.keyboard.press("Enter")

        await expect(page.get_by_role("heading", name="3 new posts in the library")).to_be_visible(timeout=60_000)


async def test_the_same_export_again_brings_nothing(room: Page) -> None:
    records = sample_export(posts=4, children=1, seed=12)
    await drop(room, records)
    await take_in(room)
    await room.get_by_role("button", name="Import another").click()

    await drop(room, records)
    await checked(room)

    await expect(room.get_by_role("button", name="Import anyway")).to_be_visible()
    await take_in(room)
    await expect(room.get_by_role("heading", name="Nothing new: all of it was here already")).to_be_visible()


async def test_a_check_survives_a_reload(room: Page) -> None:
    await drop(room, sample_export(posts=3, children=0, seed=13))
    await checked(room)

    await room.reload()
    await checked(room)
    await room.keyboard.press("Enter")

    await expect(room.get_by_role("heading", name="3 new posts in the library")).to_be_visible(timeout=60_000)


async def test_a_check_that_is_not_wanted_leaves_nothing(room: Page) -> None:
    await drop(room, sample_export(posts=3, children=0, seed=14), "unwanted.json")
    await checked(room)

    await room.get_by_role("button", name="Back", exact=True).click()

    await expect(room.get_by_role("heading", name="What to import")).to_be_visible()
    await expect(room.get_by_role("button", name="unwanted.json")).to_contain_text("Cancelled")


async def test_a_broken_export_shows_where_and_brings_what_stands_before(room: Page) -> None:
    text = orjson.dumps(sample_export(posts=6, children=0, seed=15), option=orjson.OPT_INDENT_2).decode()

    await drop(room, text[: text.rindex('"id"')], "broken.json")
    await checked(room)

    await room.get_by_role("button", name="Unreadable").click()
    unreadable = room.get_by_role("region", name="Unreadable")
    await expect(unreadable).to_contain_text("record 6, line")
    await expect(unreadable.locator("pre").first).to_be_visible()
    await take_in(room)
    await expect(room.get_by_role("heading", name="5 new posts in the library")).to_be_visible()
    await expect(room.locator(".problems")).to_contain_text("Record 6 · line")


async def test_text_is_pasted_in_place_of_a_file(room: Page) -> None:
    text = orjson.dumps(sample_export(posts=3, children=0, seed=16)).decode()

    await room.get_by_label("Links, one a line, or JSON").fill(text)
    await room.keyboard.press("Control+Enter")

    await checked(room)
    await expect(room.get_by_text("pasted.json").first).to_be_visible()


async def test_a_folder_of_the_server_is_checked_without_sending(browser: Browser, url: str, home: Path) -> None:
    folder = home / "import" / "old exports"
    folder.mkdir(parents=True)
    (folder / "a.json").write_bytes(orjson.dumps(sample_export(posts=2, children=0, seed=31)))
    (folder / "b.json").write_bytes(orjson.dumps(sample_export(posts=3, children=0, seed=32)))

    async with opened(browser, f"{url}/?room=import") as page:
        await page.get_by_role("button", name="Check old exports").click()
        await checked(page)
        await take_in(page)
        await expect(page.get_by_role("heading", name="5 new posts in the library")).to_be_visible()


@pytest.fixture
async def shaky(browser: Browser, url: str) -> AsyncIterator[Page]:
    """The import room where requests may fail: a browser logs each of them as an error."""
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(f"{url}/?room=import")
    yield page
    await context.close()


async def test_sending_goes_on_after_a_lost_connection(shaky: Page) -> None:
    lost = 0

    async def lose(route: Route) -> None:
        nonlocal lost
        if route.request.method == "PATCH" and lost < 2:
            lost += 1
            await route.abort("connectionreset")
        else:
            await route.continue_()

    await shaky.route("**/api/uploads/*", lose)
    await drop(shaky, sample_export(posts=3, children=0, seed=17))
    await expect(shaky.get_by_text("Connection lost", exact=False).first).to_be_visible()

    await checked(shaky)
    assert lost == 2


async def test_a_full_disk_is_said_and_what_was_recognised_stays(shaky: Page) -> None:
    full = {"error": "out_of_space", "message": "There is not enough room for this file.", "details": {}}
    await shaky.route("**/api/uploads", lambda route: route.fulfill(status=507, json=full))

    await drop(shaky, sample_export(posts=5, children=0, seed=18))

    await expect(shaky.get_by_text("5 posts", exact=False).first).to_be_visible()
    await expect(shaky.get_by_text("The disk is too full").first).to_be_visible()
    await shaky.unroute("**/api/uploads")
    await shaky.get_by_role("button", name="Try again").click()
    await checked(shaky)


async def test_a_record_is_mended_and_tried_again(room: Page) -> None:
    await drop(room, [*sample_export(posts=1, children=0, seed=33), {"prompt": "of nothing"}])
    await take_in(room)

    row = room.locator(".problems li").first
    await row.get_by_text("Show the record, or mend it").click()
    await row.get_by_role("textbox").fill(orjson.dumps(sample_export(posts=1, children=0, seed=34)[0]).decode())
    await row.get_by_role("button", name="Try it again").click()

    await expect(row).to_contain_text("Mended, it is in")
    await expect(row).to_contain_text("1 post came in.")


@pytest.mark.slow
async def test_a_hundred_thousand_posts_come_in_and_the_page_stays_awake(room: Page, tmp_path: Path) -> None:
    export = tmp_path / "large.json"
    export.write_bytes(orjson.dumps(sample_export(posts=100_000, children=0, seed=19)))

    await room.get_by_label("Export files").set_input_files(export)
    await expect(room.get_by_role("heading", name=CHECKED)).to_be_visible(timeout=180_000)
    await room.keyboard.press("Enter")
    await expect(room.get_by_text("You can close this page")).to_be_visible(timeout=60_000)
    await room.get_by_role("button", name="Watch the library fill").click()
    await expect(room.locator("[role=gridcell]").first).to_be_visible(timeout=120_000)
    await room.get_by_role("link", name="Import").first.click()

    await expect(room.get_by_role("heading", name="100,000 new posts in the library")).to_be_visible(timeout=300_000)
