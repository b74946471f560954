"""Thumbnails and previews over HTTP."""

from pathlib import Path
from uuid import UUID

import httpx
import pytest
from media_files import picture, pixels
from samples import tiny_clip
from shelves import PATH, shelve
from sqlalchemy.ext.asyncio import AsyncSession

from sovia.library import thumbnails
from sovia.library.derived import folder

KEY = "ab" * 32


async def test_a_thumbnail_may_be_kept_for_ever(
    client: httpx.AsyncClient, session: AsyncSession, home: Path, user_id: UUID
) -> None:
    await shelve(session, home, user_id, picture(), thumbnail=KEY)
    thumbnails.write(home / "https_" / "_derived", KEY, pixels(900, 700))

    for size in (160, 320, 640):
        answer = await client.get(f"/derived/{KEY}/{size}.webp")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert (home / "https_/_derived" / folder(KEY) / f"{size}.webp").read_bytes() == answer.content
        etag = {"If-None-Match": answer.headers["etag"]}
        assert (await client.get(f"/derived/{KEY}/{size}.webp", headers=etag)).status_code == 304


@pytest.mark.parametrize("name", ["100.webp", "160.png", "preview.failed", "..", "160.webp.part", "%2e%2e%2f160.webp"])
async def test_only_what_is_made_to_be_shown_is_served(
    client: httpx.AsyncClient, session: AsyncSession, home: Path, user_id: UUID, name: str
) -> None:
    await shelve(session, home, user_id, picture(), thumbnail=KEY)
    thumbnails.write(home / "https_" / "_derived", KEY, pixels(9, 9))
    (home / "https_/_derived" / folder(KEY) / "preview.failed").write_text("no")

    assert (await client.get(f"/derived/{KEY}/{name}")).status_code == 404
    assert (await client.get(f"/derived/{KEY.upper()}/160.webp")).status_code == 404


async def test_a_sprite_that_is_not_there_is_no_mistake(
    client: httpx.AsyncClient, session: AsyncSession, home: Path, user_id: UUID
) -> None:
    await shelve(session, home, user_id, tiny_clip("passed over"), thumbnail=KEY, sha256=bytes.fromhex(KEY))
    answer = await client.get(f"/derived/{KEY}/sprite.webp")
    assert (answer.status_code, answer.content, answer.headers["cache-control"]) == (204, b"", "no-store")

    (home / "https_/_derived" / folder(KEY)).mkdir(parents=True)
    (home / "https_/_derived" / folder(KEY) / "sprite.webp").write_bytes(b"x")
    assert (await client.get(f"/derived/{KEY}/sprite.webp")).content == b"x"
    assert (await client.get(f"/derived/{'0' * 64}/sprite.webp")).status_code == 404


async def test_a_preview_not_made_yet_leads_to_the_clip(
    client: httpx.AsyncClient, session: AsyncSession, home: Path, user_id: UUID
) -> None:
    await shelve(session, home, user_id, tiny_clip("hover"), thumbnail=KEY, sha256=bytes.fromhex(KEY))

    answer = await client.get(f"/derived/{KEY}/preview.mp4")

    assert (answer.status_code, answer.headers["location"]) == (307, f"/media/{PATH}")
    assert answer.headers["cache-control"] == "no-store"
