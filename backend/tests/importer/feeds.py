"""Records of other feeds and tools than the provider's own export; everything not given is ordinary."""

from typing import Any

from importer.records import OWNER, number, root

A, B, C, D = (number(n) for n in range(1, 5))
GENERATED = f"users/{OWNER}/generated"


def asset(n: int, **given: Any) -> dict[str, Any]:
    """An asset of the feed of 2026."""
    return {
        "assetId": number(n),
        "mimeType": "video/mp4",
        "name": "generated_video.mp4",
        "sizeBytes": "12345",
        "createTime": "2026-06-01T10:11:12.123456789Z",
        "key": f"{GENERATED}/{number(n)}/generated_video.mp4",
        "previewImageKey": f"{GENERATED}/{number(n)}/preview_image.jpg",
        "auxKeys": {"parent_post_id": number(n - 1), "r_rated": "false"},
        "isDeleted": False,
        "ownerUserId": OWNER,
        "width": 448,
        "height": 672,
        "mediaGenInput": {
            "imageToVideo": {
                "prompt": "waves roll in",
                "modelName": "imagine-video-gen",
                "inputAssets": [number(n - 1)],
                "duration": 6,
                "mode": "custom",
                "resolutionName": "480p",
            }
        },
    } | given


def row(n: int, **given: Any) -> dict[str, Any]:
    """A row of a flat list, with the parent by its id."""
    return {
        "id": number(n),
        "prompt": "a lighthouse",
        "parentPrompt": "dusk",
        "parentId": None,
        "isChild": False,
        "thumbnail": None,
        "mediaUrl": root(n)["mediaUrl"],
        "createTime": 1760000000000,
        "model": "imagine_x_1",
        "mediaType": "image",
        "isLiked": None,
        "isUploaded": False,
    } | given


def event(n: int, progress: int = 100) -> dict[str, Any]:
    """One line of a running generation."""
    clip = {
        "videoId": number(n),
        "videoPostId": number(n),
        "progress": progress,
        "assetId": number(n),
        "videoUrl": f"{GENERATED}/{number(n)}/generated_video.mp4" if progress == 100 else "",
        "thumbnailImageUrl": f"{GENERATED}/{number(n)}/preview_image.jpg",
        "videoPrompt": "waves roll in",
        "imageReference": f"https://assets.grok.com/users/{OWNER}/{number(n - 1)}/content",
        "mode": "custom",
        "moderated": False,
        "width": 448,
        "height": 672,
    }
    return {"result": {"response": {"streamingVideoGenerationResponse": clip}}}
