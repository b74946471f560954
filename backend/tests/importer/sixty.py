"""The sixty edge cases of the provider's exports, by number: what is imported, and what is here then."""

from dataclasses import dataclass, field
from typing import Any

import orjson
from importer.reading import har, lines, zipped
from importer.records import OWNER, child, number, root

A, B, C, D = (number(n) for n in range(1, 5))
MEDIA = "https://assets.grok.com/"
NO_ID = "27d0eaf3-c7e4-5f4c-91dd-646d2d54cb0f"
Fields = dict[str, dict[str, Any]]


@dataclass
class Case:
    """Files in order; then the posts with these fields (and no others), the last report's counts and codes."""

    files: list[object]
    posts: Fields = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)
    refused: str = ""


def one(*, files: list[object] | None = None, **given: Any) -> Any:
    """A case of one record with these fields, which becomes post A with those."""
    return lambda **expected: Case(files or [[root(1, **given)]], {A: expected})


def with_codes(case: Case, *codes: str) -> Case:
    """The same case, with what is said."""
    case.codes = list(codes)
    return case


def nested(levels: int) -> object:
    """Children in children."""
    record = child(levels, of=levels - 1)
    for n in range(levels - 1, 0, -1):
        record = child(n, of=n - 1, childPosts=[record])
    return root(0, record)


def moments(*values: object) -> list[object]:
    return [[root(n, createTime=value) for n, value in enumerate(values, 1)]]


NOON = "2025-10-01 12:00:00+00:00"
VARIANTS = {"images": [root(1), root(2)], "videos": [child(3, of=1)]}
FEED = {"assets": [], "nextPageToken": "x"}
BAD = [root(n) for n in range(2500)] + [{"id": "bad"}] + [root(n) for n in range(2500, 4999)]
ACCOUNT = {"conversations": [{"a": 1}], "media_posts": [{"id": A, "original_prompt": "dusk", "media_type": "video"}]}
PRIVATE = {"x/prod-grok-backend.json": ACCOUNT, "x/prod-mc-billing.json": [root(9)]}
ODD_TEXT = orjson.dumps([root(1, prompt="NUL HALF")]).replace(b"NUL", b"\\u0000").replace(b"HALF", b"\\ud800")
EQUAL_KEYS = orjson.dumps([root(1)]).replace(b'"mimeType"', b'"mode":NaN,"prompt":"x","prompt":"y","mimeType"')
SMALL = f"https://imagine-public.x.ai/cdn-cgi/image/width=500,fit=scale-down/imagine-public/images/{A}.png"
HD = f"{MEDIA}users/{OWNER}/generated/{A}/generated_video_hd.mp4"
LOCAL = f"http://localhost:8000/media/https_/assets.grok.com/users/{OWNER}/{A}/content"

CASES: dict[str, Case] = {
    "01 bare array": Case([[root(1), root(2)]], {A: {}, B: {}}),
    "02 page with a cursor": Case([{"posts": [root(1)], "nextCursor": "1760"}], {A: {}}, {}, ["incomplete_capture"]),
    "02 feed with a cursor": Case([FEED], {}, {}, ["nothing_to_import", "incomplete_capture"]),
    "03 wrapped post": Case([{"post": root(1)}, root(2)], {A: {}, B: {}}),
    "04 pages": Case([[{"posts": [root(1)]}, {"posts": [root(2)]}]], {A: {}, B: {}}),
    "05 lines": Case([lines(root(1), b'{"id": "x"', root(2))], {A: {}, B: {}}, {"problems": 1}, ["unreadable"]),
    "06 mark": Case([b"\xef\xbb\xbf" + orjson.dumps([root(1)])], {A: {}}),
    "06 utf-16": Case([orjson.dumps([root(1)]).decode().encode("utf-16")], {A: {}}),
    "07 truncated": Case([orjson.dumps([root(1), root(2)])[:-40]], {A: {}}, {}, ["unreadable", "truncated"]),
    "07 truncated lines": Case([lines(root(1), root(2))[:-40]], {A: {}}, {"problems": 1}, ["unreadable"]),
    "08 empty file": Case([b""], {}, {"problems": 0}, ["nothing_to_import"]),
    "08 empty list": Case([b"[]"], {}, {"problems": 0}, ["nothing_to_import"]),
    "08 empty object": Case([b"{}"], {}, {"problems": 0}, ["nothing_to_import"]),
    "09 web page": Case([b"<html>"], refused="This is a web page, not an export"),
    "10 NaN, equal keys": Case([EQUAL_KEYS], {A: {"prompt": "y", "mode": None}}),
    "12 account": Case(
        [zipped(PRIVATE)], {A: {"original_prompt": "dusk", "kind": "video", "media_state": "none"}}, {}, ["private"]
    ),
    "14 twice": Case([[root(1, child(2, of=1))]] * 2, {A: {}, B: {}}, {"new": 0, "changed": 0, "same": 2}),
    "15 other children": Case(
        [[root(1, child(2, of=1))], [root(1, child(3, of=1, userId="other"))]],
        {A: {"child_count": 2}, B: {"source_user_id": OWNER}, C: {"source_user_id": "other"}},
        {"new": 1},
    ),
    "16 equal ids": Case(
        [[root(1, prompt="old", mode="x"), root(1, prompt="new", modelName="")]],
        {A: {"prompt": "new", "model": "imagine_h_1", "mode": "x"}},
        {"new": 1, "duplicates": 1},
    ),
    "17 root and child": Case(
        [[root(2, mediaType="MEDIA_POST_TYPE_VIDEO"), root(1, child(2, of=1))]],
        {A: {}, B: {"liked": True, "parent_id": A}},
    ),
    "18 original and root": Case(
        [[child(2, of=1, originalPost=root(1, prompt="")), root(1, prompt="dusk")]],
        {A: {"prompt": "dusk", "parent_id": None}, B: {"parent_id": A}},
    ),
    "19 parent from nesting": Case([[root(1, child(2, of=1, originalPostId=None))]], {A: {}, B: {"parent_id": A}}),
    "20 parent comes later": Case([[child(2, of=1)], [root(1)]], {A: {}, B: {"parent_id": A}}, {"linked_later": 1}),
    "21 itself": one(originalPostId=A)(parent_id=None),
    "21 circle": Case([[root(1, originalPostId=B), root(2, originalPostId=A)]], {A: {}, B: {}}),
    "22 grandchildren": Case(
        [[root(1, child(2, of=1, childPosts=[child(3, of=2)]))]],
        {A: {"child_count": 2}, B: {"parent_id": A}, C: {"parent_id": B, "root_id": A}},
    ),
    "23 variants": Case([[root(1, **VARIANTS)]], {A: {"parent_id": None}, B: {}, C: {}}),
    "24 upper case": one(id=A.upper())(source_id=None),
    "25 other ids": Case([[root(1, id=1760000000000)]], {NO_ID: {"source_id": "1760000000000"}}),
    "26 id in the address": one(id=None)(source_id=None),
    "27 null prompt": one(prompt=None)(prompt=""),
    "27 blank prompt": one(prompt=" \t")(prompt=""),
    "28 no children": one(childPosts=None)(child_count=0),
    "29 no like": one(userInteractionStatus=None)(liked=None),
    "30 no model": one(modelName=None)(model=None),
    "31 odd type": one(mediaType="MEDIA_POST_TYPE_AUDIO", mimeType=None)(kind="audio"),
    "31 bare type": one(mediaType="video", mimeType=None)(kind="video"),
    "31 by extension": one(mediaType="X", mimeType="", mediaUrl=f"{MEDIA}users/u/{A}.mp4")(kind="video"),
    "32 image/jpg": one(mimeType="image/jpg")(mime_type="image/jpg", kind="image"),
    "33 times": Case(
        moments(
            *("2025-10-01T12:00:00Z", "2025-10-01T12:00:00.000Z", "2025-10-01T12:00:00.000000Z"),
            *("2025-10-01T12:00:00.000000000Z", "2025-10-01T14:00:00+02:00", 1759320000, 1759320000000, "1759320000"),
            {"$date": {"$numberLong": "1759320000000"}},
        ),
        {number(n): {"created_at": NOON} for n in range(1, 10)},
    ),
    "33 no time": one(createTime=None)(created_at=None),
    "33 odd time": with_codes(one(createTime="not a date")(created_at=None), "no_time"),
    "34 unknown keys": one(futureField={"a": [1]})(model="imagine_h_1"),
    "35 unstorable": with_codes(one(files=[ODD_TEXT])(prompt="\ufffd \ufffd"), "replaced_characters"),
    "36 long prompt": one(prompt="x" * 10_489)(prompt="x" * 10_489),
    "37 any script": one(prompt="e\u0301 \U000e0041 \u0645\u200d")(prompt="e\u0301 \U000e0041 \u0645\u200d"),
    "38 markup": one(prompt="<script>alert(1)</script>")(prompt="<script>alert(1)</script>"),
    "39 like JSON": one(prompt='{"a": [1]}')(prompt='{"a": [1]}'),
    "40 sounds": Case([[root(1, audioUrls=[f"{MEDIA}users/u/x.flac"])]], {A: {}}, {"files": 2}),
    "41 moderated": one(mediaUrl="", moderated=True)(media_state="none"),
    "42 numbers as text": one(resolution={"width": "720", "height": "1280"})(width=720, height=1280),
    "44 queries": Case(
        [[root(1, mediaUrl=root(1)["mediaUrl"] + "?cache=1", audioUrls=[root(1)["mediaUrl"] + "?cache=1&dl=1"])]],
        {A: {}},
        {"files": 1},
    ),
    "45 relative": one(mediaUrl=f"users/u/{A}/content")(media_url=f"{MEDIA}users/u/{A}/content"),
    "46 local": one(mediaUrl=LOCAL)(media_url=root(1)["mediaUrl"], media_state="wanted"),
    "46 local path": one(mediaUrl=LOCAL[28:])(media_url=root(1)["mediaUrl"]),
    "48 another host": one(mediaUrl=f"https://a.example/{A}.png")(media_state="wanted"),
    "49 resized only": one(mediaUrl=SMALL)(media_url=f"https://imagine-public.x.ai/imagine-public/images/{A}.png"),
    "50 sharper": Case([[root(1, hdMediaUrl=HD)]], {A: {"hd_media_url": HD}}, {"files": 2}),
    "54 another user's": one(userId=D)(source_user_id=D),
    "58 one bad of 5,000": Case([BAD], {}, {"new": 4999, "problems": 1}, ["nothing_to_show"]),
    "58 one bad answer": Case([har({"posts": [root(1), "x"]})], {A: {}}, {"new": 1}),
} | {
    f"47 {name}": Case([[root(1, mediaUrl=url)]], {A: {"media_state": "refused"}})
    for name, url in {
        "climbing": f"{MEDIA}../../etc/passwd",
        "encoded": f"{MEDIA}%2e%2e%2fetc/passwd",
        "backslashes": f"{MEDIA}a\\..\\b",
        "absolute": "/etc/passwd",
        "file": "file:///etc/passwd",
        "script": "javascript:alert(1)",
        "user name": "https://x@../../b",
    }.items()
}

# What needs more than files: by number, the test that proves it, and in which module.
ELSEWHERE = {
    11: ("importer/test_memory.py", "test_a_larger_export_takes_no_more_memory"),
    13: ("importer/test_edge_cases.py", "test_children_nested_too_deep_are_refused_alone"),
    43: ("library/test_media.py", "test_a_file_is_served_with_its_true_type_and_runs_nothing"),
    51: ("library/test_looking_for_files.py", "test_broken_files_are_corrupt_with_a_reason"),
    52: ("library/test_finding.py", "test_a_file_is_found_under_every_name_it_may_have"),
    53: ("library/test_finding.py", "test_nothing_is_found_behind_a_link"),
    55: ("library/test_looking_for_files.py", "test_equal_bytes_share_what_is_derived"),
    56: ("importer/test_interruption.py", "test_a_killed_import_goes_on_where_it_was"),
    57: ("importer/test_merging.py", "test_imports_at_once_lose_and_double_nothing"),
    59: ("importer/test_merging.py", "test_a_like_given_here_outlives_an_import"),
    60: ("importer/shapes/test_sizes.py", "test_a_larger_file_takes_no_more_memory"),
}
