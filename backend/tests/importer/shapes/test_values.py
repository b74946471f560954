"""What each shape's records become: the fields of posts, their parents, and what they were made from."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from importer.feeds import GENERATED, A, B, C, D, asset, event, row
from importer.reading import har, lines, reading_of, zipped
from importer.records import OWNER, child, imported, number, posts_here, root, write_marks

from sovia.importer.queries import problems_of
from sovia.kit.db import Database

MEDIA = "https://assets.grok.com/"
CLIP = f"{GENERATED}/{B}/generated_video.mp4"


def test_an_asset_is_a_post_with_its_request(tmp_path: Path) -> None:
    post = reading_of(tmp_path, {"assets": [asset(2)]}).post(B)

    assert (post.kind, post.prompt, post.model, post.mode) == ("video", "waves roll in", "imagine-video-gen", "custom")
    assert (post.media_url, post.thumbnail_url) == (f"{MEDIA}{CLIP}", f"{MEDIA}{GENERATED}/{B}/preview_image.jpg")
    assert (post.width, post.height, post.duration_seconds) == (448, 672, 6.0)
    assert (str(post.parent_id), post.source_user_id) == (A, OWNER)
    assert post.created_at is not None
    assert post.created_at.isoformat() == "2026-06-01T10:11:12.123456+00:00"
    assert post.raw == asset(2)


def asked(kind: str, **given: Any) -> dict[str, Any]:
    """An asset that was asked for in this way."""
    return asset(2, auxKeys={}, mediaGenInput={kind: given})


PARENTS: dict[str, tuple[dict[str, Any], str | None]] = {
    "its post": (asset(2), A),
    "the request's post": (asked("imageToVideo", hydratedContext={"parentPostId": A}, inputAssets=[C]), A),
    "its first input": (asked("imageToImage", inputAssets=[{"assetId": C}, D]), C),
    "itself": (asset(2, auxKeys={"parent_post_id": B}, mediaGenInput={}), None),
    "nothing": (asked("textToImage", prompt="x"), None),
    "odd values": (asset(2, auxKeys="x", mediaGenInput={"imageToVideo": {"inputAssets": [None, 1, {}]}}), None),
}


@pytest.mark.parametrize("name", PARENTS)
def test_the_parent_of_an_asset(name: str, tmp_path: Path) -> None:
    record, parent = PARENTS[name]

    post = reading_of(tmp_path, {"assets": [record]}).post(B)

    assert post.parent_id == (UUID(parent) if parent else None)


def input_item(n: int) -> dict[str, str]:
    return {"id": number(n), "mediaUrl": f"{MEDIA}users/x/{number(n)}/content?token=1", "mimeType": "image/png"}


EDGES: dict[str, tuple[dict[str, Any], list[tuple[str | None, str, int]], str | None]] = {
    "a picture's clip": (child(2, of=1), [], A),
    "an extension": (child(2, of=1, originalRefType="ORIGINAL_REF_TYPE_VIDEO_EXTENSION"), [(A, "extension", 0)], A),
    "an edit": (child(2, of=1, originalRefType="ORIGINAL_REF_TYPE_IMAGE_EDIT"), [(A, "edit", 0)], A),
    "an unknown way": (child(2, of=1, originalRefType="ORIGINAL_REF_TYPE_NEW"), [(A, "original", 0)], A),
    "several inputs": (
        child(
            2,
            of=1,
            originalRefType="ORIGINAL_REF_TYPE_MULTI_REF_IMAGE_EDIT",
            inputMediaItems=[input_item(3), input_item(4)],
        ),
        [(A, "reference", 0), (C, "reference", 1), (D, "reference", 2)],
        A,
    ),
    "inputs alone": (
        root(2, inputMediaItems=[input_item(3), input_item(4)]),
        [(C, "reference", 0), (D, "reference", 1)],
        C,
    ),
    "only an address": (
        root(2, inputMediaItems=[{"imageUrl": "https://a.example/x.png"}]),
        [(None, "reference", 0)],
        None,
    ),
    "itself": (root(2, inputMediaItems=[input_item(2)]), [], None),
    "odd inputs": (root(2, inputMediaItems=[None, {}, 7, {"id": []}]), [], None),
    "no list": (root(2, inputMediaItems={"id": A}, originalRefType=7), [], None),
    "an asset's clip": (asset(2), [], A),
    "an extended asset": (asked("videoExtension", inputAssets=[A]), [(A, "extension", 0)], A),
    "an asset of two": (asked("imageToImage", inputAssets=[A, C]), [(A, "edit", 0), (C, "edit", 1)], A),
}


@pytest.mark.parametrize("name", EDGES)
def test_what_a_post_was_made_from(name: str, tmp_path: Path) -> None:
    record, edges, parent = EDGES[name]

    found = reading_of(tmp_path, [record])

    said = [(str(edge.input_id) if edge.input_id else None, edge.role, edge.position) for edge in found.edges]
    assert (said, {str(edge.post_id) for edge in found.edges}) == (edges, {B} if edges else set())
    assert found.post(B).parent_id == (UUID(parent) if parent else None)


def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    voices = [asset(n, auxKeys={"imagine_official_asset": "true"}, mimeType="audio/mpeg") for n in (5, 6)]

    found = reading_of(tmp_path, {"assets": [*voices, asset(7, isDeleted=True), asset(2)], "nextPageToken": "x"})

    assert (found.ids, found.records) == ({B}, 4)
    assert found.codes == ["deleted", "official", "incomplete_capture"]
    assert [one.reason[:2] for one in found.problems[:2]] == ["1 ", "2 "]
    assert {one.severity for one in found.problems} == {"warning"}


def test_a_collection_is_answered_with_what_is_missing(tmp_path: Path) -> None:
    found = reading_of(tmp_path, {"items": [{"assetId": A}, {"assetId": B}], "nextCursor": ""})

    assert (found.shape, found.posts, found.records) == ("collection", [], 2)
    assert [one.code for one in found.problems] == ["only_named"]
    assert "Save the feed" in found.problems[0].reason


def test_a_finished_clip_in_a_capture(tmp_path: Path) -> None:
    found = reading_of(tmp_path, har(lines(event(2, 10), event(2, 60), event(2))))

    post = found.post(B)
    assert (post.media_url, post.prompt, str(post.parent_id)) == (f"{MEDIA}{CLIP}", "waves roll in", A)
    assert (post.width, post.height, post.mode, post.kind) == (448, 672, "custom", "video")
    assert (len(found.posts), found.codes) == (1, ["unfinished"])


def test_a_sidecar_holds_its_variants(tmp_path: Path) -> None:
    variants = [
        {"id": A, "url": root(1)["mediaUrl"], "type": "image"},
        {"id": B, "url": child(2, of=1)["mediaUrl"], "type": "video", "originalPrompt": "waves", "videoDuration": 6.04},
    ]
    sidecar = {"id": A, "prompt": "dusk", "mediaType": "MEDIA_POST_TYPE_IMAGE", "variants": variants}

    posts = reading_of(tmp_path, [sidecar]).posts

    assert [(str(one.id), one.kind, one.fills_only) for one in posts] == [
        (A, "image", False),
        (A, "image", True),
        (B, "video", False),
    ]
    assert (str(posts[2].nested_in), posts[2].media_url, posts[2].duration_seconds) == (
        A,
        child(2, of=1)["mediaUrl"],
        6.04,
    )


def test_rows_name_their_parents(tmp_path: Path) -> None:
    found = reading_of(tmp_path, [row(2, parentId=A, isLiked=True, mediaType="video"), row(1)])

    clip, picture = found.posts
    assert (str(clip.parent_id), clip.kind, clip.liked, clip.model) == (A, "video", True, "imagine_x_1")
    assert (picture.parent_id, picture.liked) == (None, None)
    assert clip.created_at is not None


def test_a_text_beside_a_clip_is_its_prompt(tmp_path: Path) -> None:
    content = zipped({"x/Grok_20251001_101112_prompt.txt": b"a lighthouse\n", "x/notes.txt": b"hello"})

    found = reading_of(tmp_path, content)

    (post,) = found.posts
    assert (post.prompt, post.source_id, post.kind) == ("a lighthouse", "Grok_20251001_101112", "video")
    assert found.codes == ["unknown_file", "times_without_zone"]


STUBS = {
    "addresses": ([root(1)["mediaUrl"]], 0),
    "page links": ([f"https://grok.com/imagine/post/{A}"], 1),
    "saved links": ([{"id": 1, "url": f"https://grok.com/imagine/post/{A}", "title": "x", "addedAt": 1}], 1),
    "measured": ({f"assets.grok.com/users/{OWNER}/{A}/content": {"duration": 6.0625}}, 1),
}


@pytest.mark.parametrize("name", STUBS)
async def test_a_stub_only_fills_what_is_not_known(name: str, database: Database, me: UUID, tmp_path: Path) -> None:
    content, changed = STUBS[name]
    await imported(database, me, tmp_path, [root(1, mediaType="MEDIA_POST_TYPE_VIDEO", mimeType="video/mp4")])

    report = await imported(database, me, tmp_path, content)
    marks = await write_marks(database)
    again = await imported(database, me, tmp_path, content)

    assert (report.counts["new"], report.counts["changed"]) == (0, changed)
    async with database.begin() as session:
        post = (await posts_here(session))[A]
    assert (post.kind, post.prompt, post.liked) == ("video", "a lighthouse at dusk", True)
    assert post.media_url == root(1)["mediaUrl"]
    assert post.duration_seconds == (6.0625 if name == "measured" else None)
    assert (again.counts["changed"], await write_marks(database)) == (0, marks)


async def test_stubs_are_enriched_by_a_later_export(database: Database, me: UUID, tmp_path: Path) -> None:
    stub = {"id": A, "original_prompt": "dusk", "media_type": "video", "create_time": "2026-03-01T10:11:12Z"}
    await imported(database, me, tmp_path, {"media_posts": [stub | {"link": f"https://grok.com/imagine/post/{A}"}]})
    await imported(database, me, tmp_path, [f"https://grok.com/imagine/post/{B}"])

    report = await imported(database, me, tmp_path, [root(2, child(1, of=2))])

    assert (report.counts["new"], report.counts["changed"]) == (0, 2)
    async with database.begin() as session:
        here = await posts_here(session)
    assert (here[A].media_url, here[A].original_prompt) == (child(1, of=2)["mediaUrl"], "slow dolly shot")
    assert (str(here[A].parent_id), here[B].kind, here[B].prompt) == (B, "image", "a lighthouse at dusk")


async def test_chains_and_late_parents_become_one_stack(database: Database, me: UUID, tmp_path: Path) -> None:
    extension = "ORIGINAL_REF_TYPE_VIDEO_EXTENSION"
    await imported(database, me, tmp_path, {"assets": [asset(3, auxKeys={"parent_post_id": B})]})
    await imported(database, me, tmp_path, [child(4, of=3, originalRefType=extension)])
    await imported(database, me, tmp_path, [child(2, of=1)])

    await imported(database, me, tmp_path, [root(1)])

    async with database.begin() as session:
        here = await posts_here(session)
    assert [str(here[one].parent_id) for one in (B, C, D)] == [A, B, C]
    assert {str(one.root_id) for one in here.values()} == {A}
    assert here[A].child_count == 3


async def test_the_inner_place_of_a_problem_is_named(database: Database, me: UUID, tmp_path: Path) -> None:
    content = zipped({"pages/one.json": [root(1), "oops"], "two.json": [root(2), {"prompt": "no id"}]})

    report = await imported(database, me, tmp_path, content)

    assert (report.state, report.counts["new"], report.counts["problems"]) == ("partial", 2, 2)
    async with database.begin() as session:
        problems = await problems_of(session, report.import_id)
    assert [one.reason.partition(":")[0] for one in problems] == ["pages/one.json", "two.json"]
    assert [one.record_index for one in problems] == [1, 3]
    assert [one.excerpt for one in problems] == ['"oops"', '{"prompt":"no id"}']
