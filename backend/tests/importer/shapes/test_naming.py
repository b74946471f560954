"""What is no export is answered with what it is, and what to do."""

import gzip
import io
import tarfile
from pathlib import Path

import orjson
import pytest
from importer.reading import reading_of
from importer.records import child, number, root

from sovia.importer.errors import NotAnExport


def tar() -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.json"), io.BytesIO())
    return held.getvalue()


OTHERS = {
    "web page": (b"<!doctype html><p>sign in", "a web page"),
    "web page after a mark": (b"\xef\xbb\xbf \n<html>", "a web page"),
    "drawing": (b'<?xml version="1.0"?>\n<svg xmlns="x"/>', "a drawing"),
    "xml": (b'<?xml version="1.0"?>\n<plist/>', "an XML file"),
    "png": (b"\x89PNG\r\n\x1a\n", "a picture"),
    "jpeg": (b"\xff\xd8\xff\xe0", "a picture"),
    "webp": (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "a picture"),
    "clip": (b"\x00\x00\x00\x18ftypmp42", "a clip"),
    "sound": (b"fLaC\x00", "a sound"),
    "pdf": (b"%PDF-1.7", "a PDF document"),
    "sqlite": (b"SQLite format 3\x00\x10", "a SQLite database"),
    "7z": (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    "rar": (b"Rar!\x1a\x07", "a RAR archive"),
    "zstd": (b"\x28\xb5\x2f\xfd\x00", "a zstd archive"),
    "tar": (tar(), "a tar archive"),
    "packed tar": (gzip.compress(tar()), "a tar archive"),
    "packed zip": (gzip.compress(b"PK\x03\x04" + b"x" * 50), "a zip archive"),
    "table": (b"id,prompt,url\n1,a,b\n2,c,d\n", "a table"),
    "table with tabs": (b"id\tprompt\n1\ta\n", "a table"),
    "text": (b"hello there\n", "text"),
    "zeros": (b"\x00" * 100, "another kind"),
    "noise": (bytes(range(1, 32)) * 9, "another kind"),
    "a number": (b"17", "a single value"),
    "null": (b"null", "a single value"),
    "a text in JSON": (b'"hello"', "a single value"),
    "other JSON": ({"name": "x", "version": 1}, "the keys name, version, and no posts"),
    "many keys": ({f"key{n}": n for n in range(20)}, "key7 and 12 more"),
    "an error": ({"error": {"code": 16, "message": "signed out"}}, "the keys error,"),
    "long keys": ({"x" * 500: 1}, "x" * 40 + ","),
    "odd keys": ({"<script>\u202e": 1}, "<script>,"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_export_is_named(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sovia.importer.shapes.media.READERS", "sovia.importer.nowhere")
    content, said = OTHERS[name]

    with pytest.raises(NotAnExport, match=r"\AThis is ") as raised:
        reading_of(tmp_path, content)

    assert said in str(raised.value)
    assert str(tmp_path) not in str(raised.value)


def test_an_unknown_object_among_lines_is_one_problem(tmp_path: Path) -> None:
    content = b"\n".join(map(orjson.dumps, [{"name": "x"}, root(1), {"version": 1}, root(2)]))

    found = reading_of(tmp_path, content)

    assert found.ids == {number(1), number(2)}
    assert found.codes == ["no_id", "no_id"]


BIG = b"[" + b"1," * 5_000_000 + b"1]"


def test_a_huge_stranger_beside_the_posts_is_passed_over(tmp_path: Path) -> None:
    content = b'{"settings":' + BIG + b',"posts":' + orjson.dumps([root(1)]) + b',"later":' + BIG + b"}"

    found = reading_of(tmp_path, content)

    assert (found.ids, found.codes) == ({number(1)}, ["passed_over", "passed_over"])


STRANGERS = {
    "people": [{"id": 1, "type": "user", "name": "x"}],
    "bookmarks": [{"id": "x", "url": "https://a.example/page", "title": "y"}],
    "packages": {"dependencies": [{"id": "x", "type": "module"}]},
}


@pytest.mark.parametrize("name", STRANGERS)
def test_strangers_with_common_names_are_no_posts(name: str, tmp_path: Path) -> None:
    try:
        found = reading_of(tmp_path, STRANGERS[name])
    except NotAnExport:
        return
    assert (found.posts, set(found.codes) & {"no_id", "nothing_to_show"} != set()) == ([], True)


def test_children_are_found_in_a_record_that_is_too_large(tmp_path: Path) -> None:
    content = orjson.dumps(root(1, child(2, of=1)))[:-1].replace(b'"childPosts":[', b'"childPosts":[' + BIG + b",", 1)

    found = reading_of(tmp_path, content + b"}")

    assert "unreadable" in found.codes


def test_what_stands_before_the_first_record_is_said_too(tmp_path: Path) -> None:
    found = reading_of(tmp_path, b'{"id": "x", "prompt": "y"')

    assert found.codes == ["truncated"]
    assert len(found.posts) == 1
