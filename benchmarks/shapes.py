"""How real exports are shaped: lengths, counts and shares as measured, and quick ways to draw from them."""

import bisect
import random
from itertools import accumulate, pairwise

Points = tuple[tuple[float, float], ...]


class Curve:
    """A distribution given by some of its quantiles, straight lines in between."""

    def __init__(self, points: Points) -> None:
        self.marks = [mark for mark, _ in points]
        self.values = [value for _, value in points]

    def at(self, share: float) -> float:
        """The value below which this share (0..1) of all lies."""
        after = bisect.bisect_right(self.marks, share)
        if after >= len(self.marks):
            return self.values[-1]
        low, high = self.marks[after - 1], self.marks[after]
        start, end = self.values[after - 1], self.values[after]
        return start + (end - start) * (share - low) / (high - low)

    def mean(self) -> float:
        """The mean of the distribution."""
        pairs = list(zip(self.marks, self.values, strict=True))
        return sum((b[0] - a[0]) * (a[1] + b[1]) / 2 for a, b in pairwise(pairs))


class Dice:
    """Draws one of some values by weight."""

    def __init__(self, shares: dict[str, float]) -> None:
        self.values = list(shares)
        self.edges = list(accumulate(shares.values()))

    def roll(self, rng: random.Random) -> str:
        """One value."""
        return self.values[bisect.bisect(self.edges, rng.random() * self.edges[-1])]


CHILDREN = Curve(
    ((0, 0), (0.05, 0), (0.06, 1), (0.2, 1), (0.35, 2), (0.5, 5), (0.75, 10), (0.9, 19), (0.99, 50), (1, 86))
)
CHILD_LENGTHS = Curve(
    (
        (0, 3),
        (0.1, 7),
        (0.12, 40),
        (0.25, 106),
        (0.5, 200),
        (0.75, 338),
        (0.9, 458),
        (0.99, 1128),
        (0.999, 2600),
        (1, 10_489),
    )
)
PARENT_LENGTHS = Curve(((0, 14), (0.1, 70), (0.5, 140), (0.9, 165), (0.99, 210), (1, 650)))
PARENT_MODELS = Dice({"imagine_h_1": 80, "imagine_x_1": 12, "imagine_w_1": 3, "": 5})
CHILD_MODELS = Dice({"imagine_w_1": 565, "imagine_xdit_1": 434})
MODES = Dice({"custom": 880, "normal": 107, "extremely-crazy": 7, "extremely-spicy-or-crazy": 5, "speech": 1})
ADDRESSES = Dice({"content": 60, "share-png": 17, "share-jpg": 12, "generated": 8, "public-png": 3})
