"""Cut stone and poured paint: marble with gold veins, banded agate, liquid ink."""

import numpy as np
from scipy.spatial import cKDTree

from sovia.ops.demo.canvas import bloom, grid, mix, ramp
from sovia.ops.demo.colour import Array, Palette
from sovia.ops.demo.noise import Random, clouds, sheet


def marble(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """Folded layers of stone with fine veins of gold that break and meet."""
    x, y = grid(width, height)
    turn = float(rng.uniform(0, 3))
    u = (x * np.cos(turn) + y * np.sin(turn)).astype(np.float32) * 0.14
    v = (y * np.cos(turn) - x * np.sin(turn)).astype(np.float32) * 0.14
    soft, rough = sheet(rng, roughness=2.2, lowest=2), sheet(rng, roughness=1.8, lowest=3)
    q, r = soft.at(u, v) - 0.5, soft.at(u + 0.52, v + 0.13) - 0.5
    s = rough.at(u * 1.3 + 0.55 * q, v * 1.3 + 0.55 * r) - 0.5
    layer = soft.at(u + 0.7 * q + 0.22 * s, v * 1.6 + 0.7 * r)
    tone = np.clip(0.5 + 1.5 * (layer - 0.5) + 0.45 * s, 0.03, 0.98)
    image = palette.at(tone.astype(np.float32))
    image = image * (0.90 + 0.55 * s)[..., None]
    crack = np.abs(layer + 0.35 * s - 0.53)
    grow = ramp(0.42, 0.62, rough.at(u * 2 + 0.3, v * 2))
    vein = ramp(0.012, 0.003, crack) * (0.25 + 0.75 * grow)
    second = ramp(0.007, 0.001, np.abs(q - 0.6 * s + 0.02)) * grow
    spark = clouds(rng, width, height, cells=60, octaves=2)
    gold = np.array([0.93, 0.73, 0.36], np.float32) * (0.65 + 0.75 * spark)[..., None]
    return mix(image, gold.astype(np.float32), np.clip(vein + second, 0, 1))


def agate(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """A slice of agate: growth rings around a crystal heart."""
    x, y = grid(width, height)
    cx, cy = float(rng.uniform(-0.35, 0.35)), float(rng.uniform(-0.35, 0.35))
    bend = sheet(rng, roughness=2.1, lowest=2)
    fine = sheet(rng, roughness=1.7, lowest=5)
    angle = np.arctan2(y - cy, x - cx)
    shape = 1 + 0.26 * np.cos(2 * angle + 1) + 0.13 * np.cos(3 * angle + 2)
    radius = np.hypot(x - cx, y - cy) / shape
    push = bend.at((x * 0.17).astype(np.float32), (y * 0.17).astype(np.float32)) - 0.5
    depth = radius + 0.62 * push + 0.03 * (fine.at((x * 0.4).astype(np.float32), (y * 0.4).astype(np.float32)) - 0.5)
    stripes = np.interp(np.linspace(0, 1, 900), np.linspace(0, 1, 64), rng.beta(1.6, 1.3, 64)).astype(np.float32)
    place = np.clip(depth / 2.4, 0, 0.999)
    tone = stripes[(place * 900).astype(int)] * 0.62 + 0.32 * (0.5 + 0.5 * np.sin(depth * 8))
    tone = tone + 0.05 * np.sin(depth * 160)
    image = palette.at(np.clip(tone, 0.03, 0.98).astype(np.float32))
    image = image * (0.84 + 0.2 * np.abs(np.sin(depth * 40)))[..., None]
    image = mix(image, palette.one(0.98), ramp(0.34, 0.31, depth))
    image = mix(image, _crystals(rng, x, y, depth, palette), ramp(0.31, 0.27, depth))
    return bloom(image, radius=width / 70, strength=0.3)


def _crystals(rng: Random, x: Array, y: Array, depth: Array, palette: Palette) -> Array:
    """A druse: flat facets that each catch the light at their own angle, darker towards the hollow."""
    image = np.zeros((*x.shape, 3), np.float32)
    where = depth < 0.34
    if not where.any():
        return image
    spots = rng.uniform(-1.6, 1.6, (5200, 2))
    away, owner = cKDTree(spots).query(np.stack([x[where], y[where]], -1), k=2)
    tone = rng.beta(1.1, 1.5, len(spots))[owner[:, 0]]
    lean = rng.normal(0, 7, (len(spots), 2))[owner[:, 0]]
    slope = (lean * (np.stack([x[where], y[where]], -1) - spots[owner[:, 0]])).sum(-1)
    hollow = np.clip(0.45 + 1.5 * depth[where], 0.2, 1)
    colour = palette.at(np.clip(0.18 + 0.78 * tone + slope, 0.05, 1).astype(np.float32)) * hollow[:, None]
    image[where] = colour * np.clip(0.55 + (away[:, 1] - away[:, 0]) * 40, 0.55, 1.05)[:, None]
    return image


def liquid(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """Thick poured paint: glossy folds with sharp lights, by noise bent twice."""
    x, y = grid(width, height)
    pour = sheet(rng, roughness=2.5, lowest=2)
    u, v = (x * 0.13 + float(rng.random())).astype(np.float32), (y * 0.13).astype(np.float32)
    q, r = pour.at(u, v) - 0.5, pour.at(u + 0.4, v + 0.8) - 0.5
    s, t = pour.at(u + q * 0.8, v + r * 0.8) - 0.5, pour.at(u + r * 0.7 + 0.2, v + q * 0.7) - 0.5
    fold = pour.at(u + s * 0.9, v + t * 0.9)
    hue = 0.5 + 1.15 * s + 0.5 * (fold - 0.5) + 0.10 * np.sin(fold * 46)
    down, across = np.gradient(fold)
    steep = 46.0 * min(width, height) / 1000
    flat = 1 / np.sqrt(1 + (steep**2) * (down**2 + across**2) * 6)
    light = np.clip(flat * (1 - steep * (across * 0.8 + down * 1.1)), 0, 2)
    image = palette.at(np.clip(hue, 0.04, 0.97).astype(np.float32)) * (0.34 + 0.66 * light)[..., None]
    shine = ramp(1.16, 1.45, light.astype(np.float32)) * 0.65
    return bloom(mix(np.clip(image, 0, 1), np.ones(3, np.float32), shine), radius=width / 60, strength=0.3)
