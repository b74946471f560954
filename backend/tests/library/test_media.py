"""Files over HTTP: only those with a row, only what is shown, whole or in part, and nothing that runs."""

from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote
from uuid import UUID, uuid4

import httpx
import pytest
from makers import new_post
from media_files import SVG, picture, pixels
from samples import tiny_clip
from shelves import PATH, shelve
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.account.models import User
from sovia.library import thumbnails
from sovia.library.models import File

KEY = "ab" * 32


@pytest.fixture
async def clip(session: AsyncSession, home: Path, user_id: UUID) -> bytes:
    """A clip that is here."""
    content = tiny_clip("served")
    await shelve(session, home, user_id, content)
    return content


async def test_a_file_is_served_with_its_true_type_and_runs_nothing(client: httpx.AsyncClient, clip: bytes) -> None:
    """SEC12: the type is that of the bytes, and nothing in them runs."""
    answer = await client.get(f"/media/{PATH}")

    assert (answer.status_code, answer.content) == (200, clip)
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["cache-control"].startswith("private")
    assert answer.headers["accept-ranges"] == "bytes"
    assert "last-modified" in answer.headers
    assert "content-disposition" not in answer.headers


async def test_head_tells_the_same_without_the_bytes(client: httpx.AsyncClient, clip: bytes) -> None:
    whole, head = await client.get(f"/media/{PATH}"), await client.head(f"/media/{PATH}")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(clip))
    assert head.headers["etag"] == whole.headers["etag"]


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("0-0", 0, 1), ("10-19", 10, 20), ("100-", 100, None), ("-7", -7, None), ("5-999999999", 5, None)],
)
async def test_a_part_is_served(
    client: httpx.AsyncClient, clip: bytes, asked: str, start: int, end: int | None
) -> None:
    answer = await client.get(f"/media/{PATH}", headers={"Range": f"bytes={asked}"})

    assert (answer.status_code, answer.content) == (206, clip[start:end])
    first = start % len(clip)
    assert answer.headers["content-range"] == f"bytes {first}-{first + len(answer.content) - 1}/{len(clip)}"


async def test_several_parts_are_served_in_one_answer(client: httpx.AsyncClient, clip: bytes) -> None:
    answer = await client.get(f"/media/{PATH}", headers={"Range": "bytes=0-3, 10-13"})

    assert answer.status_code == 206
    assert answer.headers["content-type"].startswith("multipart/byteranges")
    assert clip[10:14] in answer.content


@pytest.mark.parametrize("asked", ["bytes=999999999-", "bytes=-0"])
async def test_a_part_behind_the_end_is_refused(client: httpx.AsyncClient, clip: bytes, asked: str) -> None:
    answer = await client.get(f"/media/{PATH}", headers={"Range": asked})

    assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{len(clip)}")


@pytest.mark.parametrize(
    "asked", ["bytes=9-2", "bytes=a-b", "bytes=", "lines=1-2", "bytes=1-2-3", "bytes=" + "9" * 5000 + "-"]
)
async def test_a_range_without_sense_gives_the_whole_file(client: httpx.AsyncClient, clip: bytes, asked: str) -> None:
    answer = await client.get(f"/media/{PATH}", headers={"Range": asked})

    assert (answer.status_code, answer.content) == (200, clip)


async def test_a_range_of_another_version_gives_the_whole_file(client: httpx.AsyncClient, clip: bytes) -> None:
    etag = (await client.head(f"/media/{PATH}")).headers["etag"]

    same = await client.get(f"/media/{PATH}", headers={"Range": "bytes=0-3", "If-Range": etag})
    other = await client.get(f"/media/{PATH}", headers={"Range": "bytes=0-3", "If-Range": '"other"'})

    assert (same.status_code, other.status_code) == (206, 200)


async def test_what_the_browser_has_is_not_sent_again(client: httpx.AsyncClient, clip: bytes, home: Path) -> None:
    etag = (await client.head(f"/media/{PATH}")).headers["etag"]
    again = await client.get(f"/media/{PATH}", headers={"If-None-Match": f'"x", W/{etag}'})
    (home / PATH).write_bytes(clip + b"more")
    changed = await client.get(f"/media/{PATH}", headers={"If-None-Match": etag})

    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert changed.status_code == 200


async def test_a_file_found_under_another_name_has_both_addresses(
    client: httpx.AsyncClient, session: AsyncSession, home: Path, user_id: UUID
) -> None:
    await shelve(session, home, user_id, picture(), found_path=PATH + "?cache=1")

    for address in (PATH, PATH + "%3Fcache=1"):
        assert (await client.get(f"/media/{address}")).content == picture()


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (PATH, 'filename="1-content.jpg"'),
        ("https_/x.example/a b.jpeg", "filename*=utf-8''a%20b.jpeg"),
        ("https_/x.example/café\u202e.png", "filename*=utf-8''caf%C3%A9%E2%80%AE.jpg"),
        ("https_/x.example/" + "n" * 200 + ".jpg", f'filename="{"n" * 200}.jpg"'),
    ],
)
async def test_a_download_has_a_safe_name(
    client: httpx.AsyncClient, session: AsyncSession, home: Path, user_id: UUID, path: str, name: str
) -> None:
    """SEC06: names are written so that no header breaks."""
    await shelve(session, home, user_id, picture(), path=path)

    answer = await client.get(f"/media/{quote(path)}?download=1")

    assert answer.headers["content-disposition"] == f"attachment; {name}"
    assert "x-bad" not in answer.headers


@pytest.mark.parametrize("content", [SVG, b"<html><script>alert(1)</script></html>", b"%PDF-1.7 ..."])
async def test_what_is_on_no_list_is_only_ever_a_download(
    client: httpx.AsyncClient, session: AsyncSession, home: Path, user_id: UUID, content: bytes
) -> None:
    """SEC12: pages, drawings and documents are never shown, whatever they are called."""
    # It was a picture when it was looked into; then somebody put this in its place.
    target = await shelve(session, home, user_id, picture())
    target.write_bytes(content)

    answer = await client.get(f"/media/{PATH}")

    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("state", ["missing", "wanted", "gone", "refused"])
async def test_what_is_not_here_is_not_found(
    client: httpx.AsyncClient, session: AsyncSession, home: Path, user_id: UUID, state: str
) -> None:
    await shelve(session, home, user_id, picture(), state=state)

    answer = await client.get(f"/media/{PATH}")

    assert (answer.status_code, answer.json()["error"]) == (404, "file_not_found")


async def test_a_broken_file_is_refused_with_its_reason(
    client: httpx.AsyncClient, session: AsyncSession, home: Path, user_id: UUID
) -> None:
    await shelve(session, home, user_id, b"", state="corrupt", reason="it is empty (0 bytes)")

    answer = await client.get(f"/media/{PATH}")

    assert (answer.status_code, answer.json()["error"]) == (404, "file_not_intact")
    assert "0 bytes" in answer.json()["message"]


async def test_the_files_of_others_are_not_found(client: httpx.AsyncClient, session: AsyncSession, home: Path) -> None:
    other = User(id=uuid4(), name="somebody else")
    session.add(other)
    await session.flush()
    await shelve(session, home, other.id, picture(), thumbnail=KEY)
    thumbnails.write(home / "https_" / "_derived", KEY, pixels(9, 9))

    assert (await client.get(f"/media/{PATH}")).status_code == 404
    assert (await client.get(f"/derived/{KEY}/160.webp")).status_code == 404


ESCAPES = [
    *("..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "/etc/passwd", "%2Fetc%2Fpasswd", "a%00b", "..%5c..%5cx"),
    *("%ff", "%ff/%fe", "https_/..%2f..%2f.env", "https_/%252e%252e/.env", "https_//etc/passwd", "https_/a%00.png", ""),
    *(
        ".env",
        "backend/sovia/app.py",
        "https_",
        "https_/",
        "C:%5cwindows",
        "https_/a%0d%0aX-Bad:1.jpg",
        "a" * 5000,
        "https_/%ed%a0%80",
    ),
]


async def status_of(client: httpx.AsyncClient, path: str) -> int:
    """What a server answers to a path that a client's own tidying would change; servers hand paths over decoded."""
    app = client._transport.app  # type: ignore[attr-defined]
    statuses = []

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope = {
        "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "query_string": b"", "root_path": "",
        "path": path, "raw_path": b"/", "server": ("127.0.0.1", 8000), "headers": [(b"host", b"127.0.0.1:8000")],
        "asgi": {"version": "3.0"},
    }  # fmt: skip
    await app(scope, None, send)
    return int(statuses[0])


@pytest.mark.parametrize("path", ESCAPES)
@pytest.mark.parametrize("root", ["/media/", "/derived/"])
@pytest.mark.parametrize("errors", ["surrogateescape", "replace"])
async def test_no_path_leads_out(client: httpx.AsyncClient, path: str, root: str, errors: str) -> None:
    """SEC02: a path is looked up, never walked."""
    assert await status_of(client, root + unquote(path, errors=errors)) == 404
    assert await status_of(client, root + path) == 404


async def test_a_link_is_not_followed(
    client: httpx.AsyncClient, session: AsyncSession, home: Path, user_id: UUID, tmp_path: Path
) -> None:
    """SEC03: no link inside the media leads anywhere."""
    (tmp_path / "secret").write_bytes(picture())
    target = await shelve(session, home, user_id, picture())
    target.unlink()
    target.symlink_to(tmp_path / "secret")
    above = "https_/evil.example/root/secret"
    (home / "https_/evil.example").mkdir()
    (home / "https_/evil.example/root").symlink_to(tmp_path)
    session.add(new_row(user_id, above, (await shelve_post(session, user_id))))
    await session.flush()

    for path in (PATH, above):
        assert (await client.get(f"/media/{path}")).status_code == 404


async def shelve_post(session: AsyncSession, user_id: UUID) -> UUID:
    post = new_post(user_id)
    session.add(post)
    await session.flush()
    return post.id


def new_row(user_id: UUID, path: str, post_id: UUID) -> File:
    return File(
        user_id=user_id, post_id=post_id, role="media", position=0, url="https://evil.example/root/secret", path=path,
        state="present", mime_type="image/jpeg",
    )  # fmt: skip


async def test_another_site_may_not_play_our_media(client: httpx.AsyncClient, clip: bytes) -> None:
    """SEC26."""
    answer = await client.get(f"/media/{PATH}", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "video"})

    assert answer.status_code == 403
    assert clip[:20] not in answer.content
