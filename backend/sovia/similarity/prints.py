"""What a picture looks like in 35 bytes, and how alike two of them are; pure.

`structure` has 64 bits: the picture as 9 x 8 fields of grey, and for each pair of neighbours in a row whether the right
one is brighter. `colours` are the mean brightness and two colour values of 3 x 3 fields. Small changes of size, format
or quality change neither by much; a mirrored picture or another crop is another picture.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sovia.similarity.vectors import Floats

COLOURS = 27
# Unrelated pictures differ in about half of the bits, and in their colours by about so much on average.
HALF_OF_BITS, FAR_COLOURS = 32, 64
OF_STRUCTURE = 0.6
BITS = np.left_shift(np.uint64(1), np.arange(64, dtype=np.uint64))


@dataclass(frozen=True)
class Look:
    """One picture's print."""

    structure: int
    colours: bytes


@dataclass(frozen=True)
class Looks:
    """Prints of many pictures, row by row."""

    structures: NDArray[np.uint64]
    colours: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.structures)


def look_of(grey: NDArray[np.uint8], colours: NDArray[np.uint8]) -> Look:
    """The print of a picture from its 8 rows of 9 grey fields and its 3 rows of 3 fields of three colour values."""
    brighter = (grey[:, 1:] > grey[:, :-1]).reshape(64)
    return Look(int(BITS[brighter].sum(dtype=np.uint64)), colours.astype(np.uint8).tobytes())


def of_structure(looks: Looks, one: Look) -> Floats:
    """How alike their structures are: 1 for the same, 0 for pictures that have nothing to do with each other."""
    apart = np.bitwise_count(looks.structures ^ np.uint64(one.structure)).astype(np.float64)
    found: Floats = np.maximum(0.0, 1.0 - apart / HALF_OF_BITS)
    return found


def of_colours(looks: Looks, one: Look) -> Floats:
    """How alike their colours are, place by place."""
    mine = np.frombuffer(one.colours, np.uint8).astype(np.int16)
    apart = np.abs(looks.colours.astype(np.int16) - mine).mean(axis=1, dtype=np.float64)
    found: Floats = np.maximum(0.0, 1.0 - apart / FAR_COLOURS)
    return found


def likeness(looks: Looks, one: Look) -> Floats:
    """Both together, as one number from 0 to 1."""
    return OF_STRUCTURE * of_structure(looks, one) + (1 - OF_STRUCTURE) * of_colours(looks, one)


def likeness_to_several(looks: Looks, anchors: list[Look], rejected: list[Look]) -> Floats:
    """The mean likeness to the anchors less half the mean likeness to what was rejected, never below 0."""
    found = sum((likeness(looks, one) for one in anchors), np.zeros(len(looks))) / max(1, len(anchors))
    if rejected:
        found = found - sum((likeness(looks, one) for one in rejected), np.zeros(len(looks))) / (2 * len(rejected))
    lowest: Floats = np.maximum(found, 0.0)
    return lowest


def unsigned(number: int) -> int:
    """64 bits as the database gives them back, without a sign."""
    return number & ((1 << 64) - 1)


def signed(number: int) -> int:
    """64 bits as the database takes them."""
    return number - (1 << 64) if number >> 63 else number
