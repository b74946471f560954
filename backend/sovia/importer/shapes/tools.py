"""Records that other tools and captured streams write, which are no posts yet: events, saved links, page links."""

from typing import Any

from sovia.importer import fields
from sovia.importer.shapes.assets import address

Record = dict[str, Any]

STREAM = "streamingVideoGenerationResponse"


def is_link(record: Record) -> bool:
    """A link that a person saved, with a title and labels."""
    return isinstance(record.get("url"), str) and "addedAt" in record and "mediaUrl" not in record


def link(record: Record) -> Record | None:
    """A saved link as a stub of the post it leads to; nothing when its address names none.

    Its own id is the time of saving, so the post's id comes from the address.
    """
    url = record["url"]
    post_id = fields.id_in_url(url)
    if post_id is None:
        return None
    title = record.get("title")
    said = title if isinstance(title, str) and "://" not in title and title.strip().lower() != "grok" else None
    small = record.get("thumbnail")
    found = {"id": str(post_id), "link": url, "prompt": said, "saved": record}
    if isinstance(small, str) and small.startswith("https://"):
        found["thumbnailImageUrl"] = small
    return found


def finished_clip(event: Record) -> Record | None:
    """The clip that an event of a running generation tells of; nothing while it is not there."""
    url, blocked = event.get("videoUrl"), event.get("moderated") is True
    post_id = event.get("videoPostId") or event.get("videoId") or event.get("assetId")
    if not post_id or not (url or blocked):
        return None
    origin = event.get("imageReference")
    parent = fields.id_in_url(origin) if isinstance(origin, str) else None
    usual = {
        "id": post_id,
        "mediaType": "MEDIA_POST_TYPE_VIDEO",
        "mediaUrl": address(url) or "",
        "thumbnailImageUrl": address(event.get("thumbnailImageUrl")),
        "prompt": event.get("videoPrompt"),
        "originalPostId": str(parent) if parent and str(parent) != post_id else None,
        "audioUrls": [address(one) for one in fields.addresses_of(event.get("audioUrls"))],
    }
    return event | {name: value for name, value in usual.items() if value is not None}
