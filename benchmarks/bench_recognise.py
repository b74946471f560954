"""How soon the page has recognised and counted an export that was chosen, in a real Chromium against a running server.

    python benchmarks/bench_recognise.py --server http://127.0.0.1:8000 [--export FILE] [--sending]

Without a file one of 100 MB is made. Times count from the choice of the file to the frame that shows its posts, and are
compared with reading the same file in the page and doing nothing with it. Nothing is sent, unless it is asked for:
then the counting has to share the machine with the sending. Medians over the visits are printed.
"""

import argparse
import asyncio
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from bench_page import FLAGS
from playwright.async_api import Browser, async_playwright

BYTES = 100_000_000
# About so many bytes of an export are one parent with its children.
BYTES_OF_PARENT = 6_900
WATCH = """
window.seen = {chosen: null, counted: null, long: 0}
new PerformanceObserver(list => { for (const one of list.getEntries()) seen.long = Math.max(seen.long, one.duration) })
  .observe({entryTypes: ['longtask']})
addEventListener('change', () => { seen.chosen ??= performance.now(); seen.long = 0 }, true)
const look = () => {
  const text = () => document.querySelector('main')?.innerText ?? ''
  if (seen.chosen !== null && seen.counted === null && /\\d posts?\\b/.test(text()))
    seen.counted = performance.now()
  requestAnimationFrame(look)
}
requestAnimationFrame(look)
"""
# Handing a file over is quick in the page's own reader; what is measured is the bytes.
READ = """
async () => {
  const input = document.createElement('input')
  input.type = 'file'
  input.id = 'plain'
  document.body.append(input)
}
"""
PLAIN = """
async () => {
  const file = document.getElementById('plain').files[0]
  const begun = performance.now()
  let bytes = 0
  for (let reader = file.stream().getReader(), part; !(part = await reader.read()).done; ) bytes += part.value.length
  return [performance.now() - begun, bytes]
}
"""


def made(folder: Path) -> Path:
    """An export of about 100 MB."""
    export = folder / "export.json"
    program = str(Path(__file__).with_name("make_export.py"))
    parents = str(BYTES // BYTES_OF_PARENT)
    words = ["posts", "--parents", parents, "--children", "8.1", "--out", str(export)]
    subprocess.run([sys.executable, program, *words], check=True)
    return export


async def visit(browser: Browser, server: str, export: Path, *, sending: bool) -> tuple[float, float, float]:
    """Milliseconds until it is counted, until it is read plainly, and the longest that the page did not answer."""
    profile = await browser.new_context(viewport={"width": 1280, "height": 860})
    page = await profile.new_page()
    await page.add_init_script(WATCH)
    if not sending:
        await page.route("**/api/uploads*", lambda route: route.abort("connectionreset"))
    await page.goto(f"{server.rstrip('/')}/?room=import")
    await page.get_by_label("Export files").set_input_files(export)
    await page.wait_for_function("() => seen.counted !== null", timeout=120_000)
    counted = await page.evaluate("seen.counted - seen.chosen")
    long = await page.evaluate("seen.long")
    await page.evaluate(READ)
    await page.locator("#plain").set_input_files(export)
    plain, size = await page.evaluate(PLAIN)
    await profile.close()
    assert size > 0
    return counted, plain, long


async def main(server: str, export: Path, visits: int, *, sending: bool) -> None:
    """Measure and print."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    assert found, "install Chromium (on Debian: apt-get install chromium)"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=FLAGS.split())
        several = [await visit(browser, server, export, sending=sending) for _ in range(visits)]
        await browser.close()
    counted, plain, long = (statistics.median(values) for values in zip(*several, strict=True))
    print(f"medians of {visits}:")
    print(f"recognised and counted in {counted:,.0f} ms, {counted / plain:.1f} times plain reading ({plain:,.0f} ms)")
    print(f"the page was busy for {long:,.0f} ms at most")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", default="http://127.0.0.1:8000")
    parser.add_argument("--export", type=Path)
    parser.add_argument("--visits", type=int, default=5)
    parser.add_argument("--sending", action="store_true", help="send the file meanwhile, as the page does")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        chosen = given.export or made(Path(folder))
        print(f"{chosen.stat().st_size / 1e6:.0f} MB, ", end="")
        asyncio.run(main(given.server, chosen, given.visits, sending=given.sending))
