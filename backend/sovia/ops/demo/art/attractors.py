"""Strange attractors: millions of steps of one small formula, gathered into density and coloured by motion."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from sovia.ops.demo.canvas import bloom
from sovia.ops.demo.colour import Array, Palette
from sovia.ops.demo.noise import Random

Coefficients = tuple[float, float, float, float]
Step = Callable[[Array, Array, Coefficients], tuple[Array, Array]]


def _clifford(x: Array, y: Array, k: Coefficients) -> tuple[Array, Array]:
    a, b, c, d = k
    return np.sin(a * y) + c * np.cos(a * x), np.sin(b * x) + d * np.cos(b * y)


def _de_jong(x: Array, y: Array, k: Coefficients) -> tuple[Array, Array]:
    a, b, c, d = k
    return np.sin(a * y) - np.cos(b * x), np.sin(c * x) - np.cos(d * y)


def clifford(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """Clifford's attractor: folded veils."""
    return _veil(rng, width, height, palette, _clifford)


def de_jong(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """De Jong's attractor: shells and smoke."""
    return _veil(rng, width, height, palette, _de_jong)


def density(
    step: Step, k: Coefficients, rng: Random, width: int, height: int, *, points: int, steps: int, turn: float
) -> tuple[Array, Array]:
    """How often each pixel is visited and the mean speed there (0..1)."""
    x = rng.uniform(-1, 1, points).astype(np.float32)
    y = rng.uniform(-1, 1, points).astype(np.float32)
    for _ in range(12):
        x, y = step(x, y, k)
    cos, sin = np.float32(np.cos(turn)), np.float32(np.sin(turn))
    across, down = x * cos - y * sin, x * sin + y * cos
    middle = (float(across.max() + across.min()) / 2, float(down.max() + down.min()) / 2)
    scale = 0.94 * min(width / float(np.ptp(across)), height / float(np.ptp(down)))
    heap: npt.NDArray[np.float64] = np.zeros(width * height)
    speed: npt.NDArray[np.float64] = np.zeros(width * height)
    for _ in range(steps):
        new_x, new_y = step(x, y, k)
        moved = np.hypot(new_x - x, new_y - y)
        x, y = new_x, new_y
        i = ((x * cos - y * sin - middle[0]) * scale + width / 2).astype(np.int32)
        j = ((x * sin + y * cos - middle[1]) * scale + height / 2).astype(np.int32)
        index = np.clip(j, 0, height - 1) * width + np.clip(i, 0, width - 1)
        heap += np.bincount(index, minlength=width * height)
        speed += np.bincount(index, weights=moved, minlength=width * height)
    mean = speed / np.maximum(heap, 1) / 3.2
    return heap.reshape(height, width).astype(np.float32), mean.reshape(height, width).astype(np.float32)


def _rich(rng: Random, step: Step) -> Coefficients:
    """Of many random formulas the one whose short orbit spreads most evenly over the plane."""
    best: tuple[float, Coefficients] = (-1.0, (1.4, -2.3, 2.4, -2.1))
    for _ in range(60):
        a, b, c, d = (float(value) for value in rng.choice([-1, 1], 4) * rng.uniform([1.2, 1.2, 0.5, 0.5], 2.4, 4))
        heap, _speed = density(step, (a, b, c, d), rng, 56, 56, points=300, steps=30, turn=0.0)
        filled = float((heap > 0).mean())
        score = filled - 0.9 * abs(filled - 0.55)
        if score > best[0]:
            best = (score, (a, b, c, d))
    return best[1]


def _veil(rng: Random, width: int, height: int, palette: Palette, step: Step) -> Array:
    coefficients = _rich(rng, step)
    turn = float(rng.choice([0, np.pi / 4, np.pi / 2]))
    passes = max(8, width * height // 9_000)
    heap, speed = density(step, coefficients, rng, width, height, points=180_000, steps=passes, turn=turn)
    full = float(np.percentile(heap[heap > 0], 99.6))
    tone = np.clip(np.log1p(heap * 2) / np.log1p(full * 2), 0, 1) ** 1.3
    colour = palette.at(np.clip(0.04 + 0.78 * tone + 0.40 * (speed - 0.45) * tone, 0, 1))
    floor = palette.one(0.02) * 0.6
    image: Array = (floor + (colour - floor) * np.clip(tone * 1.5, 0, 1)[..., None]).astype(np.float32)
    return bloom(image, radius=width / 70, strength=0.35, threshold=0.55)
