"""Sections of the gallery are folded away and opened again: by mouse, by keyboard and by touch."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from .conftest import Served
from .hands import box_of

TILE = "[role=gridcell][data-position]"
HEADING = ".canvas [data-fold]"
# The heading that stays at the top while its section passes.
STICKY = ".sticky [data-fold]"


@pytest.fixture
async def models(page: Page, served: Served) -> Page:
    """The library by model, which makes several sections."""
    await page.goto(f"{served.url}/?sort=model")
    await page.locator(TILE).first.wait_for()
    return page


def tile(page: Page, position: int) -> Locator:
    return page.locator(f'[role=gridcell][data-position="{position}"]').first


def fold(page: Page, start: int) -> Locator:
    return page.locator(f'.canvas [data-fold="{start}"]')


async def start_of(heading: Locator) -> int:
    return int(await heading.get_attribute("data-fold") or -1)


async def test_from_deep_inside_a_section_its_heading_comes_to_the_top(models: Page, served: Served) -> None:
    grid = models.get_by_role("grid", name="Posts")
    await grid.evaluate("grid => { grid.scrollTop = 300 }")
    await models.locator(".sticky .heading").hover()
    await models.locator(STICKY).click()

    first = fold(models, 0)
    await expect(first).to_have_attribute("aria-expanded", "false")
    assert abs((await box_of(first))["y"] - (await box_of(grid))["y"]) < 40
    await expect(tile(models, 0)).to_have_count(0)
    # The heading after it is right below, and folds without moving.
    second = models.locator(f'{HEADING}[aria-expanded="true"]').first
    start, before = await start_of(second), await box_of(second)
    await second.click(force=True)
    await expect(fold(models, start)).to_have_attribute("aria-expanded", "false")
    assert abs((await box_of(fold(models, start)))["y"] - before["y"]) <= 1

    line = models.get_by_role("slider", name="Place in the library")
    await line.focus()
    await models.keyboard.press("End")
    await expect(line).to_have_attribute("aria-valuenow", re.compile(r"^\d+$"))
    await models.reload()
    await models.locator(HEADING).first.wait_for()
    await expect(models.locator(f'{HEADING}[aria-expanded="false"]')).to_have_count(2)
    # Another view has its own.
    await models.goto(f"{served.url}/?sort=date_asc")
    await models.locator(TILE).first.wait_for()
    await expect(models.locator(f'{HEADING}[aria-expanded="false"]')).to_have_count(0)


async def test_by_keys_alone_sections_are_folded_walked_over_and_opened(models: Page) -> None:
    await tile(models, 0).focus()
    await models.keyboard.press("k")
    first = fold(models, 0)
    await expect(first).to_be_focused()
    await expect(first).to_have_attribute("aria-expanded", "false")
    await expect(models.locator(HEADING).nth(1)).to_be_visible()
    second = await start_of(models.locator(HEADING).nth(1))

    await models.keyboard.press("ArrowRight")
    await expect(tile(models, second)).to_be_focused()
    await models.keyboard.press("ArrowLeft")
    await expect(first).to_be_focused()
    # Nothing that cannot be seen is chosen or judged.
    await models.keyboard.press("x")
    await expect(models.get_by_text("1 selected")).to_have_count(0)
    await models.keyboard.press("Enter")
    await expect(first).to_have_attribute("aria-expanded", "true")
    await expect(first).to_be_focused()
    await models.keyboard.press("ArrowDown")
    await expect(tile(models, 0)).to_be_focused()

    await models.keyboard.press("Shift+K")
    await expect(models.locator(f'{HEADING}[aria-expanded="true"]')).to_have_count(0)
    await expect(models.locator(TILE)).to_have_count(0)
    await expect(first).to_be_focused()
    await models.keyboard.press("Shift+K")
    await expect(models.locator(f'{HEADING}[aria-expanded="false"]')).to_have_count(0)
    await expect(tile(models, 0)).to_be_focused()


async def test_a_finger_folds_and_opens_a_section_in_every_layout(phone: Page, served: Served) -> None:
    for layout in ("square", "masonry", "list", "feed"):
        await phone.goto(f"{served.url}/?sort=model&layout={layout}")
        await tile(phone, 0).wait_for()
        await phone.locator(STICKY).tap()
        await expect(fold(phone, 0)).to_have_attribute("aria-expanded", "false")
        await expect(tile(phone, 0)).to_have_count(0)
        await phone.locator(STICKY).tap()
        await expect(fold(phone, 0)).to_have_attribute("aria-expanded", "true")
        await expect(tile(phone, 0)).to_be_visible()
