"""What a file is, by its first bytes."""

import pytest
from media_files import PLAYLIST, POSTSCRIPT, SVG, clip, picture, sound
from samples import broken_files

from sovia.library import media_types
from sovia.library.media_types import sniff, why_refused

SHOWN = {
    "image/png": lambda: picture("PNG"),
    "image/jpeg": lambda: picture("JPEG"),
    "image/webp": lambda: picture("WEBP"),
    "image/gif": lambda: picture("GIF"),
    "image/avif": lambda: picture("AVIF"),
    "video/mp4": clip,
    "video/quicktime": lambda: clip(".mov"),
    "video/webm": lambda: clip(".webm"),
    "audio/mpeg": lambda: sound(".mp3"),
    "audio/wav": lambda: sound(".wav"),
    "audio/flac": lambda: sound(".flac"),
    "audio/mp4": lambda: sound(".m4a"),
    "audio/ogg": lambda: sound(".ogg"),
}
REFUSED = {
    "html_as_mp4": "web page",
    "access_denied_xml": "access was denied",
    "svg_as_png": "SVG",
    "zeros": "zeros",
    "text": "not a picture",
}


@pytest.mark.parametrize("mime", SHOWN)
def test_each_shown_type_is_known_by_its_bytes(mime: str) -> None:
    found = sniff(SHOWN[mime]()[: media_types.HEAD_BYTES])

    assert found is not None
    assert found.mime == mime


def test_every_type_on_the_list_is_tried_here() -> None:
    assert set(SHOWN) == set(media_types.BY_MIME)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_medium_is_named_in_words(name: str) -> None:
    """SEC12: pages, drawings and archives are told apart by their bytes."""
    head = broken_files()[name][: media_types.HEAD_BYTES]

    assert sniff(head) is None
    assert REFUSED[name] in why_refused(head)


@pytest.mark.parametrize(
    "head",
    [
        *(
            b"",
            b"\x00",
            SVG,
            PLAYLIST,
            POSTSCRIPT,
            b"BM6\x00",
            b"II*\x00\x08\x00",
            b"8BPS\x00\x01",
            b"%PDF-1.7",
            b"PK\x03\x04",
        ),
        *(b"ffconcat version 1.0\nfile '/etc/passwd'\n", b'{"error": "no"}', b"RIFF\x00\x00\x00\x00AVI LIST"),
        *(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", b"\x1aE\xdf\xa3\x00matroska", b"\xff\xfe\x00\x00"),
    ],
)
def test_everything_else_is_refused(head: bytes) -> None:
    assert sniff(head) is None
    assert why_refused(head)


def test_a_name_for_a_type_is_looked_up_on_the_list_only() -> None:
    assert media_types.by_mime("image/png") is media_types.PNG
    assert media_types.by_mime("image/svg+xml") is None
    assert media_types.by_mime(None) is None
