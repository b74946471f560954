"""Single fields of a provider's record, in all the spellings and wrong types that exports have."""

import math
import re
from functools import lru_cache
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sovia.kit.ids import FastUUID

Record = dict[str, Any]

UUID_TEXT = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
# Ids that are no UUIDs become the same UUID in every library and every run.
MADE_IDS = uuid5(NAMESPACE_URL, "https://grok.com/imagine/post/")
EXTENSION = re.compile(r"\.([A-Za-z0-9]{2,5})(?:[?#]|\Z)")
KINDS_BY_EXTENSION = {
    **dict.fromkeys(("mp4", "webm", "mov", "mkv", "m4v"), "video"),
    **dict.fromkeys(("flac", "mp3", "wav", "m4a", "ogg", "opus"), "audio"),
}
# Other tools' and older spellings of a field, tried only when a record lacks the usual ones.
SPELLINGS = {
    "id": ("postId", "post_id", "assetId"),
    "userId": ("user_id", "ownerUserId"),
    "createTime": ("createdAt", "create_time", "created_at"),
    "originalPrompt": ("original_prompt",),
    "mediaType": ("media_type",),
    "mediaUrl": ("media_url", "videoUrl", "imageUrl", "key"),
    "mimeType": ("mime_type",),
    "modelName": ("model_name", "model"),
    "hdMediaUrl": ("hd_media_url",),
    "thumbnailImageUrl": ("thumbnail_image_url", "thumbnail_url", "thumbnail"),
    "audioUrls": ("audio_urls",),
    "childPosts": ("child_posts",),
    "originalPostId": ("original_post_id", "parent_post_id", "parentId", "parent_id"),
    "likeStatus": ("like_status", "isLiked", "liked"),
    "videoDuration": ("video_duration", "duration"),
}
USUAL_NAME = {other: usual for usual, others in SPELLINGS.items() for other in others}
LONGEST_NAME = 200
LONGEST_SIDE = 100_000


def respelled(record: Record) -> Record:
    """The record with the usual names of its fields; a usual name that is there stays."""
    if USUAL_NAME.keys().isdisjoint(record):
        return record
    found = dict(record)
    for other in record:
        usual = USUAL_NAME.get(other)
        if usual and usual not in found:
            found[usual] = record[other]
    return found


def text_of(value: object) -> str | None:
    """Text as it is; nothing for absent, empty or blank; None when it is no text at all."""
    if isinstance(value, str):
        return value if value and not value.isspace() else ""
    if value is None:
        return ""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def name_of(value: object) -> str | None:
    """A short name such as a model's; None when there is none."""
    if isinstance(value, str) and len(value) <= LONGEST_NAME:
        return _short(value)
    return (text_of(value) or "").strip()[:LONGEST_NAME] or None


# Few different ones come in any export.
@lru_cache(4096)
def _short(name: str) -> str | None:
    return name.strip() or None


def id_of(value: object) -> tuple[UUID, str | None] | None:
    """An id, and its raw text when that is no UUID; nothing when there is none."""
    if not isinstance(value, str | int) or isinstance(value, bool):
        return None
    raw = str(value).strip()
    if not raw:
        return None
    return (FastUUID(raw), None) if UUID_TEXT.fullmatch(raw) else (FastUUID(str(uuid5(MADE_IDS, raw))), raw)


def id_in_url(url: str) -> UUID | None:
    """The last UUID in a media address: owners come before the item in every family of addresses."""
    found = UUID_TEXT.findall(url.partition("?")[0])
    return FastUUID(found[-1]) if found else None


def kind_of(mime_type: str | None, media_type: str, url: str) -> str:
    """image, video or audio: by the sniffable type first, then the provider's word, then the extension."""
    family = _family(mime_type) if mime_type else None
    if family:
        return family
    word = media_type.lower()
    for kind in ("video", "audio", "image"):
        if kind in word:
            return kind
    extension = EXTENSION.search(url)
    return KINDS_BY_EXTENSION.get(extension[1].lower(), "image") if extension else "image"


@lru_cache(4096)
def _family(mime_type: str) -> str | None:
    family = mime_type.partition("/")[0].lower()
    return family if family in ("image", "video", "audio") else None


def like_of(record: Record) -> bool | None:
    """True, false, or unknown when the record does not say."""
    status = record.get("userInteractionStatus")
    value = status.get("likeStatus") if isinstance(status, dict) else record.get("likeStatus")
    return value if isinstance(value, bool) else None


def side_of(value: object) -> int | None:
    """A width or height in pixels, also when it is written as text."""
    if value is None:
        return None
    number = number_of(value)
    return int(number) if number is not None and 1 <= number <= LONGEST_SIDE else None


def seconds_of(value: object) -> float | None:
    """A length in seconds."""
    number = number_of(value)
    return number if number is not None and 0 < number < 1e7 else None


def number_of(value: object) -> float | None:
    """A finite number, also when it is written as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def addresses_of(value: object) -> list[str]:
    """The addresses in a list, or the one that stands there by itself."""
    several = value if isinstance(value, list) else [value]
    return [one for one in several if isinstance(one, str) and one.strip()]
