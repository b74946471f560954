"""One byte for the shape of a picture: the logarithm of width to height, so that a million fit in a megabyte."""

import math

UNKNOWN = 0
MIDDLE = 128
STEPS_PER_DOUBLING = 40


def ratio_byte(width: int | None, height: int | None) -> int:
    """1 to 255 for a shape between about 1:9 and 9:1, off by less than one percent; 0 when a side is not known."""
    if not width or not height or width <= 0 or height <= 0:
        return UNKNOWN
    return max(1, min(255, round(MIDDLE + STEPS_PER_DOUBLING * math.log2(width / height))))


def ratio_of(byte: int) -> float | None:
    """Width to height, or nothing when it is not known."""
    return None if byte == UNKNOWN else 2 ** ((byte - MIDDLE) / STEPS_PER_DOUBLING)
