"""Numbers as people write them in a filter: pixels, bytes, seconds, shapes; pure."""

import re
from dataclasses import dataclass

from sovia.library.ratios import ratio_byte
from sovia.search.language.kinds import COMPARED, Asked, Bounds, Kind, Moment
from sovia.search.language.problems import BadValue

PIXELS = re.compile(r"(\d{1,6})(?:px)?", re.ASCII)
BYTES = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)(b|kb|mb|gb|tb|k|m|g|t)?", re.ASCII)
# Files are sized as disks are: 1 MB is a million bytes.
UNITS = {"b": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
SECONDS = re.compile(
    r"(?:(?P<h>\d{1,3})h)?(?:(?P<m>\d{1,4})(?:m|min))?(?:(?P<s>\d{1,6}(?:\.\d{1,3})?)(?:s|sec)?)?", re.ASCII
)
CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,4}):(\d{2}(?:\.\d{1,3})?)", re.ASCII)
SHAPE = re.compile(r"(\d{1,5})[:x/](\d{1,5})", re.ASCII)
PLAIN = re.compile(r"\d{1,3}(?:\.\d{1,3})?", re.ASCII)
SLOWEST_STEP = 1000
# Shapes are kept as one byte on a logarithmic scale; a step is 1.7 %.
SAME_SHAPE, SQUARE_FROM, SQUARE_TO = 1, 126, 130
# More than any.
MOST_STEP = 1000
SHAPES = {
    "portrait": (1, SQUARE_FROM - 1),
    "square": (SQUARE_FROM, SQUARE_TO),
    "landscape": (SQUARE_TO + 1, MOST_STEP),
}


def plain(number: float) -> str:
    """A number without needless digits."""
    return f"{number:.3f}".rstrip("0").rstrip(".")


def pixels(text: str) -> float:
    """A whole number of pixels."""
    found = PIXELS.fullmatch(text.lower())
    if found is None:
        raise BadValue("This wants a number of pixels, such as 1024.")
    return int(found[1])


def size(text: str) -> float:
    """Bytes of `2MB`, `500k` or `1234`."""
    found = BYTES.fullmatch(text.lower())
    if found is None:
        raise BadValue("This wants a size, such as 500kB or 2MB.")
    return round(float(found[1]) * UNITS[(found[2] or "b")[0]])


def written_size(number: float) -> str:
    """In the largest unit that shows it exactly."""
    for name in ("TB", "GB", "MB", "kB"):
        unit = UNITS[name[0].lower()]
        if number >= unit and number * 1000 % unit == 0:
            return plain(number / unit) + name
    return f"{number:.0f}B"


def about_size(number: float) -> Bounds:
    """Sizes are seldom known to the byte: five percent around."""
    return number * 0.95, number * 1.05


def seconds(text: str) -> float:
    """Seconds of `5s`, `1m30s`, `1:30` or `90`."""
    lower = text.lower()
    if clock := CLOCK.fullmatch(lower):
        return int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + float(clock[3])
    found = SECONDS.fullmatch(lower) if lower else None
    if found is None:
        raise BadValue("This wants a duration, such as 5s, 1m30s or 1:30.")
    return int(found["h"] or 0) * 3600 + int(found["m"] or 0) * 60 + float(found["s"] or 0)


def written_seconds(number: float) -> str:
    """In seconds."""
    return plain(number) + "s"


def about_seconds(number: float) -> Bounds:
    """A clip of five seconds may last 5.04: half a second around."""
    return number - 0.5, number + 0.5


@dataclass(frozen=True)
class Ratio(Kind):
    """A shape: `16:9`, a number, or one of three words."""

    operators: tuple[str, ...] = ("=", *COMPARED)

    def normal(self, text: str) -> str:
        """Words in small letters, sides with a colon."""
        lower = text.lower()
        if lower in SHAPES:
            return lower
        if found := SHAPE.fullmatch(lower):
            if int(found[1]) and int(found[2]):
                return f"{int(found[1])}:{int(found[2])}"
        elif PLAIN.fullmatch(lower) and float(lower) > 0:
            return plain(float(lower))
        raise BadValue("This wants a shape: 16:9, 1.5, portrait, square or landscape.")

    def asks(self, operator: str, values: tuple[str, ...], _moment: Moment) -> Asked:
        """A comparison of bytes of shape; posts whose shape is not known are in none."""
        return " OR ".join(f"{{p}}.ratio BETWEEN {low} AND {high}" for low, high in steps_between(operator, values)), ()

    def offers(self) -> tuple[str, ...]:
        """The words, and the shapes that machines like to make."""
        return (*SHAPES, "1:1", "16:9", "9:16", "3:2", "2:3", "4:3", "3:4")


def steps_between(operator: str, values: tuple[str, ...]) -> list[tuple[int, int]]:
    """Between which bytes of shape a shape must lie, both included, to be one of those that are asked for."""
    if operator == "=":
        return [SHAPES[value] if value in SHAPES else _around(_step(value)) for value in values]
    first = _step(values[0])
    if operator == "..":
        return [(max(1, first), _step(values[1]))]
    return [
        {">": (first + 1, MOST_STEP), ">=": (max(1, first), MOST_STEP), "<": (1, first - 1), "<=": (1, first)}[operator]
    ]


def _around(step: int) -> tuple[int, int]:
    return max(1, step - SAME_SHAPE), step + SAME_SHAPE


def _step(value: str) -> int:
    if value in SHAPES:
        raise BadValue("A word for a shape cannot be compared; write a number or 16:9.")
    width, _, height = value.partition(":")
    if height:
        return ratio_byte(int(width), int(height))
    return ratio_byte(round(float(width) * SLOWEST_STEP), SLOWEST_STEP)
