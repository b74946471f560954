"""Real small media of every kind that is shown, and files that are not what their names say."""

import io
import subprocess
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from sovia.kit import ffmpeg

TEST_PICTURE = "testsrc=size={size}:rate={rate}:duration={seconds}"


def pixels(width: int, height: int, seed: int = 1) -> Image.Image:
    """A smooth picture with something to see, another one for every seed."""
    across, down = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    waves = [np.sin((across * (3 + seed % 7) + down * part) * 4 + seed) for part in (2, 5, 8)]
    return Image.fromarray(((np.dstack(waves) + 1) * 127).astype(np.uint8))


@cache
def picture(kind: str = "JPEG", size: tuple[int, int] = (300, 200), seed: int = 1) -> bytes:
    """A picture in one of Pillow's formats."""
    out = io.BytesIO()
    pixels(*size, seed).save(out, kind)
    return out.getvalue()


def lying_down(width: int = 300, height: int = 200) -> bytes:
    """A JPEG whose EXIF data say that it is to be turned by a quarter."""
    image, out = pixels(width, height), io.BytesIO()
    exif = image.getexif()
    exif[0x0112] = 6
    exif[0x010E] = "taken in a secret place"
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def see_through() -> bytes:
    """A PNG with transparency."""
    image, out = pixels(120, 90).convert("RGBA"), io.BytesIO()
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    image.save(out, "PNG")
    return out.getvalue()


def gif_of(frames: int) -> bytes:
    """A GIF with this many pictures."""
    images, out = [Image.new("P", (8, 8), number % 256) for number in range(frames)], io.BytesIO()
    for number, image in enumerate(images):
        image.putpalette([number % 256, 80, 200] * 256)
    images[0].save(out, "GIF", save_all=True, append_images=images[1:])
    return out.getvalue()


@cache
def made_by_ffmpeg(suffix: str, *arguments: str) -> bytes:
    """What FFmpeg writes for these arguments."""
    folder = Path(subprocess.run(["mktemp", "-d"], capture_output=True, text=True, check=True).stdout.strip())
    target = folder / f"made{suffix}"
    ffmpeg.run([*arguments, str(target)], seconds=60)
    content = target.read_bytes()
    target.unlink()
    folder.rmdir()
    return content


def clip(
    suffix: str = ".mp4", *, size: str = "320x180", seconds: float = 1, rate: int = 12, more: tuple[str, ...] = ()
) -> bytes:
    """A clip with sound."""
    source = TEST_PICTURE.format(size=size, rate=rate, seconds=seconds)
    codec = ("-c:v", "libvpx", "-c:a", "libopus") if suffix == ".webm" else ("-c:v", "libx264", "-c:a", "aac")
    sound = ("-f", "lavfi", "-i", f"sine=duration={seconds}")
    return made_by_ffmpeg(suffix, "-f", "lavfi", "-i", source, *sound, *codec, "-pix_fmt", "yuv420p", *more)


def clip_from_black() -> bytes:
    """A clip that fades in from black."""
    source = TEST_PICTURE.format(size="160x90", rate=12, seconds=2) + ",fade=in:0:10"
    return made_by_ffmpeg(".mp4", "-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p")


def turned_clip(tmp: Path) -> bytes:
    """A clip that is stored lying down and shown upright."""
    flat = tmp / "flat.mp4"
    flat.write_bytes(clip())
    return made_by_ffmpeg(".mp4", "-display_rotation", "90", "-i", str(flat), "-c", "copy")


def sound(suffix: str) -> bytes:
    """A sound of one second."""
    return made_by_ffmpeg(suffix, "-f", "lavfi", "-i", "sine=duration=1", "-vn")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><rect width="9" height="9"/></svg>'
PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
POSTSCRIPT = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"
