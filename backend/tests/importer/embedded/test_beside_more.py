"""Texts for a whole folder, libraries of Eagle, and members of archives that are left alone by their name."""

import json
import zipfile
from pathlib import Path

from importer.embedded.made import png
from importer.embedded.test_folder import posts, put

from sovia.importer.embedded.archive import Archive
from sovia.importer.export import Export


def test_one_text_speaks_for_all_files_of_its_folder(tmp_path: Path) -> None:
    own = png({"parameters": "an owl\nSteps: 4"}, size=(8, 8))
    for name, content in {"a.png": png(), "b.png": own, "below/c.png": png(size=(9, 9))}.items():
        put(tmp_path, name, content)
    put(tmp_path, "c.png", png(size=(7, 7)))
    put(tmp_path, "c.txt", "a cat")
    put(tmp_path, "prompt.txt", "a fox runs")

    found = {post.raw["file"]["folder"] + "/" + post.raw["file"]["name"]: post.prompt for post in posts(tmp_path)}
    export = Export(tmp_path)
    problems = [problem.code for chunk in export.chunks() for problem in chunk.problems]
    export.close()

    assert found == {"/a.png": "a fox runs", "/b.png": "an owl", "/c.png": "a cat", "below/c.png": ""}
    assert problems == []


def eagle(root: Path) -> Path:
    item = {
        "id": "LX1",
        "name": "dusk",
        "ext": "png",
        "tags": ["sea"],
        "annotation": "a lighthouse",
        "url": "https://a.example",
    }
    put(root, "images/LX1.info/dusk.png", png())
    put(root, "images/LX1.info/dusk_thumbnail.png", png(size=(4, 4)))
    put(root, "images/LX1.info/metadata.json", json.dumps(item))
    return root


def test_a_library_of_eagle_brings_notes_as_prompts(tmp_path: Path) -> None:
    (post,) = posts(eagle(tmp_path / "my.library"))

    assert (post.prompt, post.raw["file"]["name"]) == ("a lighthouse", "dusk.png")
    assert '"sea"' in post.raw["beside"]["metadata.json"]


def test_so_does_an_archive_of_one(tmp_path: Path) -> None:
    root, path = eagle(tmp_path / "my.library"), tmp_path / "eagle.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for one in sorted(root.rglob("*.*")):
            if one.is_file():
                archive.write(one, one.relative_to(root))
    found = Archive(path)
    prompts = [post.prompt for chunk in found.chunks() for post in chunk.posts]
    found.close()

    assert prompts == ["a lighthouse"]


def test_a_file_of_that_name_by_another_program_is_no_note(tmp_path: Path) -> None:
    put(tmp_path, "dusk.png", png())
    put(tmp_path, "dusk_thumbnail.png", png(size=(4, 4)))
    put(tmp_path, "metadata.json", json.dumps({"name": "another", "ext": "png", "annotation": "not this one's"}))

    assert [post.prompt for post in posts(tmp_path)] == [""]


def test_a_member_that_would_unpack_to_very_much_is_named(tmp_path: Path) -> None:
    path = tmp_path / "media.zip"
    trap = png() + b"".join(bytes([n % 251]) * 500 + bytes([n % 7, n % 11, n % 13]) for n in range(24_000))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("good.png", png())
        archive.writestr("trap.png", trap)
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("trap.png")
        assert 50 < info.file_size / info.compress_size < 300

    export = Export(path)
    chunks = list(export.chunks())
    export.close()

    assert [post.raw["file"]["name"] for chunk in chunks for post in chunk.posts] == ["good.png"]
    assert [(one.code, one.reason[:9]) for chunk in chunks for one in chunk.problems] == [("refused_file", "trap.png:")]
