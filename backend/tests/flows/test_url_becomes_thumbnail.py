"""From a URL in an export to a picture in the browser: mapped, found, looked into, thumbnailed, served."""

import io
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from PIL import Image
from samples import place_of, sample_export, walk, write_media
from sqlalchemy import func, select

from sovia.account.service import local_user
from sovia.app import create_app
from sovia.kit import dispatch
from sovia.kit import settings as settings_of_process
from sovia.kit.db import Database
from sovia.kit.settings import Settings
from sovia.library import tasks
from sovia.library.cards import media_link
from sovia.library.incoming import NewPost
from sovia.library.models import File, Post
from sovia.library.service import filing
from sovia.library.service.adding import add_posts

GALLERY = Path(__file__).parents[4] / "shared" / "fixtures" / "gallery"
KINDS = {"MEDIA_POST_TYPE_IMAGE": "image", "MEDIA_POST_TYPE_VIDEO": "video"}


@pytest.fixture
async def client(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an app whose worker keeps its files in the same place."""
    monkeypatch.setattr(settings_of_process, "current", lambda: settings)
    assert tasks.look_for_files
    app = create_app(settings, database)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as found,
    ):
        yield found


async def take_in(database: Database, records: list[dict[str, object]]) -> None:
    """The posts of an export, their files looked for and looked into."""
    posts = [
        NewPost(
            id=UUID(str(record["id"])),
            kind=KINDS[str(record["mediaType"])],
            raw={},
            prompt=str(record["prompt"]),
            media_url=str(record["mediaUrl"]),
            audio_urls=list(record["audioUrls"]),  # type: ignore[call-overload]
        )
        for record in walk(records)
    ]
    async with database.begin() as session:
        user_id = await local_user(session)
        await add_posts(session, user_id, posts)
        await filing.look_soon(session, user_id)
    await dispatch.work(database, drain=True)


async def picture_at(client: httpx.AsyncClient, address: str) -> Image.Image:
    answer = await client.get(address)
    assert answer.status_code == 200
    return Image.open(io.BytesIO(answer.content))


async def test_a_url_becomes_a_thumbnail(client: httpx.AsyncClient, database: Database, home: Path) -> None:
    records = sample_export(posts=4, children=2)
    written = [write_media(home, record) for record in walk(records)]

    await take_in(database, records)

    async with database.begin() as session:
        posts = (await session.scalars(select(Post))).all()
    assert len(posts) == len(written)
    for post in posts:
        assert (post.media_state, bool(post.placeholder)) == ("present", True)
        thumbnail = await picture_at(client, f"/derived/{post.thumbnail}/320.webp")
        assert thumbnail.width / thumbnail.height == pytest.approx(post.width / post.height, rel=0.05)  # type: ignore[operator]
        media = await client.get(media_link(place_of(post.media_url)) or "")
        assert media.content == (home / place_of(post.media_url)).read_bytes()
        if post.kind == "video":
            preview = await client.get(f"/derived/{post.thumbnail}/preview.mp4")
            assert preview.headers["content-type"] == "video/mp4"


async def test_the_gallery_of_real_pictures_comes_out_whole(
    client: httpx.AsyncClient, database: Database, home: Path
) -> None:
    if not GALLERY.exists():
        pytest.skip("the gallery of real pictures is not beside this checkout")
    away = shutil.ignore_patterns("_derived")
    shutil.copytree(GALLERY / "https_", home / "https_", dirs_exist_ok=True, ignore=away)
    here = sum(1 for path in (home / "https_").rglob("*") if path.is_file())

    await take_in(database, json.loads((GALLERY / "export.json").read_bytes()))

    async with database.begin() as session:
        states = dict((await session.execute(select(File.state, func.count()).group_by(File.state))).all())
        shown = await session.scalar(select(func.count()).where(Post.thumbnail.is_not(None)))
        clip = (await session.scalars(select(Post).where(Post.kind == "video", Post.thumbnail.is_not(None)))).first()
    assert (states["present"], shown) == (here, here)
    assert set(states) <= {"present", "missing"}
    assert clip is not None
    assert (await picture_at(client, f"/derived/{clip.thumbnail}/160.webp")).height == 160
