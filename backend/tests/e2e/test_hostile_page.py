"""A library that was made to attack its page: every word of it is shown as text, and nothing of it runs."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hostile import child, hostile_records, hostile_values, identity, plain
from playwright.async_api import Browser, Page, expect
from samples import broken_files, place_of, tiny_picture

from .conftest import Served, fresh, go_to, take_in
from .homes import PATIENCE_SECONDS, Homes, command, serving

TILE = "[role=gridcell]"
IMAGE = "<img src=x onerror=alert(1)>"
SCRIPT = "</script><script>alert(1)</script>"
ATTRIBUTE = "\"><svg onload=alert(1)>' onclick='alert(1)` );alert(1)//"
TEXTS = {
    1: f"{IMAGE} a fox",
    2: f"{SCRIPT}{{@html '<b>'}} ${{alert(1)}}",
    3: ATTRIBUTE,
    4: "file \u202egnp.exe\u202c after the override, \u2066isolated\u2069 and \u200ejust a mark",
    5: "Z" + "\u0351" * 400 + "algo",
    6: "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 family \U0001f3f3\ufe0f\u200d\U0001f308 and more",
    7: "قطة صغيرة تحت المطر، mixed with English وعربي مرة أخرى",
    8: "一只橘猫在窗台上晒太阳" * 40,
    9: "x" * 10_489,
    10: "javascript:alert(1)",
}
NAME = f"{IMAGE.replace('/', '')}\u202enosj.json"
# The id, so that an import's problems and a path hold it too.
BAD_ID = f"{IMAGE}\u202e"


def attack() -> list[Any]:
    """Sixty odd records, and the ones that are no posts at all."""
    own = [
        plain(
            700 + number,
            prompt=text,
            modelName=text[:200],
            mode=text[:200],
            mediaUrl=f"https://assets.grok.com/users/{number}/{('a' * 80)}{number}.png",
            mimeType="image/svg+xml" if number % 2 else "text/html",
            childPosts=[child(800 + number, 700 + number, originalPrompt=f"{text[:400]}", mode=ATTRIBUTE)],
            **{IMAGE: {SCRIPT: [ATTRIBUTE, text]}},
        )
        for number, text in TEXTS.items()
    ]
    addresses = [
        plain(720, mediaUrl="javascript:alert(1)", prompt="address that runs"),
        plain(721, mediaUrl=f"https://assets.grok.com/{IMAGE}\"'.png", prompt="address with marks"),
        plain(722, mediaUrl=f"data:text/html,{SCRIPT}", prompt="address that is a page"),
        plain(723, audioUrls=["javascript:alert(1)", "data:text/html,x"], prompt="sounds that run"),
    ]
    unreadable = [{"id": BAD_ID, "mediaUrl": {IMAGE: SCRIPT}}, {"id": 7, "prompt": IMAGE}, IMAGE, [SCRIPT]]
    return [*own, *addresses, *hostile_records(), *hostile_values(), *unreadable]


def write_attack(home: Path) -> Path:
    """The export under its own evil name, with files that are not what they are called."""
    records = attack()
    lies = [body for name, body in broken_files().items() if name not in {"bomb_png", "zeros"}]
    pages = [
        b"<!doctype html><script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    ]
    for number, record in enumerate(records[: len(TEXTS)]):
        path = home / place_of(record["mediaUrl"])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes([*pages, *lies][number // 2] if number % 2 else tiny_picture(str(number)))
        clip = home / place_of(record["childPosts"][0]["mediaUrl"])
        clip.parent.mkdir(parents=True, exist_ok=True)
        clip.write_bytes(pages[number % 2])
    export = home / NAME
    # Lone surrogates are no UTF-8; JSON has them as escapes.
    export.write_text(json.dumps(records), "utf-8")
    return export


@pytest.fixture(scope="module")
def attacked(homes: Homes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server whose library is nothing but attempts."""
    home = homes.empty(tmp_path_factory.mktemp("attacked"))
    export = write_attack(home)
    importing = command(home, "import", str(export))
    said, _ = importing.communicate(timeout=PATIENCE_SECONDS)
    assert importing.returncode in {0, 1}, said
    with serving(home) as url:
        yield Served(url, home, [])


@pytest.fixture(params=[390, 1280])
async def page(browser: Browser, attacked: Served, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """A phone and a laptop before they open anything; what the policy of a page will have to stop fails the test."""
    async with fresh(browser, attacked.url, viewport={"width": request.param, "height": 844}) as found:
        await found.add_init_script(
            "addEventListener('securitypolicyviolation', e => console.error('policy: ' + e.violatedDirective))"
        )
        yield found


async def open_gallery(page: Page, attacked: Served) -> None:
    await go_to(page, f"{attacked.url}/")
    await page.locator(TILE).first.wait_for()


async def holds(page: Page) -> None:
    """Nothing of the library became an element of the page, and nothing sticks out of the screen."""
    await page.wait_for_timeout(250)
    foreign = await page.evaluate(
        """() => [...document.querySelectorAll('script[src], iframe, object, embed, [onerror], [onload], [onclick],'
             + 'img[src="x"], a[href^="javascript:"], [src^="javascript:"]')].map(node => node.outerHTML)"""
    )
    assert foreign == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    wide = await page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter(node => {
             const box = node.getBoundingClientRect()
             if (!box.width || getComputedStyle(node).position === 'fixed') return false
             for (let up = node.parentElement; up; up = up.parentElement)
               if (/auto|scroll|hidden|clip/.test(getComputedStyle(up).overflowX)) return false
             return box.right > innerWidth + 1 || box.left < -1
           }).map(node => node.outerHTML.slice(0, 160))"""
    )
    assert wide == []
    # What scrolls, scrolls downwards only, but for the lines that are meant to scroll sideways.
    sideways = await page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter(node => node.scrollWidth > node.clientWidth + 1
             && /auto|scroll/.test(getComputedStyle(node).overflowX) && node.clientWidth > 0
             && !node.matches('code, pre, [aria-label=Filmstrip]')).map(node => node.outerHTML.slice(0, 160))"""
    )
    assert sideways == []


async def test_every_tile_of_the_gallery_is_harmless(page: Page, attacked: Served) -> None:
    """SEC11."""
    await open_gallery(page, attacked)
    for _ in range(8):
        await holds(page)
        await page.mouse.move(180, 400)
        await page.wait_for_timeout(200)
        await page.mouse.wheel(0, 700)
    names = await page.locator(TILE).evaluate_all("tiles => tiles.map(tile => tile.getAttribute('aria-label')).join()")
    assert names


@pytest.mark.parametrize("number", [*TEXTS, 20, 21, 22, 23])
async def test_the_viewer_shows_a_hostile_post_as_text(page: Page, attacked: Served, number: int) -> None:
    """SEC11."""
    await go_to(page, f"{attacked.url}/?post={identity(700 + number)}")
    viewer = page.get_by_role("dialog", name="Viewer")
    prompt = viewer.locator(".prompt").first
    await expect(prompt).to_be_visible()
    if number in TEXTS:
        assert (await prompt.text_content() or "").startswith(TEXTS[number][:60].rstrip())
    await holds(page)

    for more in await viewer.get_by_role("button", name="Show all").all():
        await more.click()
    await page.keyboard.press("w")
    await expect(viewer.get_by_role("heading", name="Raw record")).to_be_visible()
    for _ in range(4):
        await page.evaluate("() => document.querySelectorAll('.panel details:not([open])').forEach(d => d.open = true)")
        await page.wait_for_timeout(30)
    if number in TEXTS:
        await expect(viewer.locator(".panel")).to_contain_text(IMAGE)
    await holds(page)

    await viewer.get_by_role("button", name="More", exact=True).click()
    await expect(page.get_by_role("menu")).to_be_visible()
    await holds(page)


@pytest.mark.parametrize("number", [1, 3, 5])
async def test_a_clip_that_is_a_web_page_is_explained_not_shown(page: Page, attacked: Served, number: int) -> None:
    await go_to(page, f"{attacked.url}/?post={identity(800 + number)}")

    viewer = page.get_by_role("dialog", name="Viewer")
    await expect(viewer.get_by_role("heading", level=1)).to_be_visible()
    assert await viewer.locator("video").count() == 0
    await holds(page)


@pytest.mark.parametrize(
    "text", [IMAGE, ATTRIBUTE, "\u202e", "model:", "mode:", f'model:"{IMAGE}"', "قطة", "\0", "%00"]
)
async def test_searching_for_an_attack_is_just_a_search(page: Page, attacked: Served, text: str) -> None:
    await open_gallery(page, attacked)
    box = page.get_by_role("combobox", name="Search prompts")
    await box.fill(text)
    await page.wait_for_timeout(300)
    await holds(page)
    await box.press("Enter")
    await page.wait_for_timeout(300)
    await holds(page)

    await page.reload()
    await page.wait_for_timeout(300)
    await holds(page)


async def test_filters_show_hostile_names_as_names(page: Page, attacked: Served) -> None:
    await open_gallery(page, attacked)
    if (await page.evaluate("innerWidth")) < 1100:
        await page.get_by_role("button", name="Filters").click()
    rows = page.locator(".check-row", has_text=IMAGE)
    await expect(rows.first).to_be_visible()
    await holds(page)

    await rows.first.click()
    await page.wait_for_url("**filter=model**")
    await holds(page)


async def test_the_report_of_a_hostile_import_is_text(page: Page, attacked: Served) -> None:
    await go_to(page, f"{attacked.url}/?room=import")
    await page.get_by_role("button", name="onerror").last.click()

    await expect(page.get_by_role("heading", name="in the library")).to_be_visible()
    await expect(page.locator(".problems")).to_be_visible()
    await holds(page)
    for _ in range(8):
        if not await page.get_by_role("button", name="Show more").count():
            break
        await page.get_by_role("button", name="Show more").click()
        await page.wait_for_timeout(150)
    await page.evaluate("() => document.querySelectorAll('.problems details').forEach(d => d.open = true)")
    await expect(page.locator(".problems")).to_contain_text(IMAGE)
    await holds(page)


async def test_an_export_with_an_evil_name_that_is_refused_says_so_as_text(page: Page, attacked: Served) -> None:
    await go_to(page, f"{attacked.url}/?room=import")
    await page.get_by_label("Export files").set_input_files(
        {"name": NAME, "mimeType": "application/json", "buffer": f"{SCRIPT}{IMAGE}".encode()}
    )

    await expect(page.get_by_role("alert")).to_contain_text("onerror")
    await holds(page)


async def test_jobs_with_evil_titles_are_text(page: Page, attacked: Served) -> None:
    await go_to(page, f"{attacked.url}/?room=import")
    await page.get_by_label("Export files").set_input_files(attacked.home / NAME)
    await take_in(page)
    await go_to(page, f"{attacked.url}/?room=jobs")

    await expect(page.get_by_text(IMAGE, exact=False).first).to_be_visible()
    await holds(page)


async def test_an_address_that_lies_about_the_view_is_harmless(page: Page, attacked: Served) -> None:
    for query in (
        f"model={IMAGE}&mode={SCRIPT}",
        f"post={IMAGE}",
        f"room={SCRIPT}&sort={IMAGE}",
        "at=%00&state=%3Cb%3E",
    ):
        await go_to(page, f"{attacked.url}/?{query}")
        await page.wait_for_timeout(300)
        await holds(page)


@pytest.mark.parametrize(
    "room", ["room=prompts", "room=statistics", "room=collections", "room=trash", "room=similar", "board=1"]
)
async def test_every_room_shows_hostile_names_as_text(page: Page, attacked: Served, room: str) -> None:
    """SEC11: prompts, models, names of collections, in rooms beside the gallery."""
    async with attacked.client() as client:
        cards = (await client.get("/api/cards", params={"chunk": 0, "tz": "UTC"})).json()["cards"]
        ids = [card["id"] for card in cards[:4]]
        made = (
            await client.post("/api/collections", json={"name": f"{IMAGE[:80]}", "ids": ids, "notes": IMAGE})
        ).json()
        thrown = (
            await client.post("/api/posts/trash", json={"ids": [identity(700 + number) for number in TEXTS]})
        ).json()
        if room != "room=trash":
            await client.post(f"/api/operations/{thrown['operation']['id']}/undo")
        query = {"room=similar": f"{room}&of={ids[0]}", "board=1": f"{room}&filter=in%3A{made['id']}"}.get(room, room)
        await go_to(page, f"{attacked.url}/?{query}")
        await page.wait_for_timeout(600)
        await holds_apart_from_the_board(page, room)
        if room == "room=trash":
            await expect(page.locator("[data-trashed]").first).to_be_visible()
        await client.post("/api/trash/restore", json={"all": True})
        await client.delete(f"/api/collections/{made['id']}")


async def holds_apart_from_the_board(page: Page, room: str) -> None:
    """A board is meant to scroll sideways."""
    if room != "board=1":
        return await holds(page)
    assert await page.locator("[data-column] script, [data-column] [onerror], [src^='javascript:']").count() == 0
    return None
