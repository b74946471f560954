"""An export of any size is read in the same memory."""

import gzip
import tracemalloc
from pathlib import Path

import orjson
import pytest
from importer.records import child, root

from sovia.importer.ahead import ReadyChunk, made_ready
from sovia.importer.options import Options
from sovia.importer.sources import Part

RECORDS = b",".join(orjson.dumps(root(n, child(n + 1000, of=n))) for n in range(200))


def written(path: Path, times: int, *, packed: bool) -> Path:
    """An export of the same records so many times; about 300 kB each time."""
    with gzip.open(path, "wb", compresslevel=1) if packed else path.open("wb") as file:
        file.write(b"[")
        for number in range(times):
            file.write(b"," * (number > 0) + RECORDS)
        file.write(b"]")
    return path


def peak_of(path: Path) -> tuple[int, int]:
    """How many posts it has, and the most memory that reading them took at once."""
    tracemalloc.start()
    posts = sum(
        len(item.posts) for item in made_ready([Part(path, path.name)], Options()) if isinstance(item, ReadyChunk)
    )
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return posts, peak


@pytest.mark.parametrize("packed", [False, True])
def test_a_larger_export_takes_no_more_memory(packed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sovia.importer.export.CHUNK_POSTS", 500)

    small, large = (peak_of(written(tmp_path / str(times), times, packed=packed)) for times in (12, 48))

    assert (small[0], large[0]) == (12 * 400, 48 * 400)
    assert large[1] < 1.3 * small[1]


@pytest.mark.parametrize("byte", [b"x", b" ", b"9"])
def test_a_value_of_any_size_is_never_held_whole(byte: bytes, tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_bytes(b"[" + RECORDS + b"," + (b'"' if byte == b"x" else b"") + byte * 60_000_000)

    posts, peak = peak_of(path)

    assert posts == 400
    assert peak < 30_000_000
