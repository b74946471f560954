"""Small three-dimensional scenes found by following rays: mirror spheres on a sea, soft drops of light."""

import numpy as np

from sovia.ops.demo.canvas import bloom, mix, ramp
from sovia.ops.demo.colour import Array, Palette
from sovia.ops.demo.noise import Random, Sheet, sheet, stretched

Ball = tuple[float, float, float, float]


def _unit(*parts: Array) -> tuple[Array, ...]:
    length = np.sqrt(sum(part * part for part in parts))
    return tuple((part / length).astype(np.float32) for part in parts)


def _sky(palette: Palette, clouds_: Sheet, sun: tuple[float, float, float], x: Array, y: Array, z: Array) -> Array:
    up = np.clip(y, 0, 1)
    tone = 0.86 - 0.66 * up**0.55
    near = np.clip(x * sun[0] + y * sun[1] + z * sun[2], 0, 1)
    away = 0.10 / (up + 0.12)
    veil = clouds_.at((x * away * 1.6).astype(np.float32), (z * away * 1.6).astype(np.float32))
    tone = tone + 0.30 * ramp(0.5, 0.75, veil) * ramp(0.0, 0.12, up) * (0.3 + near) + 0.20 * near**8
    colour = palette.at(np.clip(tone, 0.02, 1).astype(np.float32))
    disc = ramp(0.99915, 0.99945, near.astype(np.float32)) + 0.5 * near**700 + 0.25 * near**60
    result: Array = colour + disc[..., None] * palette.one(0.99)
    return result


def spheres(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """Mirror spheres that float over a calm sea at sunset."""
    half = min(width, height)
    x = (np.arange(width, dtype=np.float32) - width / 2) / half
    y = (height * 0.5 - np.arange(height, dtype=np.float32)) / half - 0.03
    gx, gy = np.meshgrid(x, y)
    dx, dy, dz = _unit(gx, gy, np.full_like(gx, 1.25))
    sun = _sun(rng)
    veil, waves = sheet(rng, roughness=1.9, lowest=3), sheet(rng, side=1024, roughness=1.6, lowest=6)
    image = _scene(
        palette, veil, waves, sun, (np.zeros_like(gx), np.full_like(gx, 0.8), np.zeros_like(gx)), (dx, dy, dz)
    )
    balls: list[Ball] = [(float(rng.uniform(-0.35, 0.35)), 1.0, 4.2, float(rng.uniform(0.75, 1.0)))]
    for _ in range(int(rng.integers(3, 7))):
        far = float(rng.uniform(4, 9))
        balls.append(
            (float(rng.uniform(-0.5, 0.5)) * far, float(rng.uniform(0.2, 1.9)), far, float(rng.uniform(0.12, 0.4)))
        )
    for cx, cy, cz, radius in sorted(balls, key=lambda ball: -ball[2]):
        along = dx * cx + dy * (cy - 0.8) + dz * cz
        miss = cx**2 + (cy - 0.8) ** 2 + cz**2 - along**2
        hit = (miss < radius**2) & (along > 0)
        if not hit.any():
            continue
        reach = along[hit] - np.sqrt(radius**2 - miss[hit])
        px, py, pz = dx[hit] * reach, 0.8 + dy[hit] * reach, dz[hit] * reach
        nx, ny, nz = (px - cx) / radius, (py - cy) / radius, (pz - cz) / radius
        turn = 2 * (dx[hit] * nx + dy[hit] * ny + dz[hit] * nz)
        ray = (dx[hit] - turn * nx, dy[hit] - turn * ny, dz[hit] - turn * nz)
        mirror = _scene(palette, veil, waves, sun, (px, py, pz), ray)
        edge = np.clip(1 + turn / 2, 0, 1) ** 3
        above = py > 0
        image[hit] = np.where(above[:, None], mirror * (0.80 + 0.3 * edge[:, None]), image[hit])
    return bloom(np.clip(image, 0, 1), radius=width / 40, strength=0.5, threshold=0.6)


def _sun(rng: Random) -> tuple[float, float, float]:
    side, up = float(rng.uniform(-0.3, 0.3)), float(rng.uniform(0.06, 0.2))
    return side, up, float(np.sqrt(1 - side**2 - up**2))


def _scene(
    palette: Palette,
    veil: Sheet,
    waves: Sheet,
    sun: tuple[float, float, float],
    start: tuple[Array, ...],
    ray: tuple[Array, ...],
) -> Array:
    (ox, oy, oz), (dx, dy, dz) = start, ray
    down = dy < -1e-3
    reach = np.where(down, np.clip(-oy / np.where(down, dy, -1), 0, 90), 90).astype(np.float32)
    sx, sz = ox + dx * reach, oz + dz * reach
    calm = 1 / (1 + reach * 0.10)
    fine = waves.at((sx * 0.05).astype(np.float32), (sz * 0.05).astype(np.float32)) - 0.5
    more = waves.at((sx * 0.11 + 0.4).astype(np.float32), (sz * 0.07).astype(np.float32)) - 0.5
    tilt_x, tilt_z = 0.30 * fine * calm, 0.34 * more * calm
    rx, ry, rz = _unit(dx + tilt_x, np.where(down, -dy, dy) + 0.04 * down + np.abs(tilt_z) * down, dz + tilt_z)
    colour = _sky(palette, veil, sun, rx, np.abs(ry), rz)
    glance = np.clip(0.30 + 0.70 * (1 - np.abs(dy)) ** 4, 0, 1)
    water = mix(np.broadcast_to(palette.one(0.06), colour.shape), colour, (glance * 0.88).astype(np.float32))
    haze = ramp(25, 90, reach)
    water = mix(water, palette.at(np.full(dx.shape, 0.80, np.float32)), 0.6 * haze)
    return np.where(down[..., None], water, colour).astype(np.float32)


def drops(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """Soft bodies that melt into each other, with a pearly skin and light from two sides."""
    wide, high = max(2, width // 2), max(2, height // 2)
    half = min(wide, high) / 2
    x, y = np.meshgrid(
        (np.arange(wide, dtype=np.float32) - wide / 2) / half, (high / 2 - np.arange(high, dtype=np.float32)) / half
    )
    spread = (wide / half / 2 - 0.35, high / half / 2 - 0.35)
    balls = [
        (
            float(rng.uniform(-1, 1) * spread[0]),
            float(rng.uniform(-1, 1) * spread[1]),
            float(rng.uniform(-0.5, 0.5)),
            float(rng.choice([0.12, 0.2, 0.3, 0.42])),
        )
        for _ in range(int(rng.integers(9, 15)))
    ]
    depth = np.full(x.shape, -2.2, np.float32)
    away = np.full(x.shape, 9, np.float32)
    for _ in range(38):
        away = _distance(balls, x, y, depth)
        depth = np.where(away > 0.004, depth + away * 0.9, depth).astype(np.float32)
    hit = ramp(0.035, 0.008, away)
    step = np.float32(0.01)
    normal = _unit(
        _distance(balls, x + step, y, depth) - _distance(balls, x - step, y, depth),
        _distance(balls, x, y + step, depth) - _distance(balls, x, y - step, depth),
        _distance(balls, x, y, depth + step) - _distance(balls, x, y, depth - step) - 1e-6,
    )
    nx, ny, nz = (stretched(part, width, height) for part in normal)
    solid, far = stretched(hit, width, height), stretched(depth, width, height)
    rim = np.clip(1 + nz, 0, 1) ** 2
    film = 0.5 + 0.30 * nx - 0.22 * ny + 0.16 * np.sin(nx * 5 + ny * 6 + far * 4)
    key = np.clip(0.55 * nx + 0.65 * ny - 0.52 * nz, 0, 1)
    body = palette.at(np.clip(film * 0.75 + 0.12 + 0.2 * rim, 0, 1)) * (0.30 + 0.80 * key)[..., None]
    gleam = np.clip(0.42 * nx + 0.55 * ny - 0.72 * nz, 0, 1)
    body = body + (gleam**60 * 0.9)[..., None] + (rim * 0.5)[..., None] * palette.one(0.85)
    tall = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    wall = np.broadcast_to(0.16 + 0.30 * tall, (height, width)).astype(np.float32)
    return bloom(mix(palette.at(wall), body, np.clip(solid, 0, 1)), radius=width / 30, strength=0.45, threshold=0.6)


def _distance(balls: list[Ball], x: Array, y: Array, z: Array) -> Array:
    total = np.zeros(x.shape, np.float32)
    for cx, cy, cz, radius in balls:
        gap = np.sqrt((x - cx) ** 2 + (y - cy) ** 2 + (z - cz) ** 2) - radius
        total += np.exp(-gap * np.float32(13))
    result: Array = -np.log(total + np.float32(1e-20)) / np.float32(13)
    return result
