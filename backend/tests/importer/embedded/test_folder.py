"""A folder of media is an export: in the order of names, the same every time, whatever lies in it."""

import json
import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from importer.embedded.made import DESCRIPTION, chunk, graph, jpeg, mp4, png, png_of, stealth

from sovia.importer.embedded import children
from sovia.importer.embedded import folder as folders
from sovia.importer.embedded.folder import open_media
from sovia.importer.errors import NotAnExport
from sovia.importer.export import Chunk
from sovia.library.incoming import NewPost

ID = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
A1111 = "a fox\nNegative prompt: dull\nSteps: 20, Seed: {}, Sampler: Euler, Model: m"


def put(root: Path, name: str, content: bytes | str, at: float | None = None) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    if at is not None:
        os.utime(path, (at, at))
    return path


def chunks(path: Path, **how: Any) -> list[Chunk]:
    after = how.pop("after", 0)
    opened = open_media(path, **how)
    try:
        return list(opened.chunks(after=after))
    finally:
        opened.close()


def posts(path: Path, **how: Any) -> list[NewPost]:
    return [post for chunk in chunks(path, **how) for post in chunk.posts]


def problems(path: Path, **how: Any) -> list[str]:
    return [problem.code for chunk in chunks(path, **how) for problem in chunk.problems]


def names(path: Path, **how: Any) -> list[str]:
    return [
        "/".join(filter(None, (post.raw["file"]["folder"], post.raw["file"]["name"]))) for post in posts(path, **how)
    ]


def test_a_picture_becomes_a_post(tmp_path: Path) -> None:
    put(tmp_path, "deep/er/00001-7.png", png({"parameters": A1111.format(7)}, size=(40, 20)), at=1_750_000_000)

    (post,) = posts(tmp_path)

    assert (post.kind, post.prompt, post.model, post.source) == ("image", "a fox", "m", "a1111")
    assert (post.width, post.height, post.mime_type) == (40, 20, "image/png")
    assert post.created_at == datetime(2025, 6, 15, 15, 6, 40, tzinfo=UTC)
    assert post.raw == {
        "file": {"name": "00001-7.png", "folder": "deep/er"},
        "metadata": {"parameters": A1111.format(7)},
        "generation": {
            "tool": "a1111", "negative_prompt": "dull", "model": "m", "seed": 7, "steps": 20, "sampler": "Euler",
        },
    }  # fmt: skip


def test_clips_and_hidden_prompts_come_too(tmp_path: Path) -> None:
    put(tmp_path, "a.mp4", mp4({"prompt": graph()}, tmp_path))
    put(tmp_path, "b.png", stealth(A1111.format(3)))
    put(tmp_path, "c.png", png(mode="RGBA"))

    found = posts(tmp_path)

    assert [(post.kind, post.prompt) for post in found] == [
        ("video", "a glass bottle"),
        ("image", "a fox"),
        ("image", ""),
    ]
    assert found[1].raw["metadata"] == {"parameters": A1111.format(3)}
    assert "generation" not in found[2].raw


def test_the_order_is_that_of_names(tmp_path: Path) -> None:
    for name in ("b/2.png", "b/10.png", "a.png", "c.png", "B/x.png", "b.png"):
        put(tmp_path, name, png({"Title": name}))

    assert names(tmp_path) == ["a.png", "b.png", "c.png", "B/x.png", "b/10.png", "b/2.png"]


def test_a_type_is_told_by_content_alone(tmp_path: Path) -> None:
    put(tmp_path, "picture.mp4", png())
    put(tmp_path, "no_ending", jpeg())
    put(tmp_path, "page.png", "<html>not found</html>")

    assert [post.mime_type for post in posts(tmp_path)] == ["image/jpeg", "image/png"]
    assert problems(tmp_path) == ["other_files"]


def test_links_and_hidden_files_are_left_alone(tmp_path: Path) -> None:
    away = put(tmp_path, "away/secret.png", png())
    root = tmp_path / "root"
    for name in (".hidden.png", ".git/x.png", "__MACOSX/x.png", "@eaDir/x.png", "_derived/x.png"):
        put(root, name, png())
    put(root, "here.png", png())
    (root / "file.png").symlink_to(away)
    (root / "folder").symlink_to(away.parent)
    (root / "circle").symlink_to(root)

    assert names(root) == ["here.png"]
    assert problems(root) == ["links_left_out"]


def test_the_same_bytes_are_one_post_under_any_name(tmp_path: Path) -> None:
    put(tmp_path, "a.png", png({"Title": "one"}))
    put(tmp_path, "sub/b.png", png({"Title": "one"}))
    put(tmp_path, "c.png", png({"Title": "two"}))

    a, c, b = posts(tmp_path)

    assert a.id == b.id != c.id
    assert a.id == posts(tmp_path / "a.png")[0].id


@pytest.mark.parametrize("name", [
    f"{ID}.jpg", f"grok-{ID}.jpg", f"{ID.upper()}.jpg", f"grok-image-{ID} (2).jpg", f"{ID} - Copy.jpg",
    f"2025-10-01T12-33-11_{ID}_imagine_x_1_a fox.jpg", f"2025-10-01_{ID}_a fox.jpg",
    f"{ID}-media-0123456789ab.jpg",
])  # fmt: skip
def test_names_of_exporters_hold_the_id(name: str, tmp_path: Path) -> None:
    put(tmp_path, name, jpeg(fields={DESCRIPTION: "a fox"}))

    (post,) = posts(tmp_path)

    assert (str(post.id), post.prompt, post.source) == (ID, "a fox", "grok")


@pytest.mark.parametrize("name", [
    f"someone_a_fox_{ID}_0.png", f"{ID}_1.png", f"{ID[:8]}.png", f"x{ID}.png", f"{ID}-thumb-0123456789ab.png",
])  # fmt: skip
def test_other_ids_in_names_are_not_taken(name: str, tmp_path: Path) -> None:
    put(tmp_path, name, png())

    assert str(posts(tmp_path)[0].id) != ID


def test_an_id_in_the_name_of_another_tools_file_is_not_taken(tmp_path: Path) -> None:
    put(tmp_path, f"{ID}.png", png({"parameters": A1111.format(1)}))

    assert str(posts(tmp_path)[0].id) != ID


def test_texts_beside_a_file_speak_for_it(tmp_path: Path) -> None:
    put(tmp_path, "Grok_20251001_120000_prompt.mp4", mp4({}, tmp_path))
    put(tmp_path, "Grok_20251001_120000_prompt.txt", "\ufeffa fox runs\n")
    put(tmp_path, "b.png", png())
    put(tmp_path, "b.txt", "second")
    put(tmp_path, "c.png", png({"Title": ""}))
    put(tmp_path, "c.png.json", json.dumps({"prompt": "third", "originalPrompt": "typed", "modelName": "x_1"}))
    put(tmp_path, "d.png", png({"parameters": "its own"}))
    put(tmp_path, "d.txt", "another")

    timed, b, c, d = posts(tmp_path)

    assert (timed.prompt, timed.source_id) == ("a fox runs", "Grok_20251001_120000")
    assert timed.created_at is not None
    assert timed.created_at.date().isoformat() == "2025-10-01"
    assert (b.prompt, b.raw["beside"]) == ("second", {"b.txt": "second"})
    assert (c.prompt, c.original_prompt, c.model) == ("third", "typed", "x_1")
    assert d.prompt == "its own"
    assert problems(tmp_path) == ["other_files"]


def test_a_still_picture_of_a_clip_is_left_alone(tmp_path: Path) -> None:
    put(tmp_path, f"{ID}.mp4", mp4({}, tmp_path))
    put(tmp_path, f"{ID}.jpg", jpeg())

    assert names(tmp_path) == [f"{ID}.mp4"]
    assert problems(tmp_path) == ["posters_left_out"]


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of 50 pictures, cut into small chunks."""
    monkeypatch.setattr(folders, "WINDOW", 12)
    monkeypatch.setattr(folders, "CHUNK_POSTS", 8)
    monkeypatch.setattr(children, "FILES_AT_ONCE", 5)
    for number in range(50):
        put(tmp_path, f"{number // 20}/{number:03}.png", png({"parameters": A1111.format(number)}))
    return tmp_path


def test_an_interrupted_run_goes_on_where_it_was(many: Path) -> None:
    whole = chunks(many)
    order = names(many)
    assert [chunk.records for chunk in whole] == [8, 16, 24, 32, 40, 48, 50]
    assert order == sorted(order)
    assert whole[-1].bytes_done == open_media(many).bytes_total

    for one in (whole[0], whole[3], whole[5]):
        assert names(many, after=one.records) == order[one.records :]


def test_answers_that_are_too_much_for_one_line_come_in_several(many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "ANSWER_BYTES", 5000)
    for number in range(50):
        put(many, f"{number // 20}/{number:03}.png", png({"parameters": A1111.format(number) + " x" * 600}))

    assert len(posts(many)) == 50


def test_a_file_that_can_not_be_read_is_told(tmp_path: Path) -> None:
    put(tmp_path, "a.png", png())
    (tmp_path / os.fsdecode(b"bad\xff.png")).write_bytes(png())
    put(tmp_path, "z\\y.png", png())

    found = chunks(tmp_path)[-1]

    assert [problem.code for problem in found.problems] == ["unreadable_file"] * 2
    assert len(found.posts) == 1
    for problem in found.problems:
        problem.reason.encode()
        assert str(tmp_path) not in problem.reason


def test_what_is_no_medium_is_refused_or_told(tmp_path: Path) -> None:
    text = put(tmp_path, "notes.png", "just text")

    with pytest.raises(NotAnExport):
        open_media(text)
    assert problems(tmp_path) == ["nothing_to_import", "other_files"]
    assert posts(tmp_path) == []


def test_one_file_alone_is_an_export(tmp_path: Path) -> None:
    path = put(tmp_path, "upload.part", png_of(chunk(b"tEXt", b"prompt\0a fox")))
    put(tmp_path, "other.png", png())

    opened = open_media(path)
    (only,) = opened.chunks()
    opened.close()

    assert [post.prompt for post in only.posts] == ["a fox"]
    assert (opened.shape, opened.account(), only.records, only.bytes_done) == (
        "media file",
        None,
        1,
        opened.bytes_total,
    )


def test_ids_are_the_same_in_every_library(tmp_path: Path) -> None:
    put(tmp_path, "a.png", b"\x89PNG\r\n\x1a\n always the same")

    assert posts(tmp_path)[0].id == UUID("64ff597d-2b0d-5b7d-85d0-1f74741b3cb5")


def test_a_reading_that_is_given_up_leaves_nothing_running(many: Path) -> None:
    opened = open_media(many)
    found = opened.chunks()
    next(found)

    opened.close()
    del found

    assert [thread.name for thread in threading.enumerate() if thread.name.startswith(("media", "ahead"))] == []
