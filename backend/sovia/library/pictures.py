"""Pictures: decoded by the one decoder of their type, within limits that are checked before any pixel is."""

import io
import struct
import warnings
from contextlib import suppress
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageCms, ImageFile

from sovia.library.media_types import MediaType
from sovia.library.unreadable import Unreadable

MOST_PIXELS = 64_000_000
ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
ON_ITS_SIDE = (5, 6, 7, 8)
# What Pillow's decoders raise for broken data.
BROKEN = (OSError, ValueError, SyntaxError, EOFError)
# A cut picture is an error, never a picture with a grey rest.
ImageFile.LOAD_TRUNCATED_IMAGES = False


class Picture:
    """An opened picture: its size as seen, and its pixels once asked for."""

    def __init__(self, file: BinaryIO, media_type: MediaType) -> None:
        """Read the head only; `Unreadable` when it is broken or states more pixels than we decode."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", Image.DecompressionBombWarning)
                self._image = Image.open(file, formats=[media_type.decoder])
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            raise Unreadable(too_many_pixels()) from None
        except BROKEN as error:
            raise Unreadable(f"its head is broken ({_short(error)})") from error
        stored_width, stored_height = self._image.size
        if stored_width * stored_height > MOST_PIXELS:
            raise Unreadable(too_many_pixels(stored_width, stored_height))
        self._orientation = _orientation(self._image)
        sideways = self._orientation in ON_ITS_SIDE
        self.width, self.height = (stored_height, stored_width) if sideways else (stored_width, stored_height)

    def decoded(self, *, at_least: tuple[int, int]) -> Image.Image:
        """The pixels, upright, RGB or RGBA in sRGB, without metadata; `Unreadable` when data are broken or missing.

        May be smaller than the picture, but not smaller than `at_least` (width, height) where the picture is larger.
        """
        wanted = at_least[::-1] if self._orientation in ON_ITS_SIDE else at_least
        # JPEG can be decoded at a half, a quarter or an eighth, several times as fast.
        self._image.draft(None, wanted)
        try:
            self._image.load()
        except BROKEN as error:
            raise Unreadable(_why_not_decoded(error)) from error
        image = plain(fitted(self._image, wanted))
        turn = TURNS.get(self._orientation)
        return image if turn is None else image.transpose(turn)


def fitted(image: Image.Image, box: tuple[int, int]) -> Image.Image:
    """The image made smaller so that it fits into the box (width, height); itself when it already does."""
    scale = min(box[0] / image.width, box[1] / image.height)
    if scale >= 1:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    if image.mode not in ("L", "LA", "RGB", "RGBA", "CMYK"):
        image = plain(image)
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def plain(image: Image.Image) -> Image.Image:
    """The same picture as RGB or, where it is see-through, RGBA, in sRGB, with nothing attached."""
    profile = image.info.get("icc_profile")
    see_through = image.has_transparency_data
    if image.mode.startswith("I") or image.mode == "F":
        image = _eight_bits(image)
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        image = _in_srgb(image, profile)
    image = image.convert("RGBA" if see_through else "RGB")
    image.info = {}
    return image


def too_many_pixels(width: int = 0, height: int = 0) -> str:
    """Why a picture or clip of this size is not decoded."""
    size = f" ({width} × {height})" if width else ""
    return f"it states more pixels than are safe to decode{size}; the limit is {MOST_PIXELS // 1_000_000} million"


def _orientation(image: Image.Image) -> int:
    # Broken EXIF data do not make a broken picture.
    with suppress(*BROKEN, KeyError, TypeError, struct.error):
        return int(image.getexif().get(ORIENTATION, 1))
    return 1


def _eight_bits(image: Image.Image) -> Image.Image:
    """Sixteen bits of grey made eight; Pillow itself would cut off everything above 255."""
    values = np.asarray(image, dtype=np.float64)
    brightest = 65535.0 if values.max(initial=0) > 255 else 255.0
    return Image.fromarray(np.clip(values / brightest * 255, 0, 255).astype(np.uint8))


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    with suppress(ImageCms.PyCMSError, OSError, ValueError):
        base = image if alpha is None else image.convert("RGB")
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        turned = ImageCms.profileToProfile(base, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        if turned is not None:
            if alpha is not None:
                turned.putalpha(alpha)
            return turned
    return image


def _why_not_decoded(error: Exception) -> str:
    text = str(error).lower()
    if "truncated" in text or "not enough" in text or "unexpected end" in text or isinstance(error, EOFError):
        return "it is cut short: part of the picture is missing"
    return f"its data are broken ({_short(error)})"


def _short(error: Exception) -> str:
    return (str(error).splitlines() or ["no reason given"])[0][:120]
