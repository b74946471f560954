"""Any bytes and any JSON: no exception, and only texts that can be stored."""

import json

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
from sovia.importer.embedded.recognising import recognised

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
