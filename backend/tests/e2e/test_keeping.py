"""A person finds a flipped bit and mends it, and goes back to yesterday's backup, all in the page."""

import asyncio
import os
import shutil
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from .conftest import opened
from .homes import Homes, command, serving

LONG = 90_000
LIKES = "fetch('/api/media').then((answer) => answer.json()).then((all) => all.map((one) => [one.id, one.like_status]))"


@pytest.fixture
def home(homes: Homes, tmp_path: Path) -> Path:
    """A library of twelve stacks, looked into."""
    homes.filled(tmp_path, posts=12, children=1, seed=3)
    return tmp_path


def a_picture(home: Path) -> Path:
    """One of the media."""
    below = home / "https_"
    found = (path for path in sorted(below.rglob("*")) if path.is_file() and "_derived" not in path.parts)
    return next(path for path in found if path.stat().st_size > 1000)


def flip(path: Path) -> bytes:
    """Turn one bit round, as a disk does it: nothing else says so. The right bytes."""
    about, right = path.stat(), path.read_bytes()
    wrong = bytearray(right)
    wrong[len(wrong) // 2] ^= 4
    path.write_bytes(wrong)
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    return right


async def open_keeping(page: Page) -> None:
    """By keyboard, once the library is there: keys that come before it would be lost."""
    await page.locator("[role=gridcell]").first.wait_for()
    await page.keyboard.press("g")
    await page.keyboard.press("k")
    await expect(page.get_by_role("heading", name="Backups")).to_be_visible()


async def hold_undo(page: Page) -> None:
    """Rest on the offer to undo: it goes after ten seconds otherwise, and a busy machine may mend for longer."""
    await page.get_by_role("button", name="Undo").hover()


async def test_a_flipped_bit_is_found_and_mended(browser: Browser, home: Path) -> None:
    picture = a_picture(home)
    # Somebody has kept a copy among the media, under a name that no post knows.
    shutil.copyfile(picture, picture.with_name("an older copy"))
    right = flip(picture)
    with serving(home) as url:
        async with opened(browser, f"{url}/?filter=type:image OR type:video") as page:
            await open_keeping(page)

            await page.get_by_role("button", name="Prove what the filter finds").click()
            await expect(page.get_by_text("Not the bytes it had")).to_be_visible(timeout=LONG)
            await expect(page.get_by_text("is not what it was").first).to_be_visible()
            await page.get_by_role("button", name="Put right", exact=True).click()
            await expect(page.get_by_role("heading", name="Not as they were")).to_have_count(0, timeout=LONG)

            await page.keyboard.press("g")
            await page.keyboard.press("b")
            await expect(page.get_by_text("last proven today")).to_be_visible(timeout=LONG)
            await page.get_by_role("button", name="Put this line away").click()
            await expect(page.get_by_text("last proven today")).to_have_count(0)
    assert picture.read_bytes() == right
    assert len(list((home / ".sovia" / "put-aside").iterdir())) == 1


async def test_a_flipped_bit_is_mended_where_it_is_seen_and_that_is_undone(browser: Browser, home: Path) -> None:
    """From the gallery's filter into the viewer: put right, undone, accepted as it is."""
    picture = a_picture(home)
    shutil.copyfile(picture, picture.with_name("an older copy"))
    right = flip(picture)
    wrong = picture.read_bytes()
    with serving(home) as url:
        async with opened(browser, f"{url}/?filter=fault:any") as page:
            await page.evaluate(
                """() => fetch('/api/keeping/proofs', {method: 'POST', headers: {'Content-Type': 'application/json'},
                  body: '{"filter": "", "full": true}'})"""
            )
            await page.locator("[role=gridcell]").first.click(timeout=LONG)
            details = page.get_by_role("complementary", name="Details")
            await expect(details.get_by_text("Not the bytes it had")).to_be_visible(timeout=LONG)

            await details.get_by_role("button", name="Put right", exact=True).click()
            await hold_undo(page)
            await expect(details.get_by_text("Not the bytes it had")).to_have_count(0, timeout=LONG)
            assert picture.read_bytes() == right

            await page.get_by_role("button", name="Undo").click()
            await expect(details.get_by_text("Not the bytes it had")).to_be_visible(timeout=LONG)
            assert picture.read_bytes() == wrong

            await details.get_by_role("button", name="Accept as it is", exact=True).click()
            await expect(details.get_by_text("Not the bytes it had")).to_have_count(0, timeout=LONG)
    assert picture.read_bytes() == wrong


async def test_a_flipped_bit_is_mended_from_the_second_place_and_that_is_undone(
    browser: Browser, home: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another disk as the second place: set up as the page says, filled, proven, and asked when it is needed."""
    picture = a_picture(home)
    with serving(home) as url:
        async with opened(browser, url) as page:
            await open_keeping(page)
            setting = (await page.locator("pre[aria-label=Settings]").inner_text()).strip()
    name, _, _ = setting.partition("=")
    other = tmp_path_factory.mktemp("other disk")
    monkeypatch.setenv(name, str(other))

    with serving(home) as url:
        async with opened(browser, url) as page:
            await open_keeping(page)
            await page.get_by_role("button", name="Copy now").click()
            await expect(page.get_by_text("nothing waits")).to_be_visible(timeout=LONG)
            await page.get_by_role("button", name="Prove the mirror").click()
            await expect(page.get_by_text("All of it proven since")).to_be_visible(timeout=LONG)
            assert (other / picture.relative_to(home)).read_bytes() == picture.read_bytes()
            right = flip(picture)
            wrong = picture.read_bytes()

            await page.get_by_role("button", name="Prove all files").click()
            await expect(page.get_by_text("Not the bytes it had")).to_be_visible(timeout=LONG)
            await page.get_by_role("button", name="Put right", exact=True).click()
            await hold_undo(page)
            await expect(page.get_by_role("heading", name="Not as they were")).to_have_count(0, timeout=LONG)
            assert picture.read_bytes() == right

            await page.get_by_role("button", name="Undo").click()
            await expect(page.get_by_text("Not the bytes it had")).to_be_visible(timeout=LONG)
            assert picture.read_bytes() == wrong
    assert (other / picture.relative_to(home)).read_bytes() == right


async def test_yesterday_s_backup_is_restored(browser: Browser, home: Path) -> None:
    with serving(home) as url:
        async with opened(browser, url) as page:
            await open_keeping(page)
            await page.get_by_role("button", name="Back up now").click()
            backups = page.get_by_role("list", name="Backups")
            await expect(backups.get_by_text("Proven")).to_be_visible(timeout=LONG)
            before = await page.evaluate(LIKES)
            first = (await page.evaluate("fetch('/api/media?limit=1').then((a) => a.json())"))[0]
            await page.evaluate(
                """([id, liked]) => fetch(`/api/media/${id}/like`, {
                  method: 'PUT', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({liked})})""",
                [first["id"], not first["like_status"]],
            )
            assert await page.evaluate(LIKES) != before

            await page.get_by_role("button", name="Restore that of").first.click()
            await expect(page.get_by_role("dialog")).to_contain_text("backed up first")
            await page.get_by_role("button", name="Restore", exact=True).click()
            await expect(page.get_by_text("The library was restored")).to_be_visible(timeout=LONG)

            after = await page.evaluate(LIKES)
            assert after == before
            await expect(backups.get_by_text("Before a restore")).to_be_visible(timeout=LONG)


async def test_a_new_installation_begins_with_a_backup(
    browser: Browser, home: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """From the page of the first run: what another installation has backed up becomes the library."""
    backing_up = command(home, "backup")
    said, _ = await asyncio.to_thread(backing_up.communicate)
    assert backing_up.returncode == 0, said
    fresh = tmp_path_factory.mktemp("another machine")
    shutil.copytree(home / "archive", fresh / "archive")
    with serving(fresh) as url:
        async with opened(browser, url) as page:
            await expect(page.get_by_role("heading", name="Bring your pictures home")).to_be_visible()
            await page.get_by_role("link", name="Restore a backup").click()
            await page.get_by_role("button", name="Restore that of").first.click()
            await page.get_by_role("button", name="Restore", exact=True).click()
            await expect(page.get_by_text("The library was restored")).to_be_visible(timeout=LONG)
            await page.keyboard.press("g")
            await page.keyboard.press("b")
            await expect(page.locator("[role=gridcell]")).to_have_count(12, timeout=LONG)
