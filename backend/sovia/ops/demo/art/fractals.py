"""Julia sets: one squaring rule, coloured by how near each orbit passes to a cross."""

import numpy as np

from sovia.ops.demo.canvas import bloom, grid
from sovia.ops.demo.colour import Array, Palette
from sovia.ops.demo.noise import Random

SEEDS = (
    -0.8 + 0.156j,
    0.285 + 0.01j,
    -0.4 + 0.6j,
    -0.70176 - 0.3842j,
    -0.835 - 0.2321j,
    -0.7269 + 0.1889j,
    0.355 + 0.355j,
)


def julia(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """A Julia set with smooth bands outside and glowing filaments where orbits graze the axes."""
    x, y = grid(width, height)
    zoom, turn = float(rng.uniform(0.55, 1.15)), float(rng.uniform(0, 3))
    seed = SEEDS[int(rng.integers(len(SEEDS)))]
    return orbits(x * zoom, y * zoom, seed, turn, palette, image_width=width)


def orbits(x: Array, y: Array, seed: complex, turn: float, palette: Palette, *, image_width: int) -> Array:
    """The set for one seed of the rule (the clips move the seed)."""
    z = ((x + 1j * y) * np.exp(1j * turn)).astype(np.complex64).ravel()
    trap = np.full(z.shape, 9, np.float32)
    smooth = np.zeros(z.shape, np.float32)
    live = np.arange(z.size)
    w = z.copy()
    for count in range(140):
        w = w * w + np.complex64(seed)
        size = np.abs(w)
        trap[live] = np.minimum(trap[live], np.minimum(np.abs(w.real), np.abs(w.imag)) + 0.02 * size)
        out = size > 12
        smooth[live[out]] = count + 1 - np.log2(np.log(size[out]) / np.log(12))
        live, w = live[~out], w[~out]
        if not live.size:
            break
    smooth[live] = 140
    bands = np.log1p(smooth).reshape(x.shape) / np.log1p(140)
    thread = np.exp(-trap.reshape(x.shape) * 13)
    inside = (smooth >= 140).reshape(x.shape)
    tone = np.where(inside, 0.16 + 0.5 * thread, 0.04 + 0.62 * bands**1.3 + 0.45 * thread * bands)
    image = palette.at(np.clip(tone, 0.01, 0.99).astype(np.float32))
    return bloom(image * (0.72 + 0.42 * thread)[..., None], radius=image_width / 60, strength=0.5)
