"""Records of the assets feed of 2026, spelled like posts: what was made, from what, and how it was asked for."""

from typing import Any

Record = dict[str, Any]

HOME = "https://assets.grok.com/"
# Fields that only name an asset, as the lists of collections do.
NAMING = frozenset(("assetId", "id", "collectionId", "addTime", "addedAt", "createTime", "orderKey"))
TELLING = ("key", "mimeType", "mediaGenInput", "auxKeys", "name")


def is_asset(record: Record) -> bool:
    """Whether this describes an asset."""
    return "assetId" in record and any(name in record for name in TELLING)


def why_left_out(record: Record) -> str | None:
    """The reason not to take this asset in, if there is one."""
    if truth(part(record, "auxKeys").get("imagine_official_asset")):
        return "official"
    if truth(record.get("isDeleted")):
        return "deleted"
    return "only_named" if NAMING.issuperset(record) else None


def truth(value: object) -> bool:
    """Flags come as true and as text."""
    return value is True or (isinstance(value, str) and value.strip().lower() == "true")


def part(record: Record, name: str) -> Record:
    """The object under this name; an empty one when there is none."""
    found = record.get(name)
    return found if isinstance(found, dict) else {}


def generation(asset: Record) -> tuple[str, Record]:
    """How it was asked for: the kind of request (`imageToVideo`) and its fields."""
    wish = part(asset, "mediaGenInput")
    for kind, asked in wish.items():
        if isinstance(asked, dict) and kind != "hydratedContext":
            return kind, asked
    return "", wish


def input_ids(asset: Record) -> list[object]:
    """The ids of the assets that it was made from, in order."""
    several = generation(asset)[1].get("inputAssets")
    found = [one.get("assetId") if isinstance(one, dict) else one for one in several or ()] if _is_list(several) else []
    return [one for one in found if isinstance(one, str) and one]


def spelled(asset: Record) -> Record:
    """The asset with the usual names of a post's fields beside its own; what is not said is left out."""
    _, asked = generation(asset)
    usual = {
        "id": asset.get("assetId"),
        "userId": asset.get("ownerUserId"),
        "prompt": asked.get("prompt"),
        "modelName": asked.get("modelName"),
        "mode": asked.get("mode"),
        "videoDuration": asked.get("duration"),
        "mediaUrl": address(asset.get("key")),
        "thumbnailImageUrl": address(asset.get("previewImageKey") or part(asset, "auxKeys").get("preview-image")),
        "originalPostId": _parent(asset, asked),
    }
    return asset | {name: value for name, value in usual.items() if value is not None and name not in asset}


def address(key: object) -> str | None:
    """The full address of a key relative to the provider's media; full ones stay."""
    if not isinstance(key, str) or not key.strip():
        return None
    return key if "://" in key else HOME + key.strip().lstrip("/")


def _parent(asset: Record, asked: Record) -> object:
    """The post it belongs to, or the first one that it was made from."""
    context = part(asked, "hydratedContext") or part(part(asset, "mediaGenInput"), "hydratedContext")
    named = [
        part(asset, "auxKeys").get("parent_post_id"),
        context.get("parentPostId"),
        context.get("parentAssetId"),
        *input_ids(asset),
    ]
    own = str(asset.get("assetId")).lower()
    return next((one for one in named if isinstance(one, str) and one and one.lower() != own), None)


def _is_list(value: object) -> bool:
    return isinstance(value, list)
