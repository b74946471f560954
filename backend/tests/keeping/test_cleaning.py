"""A clean picture has the same pixels, and nothing else of what was in the file."""

import io

import pytest
from PIL import Image, PngImagePlugin

from sovia.keeping.exporting.cleaning import NotCleanable, cleaned

SECRET = "a secret prompt"


def drawn() -> Image.Image:
    picture = Image.new("RGB", (64, 48))
    picture.putdata([(x * 4 % 256, x // 64 * 5, x % 251) for x in range(64 * 48)])
    return picture


def written(kind: str) -> bytes:
    """A picture with a prompt in every place that the kind has."""
    file, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = SECRET
    more: dict[str, object] = {"exif": exif.tobytes()}
    if kind == "PNG":
        told = PngImagePlugin.PngInfo()
        told.add_text("parameters", SECRET)
        told.add_itxt("prompt", SECRET, zip=False)
        more["pnginfo"] = told
    elif kind == "JPEG":
        more |= {"comment": SECRET.encode(), "progressive": True}
    else:
        more |= {"xmp": SECRET.encode(), "lossless": True}
    drawn().save(file, kind, **more)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_pixels_stay_and_words_go(kind: str) -> None:
    """SEC13."""
    content = written(kind) + (b"" if kind == "WEBP" else SECRET.encode())
    assert SECRET.encode() in content

    clean = cleaned(content)

    assert SECRET.encode() not in clean
    with Image.open(io.BytesIO(clean)) as after, Image.open(io.BytesIO(content)) as before:
        assert after.tobytes() == before.tobytes()
        assert not after.getexif()
    assert cleaned(clean) == clean


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_what_is_cut_short_is_refused(kind: str) -> None:
    content = written(kind)
    for end in range(0, len(content) - 2, 97):
        with pytest.raises(NotCleanable):
            cleaned(content[:end])


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"\0\0\0\x18ftypisom", b"RIFF\xff\xff\xff\xffWEBP", b"\xff\xd8\xff"]
)
def test_what_is_no_such_picture_is_refused(content: bytes) -> None:
    with pytest.raises(NotCleanable):
        cleaned(content)
