"""Every shape is read in the same memory, however large it is."""

import gzip
import tracemalloc
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import orjson
import pytest
from importer.reading import entry, reading
from importer.records import OWNER, child, number, root

from sovia.importer.export import Export

PAGE = orjson.dumps({"posts": [root(n, child(n + 1000, of=n)) for n in range(100)]})
BODY = orjson.dumps(entry(PAGE))
PICTURE = orjson.dumps(entry(b"x" * 1_000_000, base64=True))


def capture(times: int) -> Iterator[bytes]:
    yield b'{"log":{"version":"1.2","entries":['
    for n in range(times):
        yield (b"," if n else b"") + BODY + b"," + PICTURE
    yield b"]}}"


STUB = {"id": number(1), "original_prompt": "x", "media_type": "video"}


def account(times: int) -> Iterator[bytes]:
    yield b'{"conversations":['
    for n in range(times):
        yield (b"," if n else b"") + orjson.dumps({"responses": ["secret words " * 40_000]})
    yield b'],"tasks":[],"media_posts":['
    yield b",".join(orjson.dumps(STUB) for _ in range(9))
    yield b"]}"


def measured(times: int) -> Iterator[bytes]:
    yield b"{"
    for n in range(times * 300):
        key = f"assets.grok.com/users/{OWNER}/generated/{number(n)}/generated_video.mp4"
        yield (b"," if n else b"") + orjson.dumps({key: {"duration": 6.04, "frames": ["x" * 300]}})[1:-1]
    yield b"}"


def addresses(times: int) -> Iterator[bytes]:
    for n in range(times * 400):
        yield root(n)["mediaUrl"].encode() + b"\n"


SHAPES: dict[str, tuple[Callable[[int], Iterator[bytes]], str]] = {
    "capture": (capture, "har"),
    "account": (account, "account_export"),
    "measured": (measured, "video_metadata"),
    "addresses": (addresses, "urls"),
}


def peak_of(path: Path) -> tuple[str, int, int]:
    """The shape, how many posts there are, and the most memory that reading them took at once."""
    tracemalloc.start()
    export = Export(path)
    posts = sum(len(chunk.posts) for chunk in export.chunks())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    export.close()
    return export.shape, posts, peak


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", SHAPES)
def test_a_larger_file_takes_no_more_memory(
    name: str, packed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sovia.importer.export.CHUNK_POSTS", 200)
    monkeypatch.setattr("sovia.importer.tape.BLOCK", 16_384)
    make, shape = SHAPES[name]

    small, large = (peak_of(written(tmp_path / str(times), make(times), packed=packed)) for times in (3, 12))

    assert small[0] == large[0] == (f"zip of {shape}" if packed else shape)
    assert large[1] == (9 if name == "account" else 4 * small[1])
    assert large[2] < 1.3 * small[2]


def written(path: Path, blocks: Iterable[bytes], *, packed: bool) -> Path:
    """A file of these blocks, by itself or in an archive."""
    if not packed:
        with path.open("wb") as file:
            file.writelines(blocks)
        return path
    with zipfile.ZipFile(path, "w") as archive, archive.open("in.json", "w") as member:
        for block in blocks:
            member.write(block)
    return path


def test_an_answer_too_large_for_posts_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sovia.importer.shapes.har.MAX_ENTRY", 200_000)
    monkeypatch.setattr("sovia.importer.tape.BLOCK", 16_384)
    path = written(tmp_path / "x", [b'{"log":{"entries":[', PICTURE, b",", BODY, b"]}}"], packed=False)

    found = reading(path)

    assert (found.records, found.codes) == (100, ["large_answers"])


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_that_unpacks_without_end_is_left(packed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sovia.importer.unpacking.UNSUSPECTED_BYTES", 100_000)
    monkeypatch.setattr("sovia.importer.unpacking.HEAD_BYTES", 512)
    bomb = gzip.compress(orjson.dumps([root(1)])[:-1] + b"," + b" " * 20_000_000 + b"]")
    path = written(tmp_path / "x", [bomb], packed=packed)

    found = reading(path)

    assert found.posts == [] or found.ids == {number(1)}
    assert "damaged" in found.codes
