"""Brush and ink on paper: mountains in wash, a ring in one stroke, bamboo, with a vermilion seal."""

import math

import numpy as np

from sovia.ops.demo.art.land import skyline
from sovia.ops.demo.canvas import Easel, grid, mix, ramp
from sovia.ops.demo.colour import Array, Palette
from sovia.ops.demo.noise import Random, clouds

SEAL = np.array([0.74, 0.16, 0.12], np.float32)


def paper(rng: Random, width: int, height: int) -> Array:
    """Warm sheet with fibres and uneven tone."""
    fibre = clouds(rng, width, height, cells=70, octaves=3, gain=0.7) - 0.5
    cloud = clouds(rng, width, height, cells=1.5, octaves=4) - 0.5
    sheet = np.array([0.955, 0.935, 0.885], np.float32)
    return (sheet * (1 + 0.05 * fibre + 0.06 * cloud)[..., None]).astype(np.float32)


def _stamp(rng: Random, image: Array, x: float, y: float, size: float) -> Array:
    height, width = image.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    u, v = (columns - x) / size, (rows - y) / size
    box = ramp(0.52, 0.48, np.maximum(np.abs(u), np.abs(v)))
    cells = rng.random((7, 7)) < 0.52
    cells[[0, -1], :] = cells[:, [0, -1]] = False
    i, j = np.clip(((u + 0.5) * 7).astype(int), 0, 6), np.clip(((v + 0.5) * 7).astype(int), 0, 6)
    worn = clouds(rng, width, height, cells=60, octaves=2)
    return mix(image, SEAL, box * np.where(cells[j, i], 0.12, 0.9) * ramp(0.25, 0.42, worn))


def wash(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """Peaks that sink into mist, each a single wet stroke, with a far sun and a small boat."""
    image = paper(rng, width, height)
    rows = np.arange(height, dtype=np.float32)[:, None] / height
    x, y = grid(width, height)
    sun = np.hypot(x - float(rng.uniform(-0.5, 0.5)), y + float(rng.uniform(0.35, 0.6)))
    image = mix(
        image, SEAL * 1.12, 0.88 * ramp(0.135, 0.125, sun + 0.02 * (clouds(rng, width, height, cells=30) - 0.5))
    )
    wet = clouds(rng, width, height, cells=5, octaves=6, gain=0.62) - 0.5
    bleed = clouds(rng, width, height, cells=30, octaves=3) - 0.5
    for layer in range(6):
        near = layer / 5
        line = 0.40 + 0.40 * near - skyline(rng, width, rough=0.8, peaks=2.2 + near * 2) * (0.15 - 0.06 * near)
        depth = rows - line[None, :] + 0.008 * bleed
        edge = ramp(-0.002, 0.004, depth)
        fade = np.exp(-np.clip(depth, 0, 9) * (9 - 3 * near)) * (1 + 1.3 * wet)
        rim = np.exp(-np.clip(depth, 0, 9) * 120) * 0.25
        dark = np.clip((0.20 + 0.62 * near) * fade + rim * near, 0, 0.94) * edge
        image = mix(image, palette.one(0.06 + 0.30 * (1 - near)), dark.astype(np.float32))
    image = _boat(rng, image, palette)
    return _stamp(rng, image, width * 0.90, height * 0.90, min(width, height) * 0.055)


def _boat(rng: Random, image: Array, palette: Palette) -> Array:
    height, width = image.shape[:2]
    easel = Easel(image)
    x, y, long = width * float(rng.uniform(0.2, 0.7)), height * float(rng.uniform(0.86, 0.93)), width * 0.055
    hull = [
        (x - long, y),
        (x - long * 0.6, y + long * 0.16),
        (x + long * 0.6, y + long * 0.16),
        (x + long * 1.1, y - long * 0.06),
    ]
    easel.polygon([*hull, (x + long * 0.5, y + long * 0.05), (x - long * 0.5, y + long * 0.05)], palette.ink(0.03, 0.9))
    easel.line([(x + long * 0.1, y + 2), (x + long * 0.14, y - long * 0.42)], palette.ink(0.03, 0.9), long * 0.08)
    easel.disc(x + long * 0.15, y - long * 0.50, long * 0.10, palette.ink(0.03, 0.9))
    easel.line([(x + long * 0.1, y - long * 0.25), (x + long * 0.75, y + long * 0.3)], palette.ink(0.05, 0.8), 1.5)
    return easel.done()


def ring(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """An enso: one circle with a loaded brush that runs dry."""
    image = paper(rng, width, height)
    x, y = grid(width, height)
    angle = np.arctan2(y, x)
    begin = float(rng.uniform(0, 6.28))
    along = np.mod(angle - begin, 2 * np.pi) / (2 * np.pi)
    wobble = (clouds(rng, width, height, cells=1.2, octaves=2) - 0.5) * 0.20
    radius = np.hypot(x, y * 1.03) + wobble
    centre, brush = 0.62 + 0.05 * along, 0.125 * (1 - 0.35 * along)
    across = (radius - centre) / brush
    turns, lanes = np.linspace(0, 1, 900), 220
    hair = rng.random(lanes).astype(np.float32)
    lane = np.clip(((across + 1) / 2 * lanes).astype(int), 0, lanes - 1)
    streak = clouds(rng, 900, lanes, cells=40, octaves=2, gain=0.6)
    dry = streak[lane, np.clip((along * (turns.size - 1)).astype(int), 0, 899)]
    load = 1.25 - 1.15 * along - 0.55 * hair[lane] * along**0.5 - 0.35 * np.abs(across) ** 3 + 0.5 * (dry - 0.5)
    rough = clouds(rng, width, height, cells=45, octaves=3) - 0.5
    body = ramp(1.03, 0.93, np.abs(across) + 0.16 * rough) * ramp(0.10, 0.42, load + 0.4 * rough) * (along < 0.965)
    pool = clouds(rng, width, height, cells=8, octaves=4)
    image = mix(image, palette.one(0.02), (body * np.clip(0.80 + 0.35 * (pool - 0.4), 0, 0.96)).astype(np.float32))
    for _ in range(60):
        sx, sy = (
            0.75 * math.cos(begin) + float(rng.normal(0, 0.22)),
            0.75 * math.sin(begin) + float(rng.normal(0, 0.22)),
        )
        dot = np.hypot(x - sx, y - sy)
        size = float(rng.pareto(2.5)) * 0.004 + 0.002
        image = mix(image, palette.one(0.03), 0.8 * ramp(size * 1.2, size * 0.8, dot))
    return _stamp(rng, image, width * 0.86, height - width * 0.14, min(width, height) * 0.07)


def bamboo(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """Stalks in several depths of ink, jointed, with pointed leaves."""
    image = paper(rng, width, height)
    unit = min(width, height)
    for depth in range(3):
        tone, alpha = (0.62, 0.30, 0.05)[depth], (0.55, 0.7, 0.92)[depth]
        easel = Easel(image)
        for _ in range((5, 3, 2)[depth]):
            x, lean = float(rng.uniform(0.08, 0.92)) * width, float(rng.normal(0, 0.05))
            thick = unit * (0.012 + 0.012 * depth)
            _stalk(rng, easel, palette, x, lean, thick, tone, alpha)
        image = easel.done()
        if depth < 2:
            mist = clouds(rng, width, height, cells=2, octaves=4)
            image = mix(image, np.array([0.95, 0.93, 0.88], np.float32), 0.30 * ramp(0.4, 0.7, mist))
    wet = clouds(rng, width, height, cells=26, octaves=4) - 0.5
    image = image + (0.16 * wet * (1 - image.mean(-1)))[..., None]
    return _stamp(rng, image, width * 0.10, height * 0.90, unit * 0.06)


def _stalk(
    rng: Random, easel: Easel, palette: Palette, x: float, lean: float, thick: float, tone: float, alpha: float
) -> None:
    y = float(easel.size[1]) + 10
    while y > -40:
        long = thick * float(rng.uniform(7, 10))
        nx, ny = x + lean * long, y - long
        for strip in range(6):
            shift = (strip / 5 - 0.5) * thick
            shade = palette.ink(min(1.0, tone + 0.28 * math.sin(math.pi * strip / 5)), alpha)
            easel.line([(x + shift, y - 2), (nx + shift, ny + 4)], shade, thick / 4.2)
        easel.line(
            [(nx - thick * 0.62, ny + 2), (nx + thick * 0.62, ny + 1)],
            palette.ink(max(0.0, tone - 0.05), alpha),
            thick * 0.2,
        )
        if rng.random() < 0.75:
            side = float(rng.choice([-1, 1]))
            for _ in range(int(rng.integers(3, 7))):
                _leaf(rng, easel, palette, nx, ny, side, thick, tone, alpha)
        x, y = nx, ny


def _leaf(
    rng: Random,
    easel: Easel,
    palette: Palette,
    x: float,
    y: float,
    side: float,
    thick: float,
    tone: float,
    alpha: float,
) -> None:
    angle = (0.0 if side > 0 else math.pi) + side * float(rng.uniform(-0.25, 1.0))
    long = thick * float(rng.uniform(4, 8))
    x, y = x + side * thick * float(rng.uniform(0.5, 3)), y - thick * float(rng.uniform(-0.5, 1.5))
    points = []
    for step in range(13):
        share = step / 12
        wide = thick * 0.38 * math.sin(math.pi * share**0.7)
        points.append((share * long, wide))
    outline = points + [(along, -wide) for along, wide in reversed(points)]
    easel.polygon(
        [
            (x + a * math.cos(angle) - b * math.sin(angle), y + a * math.sin(angle) + b * math.cos(angle))
            for a, b in outline
        ],
        palette.ink(max(0.0, tone - 0.03), alpha),
    )
