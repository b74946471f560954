"""Colours of the demo pictures: hand-picked palettes, described in OKLCH and blended in OKLab."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]
Stop = tuple[float, float, float]

RAMP_LENGTH = 1024


@dataclass(frozen=True)
class Palette:
    """A named ramp from dark to light; `stops` are (lightness 0..1, chroma, hue in degrees)."""

    name: str
    stops: tuple[Stop, ...]

    def at(self, where: Array) -> Array:
        """Colours (sRGB 0..1, one more axis of 3) for positions 0..1 on the ramp; outside is clamped."""
        index = np.clip(where * (RAMP_LENGTH - 1), 0, RAMP_LENGTH - 1).astype(np.int32)
        colours: Array = _ramp(self.stops)[index]
        return colours

    def one(self, where: float) -> Array:
        """One colour of the ramp."""
        colour: Array = _ramp(self.stops)[int(np.clip(where, 0, 1) * (RAMP_LENGTH - 1))]
        return colour

    def ink(self, where: float, alpha: float = 1.0) -> tuple[int, int, int, int]:
        """One colour as bytes for drawing."""
        red, green, blue = (round(float(part) * 255) for part in self.one(where))
        return red, green, blue, round(alpha * 255)


@lru_cache(maxsize=64)
def _ramp(stops: tuple[Stop, ...]) -> Array:
    places = np.linspace(0, 1, len(stops))
    wanted = np.linspace(0, 1, RAMP_LENGTH)
    lab = np.array(
        [(light, chroma * np.cos(np.radians(hue)), chroma * np.sin(np.radians(hue))) for light, chroma, hue in stops]
    )
    blended = np.stack([np.interp(wanted, places, lab[:, axis]) for axis in range(3)], axis=-1)
    return oklab_to_srgb(blended)


def oklab_to_srgb(lab: npt.NDArray[np.float64]) -> Array:
    """OKLab to sRGB by the matrices of Bjorn Ottosson's description of the space."""
    light, a, b = lab[..., 0], lab[..., 1], lab[..., 2]
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = np.stack(
        [
            4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
            -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
            -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
        ],
        axis=-1,
    )
    linear = np.clip(linear, 0, 1)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    result: Array = encoded.astype(np.float32)
    return result


PALETTES: dict[str, Palette] = {
    palette.name: palette
    for palette in (
        Palette("ember", ((0.14, 0.05, 330), (0.32, 0.13, 10), (0.55, 0.20, 32), (0.75, 0.17, 60), (0.94, 0.08, 95))),
        Palette(
            "lagoon", ((0.16, 0.05, 260), (0.34, 0.09, 235), (0.56, 0.11, 205), (0.78, 0.11, 185), (0.97, 0.03, 170))
        ),
        Palette(
            "aurora", ((0.14, 0.05, 265), (0.34, 0.09, 205), (0.62, 0.18, 158), (0.80, 0.16, 165), (0.92, 0.08, 310))
        ),
        Palette("sakura", ((0.24, 0.07, 350), (0.48, 0.13, 5), (0.72, 0.14, 5), (0.86, 0.08, 15), (0.97, 0.02, 60))),
        Palette("saffron", ((0.20, 0.05, 30), (0.42, 0.12, 38), (0.64, 0.16, 58), (0.81, 0.15, 80), (0.96, 0.05, 95))),
        Palette(
            "indigo", ((0.12, 0.05, 275), (0.30, 0.14, 272), (0.50, 0.17, 275), (0.74, 0.11, 280), (0.96, 0.02, 270))
        ),
        Palette(
            "moss", ((0.18, 0.03, 160), (0.36, 0.07, 145), (0.56, 0.11, 130), (0.77, 0.10, 112), (0.96, 0.04, 100))
        ),
        Palette(
            "porcelain", ((0.24, 0.09, 265), (0.42, 0.15, 262), (0.66, 0.10, 250), (0.87, 0.04, 235), (0.98, 0.01, 90))
        ),
        Palette(
            "neon", ((0.11, 0.06, 290), (0.34, 0.20, 300), (0.62, 0.26, 345), (0.80, 0.14, 210), (0.98, 0.03, 200))
        ),
        Palette(
            "copper", ((0.17, 0.04, 225), (0.38, 0.06, 205), (0.55, 0.07, 120), (0.68, 0.14, 52), (0.90, 0.07, 70))
        ),
        Palette("dusk", ((0.17, 0.07, 280), (0.36, 0.14, 300), (0.57, 0.17, 350), (0.76, 0.14, 45), (0.93, 0.07, 80))),
        Palette("jade", ((0.15, 0.04, 190), (0.34, 0.08, 172), (0.56, 0.12, 165), (0.77, 0.12, 125), (0.93, 0.09, 95))),
        Palette("opal", ((0.42, 0.10, 290), (0.66, 0.10, 310), (0.80, 0.08, 200), (0.89, 0.08, 150), (0.96, 0.05, 70))),
        Palette("desert", ((0.20, 0.07, 350), (0.40, 0.12, 25), (0.62, 0.13, 48), (0.80, 0.11, 68), (0.96, 0.04, 85))),
        Palette("gilded", ((0.10, 0.02, 270), (0.22, 0.06, 268), (0.44, 0.08, 70), (0.74, 0.13, 82), (0.97, 0.05, 95))),
        Palette(
            "glacier", ((0.18, 0.04, 245), (0.40, 0.07, 235), (0.65, 0.07, 222), (0.85, 0.04, 215), (0.985, 0.01, 210))
        ),
        Palette("candy", ((0.30, 0.14, 295), (0.58, 0.21, 340), (0.76, 0.15, 25), (0.87, 0.12, 85), (0.95, 0.05, 190))),
        Palette("ink", ((0.16, 0.01, 260), (0.36, 0.01, 260), (0.60, 0.01, 90), (0.83, 0.02, 90), (0.96, 0.02, 90))),
        Palette("rosso", ((0.13, 0.04, 15), (0.33, 0.14, 25), (0.53, 0.21, 27), (0.78, 0.09, 50), (0.96, 0.03, 80))),
        Palette(
            "meadow", ((0.28, 0.07, 255), (0.50, 0.12, 150), (0.74, 0.16, 125), (0.89, 0.13, 100), (0.97, 0.03, 30))
        ),
    )
}
