"""The plan as the records of an export: field names, nesting and order as real files have them."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sovia.ops.demo.plan import Clip, Picture

Record = dict[str, Any]  # a record of somebody else's format, written out as it is
SMALL = "https://imagine-public.x.ai/cdn-cgi/image/width=500,fit=scale-down,format=auto"


def place_of(url: str) -> str:
    """Where the file of an address lies below the library's home."""
    parts = urlsplit(url)
    return f"{parts.scheme}_/{parts.netloc}{parts.path}"


def as_records(plan: list[Picture]) -> list[Record]:
    """All root records: the pictures with their children, and clips that were liked on their own."""
    records: list[Record] = []
    for picture in plan:
        if picture.shared_clip is not None:
            records.append(_shared(picture, picture.shared_clip))
        records.append(_root(picture))
    return records


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f") + "Z"


def _root(picture: Picture) -> Record:
    record = _picture(picture)
    children = [*(_edit(edit, picture.id) for edit in picture.edits), *(_child(clip) for clip in picture.clips)]
    record["childPosts"] = sorted(children, key=lambda child: str(child["createTime"]), reverse=True)
    if picture.liked is not None:
        record["userInteractionStatus"] = {"likeStatus": picture.liked}
    return record


def _picture(picture: Picture) -> Record:
    record: Record = {
        "id": picture.id,
        "userId": picture.owner,
        "createTime": _time(picture.created_at),
        "prompt": picture.prompt,
        "mediaType": "MEDIA_POST_TYPE_IMAGE",
        "mediaUrl": picture.url,
        "mimeType": "image/png" if picture.png else "image/jpeg",
        "audioUrls": [],
        "childPosts": [],
        "originalPrompt": "",
    }
    if picture.model:
        record["modelName"] = picture.model
    if "imagine-public.x.ai" in picture.url:
        record["thumbnailImageUrl"] = SMALL + urlsplit(picture.url).path
    return record


def _edit(picture: Picture, parent_id: str) -> Record:
    return {
        **_picture(picture),
        "prompt": "",
        "originalPrompt": picture.prompt,
        "originalPostId": parent_id,
        "originalRefType": "ORIGINAL_REF_TYPE_IMAGE_EDIT",
    }


def _child(clip: Clip) -> Record:
    record: Record = {
        "id": clip.id,
        "userId": clip.owner,
        "createTime": _time(clip.created_at),
        "prompt": clip.prompt,
        "mediaType": "MEDIA_POST_TYPE_VIDEO",
        "mediaUrl": clip.url,
        "mimeType": "video/mp4",
        "originalPostId": clip.parent_id,
        "audioUrls": [],
        "childPosts": [],
        "originalPrompt": clip.original_prompt,
        "mode": clip.mode,
        "modelName": clip.model,
    }
    if clip.extension is not None:
        extension = _child(clip.extension)
        extension["originalRefType"] = "ORIGINAL_REF_TYPE_VIDEO_EXTENSION"
        record["childPosts"] = [extension]
    return record


def _shared(picture: Picture, clip: Clip) -> Record:
    """A clip that was liked itself stands at the top level and carries its picture inside."""
    return {**_child(clip), "originalPost": _picture(picture), "userInteractionStatus": {"likeStatus": True}}
