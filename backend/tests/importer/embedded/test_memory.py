"""A folder of any size is read in the same memory, also when its files hold large workflows."""

import tracemalloc
from pathlib import Path

import pytest
from importer.embedded.made import png
from importer.embedded.test_folder import put

from sovia.importer.embedded import folder as folders
from sovia.importer.embedded.folder import open_media

WORKFLOW = '{"nodes": [], "padding": "' + "x" * 30_000 + '"}'


def peak_of(path: Path) -> int:
    opened = open_media(path)
    tracemalloc.start()
    files = sum(len(chunk.posts) for chunk in opened.chunks())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    opened.close()
    assert files == sum(1 for _ in path.rglob("*.png"))
    return peak


def test_a_larger_folder_takes_no_more_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "WINDOW", 32)
    monkeypatch.setattr(folders, "CHUNK_BYTES", 1_000_000)
    for number in range(400):
        name = f"{'small' if number < 100 else 'large'}/{number % 20:02}/{number:04}.png"
        put(tmp_path, name, png({"workflow": WORKFLOW, "Title": str(number)}))

    small, large = peak_of(tmp_path / "small"), peak_of(tmp_path / "large")

    assert large < 1.5 * small + 500_000
