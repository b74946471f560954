"""The demo's library is complete, decodable, varied and always the same."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import av
import numpy as np
import pytest
from PIL import Image

from sovia.ops.demo import build
from sovia.ops.demo.plan import make_plan
from sovia.ops.demo.records import as_records
from sovia.ops.demo.scenes import SCENES, painted

Record = dict[str, Any]
PICTURES, CLIPS = 10, 5


@dataclass(frozen=True)
class Demo:
    """One small demo on disk."""

    home: Path
    export: Path
    heard: list[tuple[int, int]]
    records: list[Record]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """A demo of ten pictures and five clips."""
    home = tmp_path_factory.mktemp("demo")
    heard: list[tuple[int, int]] = []
    export = build(home, pictures=PICTURES, clips=CLIPS, progress=lambda done, total: heard.append((done, total)))
    return Demo(home, export, heard, json.loads(export.read_bytes()))


def everything(records: list[Record]) -> Iterator[Record]:
    """All posts of an export, children and their children too."""
    for record in records:
        yield record
        yield from everything(record["childPosts"])


def place(home: Path, url: str) -> Path:
    """Where the bytes of an address lie."""
    parts = urlsplit(url)
    return home / f"{parts.scheme}_" / parts.netloc / parts.path.lstrip("/")


def digests(home: Path) -> dict[str, str]:
    """Every file below a folder with its hash."""
    files = sorted(path for path in home.rglob("*") if path.is_file())
    return {str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_same_seed_gives_the_same_bytes(demo: Demo, tmp_path: Path) -> None:
    build(tmp_path, pictures=PICTURES, clips=CLIPS)

    assert digests(tmp_path) == digests(demo.home)


def test_another_seed_gives_another_library() -> None:
    assert as_records(make_plan(20, 5, seed=8)) != as_records(make_plan(20, 5, seed=9))


def test_second_build_touches_no_file(demo: Demo) -> None:
    before = {path: path.stat().st_mtime_ns for path in (demo.home / "https_").rglob("*")}

    build(demo.home, pictures=PICTURES, clips=CLIPS)

    assert {path: path.stat().st_mtime_ns for path in (demo.home / "https_").rglob("*")} == before


def test_every_picture_decodes_as_what_it_claims_to_be(demo: Demo) -> None:
    found = 0
    for record in everything(demo.records):
        path = place(demo.home, record["mediaUrl"])
        if record["mimeType"].startswith("image/") and path.exists():
            with Image.open(path) as picture:
                picture.load()
                assert Image.MIME[picture.format or ""] == record["mimeType"]
                assert 0.7e6 < picture.width * picture.height < 1.6e6
            found += 1

    assert found >= PICTURES - 1


def test_every_clip_is_h264_of_three_to_six_seconds(demo: Demo) -> None:
    found = 0
    for record in everything(demo.records):
        path = place(demo.home, record["mediaUrl"])
        if record["mimeType"] == "video/mp4" and path.exists():
            with av.open(str(path)) as clip:
                stream = clip.streams.video[0]
                frames = sum(1 for _ in clip.decode(stream))
                assert stream.codec_context.name == "h264"
                assert float(stream.average_rate or 0) == 24
                assert 72 <= frames <= 144
            found += 1

    assert found >= CLIPS - 1


def test_progress_ends_with_all_files(demo: Demo) -> None:
    done, total = demo.heard[-1]

    assert demo.heard[0] == (0, total)
    assert done == total == PICTURES + CLIPS
    assert [step for step, _ in demo.heard] == sorted(step for step, _ in demo.heard)


def test_full_demo_has_the_shape_of_a_real_export() -> None:
    records = as_records(make_plan(160, 60, seed=8))
    posts = list(everything(records))

    assert Counter(record["mediaType"] for record in posts) == {
        "MEDIA_POST_TYPE_IMAGE": 160,
        "MEDIA_POST_TYPE_VIDEO": 60,
    }
    assert sum(3 <= len(record["childPosts"]) <= 8 for record in records) >= 6
    assert any(child["childPosts"] for record in records for child in record["childPosts"])
    assert {record.get("modelName") for record in posts} == {
        "imagine_h_1",
        "imagine_x_1",
        "imagine_w_1",
        "imagine_xdit_1",
    }
    assert {record["mode"] for record in posts if "mode" in record} == {"custom", "normal", "extremely-crazy"}
    assert len({record["id"] for record in posts}) == len(posts)
    assert all(record["id"] in record["mediaUrl"] for record in posts)
    months = {record["createTime"][:7] for record in posts}
    assert 13 <= len(months) <= 15


def test_no_prompt_of_a_picture_repeats_and_four_scripts_occur() -> None:
    pictures = [record for record in as_records(make_plan(160, 60, seed=8)) if "VIDEO" not in record["mediaType"]]
    prompts = [record["prompt"] for record in pictures]

    assert len(set(prompts)) == len(prompts)
    for first, last in (("a", "z"), ("\u0621", "\u064a"), ("\u3041", "\u30ff"), ("\u4e00", "\u9fff")):
        assert any(first <= letter <= last for prompt in prompts for letter in prompt)


def test_shapes_of_pictures_vary() -> None:
    shapes = Counter((picture.width, picture.height) for picture in make_plan(160, 60, seed=8))

    assert len(shapes) >= 7
    assert max(shapes.values()) < 80


def test_no_two_pictures_look_alike() -> None:
    small = {
        picture.id: painted(picture.scene, picture.palette, picture.seed, 96, 96)
        for picture in make_plan(80, 0, seed=8)
        if picture.scene != "drops"
    }
    views = np.stack([image.reshape(12, 8, 12, 8, 3).mean((1, 3)).ravel() for image in small.values()])
    apart = np.linalg.norm(views[:, None] - views[None], axis=-1) + np.eye(len(views)) * 99

    assert apart.min() > 0.2


@pytest.mark.parametrize("name", sorted(SCENES))
def test_scene_is_no_flat_colour_and_has_no_gaps(name: str) -> None:
    image = painted(name, SCENES[name].palettes[0], 5, 180, 120)

    assert image.shape == (120, 180, 3)
    assert np.isfinite(image).all()
    assert 0 <= image.min() <= image.max() <= 1
    assert image.std() > 0.03
