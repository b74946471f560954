"""Texts hidden in the lowest bit of a PNG's transparency ("stealth pnginfo"), run in a child process with limits.

The bits go down each column, column after column: a signature of 15 bytes, the length in bits as 32 bits, the text.
"""

import os
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sovia.importer.embedded.found import MAX_METADATA, Found, decoded, inflated
from sovia.importer.embedded.generation import object_of
from sovia.importer.embedded.reading import MOST_PIXELS
from sovia.importer.embedded.recognising import recognised
from sovia.kit import disk

PLAIN, PACKED = b"stealth_pnginfo", b"stealth_pngcomp"
HEAD_BITS = 8 * (len(PLAIN) + 4)


def search(wanted: dict[str, Any]) -> dict[str, Any] | None:
    """What is hidden in the pixels of the PNG `name` below `root`: the request of a child process."""
    try:
        file = os.fdopen(disk.open_beneath(Path(wanted["root"]), wanted["name"]), "rb")
    except (OSError, ValueError):
        return None
    with file:
        return searched(file)


def searched(file: BinaryIO) -> dict[str, Any] | None:
    """What is hidden in the pixels of an open PNG, and what it means, as JSON; None when there is nothing."""
    found = hidden(file)
    if not found.texts:
        return None
    generation = recognised(found.texts)
    return {
        "texts": found.texts,
        "left_out": found.left_out,
        "generation": asdict(generation) if generation else None,
    }


def hidden(file: BinaryIO) -> Found:
    """The texts that are hidden in the pixels of a PNG; none when nothing is, or when they can not be read."""
    found = Found()
    alpha = _alpha(file)
    if alpha is not None and alpha.size:
        _read(alpha, found)
    return found


def _read(alpha: NDArray[np.uint8], found: Found) -> None:
    # Most pictures hide nothing: a few columns tell.
    height = alpha.shape[0]
    head = _bytes(alpha[:, : HEAD_BITS // height + 1].T.reshape(-1)[:HEAD_BITS])
    signature, length = head[: len(PLAIN)], int.from_bytes(head[len(PLAIN) :], "big")
    if signature not in (PLAIN, PACKED) or not 0 < length <= 8 * MAX_METADATA:
        return
    columns = (HEAD_BITS + length) // height + 1
    body = _bytes(alpha[:, :columns].T.reshape(-1)[HEAD_BITS : HEAD_BITS + length])
    text = inflated(body, MAX_METADATA, gzipped=True) if signature == PACKED else body
    if text is None:
        found.leave_out("a hidden text is damaged or too large to be unpacked")
    else:
        _add(decoded(text), found)


def _alpha(file: BinaryIO) -> NDArray[np.uint8] | None:
    """The transparency of each pixel in rows."""
    file.seek(0)
    try:
        with Image.open(file, formats=["PNG"]) as picture:
            if picture.width * picture.height > MOST_PIXELS or picture.mode not in ("RGBA", "LA"):
                return None
            return np.asarray(picture.getchannel("A"), np.uint8)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _bytes(values: NDArray[np.uint8]) -> bytes:
    return np.packbits(values & 1).tobytes()


def _add(text: str, found: Found) -> None:
    """NovelAI hides the texts of its PNG as one object, the others their one text."""
    texts = object_of(text)
    if not texts:
        found.add("parameters", text)
    for name, value in texts.items():
        if isinstance(value, str):
            found.add(str(name), value)
        elif isinstance(value, int | float):
            found.add(str(name), str(value))
    # Settings that are no texts stand there as they are.
    if texts and not found.texts:
        found.add("parameters", text)
