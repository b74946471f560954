"""A stack of posts as one record of the provider, as it came in, with what the record cannot tell beside it; pure.

The raw record is whole. What the library knows otherwise stands under `sovia`, which an import takes out again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sovia.library.merging import EARLIER

# Columns and the provider's names of them.
NAMES = {
    "prompt": "prompt",
    "original_prompt": "originalPrompt",
    "model": "modelName",
    "mode": "mode",
    "media_url": "mediaUrl",
    "hd_media_url": "hdMediaUrl",
    "thumbnail_url": "thumbnailImageUrl",
    "mime_type": "mimeType",
    "source_user_id": "userId",
}
ALWAYS = ("kind", "source", "liked", "width", "height", "duration_seconds", "source_id", "created_at")
NESTED = ("childPosts", "child_posts", "images", "videos")
OWN = "sovia"
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Portion:
    """Some whole stacks, the files of their posts, and what people gave these.

    `carried` are collections and presets, in parcels of which each goes with one stack as long as there are any.
    """

    posts: list[Row]
    files: Mapping[UUID, Sequence[Row]]
    given: Mapping[UUID, Row] = field(default_factory=dict)
    carried: Sequence[Row] = ()


def records_of(portion: Portion) -> list[dict[str, Any]]:
    """The records of some whole stacks: roots with their children nested in them, each exactly once.

    Parcels that find no stack to go with are records of their own, without a post.
    """
    here = {post["id"] for post in portion.posts}
    children: dict[UUID | None, list[Row]] = {}
    for post in portion.posts:
        children.setdefault(post["parent_id"] if post["parent_id"] in here else None, []).append(post)
    records = [_record(root, children, portion) for root in children.get(None, [])]
    for record, parcel in zip(records, portion.carried, strict=False):
        record[OWN] |= parcel
    return [*records, *({OWN: parcel} for parcel in portion.carried[len(records) :])]


def _record(post: Row, children: Mapping[UUID | None, Sequence[Row]], portion: Portion) -> dict[str, Any]:
    record = dict(post["raw"] or {})
    own = own_values(post, record) | dict(portion.given.get(post["id"], {}))
    own["files"] = [_file(one) for one in portion.files.get(post["id"], ())]
    if post["parent_id"] is not None:
        own["parent_id"] = str(post["parent_id"])
    record[OWN] = own
    inside = [_record(child, children, portion) for child in children.get(post["id"], ())]
    if inside:
        name = next((name for name in NESTED if name not in record), NESTED[0])
        left = record.get(name)
        record[name] = [*(left if isinstance(left, list) else ()), *inside]
    return record


def own_values(post: Row, record: Mapping[str, Any]) -> dict[str, Any]:
    """What the library knows of a post otherwise than its record."""
    own: dict[str, Any] = {"id": str(post["id"])}
    own |= {name: post[name] for name, usual in NAMES.items() if post[name] != record.get(usual)}
    own |= {name: _plain(post[name]) for name in ALWAYS}
    own |= {"liked_here": True} if post["liked_here"] else {}
    own["earlier"] = (post["extra_metadata"] or {}).get(EARLIER)
    return {name: value for name, value in own.items() if value not in (None, "")}


def _file(row: Row) -> dict[str, Any]:
    return {
        "role": row["role"],
        "position": row["position"],
        "path": row["path"],
        "sha256": row["sha256"].hex() if row["sha256"] else None,
        "size_bytes": row["size_bytes"],
    }


def _plain(value: object) -> object:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def paths_of(files: Iterable[Row]) -> list[str]:
    """Where files of a post lie that can be given out: those that are here, each once."""
    found = (row["found_path"] or row["path"] for row in files if row["state"] in ("present", "corrupt"))
    return list(dict.fromkeys(path for path in found if path))
