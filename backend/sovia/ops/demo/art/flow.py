"""Pictures of currents: silk threads, brush ribbons that never cross, and gold dust in a whirl."""

import numpy as np

from sovia.ops.demo.canvas import Easel, bloom, grid, mix, ramp
from sovia.ops.demo.colour import Array, Palette
from sovia.ops.demo.noise import Random, clouds, curl, trails


def silk(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """Thousands of fine threads that follow a turbulent flow, coloured by where they began."""
    field = curl(rng, width, height, cells=float(rng.uniform(1.1, 2.0)), octaves=3)
    count = width * height // 34
    places, owners = trails(rng, field, count, 130, 1.4)
    hue = np.clip(
        clouds(rng, width, height, cells=1.2, octaves=2).ravel()[rng.integers(0, width * height, count)], 0, 1
    )
    start = np.zeros(count, np.float32)
    first = places[: len(owners[owners < count])][:count]
    start[owners[:count]] = clouds(rng, width, height, cells=1.0, octaves=2).ravel()[first]
    tone = np.clip((start - 0.5) * 1.5 + 0.62 + (hue - 0.5) * 0.35, 0.12, 1)
    heap = np.bincount(places, minlength=width * height).astype(np.float32)
    shade = np.bincount(places, weights=tone[owners], minlength=width * height).astype(np.float32)
    mean = (shade / np.maximum(heap, 1)).reshape(height, width)
    cover = 1 - np.exp(-heap.reshape(height, width) / max(1e-6, float(heap.mean())) * 0.85)
    back = palette.at(np.full((height, width), 0.02, np.float32))
    return bloom(mix(back, palette.at(mean), cover), radius=width / 60, strength=0.35)


def ribbons(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """Long brush strokes laid along a gentle flow; none runs over another."""
    cell = 4
    wide, high = width // cell + 1, height // cell + 1
    angle = clouds(rng, wide, high, cells=0.9, octaves=2) * 7.5 + float(rng.uniform(0, 6))
    taken = np.zeros((high, wide), bool)
    paper = palette.one(0.97)
    easel = Easel(np.broadcast_to(paper, (height, width, 3)))
    for number in range(7000):
        thick = float(rng.choice([30, 18, 10, 6], p=[0.2, 0.3, 0.3, 0.2])) * (0.6 if number > 2500 else 1.0)
        points = _stroke(rng, angle, taken, cell, thick)
        if len(points) < 9:
            continue
        for x, y in points:
            reach = max(1, int((thick / 2 + 2) / cell + 0.5))
            i, j = int(x / cell), int(y / cell)
            taken[max(0, j - reach) : j + reach + 1, max(0, i - reach) : i + reach + 1] = True
        tone = float(rng.choice([0.05, 0.25, 0.42, 0.55, 0.68, 0.8]))
        easel.line(points, palette.ink(tone), thick)
        easel.line(points, palette.ink(min(1.0, tone + 0.1), 0.5), thick * 0.45)
    return easel.done()


def _stroke(rng: Random, angle: Array, taken: np.ndarray, cell: int, thick: float) -> list[tuple[float, float]]:
    high, wide = angle.shape
    x, y = float(rng.uniform(0, wide * cell)), float(rng.uniform(0, high * cell))
    reach = max(1, int((thick / 2 + 2) / cell))
    points: list[tuple[float, float]] = []
    for _ in range(int(rng.integers(30, 130))):
        i, j = int(x / cell), int(y / cell)
        if not (0 <= i < wide and 0 <= j < high):
            break
        if taken[max(0, j - reach) : j + reach + 1, max(0, i - reach) : i + reach + 1].any():
            break
        points.append((x, y))
        x, y = x + 5 * float(np.cos(angle[j, i])), y + 5 * float(np.sin(angle[j, i]))
    return points


def whirl(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """Dust that circles a dark middle: a flow of turned rings with loose edges."""
    x, y = grid(width, height)
    cx, cy = float(rng.uniform(-0.2, 0.2)), float(rng.uniform(-0.2, 0.2))
    radius = np.hypot(x - cx, y - cy) + 1e-4
    drift_x, drift_y = curl(rng, width, height, cells=1.6, octaves=3)
    bend = 0.22 + 0.20 * radius
    flow_x = -(y - cy) / radius + bend * drift_x
    flow_y = (x - cx) / radius + bend * drift_y
    count = width * height // 40
    places, owners = trails(rng, (flow_x.astype(np.float32), flow_y.astype(np.float32)), count, 150, 1.5)
    heap = np.bincount(places, minlength=width * height).astype(np.float32).reshape(height, width)
    speck = rng.random(count).astype(np.float32)
    tone = np.bincount(places, weights=speck[owners], minlength=width * height).astype(np.float32)
    mean = tone.reshape(height, width) / np.maximum(heap, 1)
    glow = np.exp(-((radius - 0.72) ** 2) / 0.12) + 0.35 * np.exp(-((radius - 1.35) ** 2) / 0.3)
    light = (1 - np.exp(-heap * 0.16)) * np.clip(glow, 0, 1.2) * ramp(0.16, 0.34, radius)
    return bloom(
        palette.at(np.clip(light * (0.55 + 0.75 * mean), 0, 1)), radius=width / 40, strength=0.6, threshold=0.4
    )
