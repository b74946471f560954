"""The door of a library with a password: a wrong one is told, the right one opens, signing out closes."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from .homes import Homes, serving

PASSWORD = "a long pass phrase"


async def test_the_right_password_opens_the_library_and_signing_out_closes_it(
    browser: Browser, homes: Homes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    homes.filled(tmp_path, posts=12, children=1, seed=3)
    monkeypatch.setenv("SOVIA_PASSWORD", PASSWORD)
    with serving(tmp_path) as url:
        # Not `opened`: browsers log the refusals that this is about as errors.
        profile = await browser.new_context()
        page = await profile.new_page()
        await page.goto(url)
        field = page.get_by_label("Password")
        await expect(field).to_be_focused()

        await field.fill("a wrong one")
        await field.press("Enter")
        await expect(page.get_by_role("alert")).to_contain_text("not the password")

        await field.fill(PASSWORD)
        await field.press("Enter")
        await expect(page.locator("[role=gridcell] img").first).to_be_visible()
        await page.wait_for_timeout(1000)
        await expect(field).to_be_hidden()

        await page.get_by_role("button", name="Sign out").click()
        await expect(field).to_be_visible()
        await profile.close()
