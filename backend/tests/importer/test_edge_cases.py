"""The odd exports of the field: what comes in, what is said, and that good neighbours never suffer."""

from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import orjson
import pytest
from importer.records import OWNER, child, files_here, imported, number, packed, posts_here, root

from sovia.importer.errors import NotAnExport
from sovia.importer.queries import problems_of
from sovia.kit.db import Database

BOM = b"\xef\xbb\xbf"


def text(content: object) -> str:
    return orjson.dumps(content).decode()


ENVELOPES = {
    "bare array": ([root(1), root(2)], "array", 2),
    "page with a next one": ({"posts": [root(1), root(2)], "nextCursor": "1760"}, "page", 2),
    "one wrapped post": ({"post": root(1)}, "post", 1),
    "one post": (root(1, child(3, of=1)), "post", 1),
    "pages": ([{"posts": [root(1)]}, {"posts": [root(2)], "nextCursor": ""}], "pages", 2),
    "lines": (f"{text(root(1))}\n{text(root(2))}\n".encode(), "lines", 2),
    "lines of pages": (f"{text({'posts': [root(1)]})}\n{text({'posts': [root(2)]})}\n".encode(), "page", 2),
    "a mark of byte order": (BOM + orjson.dumps([root(1)]), "array", 1),
    "utf-16 little": ("\ufeff" + text([root(1)]), "array", 1),
    "gzip": (packed([root(1), root(2)]), "array", 2),
    "one pretty post": (orjson.dumps(root(1, child(3, of=1)), option=orjson.OPT_INDENT_2), "post", 1),
    "pretty": (orjson.dumps([root(1), root(2)], option=orjson.OPT_INDENT_2), "array", 2),
    "empty list": (b"[]", "array", 0),
    "empty object": (b"{}", "", 0),
    "empty file": (b"", "empty", 0),
    "white space": (b" \n ", "empty", 0),
    "nothing on the page": ({"posts": []}, "page", 0),
}


@pytest.mark.parametrize("name", ENVELOPES)
async def test_every_envelope_is_opened(name: str, database: Database, me: UUID, tmp_path: Path) -> None:
    content, shape, records = ENVELOPES[name]
    if isinstance(content, str):
        content = content.encode("utf-16-le")

    report = await imported(database, me, tmp_path, content)

    assert (report.shape, report.counts["records"], report.state) == (shape, records, "succeeded")
    async with database.begin() as session:
        assert len(await posts_here(session)) == report.counts["new"]
        said = [one.code for one in await problems_of(session, report.import_id)]
    assert ("nothing_to_import" in said) == (records == 0)
    assert ("incomplete_capture" in said) == (name == "page with a next one")


@pytest.mark.parametrize("content", [b"<!doctype html><p>sign in", b"PK\x03\x04rest", b"hello", b"\x89PNG\r\n"])
async def test_what_is_no_export_is_named(content: bytes, database: Database, me: UUID, tmp_path: Path) -> None:
    with pytest.raises(NotAnExport, match="This is"):
        await imported(database, me, tmp_path, content)


BROKEN = {
    "cut off in the last record": text([root(1), root(2)])[:-40],
    "cut off between records": text([root(1), root(2)])[:-1] + ",",
    "a lost comma": f"[{text(root(1))} {text(root(2))}]",
    "a comma too many": f"[{text(root(1))},,{text(root(2))},]",
    "a broken record": f"[{text(root(1))},{{'x':1}},{text(root(2))}]",
    "a broken string": f'[{text(root(1))},{{"id": "x, "prompt": "y"}},{text(root(2))}]',
    "a lost bracket": f'[{text(root(1))},{{"id": "x", "childPosts": [,{text(root(2))}]',
    "a broken line": f'{text(root(1))}\n{{"id": "x", "pro\n{text(root(2))}\n',
    "a broken first line": f'{{"id": "x", "pro\n{text(root(1))}\n{text(root(2))}\n',
    "numbers between": f"[{text(root(1))},17,-1.5e3,true,null,{text(root(2))}]",
    "a nesting bomb": f"[{text(root(1))},{'[' * 100_000}{']' * 100_000},{text(root(2))}]",
    "a bomb without end": f"[{text(root(1))},{text(root(2))},{'[' * 100_000}",
    "a huge number": f'[{text(root(1))},{{"id": {"9" * 5000}, "prompt": "x"}},{text(root(2))}]',
    "a huge text": f'[{text(root(1))},{{"id": "x", "prompt": "{"y" * 1_100_000}"}},{text(root(2))}]',
    "a huge record": f'[{text(root(1))},{{"id": "x", "p": [{"1," * 5_000_000}1]}},{text(root(2))}]',
}
COME_IN_WHOLE = ("a lost comma", "a comma too many", "cut off between records")


@pytest.mark.parametrize("name", BROKEN)
async def test_broken_json_costs_only_its_own_record(name: str, database: Database, me: UUID, tmp_path: Path) -> None:
    report = await imported(database, me, tmp_path, BROKEN[name].encode())

    async with database.begin() as session:
        here = await posts_here(session)
        problems = await problems_of(session, report.import_id)
    expected = {number(1)} if name == "cut off in the last record" else {number(1), number(2)}
    assert expected <= here.keys()
    assert (report.counts["problems"] > 0) == (name not in COME_IN_WHOLE)
    for one in problems:
        assert one.reason
        assert one.position is not None
        assert one.line is not None


async def one_post(database: Database, me: UUID, folder: Path, record: object) -> Any:
    await imported(database, me, folder, record if isinstance(record, bytes) else [record])
    async with database.begin() as session:
        return next(iter((await posts_here(session)).values()))


FIELDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "null prompt": ({"prompt": None}, {"prompt": "", "prompt_hash": None}),
    "blank prompt": ({"prompt": " \n "}, {"prompt": ""}),
    "null children": ({"childPosts": None}, {"child_count": 0}),
    "null like": ({"userInteractionStatus": None}, {"liked": None}),
    "no like": ({"userInteractionStatus": {}}, {"liked": None}),
    "not liked": ({"userInteractionStatus": {"likeStatus": False}}, {"liked": False}),
    "null model": ({"modelName": None}, {"model": None, "stack_models": []}),
    "unknown media type": ({"mediaType": "MEDIA_POST_TYPE_AUDIO", "mimeType": None}, {"kind": "audio"}),
    "type by extension": (
        {"mediaType": None, "mimeType": None, "mediaUrl": "https://a.example/x.mp4?a"},
        {"kind": "video"},
    ),
    "image/jpg": ({"mimeType": "image/jpg"}, {"mime_type": "image/jpg", "kind": "image"}),
    "long prompt": ({"prompt": "x" * 10_489}, {"prompt": "x" * 10_489}),
    "JSON-like prompt": ({"prompt": '{"shot": 1}'}, {"prompt": '{"shot": 1}'}),
    "script": ({"prompt": "<script>"}, {"prompt": "<script>"}),
    "plane 14": (
        {"prompt": "e\u0301 \U000e0041 \u0645"},
        {"prompt": "e\u0301 \U000e0041 \u0645", "search_text": "e \u0645"},
    ),
    "moderated": ({"mediaUrl": "", "moderated": True}, {"media_state": "none", "media_url": ""}),
    "resolution": ({"resolution": {"width": "720", "height": 1280}}, {"width": 720, "height": 1280, "ratio": 95}),
    "duration": ({"videoDuration": 6.0625}, {"duration_seconds": 6.0625}),
    "relative key": ({"mediaUrl": "users/u/1/content"}, {"media_url": "https://assets.grok.com/users/u/1/content"}),
    "resized only": (
        {"mediaUrl": "https://imagine-public.x.ai/cdn-cgi/image/width=500/imagine-public/images/1.png"},
        {"media_url": "https://imagine-public.x.ai/imagine-public/images/1.png"},
    ),
    "climbing": ({"mediaUrl": "https://assets.grok.com/../../etc/passwd"}, {"media_state": "refused"}),
    "prompt of a wrong type": ({"prompt": ["x"]}, {"prompt": "", "model": "imagine_h_1"}),
    "a number as prompt": ({"prompt": 7}, {"prompt": "7"}),
}


@pytest.mark.parametrize("name", FIELDS)
async def test_fields_are_read_as_they_are_meant(name: str, database: Database, me: UUID, tmp_path: Path) -> None:
    given, expected = FIELDS[name]

    post = await one_post(database, me, tmp_path, root(1, **given))

    assert {key: getattr(post, key) for key in expected} == expected


async def test_unknown_keys_are_kept(database: Database, me: UUID, tmp_path: Path) -> None:
    record = root(1, futureField={"a": [1, 2]}, inputMediaItems=[{"id": "x"}])

    post = await one_post(database, me, tmp_path, record)

    assert post.raw == {key: value for key, value in record.items() if key != "childPosts"}


async def test_unstorable_text_is_replaced_and_counted(database: Database, me: UUID, tmp_path: Path) -> None:
    raw = orjson.dumps([root(1, prompt="NUL and HALF")]).replace(b"NUL", b"\\u0000").replace(b"HALF", b"\\ud800")

    report = await imported(database, me, tmp_path, raw)

    async with database.begin() as session:
        assert (await posts_here(session))[number(1)].prompt == "\ufffd and \ufffd"
        said = {one.code: one.reason for one in await problems_of(session, report.import_id)}
    assert said["replaced_characters"].startswith("2 ")


async def test_nan_is_null_and_the_last_of_equal_keys_counts(database: Database, me: UUID, tmp_path: Path) -> None:
    raw = orjson.dumps([root(1, a=1)]).replace(b'"a":1', b'"a":NaN,"b":-Infinity,"c":1e999,"mode":"x","mode":"y"')

    post = await one_post(database, me, tmp_path, raw)

    assert [post.raw[key] for key in "abc"] == [None, None, None]
    assert post.mode == "y"


@pytest.mark.parametrize(
    ("given", "post_id", "source_id"),
    [
        ({"id": "0A097C97-6BF4-4C69-BD2C-AF82EEEACBE2"}, "0a097c97-6bf4-4c69-bd2c-af82eeeacbe2", None),
        ({"id": 1760000000000}, "1c5bd2ba-6c5a-5b5f-8aa1-58fd3d0ee5cc", "1760000000000"),
        ({"id": "row-7"}, None, "row-7"),
        ({"id": None}, number(1), None),
        ({"id": ""}, number(1), None),
    ],
)
async def test_every_post_gets_a_stable_id(
    given: dict[str, Any], post_id: str | None, source_id: str | None, database: Database, me: UUID, tmp_path: Path
) -> None:
    post = await one_post(database, me, tmp_path, root(1, **given))

    assert post.source_id == source_id
    assert UUID(str(post.id)).version == (5 if source_id else 4)
    if source_id is None:
        assert str(post.id) == post_id


async def test_all_files_of_a_post_are_named(database: Database, me: UUID, tmp_path: Path) -> None:
    base = f"https://assets.grok.com/users/{OWNER}/generated"
    record = child(
        1,
        of=9,
        audioUrls=[f"{base}/{number(5)}/generated_audio.flac"],
        hdMediaUrl=f"{base}/{number(1)}/generated_video_hd.mp4",
        thumbnailImageUrl=f"{base}/{number(1)}/preview_image.jpg",
    )

    await imported(database, me, tmp_path, [record, root(2, mediaUrl=root(2)["mediaUrl"] + "?cache=1&dl=1")])

    async with database.begin() as session:
        found = [(file.role, file.position, file.path, file.state) for file in await files_here(session)]
    assert [one[0] for one in found] == ["audio", "hd", "media", "poster", "media"]
    assert {one[3] for one in found} == {"wanted"}
    assert found[-1][2] == f"https_/assets.grok.com/users/{OWNER}/{number(2)}/content"


async def test_bad_records_are_named_and_good_ones_come_in(database: Database, me: UUID, tmp_path: Path) -> None:
    bad = [{"id": "no-media"}, "text", None, 7, {"prompt": "no id"}, [root(8)]]
    good = [root(n) for n in range(1, 6)]

    report = await imported(database, me, tmp_path, [*good[:2], *bad, *good[2:]])

    assert (report.state, report.counts["problems"], report.counts["new"]) == ("partial", 6, 5)
    async with database.begin() as session:
        problems = await problems_of(session, report.import_id)
    assert [one.record_index for one in problems] == [2, 3, 4, 5, 6, 7]
    assert problems[0].record_id == "no-media"
    assert all(one.excerpt and one.line == 1 and one.position for one in problems)


async def test_a_bad_child_does_not_lose_its_parent(database: Database, me: UUID, tmp_path: Path) -> None:
    record = root(1, child(2, of=1), childPosts=["oops", child(2, of=1), {"mode": "custom"}])

    report = await imported(database, me, tmp_path, [record, root(3, childPosts={"a": 1})])

    async with database.begin() as session:
        here = await posts_here(session)
    assert here.keys() == {number(1), number(2), number(3)}
    assert here[number(1)].child_count == 1
    assert here[number(1)].raw["childPosts"] == ["oops"]
    assert (report.counts["problems"], report.counts["warnings"]) == (2, 1)


async def test_a_post_among_its_own_variants_comes_in_once(database: Database, me: UUID, tmp_path: Path) -> None:
    variants = {"images": [root(1), root(2)], "videos": [child(3, of=1), child(3, of=1)]}

    report = await imported(database, me, tmp_path, [root(1, child(3, of=1), **variants)])

    async with database.begin() as session:
        here = await posts_here(session)
    assert here.keys() == {number(1), number(2), number(3)}
    assert here[number(1)].parent_id is None
    assert report.counts["problems"] == 0


LONG = {
    "one long word": "x" * 900_000,
    "marks without end": "e" + "\u0301" * 400_000,
    "letters that fall apart": "\ufdfa" * 300_000,
    "many different words": " ".join(f"{n:x}" for n in range(150_000)),
    "hidden tags": "\U000e0041" * 200_000,
    "a script without spaces": "\u6d77\u706f" * 150_000,
}


@pytest.mark.parametrize("name", LONG)
async def test_a_prompt_of_any_length_is_kept_whole(name: str, live_client: httpx.AsyncClient) -> None:
    answer = await live_client.post("/api/import", json=[root(1, prompt=LONG[name]), root(2)])

    assert (answer.status_code, answer.json()["posts_imported"]) == (200, 2)
    assert (await live_client.get(f"/api/media/{number(1)}")).json()["prompt"] == LONG[name]
    assert len((await live_client.get("/api/media")).json()) == 2


async def test_children_nested_too_deep_are_refused_alone(database: Database, me: UUID, tmp_path: Path) -> None:
    record = child(40, of=39)
    for n in range(39, 0, -1):
        record = child(n, of=n - 1, childPosts=[record])

    report = await imported(database, me, tmp_path, [root(0, record)])

    assert (report.counts["new"], report.counts["problems"]) == (33, 1)
