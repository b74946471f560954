"""Descriptions, provenance and facts of the file: what is taken where no tool wrote its settings."""

from pathlib import Path
from typing import Any

import pytest
from importer.embedded.made import (
    DESCRIPTION,
    SOFTWARE,
    TIME,
    USER_COMMENT,
    XP_COMMENT,
    chunk,
    graph,
    jpeg,
    manifest,
    mp4,
    png,
    png_of,
    said,
    segment,
    webp,
    xmp,
)

from sovia.importer.embedded.reading import read_media

GROK = "A red fox runs through snow"


def test_midjourney() -> None:
    text = "a fox in snow --ar 16:9 --seed 7 --v 6.1 Job ID: 01234567-89ab-cdef-0123-456789abcdef"
    found = said(png({"Description": text, "Author": "someone", "Creation Time": "Fri, 13 Sep 2024 21:53:51 GMT"}))

    assert found == {
        "tool": "midjourney",
        "prompt": "a fox in snow --ar 16:9 --seed 7 --v 6.1",
        "model": "Midjourney v6.1",
        "seed": 7,
        "created_at": "Fri, 13 Sep 2024 21:53:51 GMT",
    }


XMP_SEGMENT = b"http://ns.adobe.com/xap/1.0/\0"
CAPTION = b"8BIM\x04\x04\0\0" + (5 + len(GROK)).to_bytes(4, "big") + b"\x1c\x02\x78" + len(GROK).to_bytes(2, "big")


@pytest.mark.parametrize("content", [
    pytest.param(lambda: jpeg(fields={DESCRIPTION: GROK}), id="jpeg description"),
    pytest.param(lambda: jpeg(fields={USER_COMMENT: b"ASCII\0\0\0" + GROK.encode()}), id="jpeg comment"),
    pytest.param(lambda: jpeg(fields={XP_COMMENT: GROK.encode("utf-16-le")}), id="windows comment"),
    pytest.param(lambda: jpeg(segment(0xE1, XMP_SEGMENT + xmp(dc_description=GROK).encode())), id="jpeg xmp"),
    pytest.param(lambda: jpeg(segment(0xED, b"Photoshop 3.0\0" + CAPTION + GROK.encode())), id="jpeg iptc"),
    pytest.param(lambda: jpeg(segment(0xFE, GROK.encode())), id="jpeg comment segment"),
    pytest.param(lambda: png({"prompt": GROK}), id="png prompt"),
    pytest.param(lambda: png({"Description": GROK}), id="png description"),
    pytest.param(lambda: webp({DESCRIPTION: GROK}), id="webp exif"),
    pytest.param(lambda: webp(xmp=xmp(dc_description=GROK).encode()), id="webp xmp"),
    pytest.param(lambda: png({"Comment": GROK}), id="png comment"),
])  # fmt: skip
def test_a_plain_description_is_the_prompt(content: Any) -> None:
    assert said(content()) == {"tool": "unknown", "prompt": GROK}


@pytest.mark.parametrize("text", ["Created with GIMP", "OLYMPUS DIGITAL CAMERA", "Lavf61.7.100", "   ", "1234", "{}"])
def test_what_programs_write_by_themselves_is_no_prompt(text: str) -> None:
    found = read_media(jpeg(fields={DESCRIPTION: text}))

    assert found is not None
    assert found.generation is None


def test_iptc_of_2025_names_prompt_and_system() -> None:
    packet = xmp(ext_AIPromptInformation=GROK, ext_AISystemUsed="Google Imagen", ext_AISystemVersionUsed="4 Ultra")

    assert said(jpeg(segment(0xE1, XMP_SEGMENT + packet.encode()))) == {
        "tool": "google",
        "prompt": GROK,
        "model": "4 Ultra",
    }


MACHINE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"


def spread(data: bytes, size: int = 60) -> list[bytes]:
    """A manifest over several segments of a JPEG; each but the first repeats the head of the box."""
    pieces = [data[:size], *(data[at : at + size] for at in range(size, len(data), size))]
    head = b"JP\x00\x01"
    return [
        segment(0xEB, head + (number + 1).to_bytes(4, "big") + (data[:8] if number else b"") + piece)
        for number, piece in enumerate(pieces)
    ]


@pytest.mark.parametrize("content", [
    pytest.param(lambda: png_of(chunk(b"caBX", manifest("GPT-4o", MACHINE))), id="png"),
    pytest.param(lambda: jpeg(*spread(manifest("GPT-4o", MACHINE))), id="jpeg"),
])  # fmt: skip
def test_c2pa_tells_who_made_it(content: Any) -> None:
    found = read_media(content())

    assert found is not None
    assert found.found.texts == {
        "c2pa:softwareAgent": "GPT-4o",
        "c2pa:digitalSourceType": MACHINE,
        "c2pa:generator": "A signer",
    }
    assert said(content()) == {"tool": "openai"}


def test_what_one_tool_leaves_open_another_text_fills() -> None:
    found = said(png({"parameters": "a fox\nSteps: 4", "prompt": graph()}))

    assert (found["tool"], found["prompt"], found["model"], found["steps"]) == ("a1111", "a fox", "base_1.0", 4)


def test_facts_of_the_file_come_along(tmp_path: Path) -> None:
    picture = read_media(jpeg(fields={TIME: "2025:09:30 12:00:01", SOFTWARE: "x"}))
    clip = read_media(mp4({"title": "t"}, tmp_path))

    assert picture is not None
    assert (picture.found.width, picture.found.height, picture.found.written_at) == (16, 12, "2025:09:30 12:00:01")
    assert clip is not None
    assert (clip.media_type.kind, clip.found.width, clip.found.height) == ("video", 32, 16)
    assert clip.found.duration_seconds == pytest.approx(0.3, abs=0.05)


def test_no_medium_is_nothing() -> None:
    assert read_media(b"{}") is None
    assert read_media(b"") is None
