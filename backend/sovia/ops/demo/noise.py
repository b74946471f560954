"""Smooth randomness for the demo pictures: layered noise, a sheet of it to sample anywhere, and flow fields."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from sovia.ops.demo.colour import Array

Random = np.random.Generator


def stretched(small: Array, width: int, height: int) -> Array:
    """A small sheet of numbers enlarged smoothly to a whole picture."""
    picture = Image.fromarray(np.ascontiguousarray(small, dtype=np.float32))
    result: Array = np.asarray(picture.resize((width, height), Image.Resampling.BICUBIC), dtype=np.float32)
    return result


def clouds(rng: Random, width: int, height: int, *, cells: float = 3.0, octaves: int = 6, gain: float = 0.5) -> Array:
    """Fractal noise about 0..1 (mean 0.5); `cells` blobs lie along the shorter side of the first layer."""
    total = np.zeros((height, width), np.float32)
    weight, size = 1.0, cells / min(width, height)
    for _ in range(octaves):
        across, down = max(2, int(width * size) + 2), max(2, int(height * size) + 2)
        if across >= width or down >= height:
            break
        total += weight * stretched(rng.standard_normal((down, across), dtype=np.float32), width, height)
        weight, size = weight * gain, size * 2
    spread = float(total.std()) or 1.0
    result: Array = (0.5 + 0.18 * (total - float(total.mean())) / spread).astype(np.float32)
    return result


@dataclass(frozen=True)
class Sheet:
    """Noise on a torus that can be read at any place: one unit of x or y is one repeat of the sheet."""

    values: Array

    def at(self, x: Array, y: Array) -> Array:
        """Bilinear reading, wrapped at the edges."""
        side = self.values.shape[0]
        u, v = x * side, y * side
        left, top = np.floor(u), np.floor(v)
        fx, fy = (u - left).astype(np.float32), (v - top).astype(np.float32)
        i, j = left.astype(np.int32) % side, top.astype(np.int32) % side
        flat, i2, j2 = self.values.ravel(), (i + 1) % side, (j + 1) % side
        upper = flat[j * side + i] * (1 - fx) + flat[j * side + i2] * fx
        lower = flat[j2 * side + i] * (1 - fx) + flat[j2 * side + i2] * fx
        result: Array = upper * (1 - fy) + lower * fy
        return result


def sheet(rng: Random, *, side: int = 512, roughness: float = 1.9, lowest: float = 3.0) -> Sheet:
    """A repeating sheet of fractal noise about 0..1, made in the frequency domain."""
    across = np.fft.rfftfreq(side)[None, :] * side
    down = np.fft.fftfreq(side)[:, None] * side
    frequency = np.hypot(across, down)
    strength = np.where(frequency < 1, 0, 1 / np.maximum(frequency, lowest) ** roughness)
    phase = rng.uniform(0, 2 * np.pi, frequency.shape)
    values = np.fft.irfft2(strength * np.exp(1j * phase), s=(side, side))
    values = 0.5 + 0.18 * (values - values.mean()) / values.std()
    return Sheet(values.astype(np.float32))


def curl(rng: Random, width: int, height: int, *, cells: float = 2.0, octaves: int = 3) -> tuple[Array, Array]:
    """A flow without sources (unit vectors in pixels): the turned gradient of noise."""
    hill = clouds(rng, width, height, cells=cells, octaves=octaves, gain=0.4)
    down, across = np.gradient(hill)
    length = np.hypot(across, down) + 1e-9
    return (-down / length).astype(np.float32), (across / length).astype(np.float32)


def trails(
    rng: Random, field: tuple[Array, Array], count: int, steps: int, stride: float
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Pixels (flat index, particle number) that `count` particles cross while they drift along a flow."""
    flow_x, flow_y = field
    height, width = flow_x.shape
    x, y = rng.uniform(0, width, count), rng.uniform(0, height, count)
    places, owners = [], []
    for _ in range(steps):
        i, j = x.astype(np.int64), y.astype(np.int64)
        inside = np.flatnonzero((x >= 0) & (y >= 0) & (i < width) & (j < height))
        index = j[inside] * width + i[inside]
        places.append(index)
        owners.append(inside)
        x[inside] += flow_x.ravel()[index] * stride
        y[inside] += flow_y.ravel()[index] * stride
    return np.concatenate(places), np.concatenate(owners)
