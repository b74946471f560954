"""Files that are not here, brought home in the page: begun, done, and what could not be fetched, with what helps."""

import os
from pathlib import Path

import pytest
from fetching.hostile_server import Server, good, head, raw
from playwright.async_api import Browser, expect
from samples import write_library

from .conftest import opened
from .homes import Homes, import_into, serving


async def test_missing_files_come_home_in_the_page(
    browser: Browser, homes: Homes, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    homes.empty(tmp_path)
    records = write_library(tmp_path, posts=6, seed=3)
    media = sorted(path for path in (tmp_path / "https_").rglob("*") if path.is_file())
    for path in media[:3]:
        server.paths["/" + "/".join(path.relative_to(tmp_path / "https_").parts[1:])] = good(path.read_bytes())
        path.unlink()
    lost = "/" + "/".join(media[0].relative_to(tmp_path / "https_").parts[1:])
    whole = server.paths[lost]
    server.paths[lost] = raw(head(200, Content_Length=20) + b"<html>sign in</html>")
    monkeypatch.setitem(os.environ, "FETCH_STAND_IN", server.place)
    import_into(tmp_path, records)
    with serving(tmp_path) as url:
        async with opened(browser, f"{url}/?room=files") as page:
            await expect(page.get_by_role("heading", name="3 files not here")).to_be_visible()
            await page.get_by_role("button", name="Bring them home").click()

            cause = page.get_by_role("article", name="Not a media file")
            await expect(cause).to_contain_text("1 file", timeout=60_000)
            await cause.get_by_role("button", name="Show files").click()
            await expect(cause).to_contain_text("web page")

            server.paths[lost] = whole
            await cause.get_by_role("button", name="Try again").click()
            await expect(page.get_by_role("heading", name="Nothing is missing")).to_be_visible(timeout=60_000)
    assert all(path.exists() for path in media)
