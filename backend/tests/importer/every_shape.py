"""One small file of every shape, with what it is called in the report and the posts that come of it."""

from importer.feeds import GENERATED, A, B, C, D, asset, event, row
from importer.reading import har, lines, zipped
from importer.records import OWNER, child, packed, root

ACCOUNT_POST = {
    "id": A,
    "original_prompt": "a lighthouse",
    "media_type": "video",
    "create_time": "2026-03-01T10:11:12Z",
    "link": f"https://grok.com/imagine/post/{A}",
}
ACCOUNT = {
    "conversations": [{"conversation": {"id": "c", "create_time": {"$date": {"$numberLong": "1760000000000"}}}}],
    "projects": [],
    "tasks": [],
    "media_posts": [ACCOUNT_POST],
}
SIDECAR = {
    "id": A,
    "prompt": "a lighthouse",
    "mediaType": "MEDIA_POST_TYPE_IMAGE",
    "modelName": "imagine_h_1",
    "variants": [
        {"id": A, "url": root(1)["mediaUrl"], "type": "image"},
        {"id": B, "url": child(2, of=1)["mediaUrl"], "type": "video", "prompt": "waves", "videoDuration": 6.04},
    ],
}
LINK = {"id": 1760000000000, "url": f"https://grok.com/imagine/post/{A}", "title": "dusk", "tags": ["x"], "addedAt": 1}
OWN = {
    "id": A,
    "user_id": OWNER,
    "create_time": "2025-10-01T01:15:30Z",
    "prompt": "a lighthouse",
    "original_prompt": "",
    "media_type": "MEDIA_POST_TYPE_IMAGE",
    "media_url": f"/media/https_/assets.grok.com/users/{OWNER}/{A}/content",
    "mime_type": "image/jpeg",
    "model_name": "imagine_h_1",
    "like_status": True,
    "child_posts": [{"id": B, "parent_post_id": A, "media_url": child(2, of=1)["mediaUrl"], "media_type": "video"}],
}
MEASURED = {f"assets.grok.com/{GENERATED}/{A}/generated_video.mp4": {"duration": 6.0625, "path": "x", "size": 7}}
TEXT = f"""# saved by a downloader
https://assets.grok.com/users/{OWNER}/{A}/content?cache=1
  out=https_/assets.grok.com/users/{OWNER}/{A}/content
https://grok.com/imagine/post/{B}
users/{OWNER}/generated/{C}/generated_video.mp4
"""
CURL = f'url = "https://assets.grok.com/users/{OWNER}/{A}/content"\noutput = "x"\ncreate-dirs\n'
COLLECTIONS = {"collections": [{"id": "c", "name": "Liked", "isDefault": True}, {"id": "d", "name": "Sea"}]}

SHAPES: dict[str, tuple[object, str, set[str]]] = {
    "bare array": ([root(1), root(2)], "array", {A, B}),
    "one post": (root(1, child(2, of=1)), "post", {A, B}),
    "a wrapped post": ({"post": root(1)}, "post", {A}),
    "posts in lines": (lines(root(1), root(2)), "lines", {A, B}),
    "pages": ([{"posts": [root(1)], "nextCursor": "1"}, {"posts": [root(2)], "nextCursor": ""}], "pages", {A, B}),
    "page": ({"posts": [root(1)], "nextCursor": ""}, "page", {A}),
    "a page in a wrapper": ({"data": {"posts": [root(1)]}}, "post", {A}),
    "bulk-get": ({"posts": [root(1, images=[root(1), root(2)], videos=[child(3, of=1)])]}, "page", {A, B, C}),
    "assets": ({"assets": [asset(2), asset(3)], "nextPageToken": ""}, "assets", {B, C}),
    "one asset": (asset(2), "assets", {B}),
    "a wrapped asset": ({"asset": asset(2)}, "assets", {B}),
    "pages of assets": (lines({"assets": [asset(2)]}, {"assets": [asset(3)]}), "assets", {B, C}),
    "pages of both feeds": ([{"posts": [root(1)]}, {"assets": [asset(2)]}], "assets", {A, B}),
    "ids of a collection": ({"items": [{"assetId": A}, {"assetId": B}]}, "collection", set()),
    "names of collections": (COLLECTIONS, "collection", set()),
    "the account's own JSON": (ACCOUNT, "account_export", {A}),
    "only its posts": ({"media_posts": [ACCOUNT_POST]}, "account_export", {A}),
    "capture": (har({"posts": [root(1)]}, {"assets": [asset(2)]}, "<html>", {"post": root(3)}), "har", {A, B, C}),
    "packed capture": (packed(har({"posts": [root(1)]})), "har", {A}),
    "capture in base64": (har({"posts": [root(1)]}, base64=True), "har", {A}),
    "captured stream": (har(lines(event(2, 5), event(2))), "har", {B}),
    "stream": (lines(event(2, 5), event(2), event(4)), "stream", {B, D}),
    "sidecar": (SIDECAR, "sidecar", {A, B}),
    "flat rows": ({"version": 5, "posts": [row(1), row(2, parentId=A, isChild=True)]}, "page", {A, B}),
    "bare flat rows": ([row(1)], "array", {A}),
    "saved links": ([LINK], "links", {A}),
    "own answers": ([OWN], "library", {A, B}),
    "own search": ({"query": "x", "results": [OWN], "count": 1}, "library", {A, B}),
    "measured clips": (MEASURED, "video_metadata", {A}),
    "addresses in JSON": ([root(1)["mediaUrl"], child(2, of=1)["mediaUrl"]], "urls", {A, B}),
    "addresses in lines": (TEXT.encode(), "urls", {A, B, C}),
    "addresses for curl": (CURL.encode(), "urls", {A}),
    "zip": (zipped({"a.json": [root(1)], "b.jsonl": lines(root(2)), "c.gz": packed([root(3)])}), "zip", {A, B, C}),
    "zip of one shape": (zipped({"a.json": [root(1)], "b.txt": [root(2)]}), "zip of array", {A, B}),
    "zip of the account": (zipped({"ttl/30d/x/prod-grok-backend.json": ACCOUNT}), "zip of account_export", {A}),
    "zip of a capture": (zipped({"grok.har": har({"posts": [root(1)]})}), "zip of har", {A}),
}
