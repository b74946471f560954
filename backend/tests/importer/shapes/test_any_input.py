"""Anything at all may come in: it is read or named, and a good neighbour is never lost."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from importer.feeds import asset, event, row
from importer.reading import Reading, har, lines, reading_of, zipped
from importer.records import OWNER, child, number, root

from sovia.importer.errors import NotAnExport
from sovia.importer.shapes.records import LISTS, NAMES_OF_FOLDERS

anywhere = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150, derandomize=True
)

NAMES = (
    *(
        *LISTS,
        *NAMES_OF_FOLDERS,
        "post",
        "asset",
        "nextCursor",
        "conversations",
        "log",
        "entries",
        "response",
        "content",
    ),
    *("text", "encoding", "assetId", "key", "auxKeys", "mediaGenInput", "imageToVideo", "inputAssets", "isDeleted"),
    *("hydratedContext", "parentPostId", "prompt", "duration", "width", "height", "previewImageKey", "ownerUserId"),
    *("inputMediaItems", "originalRefType", "originalPost", "originalPostId", "childPosts", "child_posts", "images"),
    *("variants", "videos", "url", "addedAt", "title", "thumbnail", "link", "type", "mediaType", "media_type", "id"),
    *("mediaUrl", "media_url", "streamingVideoGenerationResponse", "videoUrl", "videoPostId", "imageReference"),
    *("audioUrls", "moderated", f"assets.grok.com/users/{OWNER}/generated/{number(5)}/generated_video.mp4"),
)
single = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        [
            *(
                number(7),
                root(7)["mediaUrl"],
                f"https://grok.com/imagine/post/{number(7)}",
                "base64",
                "true",
                "users/x",
            ),
            *('{"posts":[', "[{", "data: {}", "eyJwb3N0cyI6", "x/preview_image.jpg"),
        ]
    )
)
values = st.recursive(
    single,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=30,
)
GOOD = root(99, child(98, of=99))
IDS = {number(99), number(98)}


def read(folder: Path, content: bytes) -> Reading | None:
    """What comes of it; nothing when it is said to be no export."""
    try:
        return reading_of(folder, content)
    except NotAnExport as error:
        return None if str(error).startswith(("This ", "There ")) else pytest.fail(str(error))


def as_json(value: object) -> bytes:
    """JSON as hostile as Python can write it: NaN, lone surrogates, NUL."""
    return json.dumps(value).encode()


@anywhere
@given(values)
@example({"log": {"entries": [{"response": {"content": {"text": "[{", "encoding": "base64"}}}]}})
@example({"assets": [asset(1, mediaGenInput={"imageToVideo": []}, auxKeys=[])]})
def test_any_value_is_read_or_named(tmp_path: Path, value: Any) -> None:
    for content in (as_json(value), lines(as_json(value)), zipped({"x": as_json(value)})):
        read(tmp_path, content)


@anywhere
@given(st.lists(values, max_size=3), st.sampled_from(LISTS))
def test_a_good_neighbour_comes_in(tmp_path: Path, odd: list[Any], name: str) -> None:
    several = [as_json(one) for one in odd]
    wholes = {
        "list": as_json([*odd, GOOD]),
        "page": as_json({name: [*odd, GOOD]}),
        "lines": lines(as_json(GOOD), *several),
        "later lines": lines(*[one for one in several if one[:1] == b"{"], as_json(GOOD)),
        "capture": as_json(har(as_json(odd), as_json({"posts": [GOOD]}))),
        "zip": zipped({str(place): one for place, one in enumerate(several)} | {"good": [GOOD]}),
    }
    for shape, content in wholes.items():
        found = read(tmp_path, content)
        assert found is not None, shape
        assert found.ids >= IDS, shape


EVERY = [GOOD, asset(1), asset(2, auxKeys={"imagine_official_asset": "true"}), row(3), event(4), event(5, 9)]


@anywhere
@given(st.permutations(EVERY), st.binary(max_size=12), st.integers(0, 4000))
@example(records=[asset(1), asset(2), GOOD], damage=b"\x1f\x8b", place=0)
def test_damage_in_one_place_costs_no_more_than_its_record(
    tmp_path: Path, records: list[Any], damage: bytes, place: int
) -> None:
    parts = [as_json(one) for one in records]
    hurt = place % len(parts)
    at = place % len(parts[hurt])
    parts[hurt] = (parts[hurt][:at] + damage + parts[hurt][at + len(damage) :]).replace(b"\n", b" ")

    found = read(tmp_path, lines(*parts))

    assert found is not None
    good = parts.index(as_json(GOOD)) if as_json(GOOD) in parts else None
    # A quote that was lost ends where the next one begins, which may be in the following line.
    if good is not None and good not in (hurt, hurt + 1):
        assert found.ids >= IDS


@anywhere
@given(
    st.binary(max_size=200), st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"{", b"[", b'{"log":{'])
)
def test_any_bytes_are_read_or_named(tmp_path: Path, content: bytes, before: bytes) -> None:
    read(tmp_path, before + content)
    read(tmp_path, zipped({"x": before + content}))


@anywhere
@given(st.integers(0, 600), st.binary(min_size=1, max_size=8))
def test_a_damaged_archive_is_read_or_named(tmp_path: Path, place: int, damage: bytes) -> None:
    whole = zipped({"a.json": [root(1)], "b.json": [root(2)]})
    at = place % len(whole)

    read(tmp_path, whole[:at] + damage + whole[at + len(damage) :])
    read(tmp_path, whole[:at])


@anywhere
@given(
    st.lists(st.text(max_size=40) | st.sampled_from([root(1)["mediaUrl"], "  out=x", "# x", 'url = "x"']), max_size=6)
)
def test_any_lines_beside_an_address_do_no_harm(tmp_path: Path, others: list[str]) -> None:
    address = f"https://grok.com/imagine/post/{number(9)}"
    content = "\n".join([address, *others, child(8, of=1)["mediaUrl"]]).encode(errors="replace")

    found = read(tmp_path, content)

    assert found is not None
    assert found.ids >= {number(8), number(9)}
