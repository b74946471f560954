"""Whatever bytes come, reading them ends soon, in little memory, with storable texts and without an exception."""

import io
import json
import struct
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import pytest
from importer.embedded.made import (
    DESCRIPTION,
    SIGNATURE,
    USER_COMMENT,
    box,
    check,
    chunk,
    graph,
    jpeg,
    manifest,
    mp4,
    png,
    png_of,
    read,
    segment,
    stealth,
    tiff,
    user_comment,
    webp,
    xmp,
)

from sovia.importer.embedded import exif, jumbf
from sovia.importer.embedded import xmp as packets
from sovia.importer.embedded.found import MAX_METADATA, Found
from sovia.importer.embedded.reading import Embedded, read_media
from sovia.importer.embedded.stealth import searched

ISO = box(b"ftyp", b"isom", bytes(4), b"isom")
LONG = 300_000


SAMPLES = {
    "png": lambda _: png({"parameters": "a fox\nSteps: 4, Seed: 1", "prompt": graph()}),
    "jpeg": lambda _: jpeg(
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp(dc_description="x").encode()),
        segment(0xEB, b"JP\0\1\0\0\0\1" + manifest("x", "y")),
        fields={USER_COMMENT: user_comment("a fox"), DESCRIPTION: "fox"},
    ),
    "webp": lambda _: webp({USER_COMMENT: user_comment("a fox")}, xmp=xmp(dc_description="x").encode()),
    "mp4": lambda folder: mp4({"prompt": graph(), "comment": "a fox"}, folder),
}


@pytest.mark.parametrize("kind", SAMPLES)
def test_files_that_end_anywhere(kind: str, tmp_path: Path) -> None:
    whole = SAMPLES[kind](tmp_path)

    for size in range(16, len(whole), max(1, len(whole) // 700)):
        read(whole[:size])


@pytest.mark.parametrize("kind", SAMPLES)
def test_files_with_bytes_exchanged(kind: str, tmp_path: Path) -> None:
    whole = SAMPLES[kind](tmp_path)

    for at in range(16, len(whole), max(1, len(whole) // 400)):
        for byte in (b"\x00", b"\xff"):
            read(whole[:at] + byte + whole[at + 1 :])


def peak_of(content: bytes | Path) -> tuple[Embedded | None, int]:
    tracemalloc.start()
    found = read_media(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found, peak


@pytest.mark.parametrize("kind", ["zTXt", "iTXt"])
def test_a_packed_text_is_not_blown_up(kind: str) -> None:
    packed = zlib.compress(bytes(100_000_000), 9)
    head = b"parameters\0\0" if kind == "zTXt" else b"parameters\0\1\0\0\0"

    found, peak = peak_of(png_of(chunk(kind.encode(), head + packed), chunk(b"tEXt", b"Title\0behind it")))

    assert found is not None
    assert found.found.texts == {"Title": "behind it"}
    assert len(found.found.left_out) == 1
    assert peak < 30_000_000


def test_a_text_of_100_megabytes_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    with path.open("wb") as file:
        file.write(png_of()[:33] + struct.pack(">I4s", 100_000_000, b"tEXt"))
        file.seek(100_000_004, 1)
        file.write(chunk(b"tEXt", b"Title\0behind it") + png_of()[33:])

    found, peak = peak_of(path)

    assert found is not None
    assert (found.found.texts, found.found.left_out) == ({"Title": "behind it"}, ["tEXt is too large to be kept"])
    assert peak < 1_000_000


def test_many_texts_end_somewhere() -> None:
    content = png_of(*(chunk(b"tEXt", b"name%d\0text" % number) for number in range(5000)))

    assert len(read(content).found.texts) == 256


def test_many_large_texts_share_one_limit() -> None:
    content = png_of(*(chunk(b"tEXt", b"name%d\0" % number + b"x" * 900_000) for number in range(9)))

    found = read(content).found

    assert len(found.texts) == 4
    assert len(found.left_out) == 5


@pytest.mark.parametrize("raw", [
    b"UNICODE\0" + b"\x00\xd8a\x00", b"UNICODE\0x", b"UNICODE\0", b"ASCII\0\0\0\xff\xfe\x80", b"JIS\0\0\0\0\0\xff\x1b",
    b"a\x00b", b"\x00" * 50, "\ud800x".encode("utf-16-le", "surrogatepass"), b"\xff\xfe\x00\xdc\x41\x00",
])  # fmt: skip
def test_comments_in_broken_encodings(raw: bytes) -> None:
    for order in "<>":
        read(jpeg(fields={USER_COMMENT: raw}, order=order))


def test_texts_with_nul_are_storable() -> None:
    content = png_of(
        chunk(b"tEXt", b"prompt\0a\0b"), chunk(b"iTXt", b"x\0\0\0\0\0\xed\xa0\x80"), chunk(b"tEXt", b"\0y")
    )

    assert read(content).found.texts["prompt"] == "a\ufffdb"


def chain(length: int, *, ends_in: str) -> str:
    """A sampler whose prompt is at the end of a very long chain, or in a circle."""
    nodes = json.loads(graph())
    for number in range(length):
        following = str(100 + number + 1) if number < length - 1 else ends_in
        nodes[str(100 + number)] = {"class_type": "ConditioningCombine", "inputs": {
            "conditioning_1": [following, 0], "conditioning_2": [following, 0],
        }}  # fmt: skip
    nodes["3"]["inputs"]["positive"] = ["100", 0]
    return json.dumps(nodes)


@pytest.mark.parametrize("ends_in", ["6", "100", "3", "nowhere"])
def test_graphs_that_are_long_or_circular(ends_in: str) -> None:
    found = read(png({"prompt": chain(1500, ends_in=ends_in)})).generation

    assert found is not None
    assert found.prompt == ("a glass bottle" if ends_in == "6" else "")


@pytest.mark.parametrize("change", [
    {"3": None}, {"3": {"class_type": "KSampler", "inputs": None}}, {"3": {"class_type": 5, "inputs": {"seed": []}}},
    {"6": {"class_type": "CLIPTextEncode", "inputs": {"text": ["6", 0]}}}, {"6": {"inputs": {"text": {"a": 1}}}},
    {"6": {"class_type": [], "inputs": {"text": [["x"], 0]}}}, {"": {"inputs": {"": ["3", {}]}}},
])  # fmt: skip
def test_graphs_with_odd_nodes(change: dict[str, Any]) -> None:
    read(png({"prompt": graph(**change)}))


@pytest.mark.parametrize("drawn", [
    {"nodes": [None, 1, {"id": 1}, {"id": [], "type": {}}]}, {"nodes": {}}, {"nodes": [], "links": [[1], {}, None]},
    {"nodes": [{"id": 3, "type": "KSampler", "widgets_values": 5, "inputs": [{"name": 1, "link": 2}]}]},
    {"nodes": [{"id": 3, "type": "KSampler", "widgets_values": [{}] * 9, "inputs": [{"name": "a", "link": {}}]}]},
    {"nodes": [{"id": 3, "inputs": [{"name": "positive", "link": 1}]}], "links": [[1, 3, 0, 3, 0, "x"]]},
    {"nodes": [{"id": 1, "type": "X", "widgets_values": {"a": []}}], "links": [{"id": 1, "origin_id": {}}]},
])  # fmt: skip
def test_workflows_with_odd_nodes(drawn: dict[str, Any]) -> None:
    read(png({"workflow": json.dumps(drawn)}))


@pytest.mark.parametrize("name", ["parameters", "prompt", "workflow", "Comment", "invokeai_metadata", "sd-metadata"])
@pytest.mark.parametrize("text", [
    "[" * LONG, '{"a":' * LONG, '{"prompt": 1e999}', '{"seed": ' + "9" * 5000 + ', "prompt": "x"}', "{" * LONG,
    " " * LONG + "x", "\n" * LONG + "x", '"' * LONG, ", a: b" * 40_000, "Steps: 1, " * 30_000, "[a" * LONG,
    "\t" * LONG + "Steps: 1", "Negative prompt:" * 20_000, '{"prompt": {"nodes": 1}, "image": []}', "a:" * LONG,
    '{"image": {"prompt": [[], {}, 5]}, "prompt": null}', '{"sui_image_params": 5}', " Job ID: " + "a" * 36,
])  # fmt: skip
def test_texts_that_are_made_to_be_slow_or_odd(name: str, text: str) -> None:
    read(png({name: text}))


@pytest.mark.parametrize("text", [
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>', "<a>" * 5000, "<a", "",
    '<x xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description>open', "<x>&undefined;</x>",
])  # fmt: skip
def test_packets_that_are_broken(text: str) -> None:
    found = Found()

    packets.read(text, found)

    assert found.left_out
    check(found, None)


def test_fields_that_lead_back_to_themselves() -> None:
    data = b"II*\0\x08\0\0\0" + struct.pack("<H", 2)
    data += struct.pack("<HHII", 0x8769, 4, 1, 8) + struct.pack("<HHII", 0x010E, 2, 0xFFFFFFFF, 0xFFFFFFF0)
    found = Found()

    exif.read(data, found)
    exif.read(tiff({DESCRIPTION: "x" * 40})[:-10], found)

    check(found, None)


@pytest.mark.parametrize("body", [
    box(b"moov", b"\0\0\0\0meta"), box(b"moov", b"\0\0\0\x01udta" + b"\xff" * 8), box(b"moov", b"\0\0\0\x04free"),
    box(b"moov", box(b"meta", bytes(4), box(b"keys", bytes(4), b"\xff\xff\xff\xff", b"\0\0\0\x01mdtaxx"))),
    box(b"moov", box(b"udta", box(b"meta", bytes(4), box(b"ilst", box(b"\0\0\0\x05", box(b"data", b"x")))))),
    box(b"moov", box(b"mvhd", b"\x01" + bytes(30)), box(b"trak", box(b"tkhd", bytes(84)))),
    box(b"uuid", bytes.fromhex("d8fec3d61b0e483c92975828877ec481"), b"\0\0\0\0manifest\0", bytes(8), b"\xff" * 40),
])  # fmt: skip
def test_boxes_that_are_odd(body: bytes) -> None:
    read(ISO + body)


def test_boxes_in_boxes_without_end() -> None:
    body = b""
    for _ in range(2000):
        body = box(b"moov", body)

    read(ISO + body)


@pytest.mark.parametrize("value", [b"\x9f" * 5000, b"\x81" * 5000, b"\xbf\x61", b"\x5b" + b"\xff" * 8, b"\x1f", b""])
def test_manifests_that_are_broken(value: bytes) -> None:
    found = Found()
    label = box(b"jumd", bytes(17) + b"c2pa.actions\0")

    jumbf.read(box(b"jumb", label, box(b"cbor", value)), found)
    jumbf.read(box(b"jumb", label) * 3000, found)

    check(found, None)


# Made when they are asked for: the pixels of the largest take seconds.
ODD_PIXELS = {
    "cut": lambda: stealth("x")[:-60],
    "nothing": lambda: png(mode="RGBA"),
    "nothing in grey": lambda: png(mode="LA"),
    "no more than a beginning": lambda: SIGNATURE,
    "no bytes": lambda: b"",
    "half a list": lambda: stealth("[" * 1000),
    "no fields": lambda: stealth("{}"),
    "3,600 million": lambda: png_of(size=(60_000, 60_000)),
    "chunk without pixels": lambda: stealth("a fox")[:33] + b"\0\0\0\0IDAT",
}


@pytest.mark.parametrize("pixels", ODD_PIXELS)
def test_pixels_that_hide_nothing_or_something_odd(pixels: str) -> None:
    answer = searched(io.BytesIO(ODD_PIXELS[pixels]()))

    assert answer is None or answer["texts"]


def test_hidden_texts_are_not_blown_up() -> None:
    assert searched(io.BytesIO(stealth("x" * (MAX_METADATA + 1), size=(300, 300)))) is None
