"""The page by touch, on a phone."""

from playwright.async_api import Page, expect

from .hands import box_of, eventually, swipe

TILE = "[role=gridcell]"


async def test_a_tap_opens_a_swipe_goes_on_and_back_closes(phone: Page) -> None:
    await phone.locator(TILE).nth(1).tap()
    viewer = phone.get_by_role("dialog", name="Viewer")
    await expect(viewer).to_be_visible()
    first = phone.url

    await swipe(phone, (320, 220), (60, 226))
    await expect(phone).not_to_have_url(first)
    await swipe(phone, (60, 220), (330, 226))
    await expect(phone).to_have_url(first)

    await swipe(phone, (195, 140), (200, 380))
    await expect(viewer).to_be_hidden()


async def test_the_sheet_of_details_grows_and_goes_by_finger(phone: Page) -> None:
    await phone.locator(TILE).nth(1).tap()
    panel = phone.get_by_role("complementary", name="Details")
    await expect(panel).to_be_visible()
    await expect(panel.get_by_role("heading", name="Prompt", exact=True)).to_be_visible()
    box = await box_of(panel)

    async def stands_still() -> bool:
        before = await panel.bounding_box()
        await phone.wait_for_timeout(100)
        return before == await panel.bounding_box()

    async def has_grown() -> bool:
        return (await box_of(panel))["height"] > box["height"] * 1.5

    await swipe(phone, (195, int(box["y"]) + 14), (195, int(box["y"]) - 240))
    await eventually(has_grown)
    await eventually(stands_still)
    grown = await box_of(panel)

    await swipe(phone, (195, int(grown["y"]) + 14), (195, int(grown["y"]) + 300))
    await phone.wait_for_timeout(400)
    await eventually(stands_still)
    await swipe(phone, (195, int(box["y"]) + 14), (195, int(box["y"]) + 250))
    await expect(panel).to_be_hidden()
    await expect(phone.get_by_role("dialog", name="Viewer")).to_be_visible()


async def test_the_sheet_of_filters_works_by_finger(phone: Page) -> None:
    await phone.get_by_role("button", name="Filters").tap()
    sheet = phone.get_by_role("dialog", name="Filters")
    await expect(sheet).to_be_visible()
    await phone.wait_for_timeout(300)

    await sheet.get_by_text("imagine_h_1", exact=True).tap()
    await phone.wait_for_url("**filter=model**")


async def test_every_target_of_a_phone_is_large_enough_for_a_finger(phone: Page) -> None:
    small = await phone.evaluate(
        """() => [...document.querySelectorAll('button, a, select, input, [role=gridcell]')].map(node => {
             const box = node.getBoundingClientRect()
             return [node.getAttribute('aria-label') || node.innerText, box.width, box.height]
           }).filter(([, width, height]) => width > 0 && height > 1 && (width < 24 || height < 24))"""
    )

    assert small == []
