"""Rows of posts as the page and the documented list want them; pure."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

PLAYABLE = ("video",)


def media_link(path: str | None) -> str | None:
    """The address of a file that is here, from its path below the home folder."""
    return None if path is None else "/media/" + quote(path, safe="/~!$&'()*+,;=:@")


def card(row: Mapping[Any, Any]) -> dict[str, Any]:
    """What a tile needs: shape, flags, where its pictures are, and a name for those who cannot see it."""
    media = media_link(row["media"])
    placeholder = row["placeholder"]
    # Until the small preview is made, its address leads to the clip itself.
    playable = row["kind"] in PLAYABLE and row["thumbnail"] is not None
    return {
        "id": row["id"],
        "kind": row["kind"],
        "ratio": row["ratio"],
        "flags": row["flags"],
        "width": row["width"],
        "height": row["height"],
        "duration": row["duration"],
        "children": row["children"],
        "alt": row["alt"] or "",
        "created_at": row["created_at"],
        "model": row["model"],
        "mode": row["mode"],
        "thumbnail": row["thumbnail"],
        "placeholder": b64encode(placeholder).decode() if placeholder else None,
        "media": media,
        "preview": f"/derived/{row['thumbnail']}/preview.mp4" if playable else None,
    }


def media_answer(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A post as the documented list shows it; its media URL is the local one when the file is here."""
    return {
        "id": row["id"],
        "user_id": row["user_id"],
        "create_time": row["create_time"],
        "prompt": row["prompt"],
        "original_prompt": row["original_prompt"],
        "media_type": row["media_type"],
        "media_url": media_link(row["media"]) or row["media_url"],
        "mime_type": row["mime_type"],
        "model_name": row["model_name"],
        "mode": row["mode"],
        "like_status": row["like_status"],
        "child_posts": [],
    }


def child_answer(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A child as the documented list shows it."""
    answer = media_answer(row)
    answer["parent_post_id"] = row["parent_id"]
    for name in ("child_posts", "like_status"):
        del answer[name]
    return answer
