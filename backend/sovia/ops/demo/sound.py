"""A soft pad for clips with sound: a few detuned voices of one chord that swell and fade."""

import numpy as np

from sovia.ops.demo.colour import Array
from sovia.ops.demo.noise import Random

RATE = 44_100
CHORDS = ((0, 7, 12, 16), (0, 7, 14, 15), (0, 5, 12, 19), (0, 4, 11, 14), (0, 3, 10, 17))


def pad(rng: Random, seconds: float) -> Array:
    """Two channels of samples in -1..1 (shape 2 x samples)."""
    count = int(seconds * RATE)
    time = np.arange(count) / RATE
    root = 110 * 2 ** (float(rng.integers(-4, 6)) / 12)
    sound = np.zeros((2, count))
    for step in CHORDS[int(rng.integers(len(CHORDS)))]:
        for side in (0, 1):
            for _ in range(3):
                pitch = root * 2 ** (step / 12) * (1 + float(rng.normal(0, 0.0022)))
                swell = 0.6 + 0.4 * np.sin(2 * np.pi * float(rng.uniform(0.1, 0.3)) * time + float(rng.uniform(0, 6)))
                phase = 2 * np.pi * pitch * time + float(rng.uniform(0, 6))
                sound[side] += (
                    swell * (np.sin(phase) + 0.25 * np.sin(2 * phase) + 0.08 * np.sin(3 * phase)) / (1 + step / 10)
                )
    breath = np.cumsum(rng.normal(0, 1, (2, count)), axis=1)
    breath -= np.linspace(0, 1, count) * breath[:, -1:]
    sound = sound / np.abs(sound).max() + 0.02 * breath / (np.abs(breath).max() + 1e-9)
    fade = np.clip(np.minimum(time / 0.9, (seconds - time) / 1.1), 0, 1) ** 1.5
    result: Array = (0.32 * sound * fade).astype(np.float32)
    return result
