"""Prompts in GIF, AVIF and WebM; and whatever else is in such files comes to an end."""

import io
from pathlib import Path

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st
from importer.embedded.made import xmp
from PIL import Image, features

from sovia.importer.embedded.reading import read_media

A1111 = "a fox runs\nNegative prompt: owls\nSteps: 4, Seed: 9, Model: m"


def saved(form: str, **how: object) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (24, 16), "red").save(file, form, **how)  # type: ignore[arg-type]
    return file.getvalue()


def webm(folder: Path, **tags: str) -> bytes:
    path = folder / "clip.webm"
    with av.open(str(path), "w") as container:
        container.metadata.update(tags)
        stream = container.add_stream("libvpx", rate=10)
        stream.width, stream.height, stream.pix_fmt = 32, 16, "yuv420p"
        for _ in range(5):
            container.mux(stream.encode(av.VideoFrame.from_image(Image.new("RGB", (32, 16), "blue"))))
        container.mux(stream.encode(None))
    return path.read_bytes()


def with_xmp(gif: bytes, text: str) -> bytes:
    """The GIF with XMP as Adobe's specification wants it."""
    trailer = b"\x01" + bytes(range(255, -1, -1)) + b"\x00"
    return gif[:-1] + b"\x21\xff\x0bXMP DataXMP" + text.encode() + trailer + b"\x3b"


def test_a_gif_says_it_in_a_comment() -> None:
    found = read_media(saved("GIF", comment=A1111.encode()))

    assert found is not None
    assert found.generation is not None
    assert (found.generation.prompt, found.generation.seed, found.found.width) == ("a fox runs", 9, 24)


def test_a_gif_says_it_in_xmp() -> None:
    found = read_media(with_xmp(saved("GIF"), xmp(dc_description="a lighthouse")))

    assert found is not None
    assert found.generation is not None
    assert found.generation.prompt == "a lighthouse"


@pytest.mark.skipif(not features.check("avif"), reason="this Pillow writes no AVIF")
@pytest.mark.parametrize("where", ["exif", "xmp"])
def test_an_avif_says_it(where: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "a lighthouse"
    how = {"exif": exif.tobytes()} if where == "exif" else {"xmp": xmp(dc_description="a lighthouse").encode()}

    found = read_media(saved("AVIF", **how))

    assert found is not None
    assert found.generation is not None
    assert (found.generation.prompt, found.found.width, found.found.height) == ("a lighthouse", 24, 16)


def test_a_webm_says_it_in_its_tags(tmp_path: Path) -> None:
    found = read_media(webm(tmp_path, comment=A1111, title="fox"))

    assert found is not None
    assert found.generation is not None
    assert (found.generation.prompt, found.generation.seed) == ("a fox runs", 9)
    assert (found.found.width, found.found.height, found.found.texts["title"]) == (32, 16, "fox")
    assert found.found.duration_seconds == pytest.approx(0.5, abs=0.2)


HEADS = (b"GIF89a", b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf", b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm")


@given(st.sampled_from(HEADS), st.binary(max_size=400))
def test_any_bytes_come_to_an_end(head: bytes, rest: bytes) -> None:
    assert read_media(head + rest) is not None


@given(st.data())
def test_damage_does_no_harm(data: st.DataObject) -> None:
    whole = bytearray(
        data.draw(st.sampled_from([saved("GIF", comment=b"x"), *([saved("AVIF")] if features.check("avif") else [])]))
    )
    for _ in range(data.draw(st.integers(1, 5))):
        whole[data.draw(st.integers(12, len(whole) - 1))] = data.draw(st.integers(0, 255))

    read_media(bytes(whole[: data.draw(st.integers(12, len(whole)))]))
