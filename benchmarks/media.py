"""Files for generated exports: tiny ones that are all different, and pictures worth a thumbnail."""

import io
import random
import struct
import sys
from pathlib import Path
from urllib.parse import urlsplit

import av
import numpy as np
from PIL import Image

sys.path.append(str(Path(__file__).parents[1] / "backend"))

from sovia.ops.demo.canvas import to_image
from sovia.ops.demo.scenes import SCENES, painted

SIZES = ((1024, 1024), (832, 1248), (1248, 832), (784, 1168), (1168, 784), (1440, 1440), (1280, 720))


class Stamps:
    """A few small pictures and one clip; each use carries its own identity, so no two files are equal."""

    def __init__(self, home: Path) -> None:
        self.home = home
        names = list(SCENES)[:12]
        stills = [to_image(painted(name, SCENES[name].palettes[0], 1, 120, 160)) for name in names]
        self.pictures = {kind: [_saved(still, kind) for still in stills] for kind in ("JPEG", "PNG")}
        self.clip = _clip(np.asarray(stills[0].resize((96, 128))))

    def write(self, url: str, mime: str) -> None:
        """Write the file of an address at its place below the home."""
        parts = urlsplit(url)
        path = self.home / f"{parts.scheme}_" / parts.netloc / parts.path.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        mark = url.encode()
        if mime == "video/mp4":
            path.write_bytes(self.clip + struct.pack(">I4s", len(mark) + 8, b"free") + mark)
        else:
            choices = self.pictures["PNG" if mime == "image/png" else "JPEG"]
            path.write_bytes(choices[sum(mark) % len(choices)] + mark)


def _saved(image: Image.Image, kind: str) -> bytes:
    data = io.BytesIO()
    image.save(data, kind)
    return data.getvalue()


def _clip(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> bytes:
    data = io.BytesIO()
    with av.open(data, "w", format="mp4", options={"fflags": "+bitexact"}) as box:
        video = box.add_stream("libx264", rate=24, options={"preset": "ultrafast", "threads": "1"})
        video.width, video.height, video.pix_fmt = pixels.shape[1], pixels.shape[0], "yuv420p"
        for number in range(12):
            turned = np.ascontiguousarray(np.roll(pixels, number * 2, axis=1))
            box.mux(video.encode(av.VideoFrame.from_ndarray(turned, format="rgb24")))
        box.mux(video.encode(None))
    return data.getvalue()


def write_pictures(folder: Path, count: int, *, seed: int, small: bool) -> int:
    """Write pictures of usual sizes: turned, tinted and grainy views of painted scenes; returns their bytes."""
    names = list(SCENES)
    scenes = [painted(name, SCENES[name].palettes[0], seed, 700, 700) for name in names[:: 1 if count >= 40 else 4]]
    total = 0
    for number in range(count):
        rng = random.Random(f"{seed}/picture/{number}")
        noise = np.random.default_rng([seed, number])
        width, height = (96, 128) if small else rng.choice(SIZES)
        still = np.roll(scenes[number % len(scenes)], (rng.randrange(700), rng.randrange(700)), (0, 1))
        tint = np.array([rng.uniform(0.7, 1.1) for _ in range(3)])
        image = np.asarray(to_image(still * tint).resize((width, height), Image.Resampling.BICUBIC)).astype(np.int16)
        image += noise.integers(-5, 6, (height, width, 1), dtype=np.int16)
        picture = Image.fromarray(np.clip(image, 0, 255).astype(np.uint8))
        path = folder / f"{number // 1000:03d}" / f"picture_{number:06d}.{'png' if rng.random() < 0.3 else 'jpg'}"
        path.parent.mkdir(parents=True, exist_ok=True)
        picture.save(path, compress_level=1, quality=91)
        total += path.stat().st_size
    return total
