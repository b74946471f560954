"""Lines and waves: ridges of sound, rings that interfere, a rolling sea of layered paper."""

import numpy as np

from sovia.ops.demo.canvas import Easel, bloom, grid, mix, ramp
from sovia.ops.demo.colour import Array, Palette
from sovia.ops.demo.noise import Random, clouds, sheet, stretched


def ridges(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """Stacked lines, each hiding what lies behind: a mountain range plotted like a signal."""
    lines = int(rng.integers(52, 78))
    terrain = stretched(clouds(rng, 96, lines, cells=float(rng.uniform(3, 6)), octaves=4, gain=0.5), 420, lines)
    dark = bool(palette.name not in ("porcelain", "ink"))
    ground = palette.one(0.02 if dark else 0.97) * (0.8 if dark else 1)
    easel = Easel(np.broadcast_to(ground, (height, width, 3)).astype(np.float32))
    along = np.linspace(0, 1, 420)
    window = np.exp(-(((along - float(rng.uniform(0.4, 0.6))) / 0.26) ** 2))
    fill = tuple(int(part * 255 + 0.5) for part in ground)
    for number in range(lines):
        share = number / (lines - 1)
        base = height * (0.20 + 0.70 * share)
        lift = np.clip(terrain[number] - 0.36, 0, 1) * window * min(width, height) * 0.46 + rng.normal(
            0, height / 2400, 420
        )
        points = list(zip((along * width * 0.84 + width * 0.08).tolist(), (base - lift).tolist(), strict=True))
        easel.polygon([*points, (width * 0.92, base + 40), (width * 0.08, base + 40)], (*fill, 255))
        tone = 0.50 + 0.48 * (1 - share) if dark else 0.55 - 0.5 * share
        easel.line(points, palette.ink(tone), width / 620)
    return bloom(easel.done(), radius=width / 22, strength=0.45 if dark else 0.0, threshold=0.3)


def moire(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """Rings from several sources that meet and cancel."""
    sources = [(float(rng.uniform(-1.1, 1.1)), float(rng.uniform(-1.1, 1.1))) for _ in range(int(rng.integers(3, 6)))]
    x, y = grid(width, height)
    return rings(x, y, sources, palette, pitch=float(rng.uniform(44, 72)), phase=0.0)


def rings(
    x: Array, y: Array, sources: list[tuple[float, float]], palette: Palette, *, pitch: float, phase: float
) -> Array:
    """The interference at a moment (`phase` in radians), shaded as the surface of a metal sheet."""
    total = np.zeros(x.shape, np.float32)
    slope_x, slope_y = np.zeros(x.shape, np.float32), np.zeros(x.shape, np.float32)
    for sx, sy in sources:
        away = np.hypot(x - sx, y - sy) + 1e-3
        fade = 1 / (0.55 + away)
        total += np.sin(away * pitch - phase) * fade
        lean = np.cos(away * pitch - phase) * fade
        slope_x += lean * (x - sx) / away
        slope_y += lean * (y - sy) / away
    count = len(sources)
    light = np.clip(0.62 - 0.40 * (slope_x + slope_y) / count**0.5, 0, 1.5)
    tone = 0.46 + 0.34 * total / count**0.5 + 0.12 * x
    image = palette.at(np.clip(tone, 0.02, 0.97).astype(np.float32)) * (0.45 + 0.7 * light)[..., None]
    return mix(image, np.ones(3, np.float32), (ramp(1.02, 1.4, light.astype(np.float32)) * 0.5))


def paper_sea(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """Layers of cut paper: swells with shadows between them and a round sun or moon."""
    rows = np.arange(height, dtype=np.float32)[:, None]
    x, y = grid(width, height)
    unit = min(width, height)
    paper = sheet(rng, roughness=0.9, lowest=20).at((x * 0.9).astype(np.float32), (y * 0.9).astype(np.float32)) - 0.5
    image = palette.at(np.clip(0.90 - 0.10 * (y + 1), 0, 1).astype(np.float32))
    sun = np.hypot(x - float(rng.uniform(-0.4, 0.4)), y + float(rng.uniform(0.25, 0.5)))
    for size, tone in ((0.62, 0.93), (0.47, 0.965), (0.33, 1.0)):
        image = mix(image, palette.one(tone), ramp(size + 0.003, size - 0.003, sun))
    across = np.arange(width, dtype=np.float32)[None, :] / unit
    for layer in range(9):
        near = layer / 8
        length, phase = 2.2 + 2.2 * float(rng.random()), float(rng.uniform(0, 6.28))
        swell = np.sin(across * length + phase) + 0.35 * np.sin(across * length * 2.3 + phase * 2)
        crest = height * (0.42 + 0.52 * near) - unit * (0.045 + 0.03 * near) * swell
        shadow = ramp(-unit / 30, unit / 300, rows - crest) * 0.34
        image = image * (1 - shadow * (rows < crest))[..., None]
        depth = 0.80 - 0.74 * near + 0.05 * ramp(0, unit / 6, rows - crest)
        image = mix(
            image, palette.at(np.broadcast_to(depth, x.shape).astype(np.float32)), ramp(-0.8, 0.8, rows - crest)
        )
    return (image * (1 + 0.16 * paper[..., None])).astype(np.float32)
