"""The fast parts of a generated export: prompts by number, identities and times."""

import random
from datetime import date

from shapes import Curve
from vocabulary import sentences

GOLDEN = 0x9E3779B97F4A7C15
MASK = (1 << 64) - 1
DAY = 86_400
DAY_ZERO = date(1970, 1, 1).toordinal()


class Texts:
    """Prompt number k, the same for the same seed, made without remembering any."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.english, self.arabic, self.chinese, self.japanese, self.short = sentences(seed)

    def text(self, number: int, lengths: Curve) -> str:
        """Text (escaped for JSON) whose length follows the curve."""
        state = (number * GOLDEN + self.seed * 0xD1B54A32D192ED03 + 1) & MASK
        state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & MASK
        want = lengths.at((state >> 40) / (1 << 24))
        if want < 25:
            return self.short[state % len(self.short)]
        pool = self._pool((state >> 8) % 100)
        step = 1 + (state >> 20) % 997
        place = state % len(pool)
        parts = [pool[place]]
        size = len(parts[0])
        while size < want:
            place = (place + step) % len(pool)
            parts.append(pool[place])
            size += len(pool[place]) + 2
        text = ". ".join(parts)
        cut = text.rfind(" ", 0, int(want) + 1) if size > want else -1
        return (text[:cut] if cut > 8 else text).rstrip(" ,.")

    def _pool(self, share: int) -> list[str]:
        if share < 88:
            return self.english
        if share < 94:
            return self.arabic
        return self.chinese if share < 98 else self.japanese


def identity(rng: random.Random) -> str:
    """A random UUID of version 4."""
    digits = f"{rng.getrandbits(128):032x}"
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


class Clock:
    """Times as text; the date is worked out once a day."""

    def __init__(self) -> None:
        self._day = -1
        self._text = ""

    def text(self, micros: int) -> str:
        """Microseconds since 1970 as ISO 8601."""
        seconds, micro = divmod(micros, 1_000_000)
        day, rest = divmod(seconds, DAY)
        if day != self._day:
            self._day, self._text = day, date.fromordinal(DAY_ZERO + day).isoformat()
        return f"{self._text}T{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}.{micro:06d}Z"
