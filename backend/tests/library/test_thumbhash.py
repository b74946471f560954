"""The blurred likeness of a picture in a few bytes."""

import numpy as np
import pytest
from media_files import pixels
from numpy.typing import NDArray

from sovia.library.thumbhash import encode, waves


def rgba(width: int, height: int, make: object = None) -> NDArray[np.uint8]:
    """A picture as the encoder takes it; `make(x, y)` gives the four values of a pixel."""
    assert callable(make)
    return np.array([[make(x, y) for x in range(width)] for y in range(height)], dtype=np.uint8)


def decoded(code: bytes, width: int, height: int) -> NDArray[np.float64]:
    """The picture that a page draws from the hash, as rows of RGBA between 0 and 1 (the published reading)."""
    first, second = int.from_bytes(code[:3], "little"), int.from_bytes(code[3:5], "little")
    alpha, wide = first >> 23 & 1, second >> 15 & 1
    long, short = (5 if alpha else 7), second & 7
    nx, ny = (long, short) if wide else (short, long)
    planes = [
        ((first & 63) / 63, (first >> 18 & 31) / 31, max(3, nx), max(3, ny)),
        ((first >> 6 & 63) / 31.5 - 1, (second >> 3 & 63) / 63, 3, 3),
        ((first >> 12 & 63) / 31.5 - 1, (second >> 9 & 63) / 63, 3, 3),
    ]
    if alpha:
        planes.append(((code[5] & 15) / 15, (code[5] >> 4) / 15, 5, 5))
    levels = iter(half for byte in code[6 if alpha else 5 :] for half in (byte & 15, byte >> 4))
    x, y = (np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height
    drawn = []
    for mean, scale, across, down in planes:
        plane = np.full((height, width), mean)
        for cx, cy in waves(across, down):
            amount = (next(levels) / 7.5 - 1) * scale
            plane += 2 * amount * np.outer(np.cos(np.pi * cy * y), np.cos(np.pi * cx * x))
        drawn.append(plane)
    light, yellow, red = drawn[:3]
    blue = light - 2 / 3 * yellow
    redness = (3 * light - blue + red) / 2
    return np.clip(np.dstack([redness, redness - red, blue, drawn[3] if alpha else np.ones_like(light)]), 0, 1)


def mixed(x: int, y: int, by: int) -> int:
    """A number that no symmetry makes zero on average."""
    return (x * x * 31 + y * y * 17 + x * y * by + 7 * by) % 251


@pytest.mark.parametrize(
    ("size", "alpha", "code"),
    [
        # Made by the author's own program from the same pixels.
        ((13, 9), False, "dff70515845967457378468058368553b735f0b141"),
        ((7, 19), True, "dff7810a0207fa65752856303230f9a38f6864788aca65"),
    ],
)
def test_the_bytes_are_those_of_the_published_format(size: tuple[int, int], alpha: bool, code: str) -> None:
    picture = rgba(*size, lambda x, y: (*(mixed(x, y, by) for by in (3, 5, 11)), mixed(x, y, 13) if alpha else 255))

    assert encode(picture).hex() == code


@pytest.mark.parametrize("size", [(100, 66), (66, 100), (100, 100), (100, 20)])
def test_the_picture_drawn_from_it_is_like_the_picture(size: tuple[int, int]) -> None:
    picture = np.asarray(pixels(800, 800).crop((0, 0, *size)).convert("RGBA"))

    drawn = decoded(encode(picture), *size)

    blurred = np.abs(drawn[:, :, :3] - picture[:, :, :3] / 255)
    plain = np.abs(picture[:, :, :3] / 255 - (picture[:, :, :3] / 255).mean(axis=(0, 1)))
    assert blurred.mean() < plain.mean() / 2


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (200, 40, 90)])
def test_one_even_colour_comes_back(colour: tuple[int, int, int]) -> None:
    drawn = decoded(encode(rgba(30, 20, lambda x, y: (*colour, 255))), 4, 4)

    assert np.abs(drawn[:, :, :3] - np.array(colour) / 255).max() < 0.04


def test_transparency_comes_back() -> None:
    drawn = decoded(encode(rgba(40, 40, lambda x, y: (90, 90, 90, 255 if x < 20 else 0))), 40, 40)

    assert drawn[:, :10, 3].mean() > 0.8
    assert drawn[:, 30:, 3].mean() < 0.2


@pytest.mark.parametrize("size", [(1, 1), (1, 100), (100, 1), (100, 100), (37, 5)])
def test_it_is_short_at_every_shape(size: tuple[int, int]) -> None:
    noise = np.random.default_rng(3).integers(0, 256, (size[1], size[0], 4), dtype=np.uint8)

    assert 5 <= len(encode(noise)) <= 30
