"""Where records hold media as text, and how such a text is told from others."""

import base64
import binascii
import re

from sovia.library import media_types

DATA = "data:"
# Fields that usually hold addresses, the best first.
ADDRESSES = ("hdMediaUrl", "hd_media_url", "mediaUrl", "media_url", "videoUrl", "imageUrl", "url")
# Names that say base64 by themselves: an object with one of them is a record.
SURE = frozenset(
    ("b64_json", "base64", "imageBase64", "image_base64", "videoBase64", "video_base64", "dataUrl", "data_url")
)
BARE = SURE | {"image", "imageData", "image_data", "video", "videoData", "video_data", "data", "src", "content"}
HEAD = re.compile(r"[A-Za-z0-9+/_\-\s]{64,}={0,2}\s*\Z|[A-Za-z0-9+/_\-\s]{64}")
LOOKED_AT = 680


def is_medium(text: str) -> bool:
    """Whether a text is a medium as base64, by its first bytes."""
    if text.startswith(DATA):
        return True
    if not HEAD.match(text[:LOOKED_AT]):
        return False
    head = "".join(text[:LOOKED_AT].split()).translate({ord("-"): "+", ord("_"): "/"}).rstrip("=")
    try:
        return media_types.sniff(base64.b64decode(head[: len(head) // 4 * 4], validate=True)) is not None
    except (binascii.Error, ValueError):
        return False
