"""Landscapes in layers: misty ranges, aurora over a lake, dunes at evening."""

import numpy as np

from sovia.ops.demo.art.cosmos import stars
from sovia.ops.demo.canvas import Easel, bloom, grid, mix, ramp
from sovia.ops.demo.colour import Array, Palette
from sovia.ops.demo.noise import Random, clouds, sheet


def skyline(rng: Random, width: int, *, rough: float, peaks: float) -> Array:
    """A mountain line over the width of the picture, about -1..1; `rough` 0 is dunes, 1 is rock."""
    x = np.linspace(0, 1, width, dtype=np.float32)
    line = np.zeros(width, np.float32)
    weight, count = 1.0, peaks
    for _ in range(8):
        knots = rng.normal(0, 1, int(count) + 3)
        line += weight * np.interp(x * count + float(rng.random()), np.arange(knots.size), knots).astype(np.float32)
        weight, count = weight * (0.30 + 0.22 * rough), count * 2.1
    if rough < 0.3:
        kernel = np.hanning(max(5, width // 9))
        line = np.convolve(np.pad(line, kernel.size, mode="edge"), kernel / kernel.sum(), "same")[
            kernel.size : -kernel.size
        ]
    result: Array = (line / (np.abs(line).max() + 1e-6)).astype(np.float32)
    return result


def ranges(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """Mountains behind mountains, paler and warmer with distance, under a low sun, with birds."""
    x, y = grid(width, height)
    rows = np.arange(height, dtype=np.float32)[:, None] / height
    sun = (float(rng.uniform(-0.45, 0.45)), float(rng.uniform(-0.45, -0.1)))
    away = np.hypot(x - sun[0], y - sun[1])
    image = palette.at((0.62 + 0.36 * np.broadcast_to(rows, x.shape) / 0.6).clip(0, 0.97).astype(np.float32))
    image = mix(image, palette.one(0.99), 0.75 * np.exp(-away * 2.4).astype(np.float32))
    image = mix(image, np.array([1, 0.97, 0.9], np.float32), ramp(0.135, 0.128, away))
    mist = clouds(rng, width, height, cells=2, octaves=4)
    count = int(rng.integers(6, 9))
    for layer in range(count):
        near = layer / (count - 1)
        base = 0.50 + 0.44 * near**1.15
        line = base - skyline(rng, width, rough=0.9 - 0.2 * near, peaks=2.0 + 2.5 * near) * (0.05 + 0.10 * near)
        line = line - (_trees(rng, width) * 0.022 * near if near > 0.72 else 0)
        below = ramp(-0.0012, 0.0012, rows - line[None, :])
        lift = ramp(0.0, 0.20, rows - line[None, :])
        tone = 0.78 - 0.74 * near**0.85
        body = palette.at(np.clip(tone + 0.30 * lift * (1 - near) * (0.55 + mist), 0, 0.97).astype(np.float32))
        warm = np.exp(-away * 1.6) * (1 - near) * 0.45
        image = mix(image, mix(body, palette.one(0.97), warm.astype(np.float32)), below)
    return bloom(_birds(rng, image, palette), radius=width / 25, strength=0.3, threshold=0.7)


def _trees(rng: Random, width: int) -> Array:
    crown = np.zeros(width, np.float32)
    place = np.arange(width)
    for centre in rng.uniform(0, width, width // 9):
        tall, wide = float(rng.uniform(0.4, 1.6)), float(rng.uniform(2.5, 6.5)) * width / 1000
        crown = np.maximum(crown, tall * np.clip(1 - np.abs(place - centre) / (wide * 1.6), 0, 1))
    return crown


def _birds(rng: Random, image: Array, palette: Palette) -> Array:
    height, width = image.shape[:2]
    easel = Easel(image)
    cx, cy = width * float(rng.uniform(0.25, 0.75)), height * float(rng.uniform(0.14, 0.3))
    for _ in range(int(rng.integers(5, 12))):
        x, y = cx + float(rng.normal(0, width / 10)), cy + float(rng.normal(0, height / 30))
        span = width * float(rng.uniform(0.006, 0.013))
        wing = [
            (x - span, y - span * 0.35),
            (x - span * 0.4, y - span * 0.55),
            (x, y),
            (x + span * 0.4, y - span * 0.55),
        ]
        easel.line([*wing, (x + span, y - span * 0.3)], palette.ink(0.08, 0.8), max(1.0, width / 800))
    return easel.done()


def aurora(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """Curtains of northern light over black ridges, mirrored in a still lake."""
    shore = int(height * float(rng.uniform(0.66, 0.74)))
    sky = curtains(rng, width, shore, palette, phase=0.0)
    line = 0.86 - 0.15 * (0.5 + 0.5 * skyline(rng, width, rough=0.9, peaks=3))
    front = 0.965 - 0.05 * (0.5 + 0.5 * skyline(rng, width, rough=0.7, peaks=2)) - 0.02 * _trees(rng, width)
    rows = np.arange(shore, dtype=np.float32)[:, None] / shore
    snow = clouds(rng, width, shore, cells=16, octaves=3)
    far = palette.at(np.clip(0.10 + 0.25 * ramp(0.5, 0.75, snow) * ramp(0.10, 0.0, rows - line), 0, 1))
    sky = mix(sky, far, ramp(-0.002, 0.002, rows - line[None, :]))
    sky = mix(sky, palette.one(0.0) * 0.35, ramp(-0.002, 0.002, rows - front[None, :]))
    return _mirrored(rng, sky, height, palette)


def curtains(rng: Random, width: int, height: int, palette: Palette, *, phase: float) -> Array:
    """The sky of the aurora at a moment of its slow dance (`phase` in radians)."""
    folds = sheet(rng, side=256, roughness=2.2, lowest=2)
    x = np.linspace(0, width / height * 0.5, width, dtype=np.float32)[None, :].repeat(height, 0)
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None].repeat(width, 1)
    total = np.zeros((height, width), np.float32)
    hue = np.zeros((height, width), np.float32)
    for number in range(3):
        drift = 0.05 * np.float32(np.sin(phase + number))
        bend = folds.at(x * 0.5 + number * 0.31 + drift, y * 0.10 + number * 0.2)
        foot = 0.30 + 0.17 * number + 0.75 * (bend - 0.5)
        rays = folds.at(x * 5.5 + 0.8 * bend + drift * 2, y * 0.05 + number * 0.4)
        glow = np.exp(-np.clip(foot - y, 0, 9) * (3.4 + 4.5 * rays)) * ramp(0.15, -0.03, y - foot)
        glow = glow * (0.25 + 1.1 * ramp(0.32, 0.8, rays)) * (0.95 - 0.22 * number)
        total += glow
        hue += glow * np.clip((foot - y) * 1.7, 0, 1)
    mean = hue / np.maximum(total, 1e-3)
    night = palette.at(np.clip(0.03 + 0.15 * y, 0, 1))
    light = palette.at(np.clip(0.52 + 0.45 * mean, 0, 0.98))
    image = night + light * np.clip(total, 0, 1.15)[..., None] * 0.95
    sky = stars(rng, width, height, width * height // 900)
    return bloom(image + sky[..., None] * 0.8, radius=width / 45, strength=0.5, threshold=0.4)


def _mirrored(rng: Random, sky: Array, height: int, palette: Palette) -> Array:
    shore, width = sky.shape[:2]
    deep = height - shore
    ripple = clouds(rng, width, deep, cells=3, octaves=5) - 0.5
    rows = np.arange(deep)[:, None]
    swing = (ripple * (4 + rows * 0.16)).astype(int)
    source = np.clip(shore - 1 - (rows * (shore / deep * 0.62)).astype(int) + swing, 0, shore - 1)
    columns = np.clip(np.arange(width)[None, :] + swing // 2, 0, width - 1)
    water = sky[source, columns] * np.linspace(0.72, 0.40, deep, dtype=np.float32)[:, None, None]
    water = mix(water, palette.one(0.06), 0.16)
    return np.concatenate([sky, water]).astype(np.float32)


def dunes(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """Sand in long curves, one side lit and one in shade, with wind ripples."""
    rows = np.arange(height, dtype=np.float32)[:, None] / height
    x, y = grid(width, height)
    sun = (float(rng.uniform(-0.6, 0.6)), float(rng.uniform(-0.62, -0.4)))
    away = np.hypot(x - sun[0], y - sun[1])
    image = palette.at(np.clip(0.99 - 0.28 * ramp(0.5, 0.0, np.broadcast_to(rows, x.shape)), 0, 1))
    image = mix(image, np.array([1.0, 0.96, 0.86], np.float32), ramp(0.115, 0.108, away))
    image = mix(image, palette.one(0.92), 0.4 * np.exp(-away * 3).astype(np.float32))
    speckle = clouds(rng, width, height, cells=90, octaves=2) * 0.5 - 0.25
    for layer in range(6):
        near = layer / 5
        line = 0.44 + 0.40 * near - (0.05 + 0.075 * near) * skyline(rng, width, rough=0.05, peaks=1.4 + near)
        crest = skyline(rng, width, rough=0.0, peaks=1.2) * 0.5
        depth = rows - line[None, :]
        slope = np.gradient(line)[None, :] * width
        edge = crest[None, :] + depth * (2.2 - 3.5 * slope)
        shade = ramp(-0.07, 0.10, np.broadcast_to(edge, x.shape).astype(np.float32))
        wind = np.sin(depth * 260 / (0.35 + near) + crest[None, :] * 30 + speckle * 2) * 0.018 * (0.4 + near)
        tone = 0.86 - 0.28 * near - 0.34 * shade * (0.5 + 0.5 * near) - 0.22 * ramp(0, 0.35, depth) + wind
        body = palette.at(np.clip(tone + 0.035 * speckle, 0.05, 0.95).astype(np.float32))
        image = mix(image, body, ramp(-0.001, 0.001, np.broadcast_to(depth, x.shape).astype(np.float32)))
    return bloom(image, radius=width / 30, strength=0.25, threshold=0.75)
