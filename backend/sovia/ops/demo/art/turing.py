"""Patterns that grow by themselves: short-range help and long-range hindrance, as on coral, shells and skin."""

from collections.abc import Iterator

import numpy as np
from scipy.ndimage import gaussian_filter

from sovia.ops.demo.canvas import bloom, mix, ramp
from sovia.ops.demo.colour import Array, Palette
from sovia.ops.demo.noise import Random, clouds, stretched


def growth(rng: Random, width: int, height: int, *, reach: float, bias: float, rounds: int) -> Iterator[Array]:
    """Stages of a Turing pattern (values about -1..1) from noise to labyrinth, on a torus."""
    state = rng.standard_normal((height, width), dtype=np.float32) * 0.5
    state += (clouds(rng, width, height, cells=2, octaves=2) - 0.5) * 2
    for _ in range(rounds):
        help_ = gaussian_filter(state, reach, mode="wrap", truncate=2.6)
        hinder = gaussian_filter(state, reach * 1.9, mode="wrap", truncate=2.4)
        state = np.tanh((help_ - hinder) * 14 + bias + state * 0.35).astype(np.float32)
        yield state


def relief(state: Array, palette: Palette, drift: Array) -> Array:
    """Light from the upper left on the ridges of a pattern; colour follows height and a slow drift."""
    down, across = np.gradient(state)
    slope = np.hypot(down, across)
    steep = 24.0 * min(state.shape) / 1000
    light = (-across * 0.7 - down * 0.75) * steep + 1
    light = light / np.sqrt(1 + (slope * steep) ** 2)
    tone = np.clip(0.46 + 0.30 * state + (drift - 0.5) * 0.9, 0, 1).astype(np.float32)
    image = palette.at(tone) * (0.46 + 0.44 * np.clip(light, 0, 1.6))[..., None]
    shine = np.clip(light - 1.02, 0, 1) ** 2 * 1.6
    return mix(image, np.ones(3, np.float32), np.clip(shine, 0, 0.55).astype(np.float32))


def coral(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """A labyrinth of soft ridges, like brain coral under raking light."""
    return _grown(rng, width, height, palette, bias=0.0, reach=float(rng.uniform(2.2, 3.4)))


def spots(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """The same growth pushed towards islands: beads, pores and leopard spots."""
    return _grown(
        rng, width, height, palette, bias=float(rng.choice([-0.85, 0.85])), reach=float(rng.uniform(2.6, 3.8))
    )


def _grown(rng: Random, width: int, height: int, palette: Palette, *, bias: float, reach: float) -> Array:
    small = (max(48, width // 3), max(48, height // 3))
    *_, state = growth(rng, *small, reach=reach, bias=bias, rounds=26)
    state = gaussian_filter(state, 1.1, mode="wrap").astype(np.float32)
    drift = clouds(rng, width, height, cells=1.1, octaves=3)
    image = relief(stretched(state, width, height), palette, drift)
    shade = gaussian_filter(state, 6, mode="wrap").astype(np.float32)
    image = image * (0.84 + 0.30 * ramp(-0.6, 0.6, stretched(shade, width, height)))[..., None]
    return bloom(image, radius=width / 50, strength=0.25)
