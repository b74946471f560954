"""Making the demo library: the plan is painted on all cores, then the export is written."""

import json
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import numpy as np
from PIL import Image

from sovia.ops.demo.canvas import to_image
from sovia.ops.demo.clips import write_clip
from sovia.ops.demo.plan import Clip, Picture, make_plan
from sovia.ops.demo.records import as_records, place_of
from sovia.ops.demo.scenes import painted

EXPORT_NAME = "demo-export.json"


def build(
    home: Path,
    *,
    pictures: int = 160,
    clips: int = 60,
    seed: int = 8,
    progress: Callable[[int, int], None] | None = None,
) -> Path:
    """Write a demo library below `home`: media under `https_/` and an export, whose path is returned.

    The same numbers give the same library. Files that are there already are kept, so a second call is quick.
    `progress` hears how many files of how many are done.
    """
    plan = make_plan(pictures, clips, seed)
    stacks = sorted(plan, key=_weight, reverse=True)
    total = sum(_files_in(picture) for picture in stacks)
    done = 0
    if progress is not None:
        progress(0, total)
    with ProcessPoolExecutor(_cores(), mp_context=multiprocessing.get_context("spawn")) as pool:
        waiting = {pool.submit(_make_stack, home, picture): picture for picture in stacks}
        for finished in as_completed(waiting):
            finished.result()
            done += _files_in(waiting[finished])
            if progress is not None:
                progress(done, total)
    export = home / EXPORT_NAME
    export.parent.mkdir(parents=True, exist_ok=True)
    export.write_text(json.dumps(as_records(plan), ensure_ascii=False, indent=2), encoding="utf-8")
    return export


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def _clips_of(picture: Picture) -> list[Clip]:
    clips = list(picture.clips) + ([picture.shared_clip] if picture.shared_clip else [])
    return clips + [clip.extension for clip in clips if clip.extension is not None]


def _files_in(picture: Picture) -> int:
    return 1 + len(picture.edits) + len(_clips_of(picture))


def _weight(picture: Picture) -> float:
    return 1 + len(picture.edits) + sum(clip.seconds for clip in _clips_of(picture))


def _make_stack(home: Path, picture: Picture) -> None:
    """Paint a picture and everything made from it, except what the plan calls missing."""
    image = _painting(home, picture)
    for edit in picture.edits:
        _painting(home, edit)
    for clip in _clips_of(picture):
        path = home / place_of(clip.url)
        if not clip.missing and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(path.name + ".part")
            write_clip(part, clip, picture, image)
            part.replace(path)


def _painting(home: Path, picture: Picture) -> Image.Image:
    path = home / place_of(picture.url)
    if path.exists():
        return Image.open(path).convert("RGB")
    image = to_image(painted(picture.scene, picture.palette, picture.seed, picture.width, picture.height))
    if not picture.missing:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        if picture.png:
            image.save(part, "PNG", compress_level=4)
        else:
            image.save(part, "JPEG", quality=90, subsampling=0 if np.asarray(image).std() > 70 else 2)
        part.replace(path)
    return image
