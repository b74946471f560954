"""What every demo picture needs: coordinates, blending, light, film grain and supersampled drawing."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from sovia.ops.demo.colour import Array
from sovia.ops.demo.noise import Random


def grid(width: int, height: int) -> tuple[Array, Array]:
    """Coordinates of all pixels: the shorter side runs -1..1, y points down."""
    half = min(width, height) / 2
    x = (np.arange(width, dtype=np.float32) + 0.5 - width / 2) / half
    y = (np.arange(height, dtype=np.float32) + 0.5 - height / 2) / half
    return np.meshgrid(x.astype(np.float32), y.astype(np.float32))


def ramp(low: float, high: float, value: Array) -> Array:
    """Smooth step: 0 below `low`, 1 above `high`; runs backwards when low > high."""
    part = np.clip((value - low) / (high - low), 0, 1)
    result: Array = (part * part * (3 - 2 * part)).astype(np.float32)
    return result


def mix(under: Array, over: Array, amount: Array | float) -> Array:
    """Blend two pictures (or a picture and a colour) by an amount of 0..1 per pixel."""
    share = amount[..., None] if isinstance(amount, np.ndarray) else amount
    result: Array = (under + (over - under) * share).astype(np.float32)
    return result


def blurred(image: Array, radius: float) -> Array:
    """Gaussian blur of a colour picture or a plane 0..1, done small when the radius is large."""
    factor = max(1, int(radius / 4))
    picture = to_image(image)
    width, height = picture.size
    small = picture.reduce(factor) if factor > 1 else picture
    soft = small.filter(ImageFilter.GaussianBlur(radius / factor)).resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(soft, dtype=np.float32) / np.float32(255)


def bloom(image: Array, *, radius: float, strength: float, threshold: float = 0.55) -> Array:
    """Light that spills over from bright places, as in a lens."""
    bright = np.clip((image - threshold) / (1 - threshold), 0, 1)
    light = blurred(bright, radius) * strength
    result: Array = 1 - (1 - np.clip(image, 0, 1)) * (1 - np.clip(light, 0, 1))
    return result


def vignette(image: Array, strength: float) -> Array:
    """Corners a little darker than the middle."""
    height, width = image.shape[:2]
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    result: Array = image * (1 - strength * np.clip((x * x + y * y) / 2, 0, 1) ** 1.5)[..., None]
    return result


def grain(rng: Random, image: Array, strength: float) -> Array:
    """Film grain: strongest in the middle tones, the same for all three colours."""
    height, width = image.shape[:2]
    speck = rng.standard_normal((height, width), dtype=np.float32) * strength
    tone = image.mean(axis=-1)
    result: Array = image + (speck * (0.35 + 2.6 * tone * (1 - tone)))[..., None]
    return result


def to_image(image: Array) -> Image.Image:
    """Numbers 0..1 to a Pillow picture (colour or grey)."""
    return Image.fromarray((np.clip(image, 0, 1) * 255 + 0.5).astype(np.uint8))


def from_image(picture: Image.Image) -> Array:
    """A Pillow picture to colour numbers 0..1."""
    return np.asarray(picture.convert("RGB"), dtype=np.float32) / np.float32(255)


class Easel:
    """A drawing board at twice the size, so that edges come out smooth; coordinates are those of the picture."""

    def __init__(self, base: Array, scale: int = 2) -> None:
        height, width = base.shape[:2]
        self.size = (width, height)
        self.scale = scale
        self.picture = to_image(base).resize((width * scale, height * scale), Image.Resampling.BILINEAR)
        self.pen = ImageDraw.Draw(self.picture, "RGBA")

    def polygon(self, points: list[tuple[float, float]], fill: tuple[int, ...]) -> None:
        """A filled polygon."""
        self.pen.polygon([(x * self.scale, y * self.scale) for x, y in points], fill=fill)

    def line(self, points: list[tuple[float, float]], fill: tuple[int, ...], width: float) -> None:
        """A stroke through the points."""
        scaled = [(x * self.scale, y * self.scale) for x, y in points]
        self.pen.line(scaled, fill=fill, width=max(1, round(width * self.scale)), joint="curve")

    def disc(self, x: float, y: float, radius: float, fill: tuple[int, ...]) -> None:
        """A filled circle."""
        scale = self.scale
        self.pen.ellipse(
            ((x - radius) * scale, (y - radius) * scale, (x + radius) * scale, (y + radius) * scale), fill=fill
        )

    def done(self) -> Array:
        """The finished drawing at the picture's own size."""
        return from_image(self.picture.reduce(self.scale))
