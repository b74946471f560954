"""What is known of a file after a look into it, and why a broken one is refused."""

import io
from pathlib import Path

import pytest
from media_files import (
    PLAYLIST,
    SVG,
    clip,
    clip_from_black,
    gif_of,
    lying_down,
    made_by_ffmpeg,
    picture,
    sound,
    turned_clip,
)
from PIL import Image
from samples import bomb_png, broken_files, tiny_clip

from sovia.library import pictures
from sovia.library.derived import LARGEST
from sovia.library.probing import Facts, probe
from sovia.library.unreadable import Unreadable


def facts_of(content: bytes, tmp_path: Path) -> tuple[Facts, Image.Image | None]:
    """A look into a file with these bytes."""
    path = tmp_path / "looked-into"
    path.write_bytes(content)
    with path.open("rb") as file:
        return probe(file, at_least=LARGEST)


def reason(content: bytes, tmp_path: Path) -> str:
    """Why a look into these bytes finds them broken."""
    with pytest.raises(Unreadable) as refused:
        facts_of(content, tmp_path)
    return refused.value.reason


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "AVIF"])
def test_a_picture_tells_its_size(kind: str, tmp_path: Path) -> None:
    facts, image = facts_of(picture(kind), tmp_path)

    assert (facts.width, facts.height, facts.duration_seconds) == (300, 200, None)
    assert image is not None
    assert image.size == (300, 200)


def test_a_picture_that_lies_on_its_side_is_stood_up(tmp_path: Path) -> None:
    facts, image = facts_of(lying_down(300, 200), tmp_path)

    assert (facts.width, facts.height) == (200, 300)
    assert image is not None
    assert image.size == (200, 300)
    assert image.info == {}


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".webm"])
def test_a_clip_tells_size_length_rate_and_sound(suffix: str, tmp_path: Path) -> None:
    facts, poster = facts_of(clip(suffix), tmp_path)

    assert (facts.width, facts.height, facts.frame_rate, facts.has_audio) == (320, 180, 12, True)
    assert facts.duration_seconds == pytest.approx(1, abs=0.15)
    assert poster is not None


def test_a_clip_without_sound_says_so(tmp_path: Path) -> None:
    assert facts_of(tiny_clip("mute"), tmp_path)[0].has_audio is False


def test_a_turned_clip_is_measured_as_it_is_seen(tmp_path: Path) -> None:
    facts, poster = facts_of(turned_clip(tmp_path), tmp_path)

    assert (facts.width, facts.height) == (180, 320)
    assert poster is not None
    assert poster.size == (180, 320)


def test_the_poster_of_a_clip_from_black_is_not_black(tmp_path: Path) -> None:
    _, poster = facts_of(clip_from_black(), tmp_path)

    assert poster is not None
    low, high = poster.convert("L").getextrema()
    assert isinstance(high, int | float)
    assert high - low > 40


@pytest.mark.parametrize("suffix", [".mp3", ".wav", ".flac", ".m4a", ".ogg"])
def test_a_sound_tells_its_length(suffix: str, tmp_path: Path) -> None:
    facts, image = facts_of(sound(suffix), tmp_path)

    assert facts.duration_seconds == pytest.approx(1, abs=0.1)
    assert (facts.width, facts.has_audio, image) == (None, True, None)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("empty", "0 bytes"),
        ("html_as_mp4", "web page"),
        ("access_denied_xml", "access was denied"),
        ("svg_as_png", "SVG"),
        ("truncated_mp4", "cut short"),
        ("truncated_jpeg", "cut short"),
        ("bomb_png", "more pixels than are safe"),
        ("text", "not a picture"),
    ],
)
def test_a_broken_file_is_refused_in_words(name: str, words: str, tmp_path: Path) -> None:
    assert words in reason(broken_files()[name], tmp_path)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF", "JPEG"])
def test_half_a_picture_is_refused(kind: str, tmp_path: Path) -> None:
    whole = picture(kind)

    assert "cut short" in reason(whole[: len(whole) * 2 // 3], tmp_path)


@pytest.mark.parametrize("suffix", [".mp4", ".webm", ".wav", ".m4a"])
@pytest.mark.parametrize("order", ["", "+faststart"])
def test_a_clip_or_sound_without_its_end_is_refused(suffix: str, order: str, tmp_path: Path) -> None:
    if suffix in (".wav", ".m4a"):
        whole = sound(suffix)
    else:
        whole = clip(suffix, more=("-movflags", order) if order and suffix == ".mp4" else ())

    assert "cut short" in reason(whole[:-400], tmp_path)


def test_trailing_bytes_do_no_harm(tmp_path: Path) -> None:
    """SEC13."""
    assert facts_of(picture() + b"PK\x03\x04" + b"x" * 500, tmp_path)[0].mime_type == "image/jpeg"


@pytest.mark.parametrize("size", [(13_000, 13_000), (65_535, 65_535), (1, 100_000_000), (8001, 8001)])
def test_too_many_pixels_are_refused_from_the_head(size: tuple[int, int], tmp_path: Path) -> None:
    """SEC14: no pixel is decoded of what states too many."""
    assert "more pixels" in reason(bomb_png(*size), tmp_path)


def test_many_frames_cost_no_more_than_one(tmp_path: Path) -> None:
    """SEC14: an animation of any length is one picture."""
    facts, image = facts_of(gif_of(3000), tmp_path)

    assert (facts.width, image is not None) == (8, True)


def test_a_playlist_called_clip_opens_no_other_file(tmp_path: Path) -> None:
    """SEC35: a list of other files is no clip."""
    assert "playlist" in reason(PLAYLIST, tmp_path)


def test_the_name_of_a_type_does_not_choose_the_decoder(tmp_path: Path) -> None:
    """SEC35: the demuxer is that of the bytes."""
    # A TIFF head behind a JPEG signature must not reach the TIFF decoder.
    assert reason(b"\xff\xd8\xff" + b"II*\x00" + b"\x00" * 200, tmp_path)
    assert reason(b"\x89PNG\r\n\x1a\n" + SVG, tmp_path)


def test_a_clip_of_impossible_rate_is_refused(tmp_path: Path) -> None:
    """SEC15: what a clip claims is held against limits."""
    source = "testsrc=size=16x16:rate=90000:duration=0.001"
    fast = made_by_ffmpeg(".mp4", "-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p", "-video_track_timescale", "90000")

    assert "pictures a second" in reason(fast, tmp_path)


def test_broken_exif_data_do_not_break_a_picture() -> None:
    whole = lying_down()
    broken = whole.replace(b"II*\x00", b"\xff\xff\xff\xff").replace(b"MM\x00*", b"\xff\xff\xff\xff")

    assert pictures.Picture(io.BytesIO(broken), pictures_jpeg()).width == 300


def pictures_jpeg() -> object:
    from sovia.library.media_types import JPEG

    return JPEG
