"""Things that grow: trees that fork, a blossom of golden angles, ferns."""

import math

import numpy as np

from sovia.ops.demo.canvas import Easel, bloom, grid, mix, ramp
from sovia.ops.demo.colour import Array, Palette
from sovia.ops.demo.noise import Random, clouds

Twig = tuple[float, float, float, float, float]


def tree(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """A single tree on a hill in front of a huge low moon, its leaves or blossoms drifting off."""
    x, y = grid(width, height)
    image = palette.at(np.clip(0.98 - 0.46 * ramp(0.9, -1.2, y), 0, 1))
    image = image * (1 + 0.12 * (clouds(rng, width, height, cells=3, octaves=5) - 0.5))[..., None]
    moon = np.hypot(x - float(rng.uniform(-0.25, 0.25)), y + float(rng.uniform(0.1, 0.3)))
    crater = clouds(rng, width, height, cells=6, octaves=4) - 0.5
    image = mix(image, palette.one(1.0), (0.4 * np.exp(-np.clip(moon - 0.5, 0, 9) * 4)).astype(np.float32))
    disc = palette.at(np.clip(0.985 + 0.10 * crater, 0, 1))
    image = mix(image, disc, ramp(0.505, 0.498, moon))
    easel = Easel(image)
    ground = height * 0.84
    hill = [(px, ground + 18 - height * 0.05 * math.cos((px / width - 0.5) * 3) ** 2) for px in range(0, width + 9, 8)]
    tips = _grow(rng, easel, palette, (width * float(rng.uniform(0.42, 0.58)), ground, min(width, height) * 0.165))
    _leaves(rng, easel, palette, tips, min(width, height))
    easel.polygon([*hill, (width, height), (0, height)], palette.ink(0.05))
    for _ in range(220):
        px = float(rng.uniform(0, width))
        top = ground + height * -0.05 * math.cos((px / width - 0.5) * 3) ** 2 + 18
        tall = float(rng.uniform(4, 16))
        easel.line([(px, top + 3), (px + float(rng.normal(0, 4)), top - tall)], palette.ink(0.05), 1.3)
    return bloom(easel.done(), radius=width / 40, strength=0.25, threshold=0.75)


def _grow(rng: Random, easel: Easel, palette: Palette, root: tuple[float, float, float]) -> list[tuple[float, float]]:
    x, y, length = root
    open_: list[Twig] = [(x, y + length * 0.3, -math.pi / 2, length * 1.25, length / 4.6)]
    tips: list[tuple[float, float]] = []
    while open_:
        x, y, angle, long, thick = open_.pop()
        points = [(x, y)]
        bend = float(rng.normal(0, 0.16))
        for _ in range(4):
            angle += bend / 2 + float(rng.normal(0, 0.05))
            x, y = x + long / 4 * math.cos(angle), y + long / 4 * math.sin(angle)
            points.append((x, y))
        easel.line(points, palette.ink(0.06 + 0.06 * (thick < 3)), thick)
        easel.disc(x, y, thick / 2, palette.ink(0.06))
        if long < root[2] * 0.13 or thick < 0.7:
            tips.append((x, y))
            continue
        for side in (-1, 1) if rng.random() < 0.86 else (-1, 0, 1):
            turn = side * float(rng.uniform(0.22, 0.62)) + 0.05 * math.sin(angle)
            open_.append(
                (x, y, angle + turn, long * float(rng.uniform(0.70, 0.86)), thick * float(rng.uniform(0.62, 0.74)))
            )
    return tips


def _leaves(rng: Random, easel: Easel, palette: Palette, tips: list[tuple[float, float]], unit: int) -> None:
    for x, y in tips:
        for _ in range(7):
            px, py = x + float(rng.normal(0, unit / 70)), y + float(rng.normal(0, unit / 80))
            tone = float(rng.choice([0.30, 0.42, 0.52, 0.62]))
            easel.disc(
                px, py, unit * float(rng.uniform(0.0016, 0.0052)), palette.ink(tone, float(rng.uniform(0.5, 0.95)))
            )
    for _ in range(90):
        x, y = tips[int(rng.integers(len(tips)))]
        drift = float(rng.exponential(unit / 5))
        easel.disc(x + drift, y + drift * float(rng.uniform(0.1, 1.1)), unit / 260, palette.ink(0.5, 0.85))


def blossom(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """A dahlia seen from above: hundreds of petals set at the golden angle, dark outside and bright within."""
    image = palette.at(np.full((height, width), 0.03, np.float32))
    image = image * (0.8 + 0.6 * clouds(rng, width, height, cells=2, octaves=4))[..., None]
    easel = Easel(image)
    unit = min(width, height) * float(rng.uniform(0.44, 0.52))
    cx, cy = width / 2, height / 2
    count, slim = 260, float(rng.uniform(0.24, 0.36))
    for number in range(count, 6, -1):
        share = (number / count) ** 0.62
        angle = number * 2.399963
        long, inner = unit * (0.16 + 0.34 * share), unit * share * 0.62
        tone = 0.90 - 0.66 * share + float(rng.normal(0, 0.03))
        for layer, size in enumerate((1.0, 0.86, 0.66, 0.42)):
            petal = _petal(cx, cy, angle, inner, long * size, slim * (1 - 0.12 * layer))
            easel.polygon(petal, palette.ink(tone - 0.16 + 0.07 * layer))
        tip = inner + long * 0.93
        vein = [(cx + reach * math.cos(angle), cy + reach * math.sin(angle)) for reach in (inner, tip)]
        easel.line(vein, palette.ink(tone - 0.2, 0.45), 1.0)
    for number in range(90):
        reach, angle = unit * 0.012 * math.sqrt(number), number * 2.399963
        easel.disc(
            cx + reach * math.cos(angle), cy + reach * math.sin(angle), unit * 0.011, palette.ink(0.97 - number / 400)
        )
    x, y = grid(width, height)
    light = 1.06 - 0.30 * np.hypot(x + 0.25, y + 0.3)
    return bloom(easel.done() * np.clip(light, 0.4, 1.1)[..., None], radius=width / 40, strength=0.35)


def _petal(cx: float, cy: float, angle: float, inner: float, long: float, slim: float) -> list[tuple[float, float]]:
    along, across = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))
    points = []
    for step in range(17):
        turn = math.pi * 2 * step / 16
        forth = inner + long * (0.5 - 0.5 * math.cos(turn))
        side = long * slim * math.sin(turn) * (0.55 + 0.45 * math.sin(turn / 2))
        points.append((cx + forth * along[0] + side * across[0], cy + forth * along[1] + side * across[1]))
    return points


def fern(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """Fronds in depth: blurred ones behind, a sharp one in front, with light through the canopy."""
    _, y = grid(width, height)
    light = clouds(rng, width, height, cells=2.5, octaves=3)
    image = palette.at(np.clip(0.30 - 0.22 * y + 0.5 * (light - 0.5), 0.03, 0.85).astype(np.float32))
    rays = clouds(rng, width, 64, cells=14, octaves=2)[8]
    slant = np.arange(width)[None, :] + (np.arange(height)[:, None] * 0.35).astype(int)
    shaft = np.clip(rays[slant % width] - 0.5, 0, 1)
    image = image + (shaft * np.clip(0.6 - y * 0.5, 0, 1))[..., None] * palette.one(0.95) * 1.1
    for depth in range(3):
        easel = Easel(bloom(image, radius=width / 20, strength=0.2) if depth == 0 else image)
        for _ in range((9, 6, 4)[depth]):
            start = (float(rng.uniform(-0.05, 1.05)) * width, height * float(rng.uniform(0.9, 1.15)))
            aim = -math.pi / 2 + float(rng.normal(0, 0.45))
            _frond(
                rng, easel, palette, start, aim, min(width, height) * float(rng.uniform(0.65, 1.1)), 0.56 - 0.20 * depth
            )
        image = easel.done()
        if depth < 2:
            from_ = easel.picture.reduce(4 * easel.scale // 2)
            soft = np.asarray(from_.resize((width, height)), dtype=np.float32) / np.float32(255)
            image = mix(soft, palette.one(0.7), 0.14)
    return bloom(image, radius=width / 45, strength=0.4)


def _frond(
    rng: Random, easel: Easel, palette: Palette, start: tuple[float, float], angle: float, long: float, tone: float
) -> None:
    x, y = start
    curl, steps = float(rng.choice([-1, 1])) * float(rng.uniform(0.012, 0.03)), 40
    for step in range(steps):
        share = step / steps
        angle += curl * (0.4 + 1.6 * share)
        nx, ny = x + long / steps * math.cos(angle), y + long / steps * math.sin(angle)
        easel.line([(x, y), (nx, ny)], palette.ink(tone - 0.1), max(1.0, 5 * (1 - share)))
        leaf = long * 0.17 * math.sin(math.pi * min(1.0, 0.12 + share * 0.9)) ** 0.8
        for side in (-1, 1):
            petal = _petal(nx, ny, angle + side * (1.15 - 0.35 * share), 0, leaf, 0.05)
            easel.polygon(petal, palette.ink(tone + 0.09 * side + 0.22 * share))
        x, y = nx, ny
