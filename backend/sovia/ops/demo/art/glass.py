"""Stained glass: Voronoi panes held by lead, lit from behind by a landscape or by a rose of rings."""

import numpy as np
from scipy.spatial import cKDTree

from sovia.ops.demo.canvas import bloom, grid, mix, ramp
from sovia.ops.demo.colour import Array, Palette
from sovia.ops.demo.noise import Random, clouds


def _panes(seeds: Array, width: int, height: int) -> tuple[np.ndarray, Array]:
    """For each pixel the nearest seed and the distance (in pixels) to the border of its cell."""
    step = 2 if width * height > 300_000 else 1
    x, y = np.meshgrid(np.arange(0, width, step, dtype=np.float32), np.arange(0, height, step, dtype=np.float32))
    _, nearest = cKDTree(seeds).query(np.stack([x.ravel(), y.ravel()], -1), k=4)
    near = np.asarray(nearest).reshape(*x.shape, 4).repeat(step, 0).repeat(step, 1)[:height, :width]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    spots = np.stack([(x - seeds[near[..., n], 0]) ** 2 + (y - seeds[near[..., n], 1]) ** 2 for n in range(4)], -1)
    order = spots.argmin(-1)
    home = np.take_along_axis(near, order[..., None], -1)[..., 0]
    own = np.take_along_axis(spots, order[..., None], -1)
    gap = np.hypot(seeds[near, 0] - seeds[home, 0][..., None], seeds[near, 1] - seeds[home, 1][..., None])
    border = np.where(gap > 0, (spots - own) / np.maximum(2 * gap, 1e-3), np.inf).min(-1)
    return home, border.astype(np.float32)


def _leaded(rng: Random, seeds: Array, tones: Array, width: int, height: int, palette: Palette, lead: float) -> Array:
    home, border = _panes(seeds, width, height)
    ripple = clouds(rng, width, height, cells=22, octaves=3) - 0.5
    streak = clouds(rng, width, height, cells=4, octaves=4) - 0.5
    own = tones + rng.normal(0, 0.035, tones.shape).astype(np.float32)
    image = palette.at(np.clip(own[home] + 0.16 * streak, 0.04, 0.98))
    light = 0.86 + 0.5 * ripple + 0.30 * streak
    light = light * (0.72 + 0.36 * ramp(0, lead * 5, border))
    image = bloom(np.clip(image * light[..., None] * 1.08, 0, 1), radius=width / 45, strength=0.55, threshold=0.45)
    bar = ramp(lead * 1.15, lead * 0.85, border)
    sheen = 0.10 + 0.16 * ramp(lead * 0.7, 0, border)
    metal = np.repeat(sheen[..., None], 3, -1) * np.array([0.9, 0.95, 1.05], np.float32)
    return mix(image, metal.astype(np.float32), bar)


def window(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """A landscape in glass: a sun with rings and rays over hills and water."""
    unit = min(width, height)
    sun = (width * float(rng.uniform(0.3, 0.7)), height * float(rng.uniform(0.28, 0.42)))
    seeds, tones = [], []
    for ring, count in enumerate((1, 7, 12)):
        for number in range(count):
            angle = 2 * np.pi * (number + ring * 0.5) / count
            reach = unit * 0.068 * ring
            seeds.append((sun[0] + reach * np.cos(angle), sun[1] + reach * np.sin(angle)))
            tones.append(0.97 - 0.06 * ring)
    spacing = unit / 13
    horizon = height * float(rng.uniform(0.60, 0.70))
    phase = float(rng.uniform(0, 6))
    for y in np.arange(-spacing, height + spacing, spacing * 0.85):
        for x in np.arange(-spacing, width + spacing, spacing * (1.0 if y < horizon else 1.9)):
            px, py = x + float(rng.normal(0, spacing * 0.26)), y + float(rng.normal(0, spacing * 0.2))
            away = float(np.hypot(px - sun[0], py - sun[1])) / unit
            if away < 0.185:
                continue
            hill = horizon - unit * (0.10 * np.sin(px / unit * 4 + phase) + 0.06 * np.sin(px / unit * 9 + phase * 2))
            if py < hill:
                ray = 0.07 * np.cos(float(np.arctan2(py - sun[1], px - sun[0])) * 14)
                tone = 0.84 - 0.42 * min(1.0, away * 1.1) + ray
            elif py < horizon + unit * 0.04:
                tone = 0.22 + 0.10 * float(np.sin(px / unit * 7))
            else:
                tone = 0.34 + 0.34 * max(0.0, 1 - abs(px - sun[0]) / unit * 2.6) * float(rng.uniform(0.5, 1.2))
            seeds.append((px, py))
            tones.append(tone)
    points = np.array(seeds, np.float32)
    return _leaded(rng, points, np.array(tones, np.float32), width, height, palette, unit / 240)


def rose(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """A cathedral's rose window: rings of petals around one bright eye, in a dark wall."""
    unit = min(width, height) / 2
    fold = int(rng.choice([8, 10, 12]))
    seeds, tones = [(width / 2, height / 2)], [0.96]
    rings = [(0.20, 1, 0.55), (0.36, 1, 0.80), (0.52, 2, 0.40), (0.68, 2, 0.62), (0.83, 2, 0.86), (0.93, 4, 0.3)]
    for index, (reach, times, tone) in enumerate(rings):
        for number in range(fold * times):
            angle = 2 * np.pi * (number + (index % 2) / 2) / (fold * times)
            seeds.append((width / 2 + unit * reach * np.cos(angle), height / 2 + unit * reach * np.sin(angle)))
            tones.append(tone + 0.12 * (1 if number % 2 else -1))
    spread = unit / 6
    for y in np.arange(0, height + spread, spread):
        for x in np.arange(0, width + spread, spread):
            if np.hypot(x - width / 2, y - height / 2) > unit * 1.02:
                seeds.append((x + float(rng.normal(0, 8)), y + float(rng.normal(0, 8))))
                tones.append(0.10 + float(rng.uniform(0, 0.14)))
    points = np.array(seeds, np.float32)
    image = _leaded(rng, points, np.array(tones, np.float32), width, height, palette, unit / 110)
    x_axis, y_axis = grid(width, height)
    radius = np.hypot(x_axis, y_axis)
    stone = mix(image, np.float32(0.12) * palette.one(0.5), ramp(0.012, 0.006, np.abs(radius - 0.985) - 0.012))
    return stone * (1 - 0.55 * ramp(0.99, 1.02, radius))[..., None]
