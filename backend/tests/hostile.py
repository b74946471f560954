"""Records that an importer of bare arrays must survive: every oddity that real and ill-meant exports may hold."""

import copy
import json
from typing import Any

Record = dict[str, Any]

OWNER = "0f0f0f0f-1111-4222-8333-444444444444"
ASSETS = f"https://assets.grok.com/users/{OWNER}"


def identity(number: int) -> str:
    """The id of hostile record number so-and-so."""
    return f"00000000-0000-4000-8000-{number:012x}"


def plain(number: int, **changes: Any) -> Record:
    """A harmless root post with some fields changed; a field set to `...` is left out."""
    record: Record = {
        "id": identity(number),
        "userId": OWNER,
        "createTime": "2025-10-01T10:00:00.123456Z",
        "prompt": f"sample number {number}",
        "originalPrompt": "",
        "mediaType": "MEDIA_POST_TYPE_IMAGE",
        "mediaUrl": f"{ASSETS}/{identity(number)}/content",
        "mimeType": "image/jpeg",
        "audioUrls": [],
        "childPosts": [],
        "userInteractionStatus": {"likeStatus": True},
        "modelName": "imagine_h_1",
    }
    record.update(changes)
    return {name: value for name, value in record.items() if value is not ...}


def child(number: int, parent: int, **changes: Any) -> Record:
    """A harmless clip below another post."""
    own = {
        "mediaType": "MEDIA_POST_TYPE_VIDEO",
        "mimeType": "video/mp4",
        "mode": "custom",
        "modelName": "imagine_w_1",
        "mediaUrl": f"{ASSETS}/generated/{identity(number)}/generated_video.mp4",
        "originalPostId": identity(parent),
        "originalPrompt": f"move number {number}",
        "prompt": "",
        "userInteractionStatus": ...,
    }
    return plain(number, **{**own, **changes})


def hostile_records() -> list[Record]:
    """All odd records that are still objects, in one bare array (some repeat ids on purpose)."""
    return copy.deepcopy([*_identities(), *_fields(), *_times(), *_prompts(), *_addresses()])


def hostile_values() -> list[Any]:
    """Things in the array that are no posts at all."""
    return [
        None,
        17,
        True,
        "a string",
        [],
        ["nested"],
        {},
        {"id": None},
        {"id": identity(1), "mediaUrl": {"a": 1}},
        1e308,
    ]


def hostile_documents() -> dict[str, bytes]:
    """Whole files that are no clean array, by what is wrong with them."""
    good = json.dumps([plain(900), plain(901)], ensure_ascii=False).encode()
    return {
        "byte order mark": b"\xef\xbb\xbf" + good,
        "utf-16": good.decode().encode("utf-16"),
        "truncated": good[: len(good) * 3 // 4],
        "empty": b"",
        "empty array": b"[]",
        "web page": b"<!DOCTYPE html><html><body>Sign in to continue</body></html>",
        "numbers json does not know": good.replace(b'"prompt": "sample number 900"', b'"prompt": "x", "score": NaN'),
        "duplicate keys": good.replace(b'"prompt": "sample number 900"', b'"prompt": "first", "prompt": "last"'),
        "a thousand levels": b"[" * 1000 + b"]" * 1000,
        "lone surrogate": good.replace(b"sample number 900", rb"before \ud800 after"),
        "nul in a string": good.replace(b"sample number 900", rb"before \u0000 after"),
        "trailing comma": good[:-1] + b",]",
    }


def _identities() -> list[Record]:
    ring = [plain(30, originalPostId=identity(31)), plain(31, originalPostId=identity(30))]
    return [
        plain(10, prompt=""),
        plain(10, prompt="the same id again, now with words"),
        plain(11, childPosts=[child(12, 11)]),
        plain(12, prompt="a child that is a root as well"),
        plain(13, childPosts=[child(14, 13, originalPostId=...)]),
        child(15, 9_999),
        child(16, 17),
        plain(17),
        plain(18, originalPostId=identity(18)),
        *ring,
        plain(19, childPosts=[child(20, 19, childPosts=[child(21, 20, childPosts=[child(22, 21)])])]),
        plain(23, id=identity(23).upper().replace("000000000017", "00000000ABCD")),
        plain(24, id="1760000000000", mediaUrl=f"{ASSETS}/1760000000000/content"),
        plain(25, id=1_760_000_000_001),
        plain(26, id=...),
        plain(27, originalPostId=identity(28), originalPost=plain(28, userInteractionStatus=...)),
        plain(28, childPosts=[child(29, 28)]),
    ]


def _fields() -> list[Record]:
    return [
        plain(40, prompt=None, originalPrompt=None),
        plain(41, prompt=..., originalPrompt=...),
        plain(42, prompt="  \n\t "),
        plain(43, childPosts=None),
        plain(44, childPosts=...),
        plain(45, userInteractionStatus=None),
        plain(46, userInteractionStatus=...),
        plain(47, userInteractionStatus={"likeStatus": "true"}),
        plain(48, modelName=...),
        plain(49, mediaType="MEDIA_POST_TYPE_AUDIO", mimeType="audio/mpeg"),
        plain(50, mediaType="image"),
        plain(51, mediaType="MEDIA_POST_TYPE_HOLOGRAM", mimeType=...),
        plain(52, mimeType="image/jpg"),
        plain(53, audioUrls=[f"{ASSETS}/generated/{identity(54)}/generated_audio.flac"]),
        plain(55, moderated=True, mediaUrl=""),
        plain(56, sizeBytes="123", width="1024", unheardOf={"deep": [1, {"a": None}]}),
        plain(57, audioUrls=None),
        plain(58, prompt=["a", "list"]),
        plain(59, mode=7),
        plain(60, childPosts="none"),
    ]


def _times() -> list[Record]:
    moments: list[Any] = [
        "2025-10-01T10:00:00Z",
        "2025-10-01T10:00:00.123Z",
        "2025-10-01T10:00:00.123456789Z",
        "2025-10-01T10:00:00+00:00",
        "2025-10-01T12:00:00+02:00",
        "2025-10-01T10:00:00",
        1_759_312_800,
        1_759_312_800_000,
        "1759312800000",
        {"$date": {"$numberLong": "1759312800000"}},
        ...,
        None,
        "",
        "yesterday",
        "9999-99-99T00:00:00Z",
        -1,
        1e300,
    ]
    return [plain(100 + number, createTime=moment) for number, moment in enumerate(moments)]


def _prompts() -> list[Record]:
    texts = [
        "x" * 10_489,
        "long words " * 500,
        "قطة صغيرة تحت المطر",
        "family \U0001f468\u200d\U0001f469\u200d\U0001f467 at dusk",
        "hidden \U000e0041\U000e0042 tags",
        "e\u0301clair, cafe\u0301",
        "<script>alert(1)</script><img src=x onerror=alert(2)>",
        '{"scene": "not really JSON"',
        "[1, 2, 3]",
        "nul \u0000 inside",
        "\ud83d half a pair",
        "tab\tand\nnew line",
        "'; DROP TABLE posts; --",
        "100% _underscore_ back\\slash",
        "=cmd|' /C calc'!A0",
        "\u202eright to left override",
    ]
    return [plain(200 + number, prompt=text) for number, text in enumerate(texts)]


def _addresses() -> list[Record]:
    addresses = [
        "https://assets.grok.com/../../etc/passwd",
        "https://assets.grok.com/users/%2e%2e%2f%2e%2e%2fetc/passwd",
        "https://assets.grok.com/users\\..\\..\\secret",
        "https://assets.grok.com//double//slash",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:image/png;base64,AAAA",
        "https://user:secret@assets.grok.com/users/a/b/content",
        "https://127.0.0.1:8000/admin",
        "https://[::1]/x.png",
        "http://169.254.169.254/latest/meta-data",
        "https://assets.grok.com/users/a\u0000b/content",
        "https://assets.grok.com:99999/x",
        "https:///no-host/x.png",
        "users/a/generated/b/generated_video.mp4",
        "https_/assets.grok.com/users/a/b/content",
        "http://localhost:8000/media/https_/assets.grok.com/users/a/b/content",
        "https://ASSETS.grok.com/users/A/b/content",
        f"{ASSETS}/{identity(318)}/content?cache=1",
        "https://assets.grok.com/" + "long/" * 900 + "x.png",
        "https://imagine-public.x.ai/cdn-cgi/image/width=500,format=auto/imagine-public/images/a.png",
        "not a url",
        " ",
        "https://münchen.example/ä.png",
        "https://assets.grok.com/CON/aux.png.",
        "https://_derived/x.webp",
    ]
    return [plain(300 + number, mediaUrl=address) for number, address in enumerate(addresses)]
