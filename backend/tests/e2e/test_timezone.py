"""The page tells times as the clock on the person's wall does, wherever the server stands."""

from collections.abc import Iterator

import pytest
from hostile import identity, plain
from playwright.async_api import Browser, expect
from samples import place_of, tiny_picture

from .conftest import opened
from .homes import Homes, import_into, serving

# By UTC the first is of 7 October and the second of the 8th; in Riyadh, three hours ahead, both are of the 8th.
MADE = {1: "2025-10-07T22:30:00.5Z", 2: "2025-10-08T01:44:00Z"}


@pytest.fixture(scope="module")
def nightly(homes: Homes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with pictures made around midnight, enough of them for a day to have its own heading."""
    home = homes.empty(tmp_path_factory.mktemp("nightly"))
    records = [plain(number, createTime=MADE[2 - number % 2]) for number in range(1, 41)]
    for record in records:
        path = home / place_of(record["mediaUrl"])
        path.parent.mkdir(parents=True)
        path.write_bytes(tiny_picture("night", "JPEG", (120, 120)))
    import_into(home, records)
    with serving(home) as url:
        yield url


@pytest.mark.parametrize(
    ("zone", "first", "second", "days"),
    [
        ("Asia/Riyadh", "8 Oct 2025, 01:30", "8 Oct 2025, 04:44", ["Wednesday 8 October 2025"]),
        ("UTC", "7 Oct 2025, 22:30", "8 Oct 2025, 01:44", ["Wednesday 8 October 2025", "Tuesday 7 October 2025"]),
        ("America/New_York", "7 Oct 2025, 18:30", "7 Oct 2025, 21:44", ["Tuesday 7 October 2025"]),
    ],
)
async def test_days_and_times_are_those_of_the_persons_zone(
    browser: Browser, nightly: str, zone: str, first: str, second: str, days: list[str]
) -> None:
    async with opened(browser, nightly, timezone_id=zone, viewport={"width": 1280, "height": 1600}) as page:
        await page.locator("[role=gridcell]").first.wait_for()
        headings = page.get_by_role("rowheader")
        await expect(headings).to_have_count(len(days))
        for heading, day in zip(await headings.all(), days, strict=True):
            await expect(heading).to_contain_text(day)
        for number, time in ((1, first), (2, second)):
            await page.goto(f"{nightly}/?post={identity(number)}")
            await expect(page.get_by_role("complementary", name="Details")).to_contain_text(time)
