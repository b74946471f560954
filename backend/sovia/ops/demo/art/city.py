"""Cities: isometric blocks with lit windows, and a street of lights in the rain."""

import numpy as np

from sovia.ops.demo.canvas import Easel, bloom, grid, mix, ramp
from sovia.ops.demo.colour import Array, Palette
from sovia.ops.demo.noise import Random, clouds, stretched


def blocks(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """An isometric city at dusk: towers of many heights, windows lit at random, roof gardens and masts."""
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None].repeat(width, 1)
    image = palette.at(0.06 + 0.04 * y)
    easel = Easel(image)
    unit = min(width, height) / float(rng.choice([8, 10, 12]))
    tall = clouds(rng, 64, 64, cells=5, octaves=3)
    reach = int(max(width, height) / unit) + 12
    for total in range(-4, 2 * reach):
        for i in range(max(0, total - reach), min(total, reach) + 1):
            j = total - i
            x = width / 2 + (i - j) * unit
            base = -height * 0.10 + (i + j) * unit * 0.5
            if not (-2 * unit < x < width + 2 * unit and -unit < base < height + unit * 9):
                continue
            if i % 5 == 0 or j % 5 == 0:
                _street(easel, palette, x, base, unit, rng)
                continue
            rise = unit * (
                0.4
                + 0.9 * float(rng.random())
                + 6 * max(0.0, float(tall[i % 64, j % 64]) - 0.42) * float(rng.uniform(0.2, 2.4))
            )
            _tower(rng, easel, palette, x, base, unit * float(rng.uniform(0.62, 0.86)), rise)
    image = easel.done()
    haze = ramp(0.55, 0.0, y) * 0.5
    return bloom(mix(image, palette.one(0.45), haze), radius=width / 60, strength=0.7, threshold=0.55)


def _street(easel: Easel, palette: Palette, x: float, y: float, unit: float, rng: Random) -> None:
    easel.polygon([(x, y - unit / 2), (x + unit, y), (x, y + unit / 2), (x - unit, y)], palette.ink(0.07))
    for _ in range(3):
        dx, dy = float(rng.uniform(-0.5, 0.5)) * unit, float(rng.uniform(-0.25, 0.25)) * unit
        easel.disc(x + dx, y + dy, unit * 0.035, palette.ink(float(rng.choice([0.95, 0.8, 0.65])), 0.9))


def _tower(rng: Random, easel: Easel, palette: Palette, x: float, y: float, unit: float, rise: float) -> None:
    top = y - rise
    tone = float(rng.uniform(0.20, 0.40))
    half = unit / 2
    easel.polygon([(x - unit, y), (x, y + half), (x, top + half), (x - unit, top)], palette.ink(tone - 0.09))
    easel.polygon([(x + unit, y), (x, y + half), (x, top + half), (x + unit, top)], palette.ink(tone - 0.16))
    easel.polygon([(x, top - half), (x + unit, top), (x, top + half), (x - unit, top)], palette.ink(tone + 0.07))
    inset = unit * 0.62
    easel.polygon(
        [(x, top - inset / 2), (x + inset, top), (x, top + inset / 2), (x - inset, top)], palette.ink(tone + 0.01)
    )
    floors, pane = int(rise / (unit * 0.30) - 0.3), unit * 0.15
    lit = float(rng.choice([0.12, 0.25, 0.45, 0.7]))
    for floor in range(floors):
        fy = y - (floor + 0.75) * unit * 0.30
        for column in range(4):
            for side in (-1, 1):
                if rng.random() > lit:
                    continue
                share = (column + 0.5) / 4
                wx, wy = x + side * unit * (1 - share), fy + half * share
                slant = -side * pane * 0.25
                colour = palette.ink(float(rng.choice([1.0, 0.95, 0.86])), float(rng.uniform(0.7, 1)))
                easel.polygon(
                    [(wx - pane / 2, wy - slant), (wx + pane / 2, wy + slant), (wx + pane / 2, wy + slant + pane),
                     (wx - pane / 2, wy - slant + pane)], colour,
                )  # fmt: skip
    if rise > unit * 3:
        easel.line([(x, top), (x, top - unit * 0.8)], palette.ink(0.6), 1.4)
        easel.disc(x, top - unit * 0.8, unit * 0.06, (255, 92, 80, 255))


def rain(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """A window in the rain at night: soft discs of city light, and drops that hold the view upside down."""
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None].repeat(width, 1)
    image = palette.at(0.04 + 0.13 * np.exp(-(((y - 0.55) / 0.3) ** 2)))
    unit = min(width, height)
    for _ in range(130):
        size = unit * float(rng.choice([0.014, 0.022, 0.035, 0.05, 0.075]))
        cx, cy = float(rng.uniform(0, width)), height * float(np.clip(rng.normal(0.56, 0.14), 0, 1))
        colour = palette.one(float(rng.choice([0.52, 0.64, 0.76, 0.9]))) * float(rng.uniform(0.18, 0.62))
        x0, x1 = max(0, int(cx - size - 3)), min(width, int(cx + size + 3))
        y0, y1 = max(0, int(cy - size - 3)), min(height, int(cy + size + 3))
        gx, gy = np.meshgrid(np.arange(x0, x1), np.arange(y0, y1))
        away = (np.hypot(gx - cx, gy - cy) / size).astype(np.float32)
        disc = ramp(1.03, 0.95, away) * (0.72 + 0.35 * away**4)
        image[y0:y1, x0:x1] += disc[..., None] * colour
    image = 1 - np.exp(-image * 1.15)
    return bloom(_drops(rng, image.astype(np.float32)), radius=width / 40, strength=0.35, threshold=0.6)


def _drops(rng: Random, view: Array) -> Array:
    height, width = view.shape[:2]
    unit = min(width, height)
    bump = np.zeros((height, width), np.float32)
    for _ in range(900):
        size = unit * float(np.clip(rng.pareto(2.2) * 0.0055 + 0.0026, 0, 0.034))
        cx, cy = float(rng.uniform(0, width)), float(rng.uniform(0, height))
        tail = 1.0 + float(rng.uniform(0, 0.5))
        x0, x1 = max(0, int(cx - size - 2)), min(width, int(cx + size + 2))
        y0, y1 = max(0, int(cy - size * tail - 2)), min(height, int(cy + size * tail + 2))
        gx, gy = np.meshgrid(np.arange(x0, x1), np.arange(y0, y1))
        inside = 1 - ((gx - cx) / size) ** 2 - ((gy - cy) / (size * tail)) ** 2
        dome = np.sqrt(np.clip(inside, 0, 1)).astype(np.float32) * size
        bump[y0:y1, x0:x1] = np.maximum(bump[y0:y1, x0:x1], dome)
    down, across = np.gradient(bump)
    rows, columns = np.arange(height)[:, None], np.arange(width)[None, :]
    source_y = np.clip(rows + np.clip(down, -2, 2) * unit * 0.10, 0, height - 1).astype(int)
    source_x = np.clip(columns + np.clip(across, -2, 2) * unit * 0.10, 0, width - 1).astype(int)
    wet = (bump > 0.4).astype(np.float32)
    lens = view[source_y, source_x] * 1.15
    shade = np.clip(1 + 0.22 * np.clip(down, -1.5, 1.5), 0.5, 1.3)
    glint = ramp(0.5, 1.3, (-down - across).astype(np.float32)) * wet * 0.35
    image = mix(view, lens * shade[..., None], wet)
    return image + glint[..., None]


def lanterns(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """Hundreds of paper lanterns that rise over dark water and shine in it."""
    _, y = grid(width, height)
    shore = 0.74 * height
    image = palette.at(np.clip(0.02 + 0.11 * ramp(-1.4, 0.9, y), 0, 1))
    image = image * (0.8 + 0.5 * clouds(rng, width, height, cells=2))[..., None]
    glow = np.zeros_like(image)
    unit = min(width, height)
    count = 130
    for share in np.sort(rng.random(count)):
        size = unit * (0.004 + 0.030 * float(share) ** 2.4)
        cx = float(rng.uniform(-0.05, 1.05)) * width
        cy = shore * float(np.clip(rng.beta(1.3, 1.1), 0, 1)) - size
        colour = palette.one(float(rng.uniform(0.62, 0.88)))
        _lantern(glow, cx, cy, size, colour, 1.0)
        _lantern(glow, cx, 2 * shore - cy * 1.0, size, colour, 0.42)
    small = stretched(clouds(rng, width, max(2, height // 4), cells=4, octaves=5), width, height) - 0.5
    sway = (small * 26 * ramp(0, height * 0.2, np.arange(height, dtype=np.float32) - shore)[:, None]).astype(int)
    columns = np.clip(np.arange(width)[None, :] + sway, 0, width - 1)
    rows = np.clip(np.arange(height)[:, None] + sway // 2, 0, height - 1)
    image = 1 - (1 - np.clip(image, 0, 1)) * (1 - np.clip(glow[rows, columns], 0, 1))
    image = bloom(image, radius=width / 30, strength=0.45, threshold=0.5)
    line = np.abs(np.arange(height, dtype=np.float32) - shore)[:, None].repeat(width, 1)
    return mix(image, palette.one(0.02), (0.6 * np.exp(-line / (height * 0.012))).astype(np.float32))


def _lantern(glow: Array, cx: float, cy: float, size: float, colour: Array, strength: float) -> None:
    height, width = glow.shape[:2]
    x0, x1 = max(0, int(cx - size * 2)), min(width, int(cx + size * 2) + 1)
    y0, y1 = max(0, int(cy - size * 2.4)), min(height, int(cy + size * 2.4) + 1)
    if x0 >= x1 or y0 >= y1:
        return
    gx, gy = np.meshgrid((np.arange(x0, x1) - cx) / size, (np.arange(y0, y1) - cy) / size)
    wide = 0.78 - 0.20 * gy
    body = ramp(1.06, 0.90, np.maximum(np.abs(gx) / np.maximum(wide, 0.05), np.abs(gy) / 1.25).astype(np.float32))
    light = body * (0.55 + 0.55 * np.exp(-((gy - 0.7) ** 2) * 1.4 - gx**2 * 1.2)) * strength
    patch = glow[y0:y1, x0:x1]
    patch[:] = np.maximum(patch, (light[..., None] * colour * 1.1).astype(np.float32))
