"""Scenes whose clips show the system itself at work instead of a moving camera."""

from collections.abc import Callable

import numpy as np
from scipy.ndimage import gaussian_filter

from sovia.ops.demo.art import fractals, tilings, turing, waves
from sovia.ops.demo.canvas import grid
from sovia.ops.demo.colour import PALETTES, Array
from sovia.ops.demo.noise import clouds, stretched

Frames = Callable[[float], Array]
TAU = 2 * np.pi


def frames_of(scene: str, palette: str, seed: int, width: int, height: int) -> Frames:
    """A function from a moment 0..1 to the picture then; it starts close to the still of the same seed."""
    makers = {"kaleidoscope": _drum, "moire": _pond, "julia": _seeds, "coral": _growing, "spots": _growing}
    return makers[scene](palette, seed, width, height)


def _drum(palette: str, seed: int, width: int, height: int) -> Frames:
    x, y = grid(width, height)

    def frame(time: float) -> Array:
        return tilings.rosette(np.random.default_rng(seed), x, y, PALETTES[palette], turn=TAU * time * 0.5)

    return frame


def _pond(palette: str, seed: int, width: int, height: int) -> Frames:
    rng = np.random.default_rng(seed)
    sources = [(float(rng.uniform(-1.1, 1.1)), float(rng.uniform(-1.1, 1.1))) for _ in range(int(rng.integers(3, 6)))]
    pitch = float(rng.uniform(44, 72))
    x, y = grid(width, height)

    def frame(time: float) -> Array:
        return waves.rings(x, y, sources, PALETTES[palette], pitch=pitch, phase=TAU * 3 * time)

    return frame


def _seeds(palette: str, seed: int, width: int, height: int) -> Frames:
    rng = np.random.default_rng(seed)
    zoom, turn = float(rng.uniform(0.55, 1.15)), float(rng.uniform(0, 3))
    start = fractals.SEEDS[int(rng.integers(len(fractals.SEEDS)))]
    x, y = grid(width // 2, height // 2)

    def frame(time: float) -> Array:
        moved = start + 0.0007 * (np.exp(1j * TAU * time) - 1)
        small = fractals.orbits(
            x * zoom, y * zoom, complex(moved), turn + 0.3 * time, PALETTES[palette], image_width=width // 2
        )
        return np.stack([stretched(small[..., part], width, height) for part in range(3)], -1)

    return frame


def _growing(palette: str, seed: int, width: int, height: int) -> Frames:
    rng = np.random.default_rng(seed)
    small = (width // 3, height // 3)
    stages = [
        gaussian_filter(state, 1.0, mode="wrap")
        for state in turing.growth(rng, *small, reach=2.6, bias=float(rng.choice([-0.4, 0.0, 0.4])), rounds=36)
    ]
    drift = clouds(rng, width, height, cells=1.1, octaves=3)

    def frame(time: float) -> Array:
        place = min(time**1.6 * (len(stages) - 1), len(stages) - 1.001)
        index, part = int(place), place - int(place)
        state = (stages[index] * (1 - part) + stages[index + 1] * part).astype(np.float32)
        return turing.relief(stretched(state, width, height), PALETTES[palette], drift)

    return frame
