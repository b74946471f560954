"""The library in a real browser: browse, scroll, open, like, search, reload, by mouse and by keyboard alone."""

from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from .conftest import STACKS, Served, opened
from .hands import eventually

TILE = "[role=gridcell]"
VIEWER = "[role=dialog]"


async def newest_first(served: Served) -> list[dict[str, Any]]:
    """The stacks as the server lists them."""
    async with served.client() as client:
        found: list[dict[str, Any]] = (await client.get("/api/media", params={"limit": 100})).json()
        return found


async def in_view(page: Page) -> list[str]:
    """The posts whose tiles are on the screen."""
    found: list[str] = await page.evaluate(
        """() => [...document.querySelectorAll('[role=gridcell]')].filter(tile => {
             const box = tile.getBoundingClientRect()
             return box.bottom > 110 && box.top < innerHeight && box.width > 0
           }).map(tile => tile.dataset.postId).filter(Boolean)"""
    )
    return found


async def test_pictures_are_shown_in_their_true_shape(page: Page, served: Served) -> None:
    """S100."""
    await expect(page.locator(f"{TILE} img").nth(6)).to_be_visible()

    async def shapes_shown() -> list[list[float]]:
        found: list[list[float]] = await page.evaluate(
            """() => [...document.querySelectorAll('[role=gridcell] img')].filter(i => i.naturalWidth).map(
                 i => { const b = i.getBoundingClientRect();
                   return [b.width / b.height, i.naturalWidth / i.naturalHeight] })"""
        )
        return found if len(found) >= 4 else []

    await eventually(shapes_shown)
    shapes = await shapes_shown()
    assert all(abs(shown / true - 1) < 0.06 for shown, true in shapes), shapes


async def test_the_last_post_is_reached_by_scrolling(page: Page, served: Served) -> None:
    """S104."""
    last = (await newest_first(served))[-1]["id"]
    await page.mouse.move(600, 500)

    async def scrolled_to_it() -> bool:
        await page.mouse.wheel(0, 1200)
        return last in await in_view(page)

    await eventually(scrolled_to_it)
    assert await page.locator("[role=grid] *").count() <= 400


async def test_end_and_home_reach_both_ends_by_keyboard(page: Page, served: Served) -> None:
    posts = await newest_first(served)
    await page.locator(TILE).first.focus()

    await page.keyboard.press("End")
    await expect(page.locator(f'{TILE}[data-post-id="{posts[-1]["id"]}"]')).to_be_focused()
    await page.keyboard.press("Home")
    await expect(page.locator(f'{TILE}[data-post-id="{posts[0]["id"]}"]')).to_be_focused()


async def test_a_post_opens_with_its_prompt_and_closes_back_to_its_tile(page: Page, served: Served) -> None:
    post = (await newest_first(served))[1]
    tile = page.locator(f'{TILE}[data-post-id="{post["id"]}"]')
    await tile.focus()

    await page.keyboard.press("Enter")
    viewer = page.locator(VIEWER).first
    await expect(viewer).to_be_visible()
    await expect(viewer).to_contain_text((post["original_prompt"] or post["prompt"])[:20])
    assert post["id"] in page.url

    await page.keyboard.press("Escape")
    await expect(viewer).to_be_hidden()
    await expect(tile).to_be_focused()


async def test_arrows_go_through_the_view_in_the_viewer(page: Page, served: Served) -> None:
    posts = await newest_first(served)
    await page.locator(TILE).first.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(VIEWER).first).to_be_visible()

    for post in posts[1:4]:
        await page.keyboard.press("ArrowRight")
        await page.wait_for_url(f"**{post['id']}**")


async def test_a_like_is_kept_by_the_server_and_can_be_undone(page: Page, served: Served) -> None:
    post = (await newest_first(served))[2]
    await page.locator(f'{TILE}[data-post-id="{post["id"]}"]').focus()

    async def stored() -> bool | None:
        async with served.client() as client:
            answer = await client.get(f"/api/media/{post['id']}")
            liked: bool | None = answer.json()["liked"]
            return liked

    before = await stored()
    async with page.expect_response("**/like"):
        await page.keyboard.press("f")
    assert await stored() is (not before)

    async with page.expect_response("**/like"):
        await page.locator("[role=status]").get_by_role("button", name="Undo").click()
    assert bool(await stored()) is bool(before)


async def test_words_find_posts_and_the_address_keeps_them(page: Page, served: Served) -> None:
    """S102."""
    word = "fox"
    async with served.client() as client:
        expected = (await client.get("/api/media", params={"search": word, "limit": 100})).json()
    assert 0 < len(expected) < STACKS

    await page.keyboard.press("/")
    await page.keyboard.type(word)
    await page.wait_for_url(f"**filter={word}**")
    await expect(page.locator(f'{TILE}[data-post-id="{expected[0]["id"]}"]')).to_be_visible()

    async def no_other_is_shown() -> bool:
        return set(await in_view(page)) <= {post["id"] for post in expected}

    await eventually(no_other_is_shown)

    await page.reload()
    await expect(page.locator(f'{TILE}[data-post-id="{expected[0]["id"]}"]')).to_be_visible()


async def test_a_reload_comes_back_to_the_same_place(page: Page) -> None:
    await page.mouse.move(600, 500)
    for _ in range(6):
        await page.mouse.wheel(0, 500)
        await page.wait_for_timeout(60)
    await page.wait_for_timeout(900)
    before = await in_view(page)

    await page.reload()
    await page.locator(TILE).first.wait_for()

    async def those_are_back() -> bool:
        return bool(set(before[:3]) & set(await in_view(page)))

    await eventually(those_are_back)


async def test_an_open_post_is_open_after_a_reload(page: Page, served: Served) -> None:
    await page.locator(TILE).nth(3).click()
    await expect(page.locator(VIEWER).first).to_be_visible()

    await page.reload()
    await expect(page.locator(VIEWER).first).to_be_visible()


async def test_nothing_matching_says_so_and_offers_a_way_out(page: Page) -> None:
    await page.keyboard.press("/")
    await page.keyboard.type("zzzzzz")
    await page.wait_for_url("**filter=zzzzzz**")

    await expect(page.get_by_role("button", name="Clear").or_(page.get_by_text("Clear filters")).first).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 860), (1920, 1080)])
@pytest.mark.parametrize("scheme", ["dark", "light"])
async def test_nothing_runs_out_of_the_screen(
    browser: Browser, served: Served, width: int, height: int, scheme: str
) -> None:
    async with opened(browser, served.url, viewport={"width": width, "height": height}, color_scheme=scheme) as page:
        await page.locator(f"{TILE} img").first.wait_for()

        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
