"""Folders and archives as other tools leave them (A5): a record, its media and what lies beside them are one post."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest
from importer.embedded.made import png
from importer.feeds import A, B, C, row
from importer.reading import reading
from importer.records import child, root
from samples import tiny_clip

PICTURE, CLIP = png(), tiny_clip("tool")
WITHOUT_CHILDREN = {name: value for name, value in root(1).items() if name != "childPosts"}
SIDECAR = {
    "id": A, "prompt": "dusk", "originalPrompt": "", "createTime": "2026-01-01T00:00:00Z", "mode": "custom",
    "mediaType": "MEDIA_POST_TYPE_IMAGE", "modelName": "imagine_h_1", "rRated": False, "resolution": None,
    "variants": [{"id": B, "url": child(2, of=1)["mediaUrl"], "type": "video", "prompt": "waves", "videoDuration": 6}],
}  # fmt: skip
SAVED = [{"id": 1760000000000, "url": f"https://grok.com/imagine/post/{A}", "title": "dusk", "tags": [], "addedAt": 1}]
# By tool: the files it leaves, and the posts that come of them.
TOOLS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "douo": (
        {
            f"accounts/me/metadata/posts/{A}.json": root(1, child(2, of=1)),
            "accounts/me/metadata/pages/0001.json": {"posts": [root(1), root(3)], "nextCursor": ""},
            f"accounts/me/media/images/{A}-main-0123456789ab.png": PICTURE,
            f"accounts/me/media/videos/{B}-main-0123456789ab.mp4": CLIP,
            "accounts/me/index.sqlite": b"SQLite format 3\x00",
        },
        {A, B, C},
    ),
    "AlUlkesh": (
        {
            f"grok-imagine/2026_01_01/10_11/{A}_info.json": SIDECAR,
            f"grok-imagine/2026_01_01/10_11/{A}.jpg": PICTURE,
            f"grok-imagine/2026_01_01/10_11/{B}.mp4": CLIP,
        },
        {A, B},
    ),
    "richardLipka": (
        {
            "favourites.json": {"version": 5, "posts": [row(1), row(2, parentId=A, isChild=True, mediaType="video")]},
            f"grok-{A}.png": PICTURE,
            f"grok-{B}.mp4": CLIP,
        },
        {A, B},
    ),
    "561435.js": (
        {f"{A}.json": WITHOUT_CHILDREN, f"{A}.png": PICTURE, "history.json": [child(2, of=1)["mediaUrl"]]},
        {A, B},
    ),
    "556188.js": ({f"2026-01-01T10:11:12_{A}_imagine_h_1_a lighthouse.png": PICTURE}, {A}),
    "jpargueta": ({f"2026-01-01_{A}_a lighthouse at dusk.png": PICTURE}, {A}),
    "adoslabs": ({f"images/{A}.png": PICTURE, f"videos/{B}.mp4": CLIP}, {A, B}),
    "koehhian": ({"links.json": SAVED}, {A}),
    "ParadigmShiba": ({f"gallery/request_1/{A}.png": PICTURE, "gallery/request_1/prompt.txt": b"a lighthouse"}, {A}),
    "a downloader by addresses": (
        {
            "export.json": [root(1, child(2, of=1))],
            f"https_/{root(1)['mediaUrl'].removeprefix('https://')}": PICTURE,
            f"https_/{child(2, of=1)['mediaUrl'].removeprefix('https://')}": CLIP,
        },
        {A, B},
    ),
}


def zipped(files: Mapping[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("tool", TOOLS)
def test_what_a_tool_leaves_comes_in_whole(tool: str, packed: bool, tmp_path: Path) -> None:
    files, ids = TOOLS[tool]
    content = {name: one if isinstance(one, bytes) else orjson.dumps(one) for name, one in files.items()}
    path = tmp_path / "brought"
    if packed:
        path.write_bytes(zipped(content))
    else:
        for name, one in content.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(one)

    found = reading(path)

    assert found.ids == ids
    assert [one.reason for one in found.problems if one.severity == "error"] == []


def test_a_clip_without_an_id_has_the_text_beside_it_as_its_prompt(tmp_path: Path) -> None:
    """uucz: the only tool that keeps no id; its clip is known by its content."""
    (tmp_path / "Grok_20251001_101112_prompt.mp4").write_bytes(CLIP)
    (tmp_path / "Grok_20251001_101112_prompt.txt").write_text("a lighthouse\n")

    found = reading(tmp_path)

    assert [(one.kind, one.prompt) for one in found.posts] == [("video", "a lighthouse")]
