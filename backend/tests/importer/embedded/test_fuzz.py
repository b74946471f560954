"""Any bytes and any JSON: no exception, and only texts that can be stored."""

import io
import json

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from importer.embedded.made import (
    SIGNATURE,
    box,
    check,
    chunk,
    png_of,
    read,
)

from sovia.importer.embedded.found import Found
from sovia.importer.embedded.posts import new_post_of
from sovia.importer.embedded.recognising import recognised
from sovia.importer.embedded.taking import take
from sovia.library.arrivals import Arrival

ISO = box(b"ftyp", b"isom", bytes(4), b"isom")
STARTS = [SIGNATURE, b"\xff\xd8\xff\xe1", b"RIFF\x00\x10\x00\x00WEBPEXIF", ISO]
NAMES = ["parameters", "prompt", "workflow", "Comment", "exif:UserComment", "invokeai_metadata", "Dream", "Description"]
CHUNKS = st.sampled_from([b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"caBX", b"tIME"])
KEYS = st.sampled_from(["prompt", "inputs", "class_type", "nodes", "3", "6", "text", "positive", "seed", "image", "x"])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["3", "6"])
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=25
)


@settings(max_examples=400, deadline=None)
@given(start=st.sampled_from(STARTS), rest=st.binary(max_size=400))
def test_any_bytes(start: bytes, rest: bytes) -> None:
    read(start + rest)


@settings(max_examples=300, deadline=None)
@given(
    kinds=st.lists(
        st.tuples(st.sampled_from([b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"caBX", b"tIME"]), st.binary(max_size=80))
    )
)
def test_any_chunks(kinds: list[tuple[bytes, bytes]]) -> None:
    read(png_of(*(chunk(kind, body) for kind, body in kinds)))


@settings(max_examples=500, deadline=None)
@given(texts=st.dictionaries(st.sampled_from(NAMES), TREES.map(json.dumps) | st.text(max_size=60), max_size=4))
def test_any_json(texts: dict[str, str]) -> None:
    found = Found()
    for name, text in texts.items():
        found.add(name, text)

    check(found, recognised(found.texts))


def arrival_of(content: bytes, beside: dict[str, str]) -> Arrival:
    """The post of any file, packed for the database."""
    taken = take(io.BytesIO(content), "a.png")
    assert taken is not None
    taken.beside = beside
    post = new_post_of(taken)
    for words in (post.prompt, post.original_prompt, post.model or "", orjson.dumps(post.raw).decode()):
        words.encode()
        assert "\x00" not in words
        assert "\\u0000" not in words.replace("\\\\", "")
    return Arrival.of(post)


ODD = ["\x00", "\ud800", "a\x00b", "x"]


@settings(max_examples=150, deadline=None)
@given(
    texts=st.dictionaries(st.sampled_from(NAMES), TREES.map(json.dumps) | st.text(max_size=60), max_size=3), more=TREES
)
def test_any_file_becomes_a_post_that_can_be_stored(texts: dict[str, str], more: object) -> None:
    content = png_of(*(chunk(b"iTXt", name.encode() + bytes(5) + text.encode()) for name, text in texts.items()))

    assert arrival_of(content, {"a.json": json.dumps(more)}).kind == "image"


@pytest.mark.parametrize("words", ODD)
@pytest.mark.parametrize("seed", [-(1 << 64), -(1 << 63), (1 << 64) - 1, 1 << 64, "x", 1e300, 1.5, True])
def test_json_may_spell_what_no_text_holds(words: str, seed: object) -> None:
    settings = json.dumps(
        {"prompt": words, "seed": seed, "model": words, "sampler": words, "uc": words, "odd": float("nan")}
    )

    arrival_of(png_of(chunk(b"iTXt", b"parameters" + bytes(5) + settings.encode())), {"a.json": settings})
