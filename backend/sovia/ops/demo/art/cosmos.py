"""The sky at night: nebulae, ringed planets, spiral galaxies."""

import numpy as np

from sovia.ops.demo.canvas import bloom, grid, mix, ramp
from sovia.ops.demo.colour import Array, Palette
from sovia.ops.demo.noise import Random, clouds, sheet


def stars(rng: Random, width: int, height: int, count: int, *, brightest: float = 1.0) -> Array:
    """A plane of small round stars of many magnitudes (0..1)."""
    sky = np.zeros((height + 4, width + 4), np.float32)
    magnitude = (rng.pareto(1.6, count) * 0.09).clip(0.03, brightest)
    x, y = rng.uniform(1, width, count), rng.uniform(1, height, count)
    i, j = x.astype(int), y.astype(int)
    for dx in (-1, 0, 1):
        for dy in (-1, 0, 1):
            away = (i + dx + 0.5 - x) ** 2 + (j + dy + 0.5 - y) ** 2
            np.add.at(sky, (j + dy + 1, i + dx + 1), magnitude * np.exp(-away * 1.5) * 1.5)
    result: Array = np.clip(sky[1 : height + 1, 1 : width + 1], 0, 1)
    return result


def nebula(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """Clouds of glowing gas with dark lanes, by noise that bends noise."""
    x, y = grid(width, height)
    gas, dust = sheet(rng, side=1024, roughness=1.9, lowest=3), sheet(rng, side=1024, roughness=1.65, lowest=5)
    u, v = (x * 0.20 + float(rng.random())).astype(np.float32), (y * 0.20 + float(rng.random())).astype(np.float32)
    warp_x, warp_y = gas.at(u, v) - 0.5, gas.at(u + 0.37, v + 0.71) - 0.5
    thick = gas.at(u + 0.34 * warp_x, v + 0.34 * warp_y)
    wisps = dust.at(u * 1.7 + 0.5 * warp_y, v * 1.7 + 0.4 * warp_x)
    lean = float(rng.uniform(-1, 1))
    band = np.exp(-((y - lean * x * 0.6) ** 2) * 1.1)
    glow = ramp(0.47, 1.0, thick * 0.72 + wisps * 0.28 + 0.26 * band)
    lanes = ramp(0.66, 0.36, wisps + 0.3 * (thick - 0.5))
    tone = np.clip(0.015 + glow * (0.30 + 0.66 * lanes) + 0.10 * band * lanes + 0.25 * (wisps - 0.5) * glow, 0, 0.97)
    image = palette.at(tone)
    heart = np.exp(-((x - 0.25 * lean) ** 2 + (y + 0.1) ** 2) * 3.2) * lanes
    image = image + 0.30 * heart[..., None] * palette.one(0.95)
    sky = stars(rng, width, height, width * height // 420) * (1.15 - 0.6 * glow)
    image = image + sky[..., None] * np.array([0.95, 0.97, 1.0], np.float32)
    return bloom(image, radius=width / 90, strength=0.7, threshold=0.55)


def planet(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """A banded giant with storms and rings, half in shadow, over a quiet field of stars."""
    x, y = grid(width, height)
    cx, cy, size = float(rng.uniform(-0.25, 0.25)), float(rng.uniform(-0.12, 0.15)), float(rng.uniform(0.48, 0.66))
    tilt = float(rng.uniform(-0.5, 0.5))
    u = ((x - cx) * np.cos(tilt) + (y - cy) * np.sin(tilt)) / size
    v = ((y - cy) * np.cos(tilt) - (x - cx) * np.sin(tilt)) / size
    radius = np.hypot(u, v)
    depth = np.sqrt(np.clip(1 - radius**2, 0, 1))
    bands, swirl = sheet(rng, roughness=2.1, lowest=2), sheet(rng, roughness=1.8, lowest=4)
    longitude = (np.arctan2(u, depth + 1e-3) / 6.2832 + 0.5).astype(np.float32)
    latitude = np.arcsin(np.clip(v, -1, 1)).astype(np.float32)
    eddy = swirl.at(longitude * 1.4, latitude * 0.7) - 0.5
    cloud = bands.at(longitude * 0.12 + 0.06 * eddy, latitude * 0.55 + 0.10 * eddy)
    tone = np.clip(0.55 + 1.1 * (cloud - 0.5) + 0.16 * np.sin(latitude * 17 + 7 * eddy) + 0.3 * eddy, 0.08, 0.98)
    angle = float(rng.uniform(-2.6, -0.5))
    sun = u * np.cos(angle) * 0.75 + v * np.sin(angle) * 0.75 + depth * 0.62
    day = ramp(-0.10, 0.85, sun)
    globe = palette.at(tone.astype(np.float32)) * (0.015 + 1.08 * day)[..., None]
    rim = np.clip(1 - depth, 0, 1) ** 3 * ramp(-0.2, 0.6, sun) * 0.55
    globe = globe + rim[..., None] * palette.one(0.85)
    sky = palette.at(np.clip(0.01 + 0.10 * (clouds(rng, width, height, cells=1.4) - 0.45), 0, 1))
    sky = sky + stars(rng, width, height, width * height // 900)[..., None]
    air = np.exp(-np.clip(radius - 1, 0, 9) * 16) * ramp(-0.5, 0.5, sun) * 0.45
    image = mix(sky + air[..., None] * palette.one(0.75), globe, ramp(1.004, 0.996, radius))
    return bloom(_ring(rng, image, u, v, radius, palette), radius=width / 80, strength=0.35, threshold=0.6)


def _ring(rng: Random, image: Array, u: Array, v: Array, radius: Array, palette: Palette) -> Array:
    flat = float(rng.uniform(0.16, 0.3))
    reach = np.hypot(u, v / flat)
    grooves = np.interp(np.linspace(0, 1, 400), np.linspace(0, 1, 60), rng.uniform(0.25, 1, 60)).astype(np.float32)
    where = np.clip((reach - 1.28) / 0.85, 0, 0.999)
    alpha = grooves[(where * 400).astype(int)] * ramp(1.27, 1.31, reach) * ramp(2.12, 2.04, reach)
    alpha = alpha * (1 - 0.9 * ramp(0.05, 0.02, np.abs(reach - 1.78)))
    behind = (v < 0) & (radius < 1)
    shadow = 1 - 0.75 * ((v < 0) & (np.abs(u) < 0.9)) * ramp(1.9, 1.2, reach)
    colour = palette.at(np.clip(0.52 + 0.4 * grooves[(where * 400).astype(int)], 0, 1)) * shadow[..., None]
    return mix(image, colour, (alpha * ~behind * 0.85).astype(np.float32))


def galaxy(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """A spiral galaxy seen at a slant: two arms of dust, young stars and a warm core."""
    x, y = grid(width, height)
    turn, squeeze = float(rng.uniform(-0.9, 0.9)), float(rng.uniform(0.45, 0.8))
    u, v = x * np.cos(turn) + y * np.sin(turn), (y * np.cos(turn) - x * np.sin(turn)) / squeeze
    radius = np.hypot(u, v) + 1e-4
    angle = np.arctan2(v, u)
    dust = sheet(rng, roughness=1.75, lowest=3)
    wind = (angle - float(rng.choice([-1, 1])) * 3.4 * np.log(radius + 0.05)).astype(np.float32)
    swirl_x, swirl_y = radius * np.cos(wind), radius * np.sin(wind)
    rough = dust.at((swirl_x * 0.22).astype(np.float32), (swirl_y * 0.22).astype(np.float32)) - 0.5
    fine = dust.at((swirl_x * 0.75 + 0.4).astype(np.float32), (swirl_y * 0.75).astype(np.float32)) - 0.5
    arms = 0.5 + 0.5 * np.cos(2 * wind + 2.4 * rough)
    disc = np.exp(-radius * 1.35)
    lanes = ramp(0.12, -0.18, rough + 0.6 * fine - 0.25 * arms)
    tone = disc * (0.18 + 1.25 * arms**1.6) * (1 - 0.62 * lanes) * (1 + 1.1 * fine)
    core = np.exp(-((radius / 0.17) ** 1.3))
    image = palette.at(np.clip(0.02 + 1.35 * tone, 0, 0.93).astype(np.float32))
    image = image + (core * 0.95)[..., None] * np.array([1.0, 0.93, 0.80], np.float32)
    knots = stars(rng, width, height, width * height // 60, brightest=0.9) * np.clip(tone * 4 * arms, 0, 1)
    sky = stars(rng, width, height, width * height // 1500)
    image = image + knots[..., None] * palette.one(0.92) * 1.3 + sky[..., None] * 0.9
    return bloom(image, radius=width / 60, strength=0.75, threshold=0.5)
