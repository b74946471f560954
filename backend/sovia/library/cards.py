"""Rows of posts as the page wants them; pure."""

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
        "sound": row["sound"],
        "preview": f"/derived/{row['thumbnail']}/preview.mp4" if playable else None,
    }
