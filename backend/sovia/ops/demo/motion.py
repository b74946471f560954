"""How a still picture is set in motion: bent sampling grids, drifting particles and slowly turning colour."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from sovia.ops.demo.noise import Random, sheet

COLUMNS, ROWS = 10, 14
TAU = 2 * np.pi
Plane = npt.NDArray[np.floating]


def _ease(time: float) -> float:
    return time * time * (3 - 2 * time)


class Camera:
    """Frames of one movement over one picture; all randomness is drawn at the start."""

    def __init__(self, rng: Random, picture: Image.Image, size: tuple[int, int], motion: str) -> None:
        self.size, self.motion = size, motion
        self.picture = picture
        self.u, self.v = np.meshgrid(np.linspace(0, 1, COLUMNS + 1), np.linspace(0, 1, ROWS + 1))
        self.focus = (float(rng.uniform(0.38, 0.62)), float(rng.uniform(0.36, 0.6)))
        self.side = float(rng.choice([-1, 1]))
        self.reach = float(rng.uniform(0.85, 1.15))
        wind = sheet(rng, side=64, roughness=2.4, lowest=1)
        u, v = self.u.astype(np.float32), self.v.astype(np.float32)
        self.wind_x, self.wind_y = wind.at(u, v) - 0.5, wind.at(u + 0.5, v + 0.3) - 0.5

    def frame(self, time: float) -> Image.Image:
        """The picture at a moment 0..1 of the clip."""
        x, y = getattr(self, f"_{self.motion}")(time)
        width, height = self.picture.size
        x, y = np.clip(x, 0, 1) * (width - 1), np.clip(y, 0, 1) * (height - 1)
        mesh = []
        across = np.linspace(0, self.size[0], COLUMNS + 1).round().astype(int)
        down = np.linspace(0, self.size[1], ROWS + 1).round().astype(int)
        for j in range(ROWS):
            for i in range(COLUMNS):
                box = (int(across[i]), int(down[j]), int(across[i + 1]), int(down[j + 1]))
                corners = ((j, i), (j + 1, i), (j + 1, i + 1), (j, i + 1))
                mesh.append((box, tuple(float(part) for corner in corners for part in (x[corner], y[corner]))))
        return self.picture.transform(self.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)

    def _zoomed(self, scale: float, centre: tuple[float, float] = (0.5, 0.5)) -> tuple[Plane, Plane]:
        return centre[0] + (self.u - centre[0]) / scale, centre[1] + (self.v - centre[1]) / scale

    def _push(self, time: float) -> tuple[Plane, Plane]:
        return self._zoomed(1.02 + 0.24 * self.reach * _ease(time), self.focus)

    def _pan(self, time: float) -> tuple[Plane, Plane]:
        x, y = self._zoomed(1.24)
        return x + self.side * 0.18 * (_ease(time) - 0.5), y + 0.02 * np.sin(time * TAU / 2)

    def _parallax(self, time: float) -> tuple[Plane, Plane]:
        x, y = self._zoomed(1.16 + 0.05 * time)
        depth = np.clip((self.v - 0.30) / 0.7, 0, 1) ** 1.4
        return x + self.side * (0.125 * depth + 0.012) * np.sin((time - 0.5) * TAU / 2), y

    def _breathe(self, time: float) -> tuple[Plane, Plane]:
        x, y = self._zoomed(1.07)
        dx, dy = x - 0.5, y - 0.5
        radius = np.hypot(dx, dy)
        swell = 1 - 0.085 * self.reach * np.sin(time * TAU - radius * 4.2) * (1 - radius)
        return 0.5 + dx * swell, 0.5 + dy * swell

    def _ripple(self, time: float) -> tuple[Plane, Plane]:
        x, y = self._zoomed(1.06)
        deep = np.clip((self.v - 0.52) / 0.25, 0, 1)
        x = x + 0.010 * deep * np.sin(self.v * 30 + time * TAU * 2)
        return x, y + 0.008 * deep * np.sin(self.u * 13 - time * TAU * 2 + self.v * 9) + 0.006 * np.sin(time * TAU)

    def _orbit(self, time: float) -> tuple[Plane, Plane]:
        aspect = self.size[0] / self.size[1]
        angle = self.side * 0.30 * (_ease(time) - 0.5)
        scale = 1.26 if abs(aspect - 1) > 0.1 else 1.18
        dx, dy = (self.u - 0.5) * aspect / scale, (self.v - 0.5) / scale
        x = 0.5 + (dx * np.cos(angle) - dy * np.sin(angle)) / aspect
        return x, 0.5 + dx * np.sin(angle) + dy * np.cos(angle)

    def _drift(self, time: float) -> tuple[Plane, Plane]:
        x, y = self._zoomed(1.15)
        turn = time * TAU
        sway_x = self.wind_x * np.sin(turn) + self.wind_y * (np.cos(turn) - 1) * 0.6
        sway_y = self.wind_y * np.sin(turn) - self.wind_x * (np.cos(turn) - 1) * 0.6
        return x + 0.16 * self.reach * sway_x, y + 0.16 * self.reach * sway_y


@dataclass(frozen=True)
class Dust:
    """How one kind of particle looks and moves: colour, size range in pixels, speed (per clip), strength, sway."""

    colour: tuple[float, float, float]
    small: float
    large: float
    across: float
    down: float
    strength: float
    count: int
    twinkle: float


KINDS = {
    "snow": Dust((0.95, 0.97, 1.0), 0.8, 2.8, 0.10, 0.75, 0.8, 150, 0.0),
    "embers": Dust((1.0, 0.62, 0.25), 0.7, 1.9, 0.12, -0.6, 0.95, 70, 0.5),
    "dust": Dust((1.0, 0.95, 0.85), 0.6, 1.6, 0.10, -0.06, 0.5, 80, 0.7),
    "petals": Dust((1.0, 0.80, 0.84), 1.4, 3.4, 0.5, 0.5, 0.85, 45, 0.0),
    "fireflies": Dust((0.92, 1.0, 0.55), 1.0, 2.4, 0.10, -0.12, 0.95, 36, 1.0),
}


class Particles:
    """Bright specks laid over the frames of a clip."""

    def __init__(self, rng: Random, size: tuple[int, int], kind: str) -> None:
        self.dust = KINDS[kind]
        self.size = size
        count = self.dust.count
        self.place = rng.random((count, 2))
        self.depth = rng.uniform(0.4, 1.0, count)
        self.phase = rng.uniform(0, TAU, count)

    def over(self, frame: npt.NDArray[np.uint8], time: float) -> None:
        """Add the specks of this moment to a frame (bytes, height x width x 3), in place."""
        dust, (width, height) = self.dust, self.size
        sway = 0.015 * np.sin(self.phase + time * TAU * 1.5)
        x = np.mod(self.place[:, 0] + dust.across * self.depth * time + sway, 1.1) * width - width * 0.05
        y = np.mod(self.place[:, 1] + dust.down * self.depth * time, 1.1) * height - height * 0.05
        glow = dust.strength * (1 - dust.twinkle * (0.5 + 0.5 * np.sin(self.phase * 3 + time * TAU * 2)))
        for px, py, depth, light in zip(x, y, self.depth, glow, strict=True):
            size = dust.small + (dust.large - dust.small) * (depth - 0.4) / 0.6
            reach = int(size * 2.2) + 1
            i, j = int(px), int(py)
            x0, x1, y0, y1 = max(0, i - reach), min(width, i + reach + 1), max(0, j - reach), min(height, j + reach + 1)
            if x0 >= x1 or y0 >= y1:
                continue
            away = ((np.arange(x0, x1) - px) ** 2)[None, :] + ((np.arange(y0, y1) - py) ** 2)[:, None]
            alpha = (light * np.exp(-away / (size * size)))[..., None]
            patch = frame[y0:y1, x0:x1]
            patch[:] = (patch + (np.array(dust.colour) * 255 - patch) * alpha).astype(np.uint8)
