"""Thumbnails and previews: sizes, shapes, nothing attached, whole or not at all."""

import io
from pathlib import Path
from typing import Any

import av
import pytest
from media_files import clip, lying_down, picture, pixels, see_through
from PIL import Image

from sovia.kit import disk, ffmpeg
from sovia.library import looking, previews, thumbnails
from sovia.library.derived import NAMES, SIZES, folder, has_thumbnails

KEY = "ab" + "0" * 62


def examined(tmp_path: Path, content: bytes, *, wants: bool = True) -> dict[str, Any]:
    """A look into a file with these bytes below `media`, derived files going below `derived`."""
    (tmp_path / "media").mkdir(exist_ok=True)
    (tmp_path / "media" / "file").write_bytes(content)
    wanted = {
        "root": str(tmp_path / "media"),
        "derived": str(tmp_path / "derived"),
        "path": "file",
        "thumbnails": wants,
    }
    return looking.examine(wanted)


def sizes(tmp_path: Path, key: str) -> list[tuple[int, int]]:
    """What the stored thumbnails measure, largest first."""
    found = []
    for size in SIZES:
        with Image.open(tmp_path / "derived" / folder(key) / f"{size}.webp") as image:
            assert image.format == "WEBP"
            found.append(image.size)
    return found


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ((1280, 1280), [(640, 640), (320, 320), (160, 160)]),
        ((832, 1248), [(427, 640), (213, 320), (107, 160)]),
        ((1920, 1080), [(1138, 640), (569, 320), (284, 160)]),
        ((200, 300), [(200, 300), (200, 300), (107, 160)]),
        ((100, 80), [(100, 80), (100, 80), (100, 80)]),
        ((4000, 400), [(1600, 160), (800, 80), (400, 40)]),
    ],
)
def test_a_size_is_a_height_and_never_more_than_the_source(
    tmp_path: Path, source: tuple[int, int], expected: list[tuple[int, int]]
) -> None:
    answer = examined(tmp_path, picture("JPEG", source))

    assert sizes(tmp_path, answer["thumbnail"]) == [
        (pytest.approx(width, abs=1), pytest.approx(height, abs=1)) for width, height in expected
    ]


def test_thumbnails_carry_no_metadata(tmp_path: Path) -> None:
    key = examined(tmp_path, lying_down())["thumbnail"]

    for size in SIZES:
        content = (tmp_path / "derived" / folder(key) / f"{size}.webp").read_bytes()
        assert b"EXIF" not in content
        assert b"secret" not in content


def test_transparency_stays(tmp_path: Path) -> None:
    key = examined(tmp_path, see_through())["thumbnail"]

    with Image.open(tmp_path / "derived" / folder(key) / "160.webp") as image:
        assert image.mode == "RGBA"


def test_the_same_bytes_are_not_made_twice(tmp_path: Path) -> None:
    first = examined(tmp_path, picture())
    made = tmp_path / "derived" / folder(first["thumbnail"]) / "320.webp"
    before = made.stat().st_mtime_ns

    assert examined(tmp_path, picture())["placeholder"] == first["placeholder"]
    assert made.stat().st_mtime_ns == before


def test_an_empty_thumbnail_does_not_count(tmp_path: Path) -> None:
    key = examined(tmp_path, picture())["thumbnail"]
    (tmp_path / "derived" / folder(key) / "320.webp").write_bytes(b"")

    assert not has_thumbnails(tmp_path / "derived", key)
    examined(tmp_path, picture())
    assert has_thumbnails(tmp_path / "derived", key)


def test_a_file_that_is_not_the_main_one_gets_none(tmp_path: Path) -> None:
    answer = examined(tmp_path, picture(), wants=False)

    assert (answer["state"], "thumbnail" in answer, (tmp_path / "derived").exists()) == ("present", False, False)


def test_a_full_disk_is_not_blamed_on_the_file(tmp_path: Path) -> None:
    (tmp_path / "derived").write_bytes(b"a file where the folder should be")

    with pytest.raises(OSError, match=r"exists|folder"):
        examined(tmp_path, picture())


def test_sixteen_bits_of_grey_are_not_cut_off(tmp_path: Path) -> None:
    out = io.BytesIO()
    pixels(64, 64).convert("L").convert("I").point(lambda value: value * 257).convert("I;16").save(out, "PNG")
    key = examined(tmp_path, out.getvalue())["thumbnail"]

    with Image.open(tmp_path / "derived" / folder(key) / "160.webp") as image:
        low, high = image.convert("L").getextrema()
        assert isinstance(low, int | float)
        assert isinstance(high, int | float)
        assert low < 60
        assert high < 256
        assert image.convert("L").resize((1, 1)).getpixel((0, 0)) < 200  # type: ignore[operator]


def preview_of(tmp_path: Path, content: bytes) -> Path:
    """Where the preview of a clip with these bytes is after it was made."""
    path = tmp_path / "clip"
    path.write_bytes(content)
    with path.open("rb") as file:
        assert previews.make(tmp_path / "derived", KEY, file)
    return tmp_path / "derived" / folder(KEY) / "preview.mp4"


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".webm"])
def test_a_preview_is_short_small_and_mute(tmp_path: Path, suffix: str) -> None:
    made = preview_of(tmp_path, clip(suffix, size="640x480", seconds=8, rate=30))

    with av.open(made) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.width, stream.height) == ("h264", 426, 320)
        assert stream.average_rate == 12
        assert not container.streams.audio
        assert container.duration is not None
        assert container.duration / 1_000_000 == pytest.approx(6, abs=0.2)


def test_a_preview_is_not_larger_than_its_clip(tmp_path: Path) -> None:
    with av.open(preview_of(tmp_path, clip(size="162x90"))) as container:
        assert (container.streams.video[0].width, container.streams.video[0].height) == (162, 90)


def test_a_clip_that_cannot_be_previewed_is_tried_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "clip"
    path.write_bytes(clip()[:9000])
    with path.open("rb") as file:
        assert not previews.make(tmp_path / "derived", KEY, file)

    assert previews.is_settled(tmp_path / "derived", KEY)
    assert not (tmp_path / "derived" / folder(KEY) / "preview.mp4").exists()


def test_ffmpeg_opens_nothing_but_the_file_it_is_given(tmp_path: Path) -> None:
    # A playlist behind a clip's name, pointing at another file of this machine.
    (tmp_path / "other.mp4").write_bytes(clip())
    playlist = tmp_path / "list.mp4"
    playlist.write_bytes(b"#EXTM3U\n#EXTINF:1,\n" + f"file://{tmp_path}/other.mp4\n#EXT-X-ENDLIST\n".encode())

    with playlist.open("rb") as file:
        arguments = [*ffmpeg.only("mov", file.fileno()), "-frames:v", "1", str(tmp_path / "out.png")]
        with pytest.raises(ffmpeg.Failed):
            ffmpeg.run(arguments, seconds=20, keep=[file.fileno()])
        arguments[arguments.index("mov")] = "hls"
        with pytest.raises(ffmpeg.Failed):
            ffmpeg.run(arguments, seconds=20, keep=[file.fileno()])

    assert not (tmp_path / "out.png").exists()


def test_ffmpeg_is_stopped_in_time(tmp_path: Path) -> None:
    with pytest.raises(ffmpeg.Failed, match="stopped"):
        ffmpeg.run(["-re", "-f", "lavfi", "-i", "testsrc", "-t", "60", str(tmp_path / "long.mp4")], seconds=0.5)


def test_served_names_are_those_that_are_made(tmp_path: Path) -> None:
    thumbnails.write(tmp_path / "derived", KEY, pixels(50, 50))
    for name in ("preview.mp4", "sprite.webp", "play.mp4"):
        disk.write_beneath(tmp_path / "derived", f"{folder(KEY)}/{name}", b"x")

    assert {path.name for path in (tmp_path / "derived" / folder(KEY)).iterdir()} == NAMES
