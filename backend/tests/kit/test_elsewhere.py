"""Generators in processes of their own: their items in order, their errors here, and no process left behind."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from sovia.importer.errors import NotAnExport
from sovia.importer.options import Options
from sovia.importer.sources import Part
from sovia.kit.elsewhere import BrokeOff, items_of


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and was not collected does not."""
    with suppress(OSError):
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    return False


def test_items_come_in_order() -> None:
    assert list(items_of("builtins:range", 3, 2000)) == list(range(3, 2000))


def test_a_large_item_comes_whole() -> None:
    assert [len(item) for item in items_of("itertools:repeat", b"x" * 10_000_000, 2)] == [10_000_000, 10_000_000]


def test_what_is_raised_there_is_raised_here(tmp_path: Path) -> None:
    page = tmp_path / "page.json"
    page.write_text("<html>" + " " * 10)

    with pytest.raises(NotAnExport, match="web page"):
        list(items_of("sovia.importer.ahead:made_ready", [Part(page, page.name)], Options()))


def test_a_process_that_dies_is_noticed() -> None:
    with pytest.raises(BrokeOff):
        list(items_of("os:kill", 0, 9))


def test_closing_ends_the_process() -> None:
    items = items_of("itertools:count")
    assert next(items) == 0
    child = next(int(path.name) for path in children() if b"elsewhere" in command(path))

    items.close()

    assert not alive(child)


async def test_a_print_does_not_get_between_the_items() -> None:
    found = await asyncio.to_thread(list, items_of("builtins:map", print, ["hello"]))

    assert found == [None]


def children() -> Iterator[Path]:
    """The processes that this one started."""
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if int((path / "stat").read_text().rpartition(")")[2].split()[1]) == os.getpid():
                yield path


def command(path: Path) -> bytes:
    """A process's command line."""
    with suppress(OSError):
        return (path / "cmdline").read_bytes()
    return b""
