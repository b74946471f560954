"""ThumbHash: a blurred likeness of a picture in about 25 bytes, shown until the thumbnail has come.

The format is Evan Wallace's, https://evanw.github.io/thumbhash/: a few cosine coefficients of brightness, of two colour
differences and of transparency, four bits each, behind a head of five or six bytes.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float64]
LONGEST_SIDE = 100
# An even plane leaves rounding errors of this size at most.
NOTHING = 1e-9
# From red, green, blue to brightness, yellow-blue and red-green.
TO_LPQ = np.array([[1 / 3, 1 / 3, 1 / 3], [0.5, 0.5, -1.0], [1.0, -1.0, 0.0]])


def encode(pixels: NDArray[np.uint8]) -> bytes:
    """The hash of a picture given as rows of RGBA pixels, at most 100 on either side; 5 to 30 bytes."""
    height, width, _ = pixels.shape
    assert max(width, height) <= LONGEST_SIDE
    alpha = pixels[:, :, 3] / 255.0
    wide = bool(width > height)
    brightness, yellow_blue, red_green = _colour_planes(pixels[:, :, :3] / 255.0, alpha)
    see_through = bool(alpha.mean() < 1)
    nx, ny = detail(width, height, see_through=see_through)

    light = _Waves(brightness, max(3, nx), max(3, ny))
    yellow, red = _Waves(yellow_blue, 3, 3), _Waves(red_green, 3, 3)
    first = _level(light.mean, 63) | _centred(yellow.mean) << 6 | _centred(red.mean) << 12
    first |= _level(light.scale, 31) << 18 | see_through << 23
    second = (ny if wide else nx) | _level(yellow.scale, 63) << 3 | _level(red.scale, 63) << 9
    second |= wide << 15
    head = first.to_bytes(3, "little") + second.to_bytes(2, "little")
    if not see_through:
        return head + _packed([*light.levels(), *yellow.levels(), *red.levels()])
    clear = _Waves(alpha, 5, 5)
    head += bytes([_level(clear.mean, 15) | _level(clear.scale, 15) << 4])
    return head + _packed([*light.levels(), *yellow.levels(), *red.levels(), *clear.levels()])


def detail(width: int, height: int, *, see_through: bool) -> tuple[int, int]:
    """How many waves describe the brightness across and down; fewer when transparency needs its share."""
    most = 5 if see_through else 7
    longest = max(width, height)
    return max(1, _rounded(most * width / longest)), max(1, _rounded(most * height / longest))


def waves(nx: int, ny: int) -> list[tuple[int, int]]:
    """The (across, down) pairs in the order of the format: the low triangle of frequencies, the mean left out."""
    return [(x, y) for y in range(ny) for x in range(nx) if x * ny < nx * (ny - y) and (x or y)]


class _Waves:
    """A plane as its mean and a few cosine waves, measured by the largest of them."""

    def __init__(self, plane: Plane, nx: int, ny: int) -> None:
        height, width = plane.shape
        across = np.cos(np.pi / width * np.outer(np.arange(nx), np.arange(width) + 0.5))
        down = np.cos(np.pi / height * np.outer(np.arange(ny), np.arange(height) + 0.5))
        amounts = down @ plane @ across.T / (width * height)
        self.mean = float(amounts[0, 0])
        self._amounts = np.array([amounts[y, x] for x, y in waves(nx, ny)])
        self.scale = float(np.abs(self._amounts).max())

    def levels(self) -> list[int]:
        """Each wave in sixteen steps from minus to plus the largest."""
        if self.scale < NOTHING:
            return [0] * len(self._amounts)
        return [_level(0.5 + 0.5 * amount / self.scale, 15) for amount in self._amounts]


def _colour_planes(colours: NDArray[np.float64], alpha: Plane) -> tuple[Plane, Plane, Plane]:
    """Brightness and two colour differences; transparent pixels take the average colour of the opaque ones."""
    covered = alpha.sum()
    average = (colours * alpha[:, :, None]).sum(axis=(0, 1)) / covered if covered else np.zeros(3)
    on_average = average * (1 - alpha[:, :, None]) + colours * alpha[:, :, None]
    planes = on_average @ TO_LPQ.T
    return planes[:, :, 0], planes[:, :, 1], planes[:, :, 2]


def _packed(levels: Sequence[int]) -> bytes:
    """Two levels to a byte, the first in the low half."""
    padded = [*levels, 0] if len(levels) % 2 else levels
    return bytes(low | high << 4 for low, high in zip(padded[::2], padded[1::2], strict=True))


def _rounded(value: float) -> int:
    # Halves go up, unlike Python's own rounding, so that every implementation makes the same bytes.
    return int(np.floor(value + 0.5))


def _level(value: float, most: int) -> int:
    return min(most, max(0, _rounded(most * value)))


def _centred(value: float) -> int:
    return min(63, max(0, _rounded(31.5 + 31.5 * value)))
