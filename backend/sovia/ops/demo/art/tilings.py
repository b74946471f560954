"""Tilings: Penrose rhombs, woven Truchet bands, the hyperbolic disc, a kaleidoscope and star mosaics."""

import cmath
import math

import numpy as np

from sovia.ops.demo.canvas import Easel, grid, mix, ramp
from sovia.ops.demo.colour import Array, Palette
from sovia.ops.demo.noise import Random, clouds, sheet

GOLDEN = (1 + math.sqrt(5)) / 2
Triangle = tuple[int, complex, complex, complex]


def _halved(triangles: list[Triangle]) -> list[Triangle]:
    result: list[Triangle] = []
    for kind, a, b, c in triangles:
        if kind == 0:
            p = a + (b - a) / GOLDEN
            result += [(0, c, p, b), (1, p, c, a)]
        else:
            q, r = b + (a - b) / GOLDEN, b + (c - b) / GOLDEN
            result += [(1, r, c, a), (1, q, r, b), (0, r, q, a)]
    return result


def penrose(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """Penrose's aperiodic rhombs by repeated cutting, each lit on its own like enamel."""
    triangles: list[Triangle] = []
    for index in range(10):
        b, c = cmath.rect(1, (2 * index - 1) * math.pi / 10), cmath.rect(1, (2 * index + 1) * math.pi / 10)
        triangles.append((0, 0j, *((c, b) if index % 2 == 0 else (b, c))))
    for _ in range(6):
        triangles = _halved(triangles)
    reach = math.hypot(width, height) * float(rng.uniform(0.54, 0.8))
    middle, turn = complex(width / 2, height / 2), cmath.rect(1, float(rng.uniform(0, 1)))
    waves = clouds(rng, 96, 96, cells=1.5, octaves=3)
    easel = Easel(np.broadcast_to(palette.one(0.0), (height, width, 3)))
    edges = []
    for kind, a, b, c in triangles:
        spots = [middle + reach * turn * spot for spot in (a, b, c)]
        at = sum(spots) / 3
        if not (-30 < at.real < width + 30 and -30 < at.imag < height + 30):
            continue
        lean = cmath.phase(c - b)
        patch = waves[int(at.imag / height * 90) % 96, int(at.real / width * 90) % 96]
        tone = 0.5 + (float(patch) - 0.5) * 1.5 + 0.13 * math.cos(2 * lean + 0.6) + (0.14 if kind else -0.1)
        easel.polygon([(s.real, s.imag) for s in spots], palette.ink(tone))
        edges.append([(spots[1].real, spots[1].imag), (spots[0].real, spots[0].imag), (spots[2].real, spots[2].imag)])
    for points in edges:
        easel.line(points, palette.ink(0.99, 0.85), 1.6)
    return easel.done()


def truchet(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """Quarter circles in square tiles that weave into endless bands, with light on the round of each band."""
    tile = min(width, height) / float(rng.choice([5, 7, 9]))
    x, y = np.meshgrid(np.arange(width, dtype=np.float32) / tile, np.arange(height, dtype=np.float32) / tile)
    i, j = np.floor(x).astype(int), np.floor(y).astype(int)
    flip = rng.integers(0, 2, (64, 64)).astype(bool)[j % 64, i % 64]
    u, v = x - i, y - j
    u = np.where(flip, 1 - u, u)
    near, far = np.hypot(u, v), np.hypot(1 - u, 1 - v)
    distance = np.minimum(np.abs(near - 0.5), np.abs(far - 0.5)).astype(np.float32)
    drift = clouds(rng, width, height, cells=1.3, octaves=3)
    lanes = np.floor(distance / 0.052)
    tone = 0.5 + (drift - 0.5) * 1.6 + 0.17 * np.where(lanes % 2 == 0, 1, -1)
    round_light = 0.72 + 0.4 * np.cos(np.clip(distance / 0.30, 0, 1) * 1.7)
    band = palette.at(np.clip(tone, 0.12, 0.97)) * round_light[..., None]
    ground = palette.at(np.clip(0.06 + 0.1 * drift, 0, 1)) * (0.5 + 0.5 * ramp(0.28, 0.42, distance))[..., None]
    return mix(band, ground, ramp(0.258, 0.27, distance))


def hyperbolic(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """A regular tiling of the hyperbolic plane in Poincare's disc, found by folding every pixel to the centre."""
    p, q = [(5, 4), (7, 3), (4, 5), (6, 4), (8, 3), (3, 7), (5, 5)][int(rng.integers(7))]
    x, y = grid(width, height)
    disc = np.hypot(x, y) / 0.95
    turn, inside = cmath.rect(1 / 0.95, float(rng.uniform(0, 1))), disc < 0.9985
    z = ((x + 1j * y)[inside] * turn).astype(np.complex64)
    lift = cmath.rect(float(rng.uniform(0.1, 0.45)), float(rng.uniform(0, 6.28)))
    z = (z - lift) / (1 - np.conj(lift) * z)
    root = math.sqrt(math.cos(math.pi / q) ** 2 - math.sin(math.pi / p) ** 2)
    centre, radius = math.cos(math.pi / q) / root, math.sin(math.pi / p) / root
    flips, sector = np.zeros(z.shape, np.int32), 2 * math.pi / p
    live = np.arange(z.size)
    for _ in range(26):
        w = z[live]
        angle = np.angle(w)
        folded = angle - sector * np.round(angle / sector)
        flips[live] += folded < 0
        w = np.abs(w) * np.exp(1j * np.abs(folded))
        away = w - centre
        within = np.abs(away) < radius
        z[live] = np.where(within, centre + radius**2 / np.conj(np.where(within, away, 1)), w)
        flips[live] += within
        live = live[within]
        if not live.size:
            break
    edge = np.abs(np.abs(z - centre) - radius) / (1 - np.abs(z) ** 2)
    spoke = np.abs(z.imag) / (1 - np.abs(z) ** 2)
    tone = 0.20 + 0.55 * np.clip(np.abs(z) / (centre - radius), 0, 1) + np.where(flips % 2 == 0, 0.16, -0.1)
    colour = palette.at(np.clip(tone, 0.05, 0.95).astype(np.float32))
    colour = mix(colour, palette.one(0.98), ramp(0.05, 0.02, edge.astype(np.float32)))
    colour = mix(colour, palette.one(0.02), 0.8 * ramp(0.02, 0.008, spoke.astype(np.float32)))
    halo = np.clip(1.25 - disc, 0, 1) * (disc > 1)
    image = palette.at(np.clip(0.03 + 0.22 * halo, 0, 1).astype(np.float32))
    image[inside] = colour * (1 - 0.35 * disc[inside] ** 6)[:, None]
    return mix(image, palette.one(0.85), ramp(0.012, 0.004, np.abs(disc - 1.004)))


def kaleidoscope(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """A mirrored rosette: warped noise folded around one centre, with gilded contour lines."""
    x, y = grid(width, height)
    return rosette(rng, x, y, palette, turn=0.0)


def rosette(rng: Random, x: Array, y: Array, palette: Palette, *, turn: float) -> Array:
    """The kaleidoscope at a given turn of its inner drum (used for the clips too)."""
    fold = int(rng.choice([6, 8, 10, 12]))
    glass = sheet(rng, side=256, roughness=2.1, lowest=2)
    radius = np.hypot(x, y)
    angle = np.abs(np.mod(np.arctan2(y, x) * fold / (2 * np.pi) + 0.5, 1) - 0.5) * 2 * np.pi / fold
    u = (radius * np.cos(angle) * 0.33 + 0.06 * math.cos(turn)).astype(np.float32)
    v = (radius * np.sin(angle) * 0.33 + 0.06 * math.sin(turn)).astype(np.float32)
    warp = glass.at(u * 0.7 + 0.3, v * 0.7 + 0.1)
    deep = glass.at(u + 0.30 * warp, v + 0.22 * warp + 0.5)
    tone = np.clip(0.5 + (deep - 0.5) * 1.9 + 0.12 * np.cos(radius * 9), 0, 1)
    steps = tone * 9
    line = np.abs(steps - np.round(steps))
    image = palette.at((np.floor(steps) / 9 * 0.75 + tone * 0.25).astype(np.float32))
    image = image * (0.78 + 0.35 * np.clip(line * 2, 0, 1))[..., None]
    gold = ramp(0.07, 0.02, line.astype(np.float32))
    return mix(image, palette.one(0.96), gold * 0.8) * (1 - 0.25 * np.clip(radius - 0.6, 0, 1))[..., None]


def zellige(rng: Random, width: int, height: int, palette: Palette) -> Array:
    """An eightfold star mosaic with raised straps, every glazed piece of slightly different colour."""
    tile = min(width, height) / float(rng.choice([3, 4, 5]))
    x, y = np.meshgrid(
        (np.arange(width, dtype=np.float32) - width / 2) / tile,
        (np.arange(height, dtype=np.float32) - height / 2) / tile,
    )
    i, j = np.round(x), np.round(y)
    u, v = np.abs(x - i), np.abs(y - j)
    u, v = np.maximum(u, v), np.minimum(u, v)
    slope = (u + v) / math.sqrt(2)
    du, dv = 0.5 - np.minimum(u, v), 0.5 - np.maximum(u, v)
    star = np.minimum(np.maximum(u, v), slope) - 0.3536
    flower = np.minimum(np.maximum(u, v), slope) - 0.235
    eye = np.hypot(u, v) - 0.115
    knot = np.minimum(np.maximum(du, dv), (du + dv) / math.sqrt(2)) - 0.135
    strap = np.minimum(np.minimum(np.abs(star), np.abs(flower)), np.minimum(np.abs(eye), np.abs(knot))).astype(
        np.float32
    )
    piece = np.where(star < 0, 1, 0) + np.where(flower < 0, 1, 0) + np.where(eye < 0, 1, 0) + np.where(knot < 0, 4, 0)
    tones = np.array([0.22, 0.60, 0.36, 0.92, 0.80, 0.5, 0.5, 0.5], np.float32)[piece]
    glaze = clouds(rng, width, height, cells=14, octaves=3) - 0.5
    odd = rng.normal(0, 0.05, (64, 64)).astype(np.float32)[j.astype(int) % 64, (i.astype(int) * 8 + piece) % 64]
    image = palette.at(np.clip(tones + odd + 0.22 * glaze, 0, 1)) * (0.9 + 0.5 * glaze)[..., None]
    shine = 0.86 + 0.22 * ramp(0.0, 0.06, strap)
    image = image * shine[..., None]
    return mix(image, palette.one(0.9) * 1.02, ramp(0.018, 0.012, strap))
